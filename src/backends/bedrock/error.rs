//! What went wrong on the wire, in the words of this crate.

use std::{error::Error as StdError, time::Duration};

use aws_sdk_bedrockruntime::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use serde_json::Value;

use super::{
    refusal,
    verdict::{self, Called},
};
use crate::error::{Error, ErrorKind, Retryability};

/// The most characters of the service's message to pass on.
const MESSAGE_CHARS: usize = 300;

/// Words by which the SDK says that there is nothing to sign with.
const NO_CREDENTIALS: &[&str] = &["credential", "SSO", "identity", "auth scheme"];

/// The answer has another shape than documented.
pub(super) fn reply(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidReply, message).sent()
}

/// The one mapping of the SDK's errors.
pub(super) fn from_sdk<E>(error: SdkError<E, HttpResponse>, called: &Called<'_>) -> Error
where
    E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
{
    let request_id = error.request_id().map(str::to_owned);
    let mapped = match error {
        // A success that cannot be read comes as an error of the service too.
        SdkError::ServiceError(error) if error.raw().status().is_success() => {
            not_json(&innermost(error.err()))
        }
        SdkError::ServiceError(error) => service(error.err(), error.raw(), called),
        other => transport(other),
    };
    let context =
        [("model", called.model), ("region", Some(called.region)), ("request_id", request_id.as_deref())];
    context.into_iter().fold(mapped, |error, (name, value)| match value {
        Some(value) => error.with_context(name, value),
        None => error,
    })
}

/// The service answered with an error.
fn service(error: &impl ProvideErrorMetadata, raw: &HttpResponse, called: &Called<'_>) -> Error {
    let status = raw.status().as_u16();
    let message = error.message().map(str::to_owned).or_else(|| message_in(raw));
    let message = shown(message.as_deref().unwrap_or("no reason was given"));
    let mapped = match refusal::said(&message) {
        Some(blocked) => Error::refused(blocked),
        None => {
            let verdict = verdict::of(error.code(), status, &message, called);
            let text = format!("{}. Bedrock says: {message}", verdict.advice);
            let mapped = Error::new(verdict.kind, text).sent();
            if verdict.lasting { mapped.with_retryability(Retryability::Permanent) } else { mapped }
        }
    };
    let mapped = mapped.with_context("status", status);
    let mapped = match error.code() {
        Some(code) => mapped.with_context("code", code),
        None => mapped,
    };
    match retry_after(raw).filter(|_| mapped.is_transient()) {
        Some(wait) => mapped.with_retry_after(wait),
        None => mapped,
    }
}

/// The request did not get through, or its answer did not.
fn transport<E>(error: SdkError<E, HttpResponse>) -> Error
where
    E: StdError + Send + Sync + 'static,
{
    let causes = causes(&error);
    let says = |words: &[&str]| causes.iter().any(|cause| words.iter().any(|word| cause.contains(word)));
    let last = innermost(&error);
    let unconnected = says(&["(Connect)", "connect timeout"]);
    let broken = says(&["SendRequest", "connection", "end of file", "reading a body"]);
    let sent = |kind, message: &str| Error::new(kind, message).sent();
    let mapped = match &error {
        SdkError::TimeoutError(_) => sent(ErrorKind::Timeout, "no complete answer within the call timeout"),
        SdkError::DispatchFailure(e) if unconnected && e.is_timeout() => {
            Error::new(ErrorKind::Timeout, "no connection to Bedrock within the connect timeout")
        }
        SdkError::DispatchFailure(_) if unconnected => Error::new(ErrorKind::Unavailable, UNCONNECTED),
        SdkError::DispatchFailure(e) if e.is_timeout() => {
            sent(ErrorKind::Timeout, "no answer within the read timeout")
        }
        SdkError::DispatchFailure(e) if e.is_io() || broken => {
            sent(ErrorKind::Unavailable, "the connection broke before there was an answer")
        }
        // Their sources may show the request, and with it the prompt.
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) if says(NO_CREDENTIALS) => {
            return unsigned(&last);
        }
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) => {
            return Error::invalid(format!("the request cannot be built: {last}"));
        }
        SdkError::ResponseError(_) if says(&["minimum throughput"]) => {
            sent(ErrorKind::Timeout, "the answer stopped in the middle and did not go on")
        }
        SdkError::ResponseError(_) if broken => {
            sent(ErrorKind::Unavailable, "the connection broke before the answer was complete")
        }
        _ => not_json(&last),
    };
    match error.into_source() {
        Ok(source) => mapped.with_source(source),
        Err(_) => mapped,
    }
}

const UNCONNECTED: &str =
    "no connection to Bedrock: is there a network, and are the region and the endpoint right?";

/// There is nothing to sign with.
pub(super) fn unsigned(why: &str) -> Error {
    let advice = "there are no credentials to sign with: configure a profile, log in with `aws sso login`, or set \
                  AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK";
    Error::new(ErrorKind::Unauthenticated, format!("{advice}: {why}"))
}

fn not_json(why: &str) -> Error {
    reply(format!("the answer is not the JSON of Bedrock: {why}"))
}

/// Every cause in words, the innermost last.
fn causes(error: &dyn StdError) -> Vec<String> {
    let mut causes = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    causes
}

/// The cause of all causes.
pub(super) fn innermost(error: &dyn StdError) -> String {
    causes(error).pop().map(|cause| shown(&cause)).unwrap_or_default()
}

/// A message in one line, and not too long.
fn shown(message: &str) -> String {
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match message.char_indices().nth(MESSAGE_CHARS) {
        Some((end, _)) => format!("{}...", &message[..end]),
        None => message,
    }
}

/// The message of an answer without a code, for which the SDK has none: as gateways send.
fn message_in(raw: &HttpResponse) -> Option<String> {
    let body: Value = serde_json::from_slice(raw.body().bytes()?).ok()?;
    body.get("message").and_then(Value::as_str).map(str::to_owned)
}

/// Milliseconds in AWS's own header, seconds in that of HTTP.
fn retry_after(raw: &HttpResponse) -> Option<Duration> {
    let header = |name| raw.headers().get(name).and_then(|value| value.trim().parse().ok());
    header("x-amz-retry-after")
        .map(Duration::from_millis)
        .or_else(|| header("retry-after").map(Duration::from_secs))
}
