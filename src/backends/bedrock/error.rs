//! What went wrong on the wire, in the words of this crate.

use std::{error::Error as StdError, time::Duration};

use aws_sdk_bedrockruntime::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};

use crate::error::{Blocked, BlockedStage, Error, ErrorKind};

/// The most characters of the service's message to pass on.
const MESSAGE_CHARS: usize = 300;

/// The answer has another shape than documented.
#[allow(dead_code)]
pub(super) fn reply(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidReply, message).sent()
}

/// The one mapping of the SDK's errors.
pub(super) fn from_sdk<E>(error: SdkError<E, HttpResponse>) -> Error
where
    E: StdError + ProvideErrorMetadata + Send + Sync + 'static,
{
    let _ = (Duration::ZERO, MESSAGE_CHARS, Blocked::new(BlockedStage::Prompt, ""));
    let request_id = error.request_id().map(str::to_owned);
    let mapped = Error::new(ErrorKind::Unavailable, error.to_string()).sent();
    let mapped = match request_id {
        Some(id) => mapped.with_context("request_id", id),
        None => mapped,
    };
    mapped.with_source(error)
}
