//! What the operating system knows about this process.

use std::{
    ffi::OsStr,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::Outcome;

/// Ticks of the clock that the system counts CPU time in.
const TICKS: f64 = 100.0;

/// What a program prints whose threads share one processor. A search is handed from one thread to another, and where they
/// are on two processors, waking the other takes up to a third of what is counted; the peer has one thread.
pub(crate) fn on_one_processor<'a>(
    program: &Path,
    arguments: impl Iterator<Item = &'a OsStr>,
) -> Outcome<Vec<u8>> {
    let allowed = status("Cpus_allowed_list:");
    let first = allowed.split(['-', ',']).next().unwrap_or_default();
    let output = Command::new("taskset")
        .args(["--cpu-list", first])
        .arg(program)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("taskset, of util-linux, does not start: {e}"))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(format!("{} on processor {first}: {}", program.display(), output.status).into())
    }
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
    let kilobytes = status("RssAnon:");
    kilobytes.strip_suffix(" kB").and_then(|number| number.parse::<f64>().ok()).unwrap_or_default() * 1024.0
}

/// What the system says of this process under a name; empty when it says nothing.
fn status(name: &str) -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_default().trim().to_owned()
}
