//! Texts and images in, vectors out.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{
    CallContext, Reply,
    request::{failures, fill, request},
};
use crate::{
    domain::{Card, Embedding, EmbeddingSpace, Image, Usage},
    error::{Error, ErrorKind, Result},
};

/// Turns texts and pictures into vectors of one [`EmbeddingSpace`].
#[cfg_attr(feature = "test-util", mockall::automock)]
#[async_trait]
pub trait Embedder: std::fmt::Debug + Send + Sync + 'static {
    /// Who embeds, its limits and prices.
    fn card(&self) -> &Card;

    /// What the embedder can do, its space included.
    fn capabilities(&self) -> &EmbedderCapabilities;

    /// Embeds each input.
    ///
    /// # Guarantees
    /// Every vector has length 1 and the dimensions of the space.
    /// # Ordering
    /// One result per input, in the order of the inputs.
    /// # Partial failure
    /// An input that cannot be embedded has an error at its place; the others are not affected.
    /// # Idempotency
    /// Embedding twice changes nothing; equal inputs give equal vectors where the capabilities say `deterministic`.
    /// # Cancellation
    /// Dropping the future stops the work; a provider may still bill.
    /// # Errors
    /// What [`EmbedRequest::validate`] refuses; at its place, `InvalidInput` for an empty or over-long text or a picture that
    /// cannot be decoded; transport errors.
    async fn embed(&self, request: EmbedRequest) -> Result<EmbedReply>;
}

/// What an embedder can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EmbedderCapabilities {
    /// What makes its vectors comparable.
    pub space: EmbeddingSpace,
    /// Takes texts.
    pub text: bool,
    /// Takes pictures.
    pub image: bool,
    /// Takes a text and a picture as one input.
    pub both: bool,
    /// The most inputs in one request.
    pub max_batch: usize,
    /// Gives equal vectors for equal inputs.
    pub deterministic: bool,
}

impl EmbedderCapabilities {
    /// Takes texts only, one at a time, and promises no determinism.
    #[must_use]
    pub fn text_only(space: EmbeddingSpace) -> Self {
        Self { space, text: true, image: false, both: false, max_batch: 1, deterministic: false }
    }

    /// Takes texts, pictures and both together, one at a time, and promises no determinism.
    #[must_use]
    pub fn multimodal(space: EmbeddingSpace) -> Self {
        Self { image: true, both: true, ..Self::text_only(space) }
    }

    /// Sets the most inputs in one request.
    #[must_use]
    pub fn with_max_batch(mut self, inputs: usize) -> Self {
        self.max_batch = inputs.max(1);
        self
    }

    /// Promises equal vectors for equal inputs.
    #[must_use]
    pub fn with_determinism(mut self) -> Self {
        self.deterministic = true;
        self
    }
}

/// What a vector is made for; some models make different ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To be kept and found.
    Index,
    /// To find others by.
    Query,
}

/// One thing to embed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EmbedInput {
    /// A text.
    Text(String),
    /// A picture.
    Image(Image),
    /// A picture with the words for it, as one vector.
    Both {
        /// The words.
        text: String,
        /// The picture.
        image: Image,
    },
}

impl EmbedInput {
    /// The text, if there is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Both { text, .. } => Some(text),
            Self::Image(_) => None,
        }
    }

    /// The picture, if there is one.
    #[must_use]
    pub fn image(&self) -> Option<&Image> {
        match self {
            Self::Image(image) | Self::Both { image, .. } => Some(image),
            Self::Text(_) => None,
        }
    }
}

/// Things to embed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EmbedRequest {
    /// One to `max_batch` inputs.
    pub inputs: Vec<EmbedInput>,
    /// What the vectors are for.
    pub purpose: Purpose,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl EmbedRequest {
    /// Inputs to embed for `purpose`.
    #[must_use]
    pub fn new(inputs: Vec<EmbedInput>, purpose: Purpose) -> Self {
        Self { inputs, purpose, context: CallContext::new() }
    }

    /// Refuses what `capabilities` exclude: the check every embedder makes first. Texts and pictures are not looked at.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for an empty batch and one above `max_batch`;
    /// [`Unsupported`](ErrorKind::Unsupported) for a kind of input that the embedder does not take.
    pub fn validate(&self, capabilities: &EmbedderCapabilities) -> Result<()> {
        let (count, most) = (self.inputs.len(), capabilities.max_batch);
        if count == 0 || count > most {
            return Err(Error::invalid(format!("{count} inputs were given, a request takes 1 to {most}")));
        }
        let refused = self.inputs.iter().find_map(|input| match input {
            EmbedInput::Text(_) if !capabilities.text => Some("a text"),
            EmbedInput::Image(_) if !capabilities.image => Some("a picture"),
            EmbedInput::Both { .. } if !capabilities.both => Some("a text and a picture as one input"),
            _ => None,
        });
        match refused {
            Some(kind) => Err(Error::new(ErrorKind::Unsupported, format!("{kind}: this model embeds none"))),
            None => Ok(()),
        }
    }
}

request!(EmbedRequest[inputs] -> EmbedReply, "embed", |r| {
    let text: usize = r.inputs.iter().filter_map(EmbedInput::text).map(str::len).sum();
    let pictures = r.inputs.iter().filter_map(EmbedInput::image).count();
    Usage::REQUEST.with_tokens(text as u64, 0).with_input_pictures(pictures as u64)
});

/// The vectors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EmbedReply {
    /// One result per input, in order.
    pub results: Vec<Result<Embedding>>,
    /// What the call used.
    pub usage: Usage,
    /// What was done to an input to fit it: a text that was cut, a picture that was made smaller.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl EmbedReply {
    /// Results that used nothing.
    #[must_use]
    pub fn new(results: Vec<Result<Embedding>>) -> Self {
        Self { results, usage: Usage::NONE, notes: Vec::new() }
    }

    /// Sets what the call used.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }

    /// Says what was done to an input to fit it.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

impl Reply for EmbedReply {
    fn usage(&self) -> Usage {
        self.usage
    }

    fn failures(&self) -> Vec<&Error> {
        failures(&self.results)
    }

    fn complete(&mut self, rest: Self) {
        self.usage += rest.usage;
        self.notes.extend(rest.notes);
        fill(&mut self.results, rest.results);
    }
}
