//! What the server says, as this crate's errors. Messages have no address.

use opensearch::http::headers::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use serde_json::Value;

use crate::{
    error::{Error, ErrorKind, Retryability},
    said::{retry_after, said},
};

/// The request did not get through, or its answer did not.
pub(super) fn transport(error: opensearch::Error) -> Error {
    let Some(http) = std::error::Error::source(&error).and_then(|e| e.downcast_ref::<reqwest::Error>())
    else {
        let message = error.to_string();
        return match message.contains("Signing Failed") {
            true => {
                Error::new(ErrorKind::Unauthenticated, format!("the request cannot be signed: {message}"))
            }
            false => Error::invalid(format!("the request cannot be built: {message}")),
        };
    };
    if http.is_builder() {
        return Error::invalid("the request cannot be built: is the address right?");
    }
    if http.is_redirect() {
        return moved();
    }
    let (kind, message) = if http.is_timeout() {
        (ErrorKind::Timeout, "the connection took too long")
    } else if http.is_connect() {
        (
            ErrorKind::Unavailable,
            "no connection to the server: does it run, and are address and certificates right?",
        )
    } else {
        (ErrorKind::Unavailable, "the connection broke before the answer was complete")
    };
    let cause = std::error::Error::source(http).map(ToString::to_string);
    let error = if http.is_connect() { Error::new(kind, message) } else { Error::new(kind, message).sent() };
    match cause {
        Some(cause) => error.with_source(cause),
        None => error,
    }
}

/// The answer, or what comes before it, took too long.
pub(super) fn timeout() -> Error {
    Error::new(ErrorKind::Timeout, "no complete answer within the request timeout").sent()
}

/// Who signs was not known in time; nothing was sent.
pub(super) fn slow_identity() -> Error {
    Error::new(ErrorKind::Timeout, "region and credentials of AWS were not found within the request timeout")
}

/// The server sent the request somewhere else.
pub(super) fn moved() -> Error {
    Error::new(ErrorKind::InvalidInput, "the server redirects: give the final address").sent()
}

/// A success without the JSON that belongs to it.
pub(super) fn not_json(error: &serde_json::Error, headers: &HeaderMap) -> Error {
    let found = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("none");
    let message = match found.contains("json") {
        true => format!("the answer is not the JSON of this interface: {error}"),
        false => format!("the server answered with content type {found}, not JSON: is it OpenSearch itself?"),
    };
    Error::new(ErrorKind::InvalidReply, message).sent()
}

/// The answer has another shape than asked for.
pub(super) fn reply(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidReply, message).sent()
}

/// A search that did not look at every shard.
pub(super) fn partial() -> Error {
    Error::new(ErrorKind::Unavailable, "a part of the index did not answer").sent()
}

/// A status that is not a success, with its body.
pub(super) fn status(status: u16, headers: &HeaderMap, body: &[u8], size: usize) -> Error {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = match status {
        413 => {
            let message = format!(
                "the request of {size} bytes is more than the server takes: lower the bytes of a batch"
            );
            Error::new(ErrorKind::InvalidInput, message).sent()
        }
        _ => classify(status, &body["error"], gateway_message(&body)),
    };
    let wait = headers.get(RETRY_AFTER).and_then(|value| retry_after(value.to_str().ok()?));
    match wait.filter(|_| error.is_transient()) {
        Some(wait) => error.with_retry_after(wait),
        None => error,
    }
}

/// What became of one document, other than well.
pub(super) fn item(status: u16, error: &Value) -> Error {
    classify(status, error, None)
}

/// What AWS says in front of the server; its services differ in how they spell the name.
fn gateway_message(body: &Value) -> Option<&str> {
    body["message"].as_str().or(body["Message"].as_str())
}

/// A search says `all shards failed` and keeps the reason inside, a document keeps the better one below the first.
fn innermost(error: &Value) -> &Value {
    let inner =
        [&error["root_cause"][0], &error["caused_by"]].into_iter().find(|inner| inner["type"].is_string());
    match inner {
        Some(inner) if inner["type"] != error["type"] || inner["reason"] != error["reason"] => {
            innermost(inner)
        }
        _ => error,
    }
}

fn classify(status: u16, error: &Value, gateway: Option<&str>) -> Error {
    let cause = innermost(error);
    let of = |value: &Value| value["type"].as_str().unwrap_or_default().to_owned();
    let (outer, inner) = (of(error), of(cause));
    let reason = cause["reason"].as_str().or(error.as_str()).or(error["reason"].as_str()).or(gateway);
    let is = |kind: &str| outer == kind || inner == kind;
    let says = |words: &str| reason.is_some_and(|reason| reason.contains(words));
    let (kind, transient) = match status {
        _ if is("index_not_found_exception") => (ErrorKind::NotFound, false),
        _ if is("index_closed_exception") => (ErrorKind::Unavailable, false),
        _ if is("circuit_breaking_exception") || is("rejected_execution_exception") => {
            (ErrorKind::RateLimited, true)
        }
        _ if is("cluster_block_exception") && says("flood-stage") => (ErrorKind::StorageFull, false),
        _ if is("too_many_nested_clauses") || says("maxClauseCount") || says("index.max_terms_count") => {
            (ErrorKind::Unsupported, false)
        }
        400 if says("Vector dimension mismatch") || says("invalid dimension") => {
            (ErrorKind::SpaceMismatch, false)
        }
        401 => (ErrorKind::Unauthenticated, false),
        403 if says("security token") || says("signature") || says("Signature") => {
            (ErrorKind::Unauthenticated, false)
        }
        403 => (ErrorKind::PermissionDenied, false),
        404 => (ErrorKind::NotFound, false),
        408 | 504 => (ErrorKind::Timeout, true),
        409 => (ErrorKind::Conflict, true),
        429 => (ErrorKind::RateLimited, true),
        405 | 406 | 501 => (ErrorKind::Unsupported, false),
        500.. => (ErrorKind::Unavailable, true),
        400..500 => (ErrorKind::InvalidInput, false),
        _ => (ErrorKind::InvalidReply, false),
    };
    let message = reason.map_or_else(|| "the server gave no reason".to_owned(), said);
    let retryability = if transient { Retryability::Transient } else { Retryability::Permanent };
    let made =
        Error::new(kind, message).with_retryability(retryability).with_context("status", status).sent();
    match inner.is_empty() {
        true => made,
        false => made.with_context("type", inner),
    }
}
