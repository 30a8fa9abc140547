use std::io::{self, Write};
use std::net::SocketAddr;
use std::process;

pub const USAGE: i32 = 64;
pub const UNAVAILABLE: i32 = 69;

/// Tells on stdout, in one line, that the server accepts.
pub fn announce(program: &str, bound: SocketAddr) {
    let mut out = io::stdout().lock();
    let told = writeln!(
        out,
        r#"{{"event":"listening","host":"{}","port":{},"pid":{}}}"#,
        bound.ip(),
        bound.port(),
        process::id()
    )
    .and_then(|()| out.flush());
    if let Err(why) = told {
        fail(program, UNAVAILABLE, &format!("cannot announce the port: {why}"));
    }
}

/// Ends the program with `status` and one line on stderr.
pub fn fail(program: &str, status: i32, why: &str) -> ! {
    eprintln!("{program}: {why}");
    process::exit(status);
}
