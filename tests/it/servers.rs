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
