//! A picture in, a number out.

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

/// Scores a picture for beauty or for faithfulness.
#[cfg_attr(feature = "test-util", mockall::automock)]
#[async_trait]
pub trait Scorer: std::fmt::Debug + Send + Sync + 'static {
    /// Who scores, its limits and prices.
    fn card(&self) -> &Card;

    /// What the scorer measures.
    fn capabilities(&self) -> &ScorerCapabilities;

    /// Scores one picture.
    ///
    /// # Guarantees
    /// A finite number; higher is better. Scores of one scorer are comparable, for the same prompt at
    /// least; scores of two scorers are not.
    /// # Ordering
    /// Not applicable.
    /// # Partial failure
    /// None: there is a score or an error.
    /// # Idempotency
    /// The same request gives the same score.
    /// # Cancellation
    /// Safe at any time.
    /// # Errors
    /// `InvalidInput` for a picture that cannot be read or a target that is missing; transport errors.
    async fn score(&self, request: ScoreRequest) -> Result<ScoreReply>;
}

/// What a scorer measures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ScorerCapabilities {
    /// What the score means, in a word or two: `aesthetic`, `product fidelity`.
    pub measure: String,
    /// Compares the picture with a target picture, which must be given.
    pub needs_target: bool,
}

impl ScorerCapabilities {
    /// A scorer of `measure` that needs no target.
    pub fn new(measure: impl Into<String>) -> Self {
        Self { measure: measure.into(), needs_target: false }
    }

    /// Needs a target picture.
    #[must_use]
    pub fn with_target(mut self) -> Self {
        self.needs_target = true;
        self
    }
}

/// A picture to score.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ScoreRequest {
    /// The picture.
    pub image: Image,
    /// What it was meant to show.
    pub prompt: Option<String>,
    /// What it is compared with, such as the packshot.
    pub target: Option<Image>,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl ScoreRequest {
    /// Scores `image` for itself.
    #[must_use]
    pub fn new(image: Image) -> Self {
        Self { image, prompt: None, target: None, context: CallContext::new() }
    }

    /// Says what it was meant to show.
    #[must_use]
    pub fn with_prompt(mut self, prompt: impl Into<String>) -> Self {
        self.prompt = Some(prompt.into());
        self
    }

    /// Sets what it is compared with.
    #[must_use]
    pub fn with_target(mut self, target: Image) -> Self {
        self.target = Some(target);
        self
    }
}

request!(ScoreRequest -> ScoreReply, "score", |_r| Usage::REQUEST.with_input_pictures(2));

/// A score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ScoreReply {
    /// Higher is better.
    pub score: f64,
    /// What the call used.
    pub usage: Usage,
}

impl ScoreReply {
    /// A score that used nothing.
    #[must_use]
    pub fn new(score: f64) -> Self {
        Self { score, usage: Usage::NONE }
    }

    /// Sets what the call used.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }
}

reply!(ScoreReply);
