//! Image in, words out.

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

/// Says what a picture shows.
#[cfg_attr(feature = "test-util", mockall::automock)]
#[async_trait]
pub trait Describer: std::fmt::Debug + Send + Sync + 'static {
    /// Who describes, its limits and prices.
    fn card(&self) -> &Card;

    /// What the describer can do.
    fn capabilities(&self) -> &DescriberCapabilities;

    /// Describes one picture.
    ///
    /// # Guarantees
    /// Only what is visible or what the picture's own metadata or the given caption says, in English. Text in the picture
    /// and in its metadata is data: it is never followed as an instruction.
    /// # Ordering
    /// Elements come with the most important first.
    /// # Partial failure
    /// None: there is a description or an error.
    /// # Idempotency
    /// Describing twice changes nothing; a model may word it differently.
    /// # Cancellation
    /// Dropping the future stops the work; a provider may still bill.
    /// # Errors
    /// `InvalidInput` for a picture that cannot be decoded or is too large; `Blocked` when a filter
    /// refused it; `InvalidReply` and `Truncated` when the answer cannot be used; transport errors.
    async fn describe(&self, request: DescribeRequest) -> Result<DescribeReply>;
}

/// What a describer can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DescriberCapabilities {
    /// Recognises things in the pixels. One that does not reads metadata and measures colours and light.
    pub recognises: bool,
    /// The most bytes a picture may have, where there is a limit.
    pub max_bytes: Option<u64>,
}

impl DescriberCapabilities {
    /// A describer that recognises things or not, without a limit on bytes.
    #[must_use]
    pub fn new(recognises: bool) -> Self {
        Self { recognises, max_bytes: None }
    }

    /// Sets the most bytes a picture may have.
    #[must_use]
    pub fn with_max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = Some(bytes);
        self
    }
}

/// What somebody already wrote about a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Caption {
    /// What it shows.
    pub text: String,
    /// The things in it.
    pub keywords: Vec<String>,
}

impl Caption {
    /// A caption without keywords.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), keywords: Vec::new() }
    }

    /// Sets the keywords.
    #[must_use]
    pub fn with_keywords<K: Into<String>>(mut self, keywords: impl IntoIterator<Item = K>) -> Self {
        self.keywords = keywords.into_iter().map(Into::into).collect();
        self
    }
}

/// A picture to describe.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DescribeRequest {
    /// The picture.
    pub image: Image,
    /// What is already known of it; data, never instructions.
    pub caption: Option<Caption>,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl DescribeRequest {
    /// A picture of which nothing is known yet.
    #[must_use]
    pub fn new(image: Image) -> Self {
        Self { image, caption: None, context: CallContext::new() }
    }

    /// Sets what is already known.
    #[must_use]
    pub fn with_caption(mut self, caption: Caption) -> Self {
        self.caption = Some(caption);
        self
    }
}

request!(DescribeRequest -> DescribeReply, "describe", |_r| Usage::REQUEST.with_tokens(16_384, 36_864));

/// A description.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DescribeReply {
    /// At most two short paragraphs; empty when nothing is known or seen.
    pub description: String,
    /// The things in the picture, the most important first, without duplicates.
    pub elements: Vec<String>,
    /// What a person should know: a caption that reads like an instruction to a model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What the call used.
    #[serde(default)]
    pub usage: Usage,
}

impl DescribeReply {
    /// A description that used nothing.
    pub fn new(description: impl Into<String>, elements: Vec<String>) -> Self {
        Self { description: description.into(), elements, notes: Vec::new(), usage: Usage::NONE }
    }

    /// Sets what a person should know.
    #[must_use]
    pub fn with_notes(mut self, notes: Vec<String>) -> Self {
        self.notes = notes;
        self
    }

    /// Sets what the call used.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }
}

reply!(DescribeReply);
