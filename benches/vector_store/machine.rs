//! What the operating system knows about this process.

use std::{ffi::OsStr, fs, process::Command};

/// Ticks of the clock that the system counts CPU time in.
const TICKS: f64 = 100.0;

/// A command whose threads share one processor. A search is handed from one thread to another, and where they are on two
/// processors, waking the other takes up to a third of what is counted; the peer has one thread.
pub(crate) fn on_one_processor(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", "0"]).arg(program);
    command
}

/// The CPU seconds of this process, its threads that have ended among them.
pub(crate) fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name may hold spaces; after it, user and system time are the 12th and the 13th number.
    let numbers = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    numbers.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS
}

/// The CPU seconds of this thread.
pub(crate) fn thread_cpu() -> f64 {
    seconds("/proc/thread-self/schedstat")
}

fn seconds(path: &str) -> f64 {
    let stat = fs::read_to_string(path).unwrap_or_default();
    stat.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

/// The bytes of memory this process has for itself; pages of files that the system caches are not among them.
pub(crate) fn memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok()).unwrap_or_default() * 1024.0
}
