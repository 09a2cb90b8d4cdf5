//! What went wrong on the wire, in the words of this crate.

use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::Value;

use super::OpenAiConfig;
use crate::{
    error::{Blocked, BlockedStage, Error, ErrorKind},
    said::{retry_after, said},
};

/// Codes by which servers say that a content filter refused the prompt.
const PROMPT_CODES: &[&str] = &["content_filter", "content_policy_violation"];

/// The code by which OpenAI says that it refused a prompt, a picture sent or one made.
const MODERATION_CODE: &str = "moderation_blocked";

/// The request did not get through, or its answer did not. The address is left out: it may hold secrets.
pub(super) fn transport(error: reqwest::Error) -> Error {
    let error = error.without_url();
    if error.is_builder() {
        return Error::invalid(format!("the request cannot be built: {error}")).with_source(error);
    }
    let (kind, message) = if error.is_timeout() && error.is_connect() {
        (ErrorKind::Timeout, "no connection to the server within the connect timeout")
    } else if error.is_timeout() {
        (ErrorKind::Timeout, "no complete answer within the request timeout")
    } else if error.is_connect() {
        (ErrorKind::Unavailable, "no connection to the server: does it run, and is the base URL right?")
    } else {
        (ErrorKind::Unavailable, "the connection broke before the answer was complete")
    };
    let sent = !error.is_connect();
    let error = Error::new(kind, message).with_source(error);
    if sent { error.sent() } else { error }
}

/// The answer is not what the interface says.
pub(super) fn not_json(error: &serde_json::Error) -> Error {
    let message = format!("the answer is not the JSON of this interface: {error}");
    Error::new(ErrorKind::InvalidReply, message).sent()
}

/// The answer has another shape than asked for.
pub(super) fn reply(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidReply, message).sent()
}

/// A status that is not a success, with its body.
pub(super) fn status(status: u16, headers: &HeaderMap, body: &[u8], config: &OpenAiConfig) -> Error {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let inner = body.get("error").unwrap_or(&body);
    classify(Some(status), inner, headers, config).with_context("status", status)
}

/// An error inside an answer of 200, as gateways send; a numeric code is a status.
pub(super) fn inside(inner: &Value, headers: &HeaderMap, config: &OpenAiConfig) -> Error {
    let status = inner.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
    classify(status, inner, headers, config).with_context("status", "200 with an error inside")
}

fn classify(status: Option<u16>, inner: &Value, headers: &HeaderMap, config: &OpenAiConfig) -> Error {
    let field = |name| inner.get(name).and_then(Value::as_str);
    let message = inner.as_str().or_else(|| field("message")).unwrap_or("the server gave no reason");
    let says = |words: &[&str]| {
        [field("code"), field("type")].into_iter().flatten().any(|code| words.contains(&code))
    };
    let kind = match status {
        _ if says(PROMPT_CODES) || says(&[MODERATION_CODE]) => ErrorKind::Blocked,
        _ if says(&["insufficient_quota"]) => ErrorKind::PermissionDenied,
        _ if message.contains("image input is not supported") => ErrorKind::Unsupported,
        Some(401) => ErrorKind::Unauthenticated,
        Some(402 | 403) => ErrorKind::PermissionDenied,
        Some(404) => ErrorKind::NotFound,
        Some(408) => ErrorKind::Timeout,
        Some(429) => ErrorKind::RateLimited,
        Some(501) => ErrorKind::Unsupported,
        Some(300..=399) => ErrorKind::InvalidReply,
        Some(400..=499) => ErrorKind::InvalidInput,
        Some(500..) => ErrorKind::Unavailable,
        _ if says(&["rate_limit_exceeded", "rate_limit_error"]) => ErrorKind::RateLimited,
        _ if says(&["server_error", "overloaded_error"]) => ErrorKind::Unavailable,
        _ => ErrorKind::InvalidReply,
    };
    let message = match status {
        Some(300..=399) => {
            "the server redirects, which is not followed: give the final address as base URL".into()
        }
        _ => shown(message, config.key.as_deref()),
    };
    if kind == ErrorKind::Blocked {
        let stage = if says(PROMPT_CODES) { BlockedStage::Prompt } else { BlockedStage::Unknown };
        return Error::refused(Blocked::new(stage, message));
    }
    let error = Error::new(kind, message).sent();
    let wait = headers.get(RETRY_AFTER).and_then(|value| retry_after(value.to_str().ok()?));
    match wait.filter(|_| error.is_transient()) {
        Some(wait) => error.with_retry_after(wait),
        None => error,
    }
}

/// A server's message without the key, which some repeat, and not too long.
fn shown(message: &str, key: Option<&str>) -> String {
    let message = match key.filter(|key| !key.is_empty()) {
        Some(key) => message.replace(key, "[key]"),
        None => message.to_owned(),
    };
    said(&message)
}
