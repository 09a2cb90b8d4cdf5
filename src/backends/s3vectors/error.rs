//! What went wrong on the wire, in the words of this crate. Messages have no address and no metadata of records.

use std::{error::Error as StdError, time::Duration};

use aws_sdk_s3vectors::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use serde_json::Value;

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
pub(super) fn from_sdk<E>(error: SdkError<E, HttpResponse>) -> Error
where
    E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
{
    let request_id = error.request_id().map(str::to_owned);
    let mapped = match error {
        // A success that cannot be read comes as an error of the service too.
        SdkError::ServiceError(error) if error.raw().status().is_success() => unreadable(error.err()),
        SdkError::ServiceError(error) => service(error.err(), error.raw()),
        other => transport(other),
    };
    match request_id {
        Some(id) => mapped.with_context("request_id", id),
        None => mapped,
    }
}

/// The service answered with an error.
fn service(error: &impl ProvideErrorMetadata, raw: &HttpResponse) -> Error {
    let (status, code) = (raw.status().as_u16(), error.code().unwrap_or_default());
    let body: Value =
        raw.body().bytes().and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default();
    let said = error.message().or_else(|| body["message"].as_str()).unwrap_or("no reason was given");
    let mut message = shown(said);
    for field in body["fieldList"].as_array().into_iter().flatten() {
        if let (Some(path), Some(why)) = (field["path"].as_str(), field["message"].as_str()) {
            message = format!("{message}; {}: {}", shown(path), shown(why));
        }
    }
    let (kind, advice) = verdict(code, status);
    let text = if advice.is_empty() { message } else { format!("{advice}. S3 Vectors says: {message}") };
    let mut mapped = Error::new(kind, text).sent().with_context("status", status);
    if !code.is_empty() {
        mapped = mapped.with_context("code", code);
    }
    if matches!(code, "ConflictException") {
        mapped = mapped.with_retryability(Retryability::Permanent);
    }
    match retry_after(raw).filter(|_| mapped.is_transient()) {
        Some(wait) => mapped.with_retry_after(wait),
        None => mapped,
    }
}

/// By the name of the exception, else by the status, as gateways have none.
fn verdict(code: &str, status: u16) -> (ErrorKind, &'static str) {
    match (code, status) {
        ("TooManyRequestsException" | "ThrottlingException" | "SlowDown", _) => {
            (ErrorKind::RateLimited, "the index takes fewer requests or vectors a second")
        }
        ("ServiceUnavailableException" | "InternalServerException", _) => (ErrorKind::Unavailable, ""),
        ("RequestTimeoutException", _) => (ErrorKind::Timeout, ""),
        ("ServiceQuotaExceededException", _) => (
            ErrorKind::PermissionDenied,
            "a quota of the account is used up: ask AWS for more in Service Quotas",
        ),
        (code, _) if code.starts_with("Kms") => (
            ErrorKind::PermissionDenied,
            "the KMS key of the index cannot be used: it must be there, enabled and allowed",
        ),
        ("AccessDeniedException" | "AccessDenied", _) => {
            (ErrorKind::PermissionDenied, "the credentials do not allow this action of s3vectors")
        }
        ("ExpiredTokenException" | "ExpiredToken" | "RequestExpired", _) => (
            ErrorKind::Unauthenticated,
            "the credentials have expired: log in again (`aws sso login`) or renew the session token",
        ),
        (
            "UnrecognizedClientException"
            | "InvalidSignatureException"
            | "SignatureDoesNotMatch"
            | "InvalidClientTokenId"
            | "InvalidAccessKeyId"
            | "IncompleteSignature"
            | "MissingAuthenticationToken"
            | "MissingAuthenticationTokenException",
            _,
        )
        | (_, 401) => {
            (ErrorKind::Unauthenticated, "the credentials are not known or do not sign as they should")
        }
        (_, 403) => (ErrorKind::PermissionDenied, ""),
        (_, 404) => (ErrorKind::NotFound, ""),
        (_, 408 | 504) => (ErrorKind::Timeout, ""),
        (_, 409) => (ErrorKind::Conflict, ""),
        (_, 429) => (ErrorKind::RateLimited, ""),
        (_, 400..=499) => (ErrorKind::InvalidInput, ""),
        _ => (ErrorKind::Unavailable, ""),
    }
}

/// The request did not get through, or its answer did not.
fn transport<E>(error: SdkError<E, HttpResponse>) -> Error
where
    E: StdError + Send + Sync + 'static,
{
    let causes = causes(&error);
    let says = |words: &[&str]| causes.iter().any(|cause| words.iter().any(|word| cause.contains(word)));
    let last = causes.last().map(|cause| shown(cause)).unwrap_or_default();
    let unconnected = says(&["(Connect)", "connect timeout"]);
    let broken = says(&["SendRequest", "connection", "end of file", "reading a body"]);
    let mapped = match &error {
        SdkError::TimeoutError(_) => {
            Error::new(ErrorKind::Timeout, "no complete answer within the request timeout").sent()
        }
        SdkError::DispatchFailure(e) if unconnected && e.is_timeout() => {
            Error::new(ErrorKind::Timeout, "no connection to S3 Vectors within the connect timeout")
        }
        SdkError::DispatchFailure(_) if unconnected => Error::new(ErrorKind::Unavailable, UNCONNECTED),
        SdkError::DispatchFailure(e) if e.is_timeout() => {
            Error::new(ErrorKind::Timeout, "no answer in time").sent()
        }
        SdkError::DispatchFailure(e) if e.is_io() || broken => {
            Error::new(ErrorKind::Unavailable, "the connection broke before there was an answer").sent()
        }
        // Their sources may show the request.
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) if says(NO_CREDENTIALS) => {
            return Error::new(ErrorKind::Unauthenticated, format!("{UNSIGNED}: {last}"));
        }
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) => {
            return Error::invalid(format!("the request cannot be built: {last}"));
        }
        SdkError::ResponseError(_) if broken => {
            Error::new(ErrorKind::Unavailable, "the connection broke before the answer was complete").sent()
        }
        _ => reply(format!("the answer is not the JSON of S3 Vectors: {last}")),
    };
    match error.into_source() {
        Ok(source) => mapped.with_source(source),
        Err(_) => mapped,
    }
}

const UNCONNECTED: &str =
    "no connection to S3 Vectors: is there a network, and are the region and the endpoint right?";

const UNSIGNED: &str = "there are no credentials to sign with: configure a profile, log in with `aws sso login`, or set \
                        AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";

fn unreadable(error: &dyn StdError) -> Error {
    let last = causes(error).pop().map(|cause| shown(&cause)).unwrap_or_default();
    reply(format!("the answer is not the JSON of S3 Vectors: {last}"))
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

/// A message in one line, and not too long.
fn shown(message: &str) -> String {
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match message.char_indices().nth(MESSAGE_CHARS) {
        Some((end, _)) => format!("{}...", &message[..end]),
        None => message,
    }
}

/// Milliseconds in AWS's own header, seconds in that of HTTP.
fn retry_after(raw: &HttpResponse) -> Option<Duration> {
    let header = |name| raw.headers().get(name).and_then(|value| value.trim().parse().ok());
    header("x-amz-retry-after")
        .map(Duration::from_millis)
        .or_else(|| header("retry-after").map(Duration::from_secs))
}
