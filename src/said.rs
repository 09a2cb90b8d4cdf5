//! What servers say, in their messages and headers.

use std::time::Duration;

/// The most characters of a server's message to pass on.
const MESSAGE_CHARS: usize = 300;

/// A server's message in one line, and not too long.
pub(crate) fn said(message: &str) -> String {
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match message.char_indices().nth(MESSAGE_CHARS) {
        Some((end, _)) => format!("{}...", &message[..end]),
        None => message,
    }
}

/// How long the header `retry-after` asks to wait: seconds, or until a date (RFC 9110, 10.2.3).
pub(crate) fn retry_after(header: &str) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(header).ok()?.timestamp();
    Some(Duration::try_from(date.duration_since(jiff::Timestamp::now())).unwrap_or_default())
}
