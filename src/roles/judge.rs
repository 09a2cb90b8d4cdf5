//! A picture and guidelines in, a verdict on each out.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{
    CallContext,
    request::{reply, request},
};
use crate::{
    domain::{Card, Image, Usage},
    error::Result,
};

/// Holds a picture against guidelines.
#[cfg_attr(feature = "test-util", mockall::automock)]
#[async_trait]
pub trait Judge: std::fmt::Debug + Send + Sync + 'static {
    /// Who judges, its limits and prices.
    fn card(&self) -> &Card;

    /// What the judge can do.
    fn capabilities(&self) -> &JudgeCapabilities;

    /// Judges one picture by each guideline.
    ///
    /// # Guarantees
    /// A guideline the judge did not answer, or cannot, is [`Unknown`](Outcome::Unknown), never a pass.
    /// # Ordering
    /// One finding per guideline, in order.
    /// # Partial failure
    /// As `Unknown` at its place, with the reason.
    /// # Idempotency
    /// Judging twice changes nothing; a model may answer differently.
    /// # Cancellation
    /// Dropping the future stops the work; a provider may still bill.
    /// # Errors
    /// `InvalidInput` for no guidelines or a picture that cannot be read; `InvalidReply` and
    /// `Truncated` when the answer cannot be used; `Blocked`; transport errors.
    async fn judge(&self, request: JudgeRequest) -> Result<JudgeReply>;
}

/// What a judge can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JudgeCapabilities {
    /// The most guidelines of one request.
    pub max_guidelines: usize,
}

impl JudgeCapabilities {
    /// A judge of at most `max_guidelines` guidelines at a time.
    #[must_use]
    pub fn new(max_guidelines: usize) -> Self {
        Self { max_guidelines }
    }
}

/// A picture to judge.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JudgeRequest {
    /// The picture.
    pub image: Image,
    /// What it was meant to show.
    pub caption: String,
    /// The product as it really looks, where there is one.
    pub product: Option<Image>,
    /// The guidelines, one sentence each.
    pub guidelines: Vec<String>,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl JudgeRequest {
    /// Judges `image` by `guidelines`.
    pub fn new(image: Image, caption: impl Into<String>, guidelines: Vec<String>) -> Self {
        Self { image, caption: caption.into(), product: None, guidelines, context: CallContext::new() }
    }

    /// Sets how the product really looks.
    #[must_use]
    pub fn with_product(mut self, product: Image) -> Self {
        self.product = Some(product);
        self
    }
}

request!(JudgeRequest -> JudgeReply, "judge", |_r| Usage::REQUEST.with_tokens(32_768, 40_960));

/// Whether a guideline is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is met.
    Pass,
    /// It is not met.
    Fail,
    /// Nobody can say; this is not a pass.
    Unknown,
}

/// What the judge says of one guideline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// The guideline.
    pub guideline: String,
    /// Met or not.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// What to change, where it is not met.
    pub correction: Option<String>,
}

impl Finding {
    /// A finding without a correction.
    pub fn new(guideline: impl Into<String>, outcome: Outcome, reason: impl Into<String>) -> Self {
        Self { guideline: guideline.into(), outcome, reason: reason.into(), correction: None }
    }

    /// Says what to change.
    #[must_use]
    pub fn with_correction(mut self, correction: impl Into<String>) -> Self {
        self.correction = Some(correction.into());
        self
    }
}

/// The findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JudgeReply {
    /// One per guideline, in order.
    pub findings: Vec<Finding>,
    /// What the call used.
    pub usage: Usage,
}

impl JudgeReply {
    /// Findings that used nothing.
    #[must_use]
    pub fn new(findings: Vec<Finding>) -> Self {
        Self { findings, usage: Usage::NONE }
    }

    /// Sets what the call used.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }

    /// `true` when every guideline is met; an unknown one is not.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.findings.iter().all(|finding| finding.outcome == Outcome::Pass)
    }
}

reply!(JudgeReply);
