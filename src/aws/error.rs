//! The SDK's errors in the words of this crate. Messages have no address and nothing of a request.

use std::{error::Error as StdError, time::Duration};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::Value;

use crate::{
    error::{Error, ErrorKind},
    said::{retry_after, said},
};

/// Words by which the SDK says that there is nothing to sign with.
const NO_CREDENTIALS: &[&str] = &["credential", "SSO", "identity", "auth scheme"];

/// A service, as its errors speak of it.
pub(crate) struct Service {
    pub(crate) name: &'static str,
    /// What its setting for the longest call is called.
    pub(crate) timeout: &'static str,
    /// What else it can be signed with.
    pub(crate) or_sign_with: &'static str,
}

/// An error that the service answered with.
pub(crate) struct Answer {
    /// The name of the exception; gateways have none.
    pub(crate) code: Option<String>,
    pub(crate) status: u16,
    /// In one line, and not too long, with the fields of the request that it names.
    pub(crate) message: String,
}

/// The answer has another shape than documented.
pub(crate) fn reply(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidReply, message).sent()
}

impl Service {
    /// The one mapping of the SDK's errors; `judge` says what an answer of the service means.
    pub(crate) fn error<E>(
        &self,
        error: SdkError<E, HttpResponse>,
        judge: impl FnOnce(&Answer) -> Error,
    ) -> Error
    where
        E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let request_id = error.raw_response().and_then(request_id);
        let mapped = match error {
            // A success that cannot be read comes as an error of the service too.
            SdkError::ServiceError(error) if error.raw().status().is_success() => {
                self.not_json(&innermost(error.err()))
            }
            SdkError::ServiceError(error) => answered(error.err(), error.raw(), judge),
            other => self.transport(other),
        };
        match request_id {
            Some(id) => mapped.with_context("request_id", id),
            None => mapped,
        }
    }

    /// The request did not get through, or its answer did not.
    fn transport<E>(&self, error: SdkError<E, HttpResponse>) -> Error
    where
        E: StdError + Send + Sync + 'static,
    {
        let Self { name, timeout, .. } = self;
        let causes = causes(&error);
        let says = |words: &[&str]| causes.iter().any(|cause| words.iter().any(|word| cause.contains(word)));
        let last = innermost(&error);
        let unconnected = says(&["(Connect)", "connect timeout"]);
        let broken = says(&["SendRequest", "connection", "end of file", "reading a body"]);
        let sent = |kind, message: &str| Error::new(kind, message).sent();
        let mapped = match &error {
            SdkError::TimeoutError(_) => {
                sent(ErrorKind::Timeout, &format!("no complete answer within the {timeout}"))
            }
            SdkError::DispatchFailure(e) if unconnected && e.is_timeout() => {
                Error::new(ErrorKind::Timeout, format!("no connection to {name} within the connect timeout"))
            }
            SdkError::DispatchFailure(_) if unconnected => Error::new(
                ErrorKind::Unavailable,
                format!(
                    "no connection to {name}: is there a network, and are the region and the endpoint right?"
                ),
            ),
            SdkError::DispatchFailure(e) if e.is_timeout() => {
                sent(ErrorKind::Timeout, "no answer within the read timeout")
            }
            SdkError::DispatchFailure(e) if e.is_io() || broken => {
                sent(ErrorKind::Unavailable, "the connection broke before there was an answer")
            }
            // Their sources may show the request.
            SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) if says(NO_CREDENTIALS) => {
                return self.unsigned(&last);
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
            _ => self.not_json(&last),
        };
        match error.into_source() {
            Ok(source) => mapped.with_source(source),
            Err(_) => mapped,
        }
    }

    /// There is nothing to sign with.
    pub(crate) fn unsigned(&self, why: &str) -> Error {
        let more = self.or_sign_with;
        let advice = format!(
            "there are no credentials to sign with: configure a profile, log in with `aws sso login`, or set \
             AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY{more}"
        );
        Error::new(ErrorKind::Unauthenticated, format!("{advice}: {why}"))
    }

    fn not_json(&self, why: &str) -> Error {
        reply(format!("the answer is not the JSON of {}: {why}", self.name))
    }
}

/// The service answered with an error.
fn answered(
    error: &impl ProvideErrorMetadata,
    raw: &HttpResponse,
    judge: impl FnOnce(&Answer) -> Error,
) -> Error {
    let body: Value =
        raw.body().bytes().and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default();
    // An answer without a code has no message for the SDK: as gateways send.
    let reason = error.message().or_else(|| body["message"].as_str());
    let mut message = said(reason.unwrap_or("no reason was given"));
    for field in body["fieldList"].as_array().into_iter().flatten() {
        if let (Some(path), Some(why)) = (field["path"].as_str(), field["message"].as_str()) {
            message = format!("{message}; {}: {}", said(path), said(why));
        }
    }
    let code = error.code().filter(|code| !code.is_empty()).map(str::to_owned);
    let answer = Answer { code, status: raw.status().as_u16(), message };
    let mapped = judge(&answer).with_context("status", answer.status);
    let mapped = match answer.code {
        Some(code) => mapped.with_context("code", code),
        None => mapped,
    };
    match wait(raw).filter(|_| mapped.is_transient()) {
        Some(wait) => mapped.with_retry_after(wait),
        None => mapped,
    }
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
pub(crate) fn innermost(error: &dyn StdError) -> String {
    causes(error).pop().map(|cause| said(&cause)).unwrap_or_default()
}

fn request_id(raw: &HttpResponse) -> Option<String> {
    let header = |name| raw.headers().get(name).map(str::to_owned);
    header("x-amzn-requestid").or_else(|| header("x-amz-request-id"))
}

/// Milliseconds in AWS's own header, else as everywhere.
fn wait(raw: &HttpResponse) -> Option<Duration> {
    let milliseconds = raw.headers().get("x-amz-retry-after").and_then(|value| value.trim().parse().ok());
    milliseconds.map(Duration::from_millis).or_else(|| raw.headers().get("retry-after").and_then(retry_after))
}
