//! What goes wrong by plan.

use serde::Deserialize;
use serde_json::Value;

use crate::refusal::Refusal;

/// One entry of a fault plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    pub(crate) retry_after_ms: Option<u64>,
    pub(crate) slow_ms: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    #[default]
    None,
    // Errors instead of an answer.
    Throttle,
    NotReady,
    Unavailable,
    Internal,
    Timeout,
    ModelError,
    Quota,
    AccessDenied,
    Marketplace,
    DeadModel,
    #[serde(rename = "dead_model_400")]
    DeadModel400,
    ExpiredToken,
    // What the wire does to an answer.
    Stall,
    Cut,
    HalfJson,
    WrongShape,
    // What becomes of an answer.
    FilteredPrompt,
    FilteredOutput,
    FilteredInput,
    MaxTokens,
    TextInsteadOfTool,
    MalformedToolUse,
    ContentFiltered,
    Guardrail,
    WrongLanguage,
}

impl Fault {
    /// `"throttle"`, `{"slow_ms": 500}` or `{"fault": "throttle", "retry_after_ms": 50}`.
    pub(crate) fn parse(value: &Value) -> Result<Self, String> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Entry {
            #[serde(default)]
            fault: Kind,
            retry_after_ms: Option<u64>,
            #[serde(default)]
            slow_ms: u64,
        }
        let wrong = |error| format!("{value} is no fault: {error}");
        if value.is_string() {
            let kind = Kind::deserialize(value).map_err(wrong)?;
            return Ok(Self { kind, ..Self::default() });
        }
        let Entry { fault: kind, retry_after_ms, slow_ms } = Entry::deserialize(value).map_err(wrong)?;
        Ok(Self { kind, retry_after_ms, slow_ms })
    }

    /// The error that comes instead of an answer.
    pub(crate) fn refusal(&self, model: &str) -> Option<Refusal> {
        let refusal = match self.kind {
            Kind::Throttle => Refusal::throttled(),
            Kind::NotReady => Refusal::new(
                429,
                "ModelNotReadyException",
                "Model is not ready for inference. Please wait and try your request again.",
            ),
            Kind::Unavailable => {
                Refusal::new(503, "ServiceUnavailableException", "Bedrock is unable to process your request.")
            }
            Kind::Internal => Refusal::new(
                500,
                "InternalServerException",
                "The system encountered an unexpected error during processing. Try your request again.",
            ),
            Kind::Timeout => Refusal::new(
                408,
                "ModelTimeoutException",
                "Model has timed out in processing the request. Try your request again.",
            ),
            Kind::ModelError => Refusal::new(
                424,
                "ModelErrorException",
                "The model returned the following errors: an error occurred while processing the request.",
            ),
            Kind::Quota => Refusal::new(
                400,
                "ServiceQuotaExceededException",
                "Your request exceeds the service quota for your account.",
            ),
            Kind::AccessDenied => Refusal::forbidden(
                "AccessDeniedException",
                "You don't have access to the model with the specified model ID.",
            ),
            Kind::Marketplace => Refusal::forbidden("AccessDeniedException", MARKETPLACE),
            Kind::DeadModel => Refusal::dead(),
            Kind::DeadModel400 => Refusal::unknown_model(),
            Kind::ExpiredToken => Refusal::forbidden(
                "ExpiredTokenException",
                "The security token included in the request is expired",
            ),
            _ => return None,
        };
        let mut refusal = refusal.with_retry_after(self.retry_after_ms);
        if self.kind == Kind::ModelError {
            refusal.model = Some(model.to_owned());
        }
        Some(refusal)
    }
}

const MARKETPLACE: &str = "Model access is denied due to IAM user or service role is not authorized to perform the \
    required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to \
    this model. Refer to the Amazon Bedrock documentation for further details. Your AWS Marketplace subscription for this \
    model cannot be completed at this time. If you recently fixed this issue, try again after 5 minutes.";

impl Kind {
    /// Whether it changes what an answer says.
    pub(crate) fn is_about_content(self) -> bool {
        matches!(
            self,
            Self::FilteredPrompt
                | Self::FilteredOutput
                | Self::FilteredInput
                | Self::MaxTokens
                | Self::TextInsteadOfTool
                | Self::MalformedToolUse
                | Self::ContentFiltered
                | Self::Guardrail
                | Self::WrongLanguage
        )
    }
}
