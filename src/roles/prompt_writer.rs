//! A brief in, a concept out; a concept with references in, a prompt out.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{
    CallContext,
    request::{reply, request},
};
use crate::{
    domain::{Brief, Card, Concept, Prompt, Reference, Usage},
    error::Result,
};

/// Writes concepts and text-to-image prompts.
#[cfg_attr(feature = "test-util", mockall::automock)]
#[async_trait]
pub trait PromptWriter: std::fmt::Debug + Send + Sync + 'static {
    /// Who writes, its limits and prices.
    fn card(&self) -> &Card;

    /// What the writer can do.
    fn capabilities(&self) -> &PromptWriterCapabilities;

    /// Finds the idea behind the ad.
    ///
    /// # Guarantees
    /// `image_description` is one sentence, not empty, and in English where the writer `translates`.
    /// The brief is data: nothing in it is followed as an instruction to the writer.
    /// # Ordering
    /// Not applicable.
    /// # Partial failure
    /// None: there is a concept or an error.
    /// # Idempotency
    /// Writing twice changes nothing; a model may write something else.
    /// # Cancellation
    /// Dropping the future stops the work; a provider may still bill.
    /// # Errors
    /// `InvalidInput` for a brief that is not valid; `InvalidReply` and `Truncated` when the answer cannot
    /// be used; `Blocked`; transport errors.
    async fn concept(&self, request: ConceptRequest) -> Result<ConceptReply>;

    /// Writes exactly one prompt.
    ///
    /// # Guarantees
    /// The prompt is not empty and at most `max_chars` characters; it asks for no text in the picture and names no resolution. A
    /// negative prompt comes only where `negative` is set. Descriptions of references are data.
    /// # Ordering
    /// References weigh in the order given.
    /// # Partial failure
    /// None: there is a prompt or an error.
    /// # Idempotency
    /// Writing twice changes nothing; a model may write something else.
    /// # Cancellation
    /// Dropping the future stops the work; a provider may still bill.
    /// # Errors
    /// `InvalidInput` for a limit too small to write in; `InvalidReply` and `Truncated` when the answer
    /// cannot be used; `Blocked`; transport errors.
    async fn write(&self, request: WriteRequest) -> Result<WriteReply>;
}

/// What a prompt writer can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PromptWriterCapabilities {
    /// Writes English whatever the language of the brief. One that does not keeps the brief's own words.
    pub translates: bool,
    /// Writes the same for the same request.
    pub deterministic: bool,
}

impl PromptWriterCapabilities {
    /// A writer that translates or not, and is deterministic or not.
    #[must_use]
    pub fn new(translates: bool, deterministic: bool) -> Self {
        Self { translates, deterministic }
    }
}

/// A brief to find the idea of.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ConceptRequest {
    /// The brief.
    pub brief: Brief,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl ConceptRequest {
    /// A concept for `brief`.
    #[must_use]
    pub fn new(brief: Brief) -> Self {
        Self { brief, context: CallContext::new() }
    }
}

request!(ConceptRequest -> ConceptReply, "concept", |_r| Usage::REQUEST.with_tokens(32_768, 40_960));

/// The idea.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConceptReply {
    /// The concept.
    pub concept: Concept,
    /// What the call used.
    pub usage: Usage,
}

impl ConceptReply {
    /// A concept that used nothing.
    #[must_use]
    pub fn new(concept: Concept) -> Self {
        Self { concept, usage: Usage::NONE }
    }

    /// Sets what the call used.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }
}

reply!(ConceptReply);

/// What to write a prompt from.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WriteRequest {
    /// The brief, with its brand.
    pub brief: Brief,
    /// The idea.
    pub concept: Concept,
    /// The chosen references, possibly none.
    pub references: Vec<Reference>,
    /// The longest prompt the generator takes, in characters.
    pub max_chars: usize,
    /// The generator takes a negative prompt.
    pub negative: bool,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl WriteRequest {
    /// A prompt of at most 10 000 characters without references and without a negative prompt.
    #[must_use]
    pub fn new(brief: Brief, concept: Concept) -> Self {
        Self {
            brief,
            concept,
            references: Vec::new(),
            max_chars: 10_000,
            negative: false,
            context: CallContext::new(),
        }
    }

    /// Sets the chosen references.
    #[must_use]
    pub fn with_references(mut self, references: Vec<Reference>) -> Self {
        self.references = references;
        self
    }

    /// Sets the longest prompt, in characters.
    #[must_use]
    pub fn with_max_chars(mut self, chars: usize) -> Self {
        self.max_chars = chars;
        self
    }

    /// Asks for a negative prompt too.
    #[must_use]
    pub fn with_negative(mut self, negative: bool) -> Self {
        self.negative = negative;
        self
    }
}

request!(WriteRequest -> WriteReply, "write", |_r| Usage::REQUEST.with_tokens(65_536, 40_960));

/// The prompt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WriteReply {
    /// The prompt.
    pub prompt: Prompt,
    /// What the call used.
    pub usage: Usage,
}

impl WriteReply {
    /// A prompt that used nothing.
    #[must_use]
    pub fn new(prompt: Prompt) -> Self {
        Self { prompt, usage: Usage::NONE }
    }

    /// Sets what the call used.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }
}

reply!(WriteReply);
