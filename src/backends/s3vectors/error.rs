//! What went wrong on the wire, in the words of this crate. Messages have no address and no metadata of records.

use std::error::Error as StdError;

use aws_sdk_s3vectors::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};

pub(super) use crate::aws::error::reply;
use crate::{
    aws::error::{Answer, Service},
    error::{Error, ErrorKind, Retryability},
};

/// S3 Vectors, as errors speak of it.
const S3_VECTORS: Service = Service { name: "S3 Vectors", timeout: "request timeout", or_sign_with: "" };

/// The one mapping of the SDK's errors.
pub(super) fn from_sdk<E>(error: SdkError<E, HttpResponse>) -> Error
where
    E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
{
    S3_VECTORS.error(error, judged)
}

/// What an answer of S3 Vectors means.
fn judged(answer: &Answer) -> Error {
    let (code, message) = (answer.code.as_deref().unwrap_or_default(), &answer.message);
    let (kind, advice) = verdict(code, answer.status);
    let text =
        if advice.is_empty() { message.clone() } else { format!("{advice}. S3 Vectors says: {message}") };
    let mapped = Error::new(kind, text).sent();
    if code == "ConflictException" { mapped.with_retryability(Retryability::Permanent) } else { mapped }
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
