//! A query in, the products, backgrounds and themes it speaks of out.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{
    CallContext,
    request::{reply, request},
};
use crate::{
    domain::{Card, Usage},
    error::Result,
};

/// Takes a query apart into things that can be searched for.
#[cfg_attr(feature = "test-util", mockall::automock)]
#[async_trait]
pub trait Decomposer: std::fmt::Debug + Send + Sync + 'static {
    /// Who decomposes, its limits and prices.
    fn card(&self) -> &Card;

    /// What the decomposer can do.
    fn capabilities(&self) -> &DecomposerCapabilities;

    /// Takes one query apart.
    ///
    /// # Guarantees
    /// Only what the query names, each thing once, in English where the decomposer `translates`.
    /// # Ordering
    /// In the order of the query.
    /// # Partial failure
    /// None. A list may be empty: a query need not name a background.
    /// # Idempotency
    /// Asking twice changes nothing; a model may answer differently.
    /// # Cancellation
    /// Dropping the future stops the work; a provider may still bill.
    /// # Errors
    /// `InvalidInput` for an empty query; `InvalidReply` and `Truncated` when the answer cannot be
    /// used; `Blocked`; transport errors.
    async fn decompose(&self, request: DecomposeRequest) -> Result<DecomposeReply>;
}

/// What a decomposer can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DecomposerCapabilities {
    /// Answers in English whatever the language of the query.
    pub translates: bool,
}

impl DecomposerCapabilities {
    /// A decomposer that translates or not.
    #[must_use]
    pub fn new(translates: bool) -> Self {
        Self { translates }
    }
}

/// A query to take apart.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DecomposeRequest {
    /// What somebody asks for: "our green mug on a table in the woods, autumn mood".
    pub query: String,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl DecomposeRequest {
    /// Takes `query` apart.
    pub fn new(query: impl Into<String>) -> Self {
        Self { query: query.into(), context: CallContext::new() }
    }
}

request!(DecomposeRequest -> DecomposeReply, "decompose", |_r| Usage::REQUEST.with_tokens(16_384, 34_816));

/// The parts of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DecomposeReply {
    /// The products it names.
    pub products: Vec<String>,
    /// The places it names.
    pub backgrounds: Vec<String>,
    /// The moods and occasions it names.
    pub themes: Vec<String>,
    /// What the call used.
    #[serde(default)]
    pub usage: Usage,
}

impl DecomposeReply {
    /// Parts that used nothing.
    #[must_use]
    pub fn new(products: Vec<String>, backgrounds: Vec<String>, themes: Vec<String>) -> Self {
        Self { products, backgrounds, themes, usage: Usage::NONE }
    }

    /// Sets what the call used.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }
}

reply!(DecomposeReply);
