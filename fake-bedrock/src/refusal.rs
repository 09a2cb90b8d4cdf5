//! The documented errors: status, type and message.

/// An error reply.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// The header `x-amzn-errortype`.
    pub(crate) kind: &'static str,
    pub(crate) message: String,
    /// The header `x-amz-retry-after`.
    pub(crate) retry_after_ms: Option<u64>,
    /// What a failing model is named in the body.
    pub(crate) model: Option<String>,
}

pub(crate) type Result<T> = std::result::Result<T, Refusal>;

impl Refusal {
    pub(crate) fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, message: message.into(), retry_after_ms: None, model: None }
    }

    /// 400: the request is wrong.
    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new(400, "ValidationException", message)
    }

    /// 400: the body of an InvokeModel does not fit the model's schema.
    pub(crate) fn malformed(violation: impl std::fmt::Display) -> Self {
        Self::validation(format!(
            "Malformed input request: {violation}, please reformat your input and try again."
        ))
    }

    /// 403.
    pub(crate) fn forbidden(kind: &'static str, message: impl Into<String>) -> Self {
        Self::new(403, kind, message)
    }

    /// 404: the model has reached the end of its life.
    pub(crate) fn dead() -> Self {
        Self::new(
            404,
            "ResourceNotFoundException",
            "This model version has reached the end of its life. Please refer to the AWS documentation for more details.",
        )
    }

    /// 400: no such model, or not in this region.
    pub(crate) fn unknown_model() -> Self {
        Self::validation("The provided model identifier is invalid.")
    }

    /// 429.
    pub(crate) fn throttled() -> Self {
        Self::new(429, "ThrottlingException", "Too many requests, please wait before trying again.")
    }

    /// 400: a content filter stopped the request; `part` is "text prompt" or "input image".
    pub(crate) fn filtered(part: &str) -> Self {
        Self::validation(format!(
            "This request has been blocked by our content filters. Please adjust your {part} to submit a new request."
        ))
    }

    pub(crate) fn with_retry_after(mut self, ms: Option<u64>) -> Self {
        self.retry_after_ms = ms;
        self
    }
}
