use std::time::Duration;

use bytes::Bytes;

use crate::answer::Answer;
use crate::options::Options;
use crate::store::Store;
use crate::work::Work;

const MAX_KEY_BYTES: usize = 8_192;
const MAX_VALUE_BYTES: usize = 1 << 20;
pub const MAX_BODY_BYTES: usize = MAX_KEY_BYTES + 1 + MAX_VALUE_BYTES;

/// The API without its transport. Any thread may call; nothing here waits.
pub struct Service {
    store: Store,
    work: Work,
}

impl Service {
    pub fn new(options: Options) -> Service {
        Service { store: options.store, work: Work::new(options.cpu, options.wait) }
    }

    /// Comes before `get` and `insert`: burns the request's share of CPU, and tells how long its handler must wait.
    pub fn burn(&self) -> Duration {
        self.work.burn()
    }

    /// `path` is escaped, as it was sent.
    pub fn get(&self, path: &str) -> Answer {
        let escaped = path.strip_prefix('/').unwrap_or(path);
        if escaped.is_empty() {
            return Answer::message(400, "Bad Request", "Key cannot be empty");
        }
        if escaped.contains('/') {
            return Answer::not_found();
        }
        let Some(key) = percent_decoded(escaped.as_bytes()) else { return Answer::bad_request() };
        match self.store.get(&key) {
            Some(value) => Answer::value(value),
            None => Answer::message(404, "Not Found", "Key not found"),
        }
    }

    /// Stores a copy of the value: `body` may be a part of a larger buffer.
    pub fn insert(&self, body: &[u8]) -> Answer {
        let Some((key, value)) = split_pair(body) else {
            return Answer::message(400, "Bad Request", "Invalid format: expected key=value");
        };
        if key.len() > MAX_KEY_BYTES || value.len() > MAX_VALUE_BYTES {
            return Answer::too_large();
        }
        self.store.put(key.to_vec(), Bytes::copy_from_slice(value));
        Answer::message(200, "OK", "Key inserted")
    }
}

fn split_pair(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let equals = body.iter().position(|byte| *byte == b'=')?;
    let key = &body[..equals];
    let is_key = !key.is_empty() && !key.iter().any(u8::is_ascii_control);
    is_key.then_some((key, &body[equals + 1..]))
}

/// None if a percent sign has no two hex digits behind it.
fn percent_decoded(escaped: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(escaped.len());
    let mut bytes = escaped.iter();
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => (digit(bytes.next())? * 16 + digit(bytes.next())?) as u8,
            byte => *byte,
        });
    }
    Some(decoded)
}
