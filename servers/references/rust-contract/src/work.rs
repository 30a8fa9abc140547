use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const MAX_MICROSECONDS: u64 = 60_000_000;
const CPU_STREAM: u64 = 0x6370_7500; // the two shares fall on different requests
const WAIT_STREAM: u64 = 0x7761_6974;

/// `N` or `N@P%`: so much simulated work for every request, or for a share of them.
#[derive(Clone, Copy, Default)]
pub struct Share {
    amount: Duration,
    fraction: f64,
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Share, String> {
        parse_share(text).ok_or_else(|| {
            "not a work share; allowed: N or N@P%, N whole microseconds from 0 to 60000000, P above 0 up to 100"
                .to_owned()
        })
    }
}

fn parse_share(text: &str) -> Option<Share> {
    let (number, percent) = text.split_once('@').unwrap_or((text, "100%"));
    let amount = number.parse().ok().filter(|amount| *amount <= MAX_MICROSECONDS)?;
    let percent: f64 = percent.strip_suffix('%')?.parse().ok()?;
    (percent > 0.0 && percent <= 100.0)
        .then_some(Share { amount: Duration::from_micros(amount), fraction: percent / 100.0 })
}

impl Share {
    /// Deals the same requests the same work as kvduel-threads and kvduel-async do: by a hash of their number
    /// (splitmix64; Steele, Lea, Flood 2014), which has no period that a client could fall in step with.
    fn draw(self, stream: u64, number: u64) -> Duration {
        let mut z = stream.wrapping_add(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let uniform = (z >> 11) as f64 / (1u64 << 53) as f64;
        if uniform < self.fraction {
            self.amount
        } else {
            Duration::ZERO
        }
    }
}

/// What a request costs beside the store: CPU burnt, and a wait that stands for a downstream call.
pub struct Work {
    cpu: Share,
    wait: Share,
    number: AtomicU64,
}

impl Work {
    pub fn new(cpu: Share, wait: Share) -> Work {
        Work { cpu, wait, number: AtomicU64::new(0) }
    }

    /// Burns the next request's CPU here and now, and gives the wait that is left to its caller.
    pub fn burn(&self) -> Duration {
        if self.cpu.amount.is_zero() && self.wait.amount.is_zero() {
            return Duration::ZERO;
        }
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        burn_cpu(self.cpu.draw(CPU_STREAM, number));
        self.wait.draw(WAIT_STREAM, number)
    }
}

/// Spends this much of the calling thread's own CPU time: by the wall clock a preempted thread would burn less.
fn burn_cpu(amount: Duration) {
    if amount.is_zero() {
        return;
    }
    let end = thread_cpu_time() + amount;
    while thread_cpu_time() < end {}
}

fn thread_cpu_time() -> Duration {
    let mut spent = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes one timespec, which outlives it.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut spent) };
    Duration::new(spent.tv_sec as u64, spent.tv_nsec as u32)
}
