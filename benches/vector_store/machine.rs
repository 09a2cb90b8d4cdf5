//! What the operating system knows about this process.

use std::fs;

/// The CPU seconds of all threads of this process.
pub(crate) fn cpu() -> f64 {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    threads.map(|thread| seconds(&thread.path().join("schedstat").to_string_lossy())).sum()
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
