use std::env;
use std::fmt::Display;
use std::net::SocketAddr;
use std::process;
use std::thread;

use crate::process::{fail, USAGE};
use crate::store::Store;
use crate::work::Share;

const FLAGS: [&str; 5] = ["--listen", "--threads", "--store", "--work-cpu-us", "--work-wait-us"];
const HELP: &str = "\
--listen HOST:PORT       address to listen on; port 0 picks a free one [127.0.0.1:8080]
--threads N              worker threads [the CPUs this process may use]
--store mutex|dashmap    one map behind one mutex, or DashMap [dashmap]
--work-cpu-us N[@P%]     burn N us of CPU in the handler, for P% of requests [0]
--work-wait-us N[@P%]    wait N us in the handler, for P% of requests [0]
";

/// What a reference can be told. Flags are spelled as those of kvduel-threads and kvduel-async.
pub struct Options {
    pub listen: SocketAddr,
    pub threads: usize,
    pub(crate) store: Store,
    pub(crate) cpu: Share,
    pub(crate) wait: Share,
}

impl Options {
    /// Reads the command line. --help ends the program with 0, a bad flag or value with 64.
    pub fn from_command_line(program: &str) -> Options {
        match parse(env::args().skip(1)) {
            Ok(Some(options)) => options,
            Ok(None) => {
                print!("{HELP}");
                process::exit(0);
            }
            Err(why) => fail(program, USAGE, &why),
        }
    }

    fn set(&mut self, flag: &str, value: &str) -> Result<(), String> {
        match flag {
            "--listen" => self.listen = parse_address(value)?,
            "--threads" => self.threads = parse_threads(value)?,
            "--store" => self.store = Store::named(value).ok_or("no such store; allowed: mutex, dashmap")?,
            "--work-cpu-us" => self.cpu = value.parse()?,
            "--work-wait-us" => self.wait = value.parse()?,
            _ => unreachable!("{flag} is a row of FLAGS"),
        }
        Ok(())
    }
}

/// None if help was asked for.
fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let mut options = Options {
        listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
        threads: thread::available_parallelism().map_or(1, |cpus| cpus.get()),
        store: Store::dashmap(),
        cpu: Share::default(),
        wait: Share::default(),
    };
    while let Some(word) = words.next() {
        if word == "--help" {
            return Ok(None);
        }
        let (flag, value) = match word.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None => (word.as_str(), None),
        };
        if !FLAGS.contains(&flag) {
            return Err(format!("{flag} is not a flag; see --help"));
        }
        let value = value.or_else(|| words.next()).ok_or_else(|| in_flag(flag, "needs a value"))?;
        options.set(flag, &value).map_err(|why| in_flag(&format!("{flag} {value}"), why))?;
    }
    Ok(Some(options))
}

fn in_flag(flag: &str, why: impl Display) -> String {
    format!("{flag}: {why}")
}

fn parse_address(text: &str) -> Result<SocketAddr, String> {
    let numeric = text.replacen("localhost:", "127.0.0.1:", 1);
    numeric.parse().map_err(|_| "not an address; allowed: IPV4:PORT, [IPV6]:PORT, localhost:PORT".to_owned())
}

fn parse_threads(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=1024).contains(number));
    number.ok_or_else(|| "not allowed; allowed: whole numbers from 1 to 1024".to_owned())
}
