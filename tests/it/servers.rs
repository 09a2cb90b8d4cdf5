//! The real servers, by the variables that `tests/servers/all.sh` sets.

/// The address in `variable`, or none after a line that says so. In CI a missing server is a failure.
pub(crate) fn address(variable: &str) -> Option<String> {
    let url = std::env::var(variable).ok();
    if url.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{variable} must be set in CI");
        eprintln!("skipped: {variable} is not set, see tests/servers/all.sh");
    }
    url
}

/// A server of a test's own, on a port of its own, which may be stopped and started again with the data it had.
#[cfg(any(feature = "opensearch", feature = "postgres", feature = "qdrant", feature = "s3vectors"))]
pub(crate) struct Own {
    script: &'static str,
    port: &'static str,
    /// What stops it, such as `KILL`.
    signal: &'static str,
}

#[cfg(any(feature = "opensearch", feature = "postgres", feature = "qdrant", feature = "s3vectors"))]
impl Own {
    /// Starts an empty one.
    pub(crate) fn start(script: &'static str, port: &'static str, signal: &'static str) -> Self {
        let server = Self { script, port, signal };
        server.run("start", "");
        server
    }

    pub(crate) fn start_again(&self) {
        self.run("start", "1");
    }

    pub(crate) fn stop(&self) {
        self.run("stop", "");
    }

    fn run(&self, action: &str, keep: &str) {
        let script = format!("{}/tests/servers/{}.sh", env!("CARGO_MANIFEST_DIR"), self.script);
        let mut run = std::process::Command::new("bash");
        run.args([&script, action, self.port]).env("KEYVISUAL_KEEP", keep).env("STOP_SIGNAL", self.signal);
        assert!(run.stdout(std::process::Stdio::null()).status().unwrap().success(), "{action} of {script}");
    }
}

#[cfg(any(feature = "opensearch", feature = "postgres", feature = "qdrant", feature = "s3vectors"))]
impl Drop for Own {
    fn drop(&mut self) {
        self.stop();
    }
}
