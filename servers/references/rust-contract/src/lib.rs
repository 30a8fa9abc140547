//! What the Rust references share with the servers they stand beside: flags, announce line, answers, simulated work.
//! A program adds how a request reaches it and how it waits.

mod answer;
mod options;
mod process;
mod service;
mod store;
mod work;

pub use answer::Answer;
pub use options::Options;
pub use process::{announce, fail, UNAVAILABLE};
pub use service::{Service, MAX_BODY_BYTES};
