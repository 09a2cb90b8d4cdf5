//! What went wrong on the wire, in the words of this crate.

use std::error::Error as StdError;

use aws_sdk_bedrockruntime::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};

use super::{
    refusal,
    verdict::{self, Called},
};
pub(super) use crate::aws::error::{innermost, reply};
use crate::{
    aws::error::{Answer, Service},
    error::{Error, Retryability},
};

/// Bedrock, as errors speak of it.
const BEDROCK: Service =
    Service { name: "Bedrock", timeout: "call timeout", or_sign_with: ", or AWS_BEARER_TOKEN_BEDROCK" };

/// The one mapping of the SDK's errors.
pub(super) fn from_sdk<E>(error: SdkError<E, HttpResponse>, called: &Called<'_>) -> Error
where
    E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
{
    let mapped = BEDROCK.error(error, |answer| judged(answer, called)).with_context("region", called.region);
    match called.model {
        Some(model) => mapped.with_context("model", model),
        None => mapped,
    }
}

/// What an answer of Bedrock means.
fn judged(answer: &Answer, called: &Called<'_>) -> Error {
    let Answer { code, status, message } = answer;
    if let Some(blocked) = refusal::said(message) {
        return Error::refused(blocked);
    }
    let verdict = verdict::of(code.as_deref(), *status, message, called);
    let text = format!("{}. Bedrock says: {message}", verdict.advice);
    let mapped = Error::new(verdict.kind, text).sent();
    if verdict.lasting { mapped.with_retryability(Retryability::Permanent) } else { mapped }
}

/// There is nothing to sign with.
pub(super) fn unsigned(why: &str) -> Error {
    BEDROCK.unsigned(why)
}
