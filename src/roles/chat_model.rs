//! Messages with images in, text or JSON out: the smaller seam under the five language roles.

use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{
    CallContext,
    request::{Hidden, reply, request},
};
use crate::{
    domain::{Card, Image, Usage},
    error::Result,
};

/// A multimodal language model behind one provider call.
///
/// A provider implements this once; [`chat`](crate::chat) makes the describer, prompt writer, decomposer,
/// planner and judge out of it.
#[cfg_attr(feature = "test-util", mockall::automock)]
#[async_trait]
pub trait ChatModel: std::fmt::Debug + Send + Sync + 'static {
    /// Who answers, its limits and prices.
    fn card(&self) -> &Card;

    /// What the model can do.
    fn capabilities(&self) -> &ChatCapabilities;

    /// Sends one conversation and returns one answer.
    ///
    /// # Guarantees
    /// With a schema, the model is forced to answer in JSON where the provider can do so; the text is
    /// given back as it came, whole or cut off, and is not repaired or validated.
    /// # Ordering
    /// Messages and their parts reach the model in the order given.
    /// # Partial failure
    /// None: there is one answer or an error. An answer that was cut off is an answer, with its [`StopReason`].
    /// # Idempotency
    /// None: a call made twice is billed twice and may answer differently.
    /// # Cancellation
    /// Dropping the future closes the connection; the provider may still bill.
    /// # Errors
    /// `Unsupported` for images or a schema the model cannot take; `InvalidInput` for no messages;
    /// `Blocked` when a filter refused; `InvalidReply` when the answer is not of the protocol; and the
    /// transport's `RateLimited`, `Timeout`, `Unavailable`, `Unauthenticated`, `PermissionDenied`, `NotFound`.
    async fn chat(&self, request: ChatRequest) -> Result<ChatReply>;
}

/// What a chat model can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatCapabilities {
    /// Takes pictures.
    pub images: bool,
    /// Can be forced to answer by a JSON schema.
    pub json_schema: bool,
    /// The most tokens it writes in one answer, where known.
    pub max_output_tokens: Option<u32>,
}

impl ChatCapabilities {
    /// Takes pictures and a schema; the length of its answers is not known.
    #[must_use]
    pub fn new() -> Self {
        Self { images: true, json_schema: true, max_output_tokens: None }
    }

    /// Says whether it takes pictures.
    #[must_use]
    pub fn with_images(mut self, images: bool) -> Self {
        self.images = images;
        self
    }

    /// Says whether it can be forced by a schema.
    #[must_use]
    pub fn with_json_schema(mut self, json_schema: bool) -> Self {
        self.json_schema = json_schema;
        self
    }

    /// Sets the most tokens in one answer.
    #[must_use]
    pub fn with_max_output_tokens(mut self, tokens: u32) -> Self {
        self.max_output_tokens = Some(tokens);
        self
    }
}

impl Default for ChatCapabilities {
    fn default() -> Self {
        Self::new()
    }
}

/// Who says something in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The application.
    User,
    /// The model.
    Assistant,
}

/// A part of a message.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// Some text.
    Text(String),
    /// A picture. Only its bytes and type are sent: no file name, no address.
    Image(Image),
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.debug_tuple("Text").field(&Hidden(text)).finish(),
            Self::Image(image) => image.fmt(f),
        }
    }
}

/// What somebody says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Message {
    /// Who.
    pub speaker: Speaker,
    /// What, in order.
    pub parts: Vec<Part>,
}

impl Message {
    /// The application says `text`.
    pub fn user(text: impl Into<String>) -> Self {
        Self { speaker: Speaker::User, parts: vec![Part::Text(text.into())] }
    }

    /// The model said `text`.
    pub fn assistant(text: impl Into<String>) -> Self {
        Self { speaker: Speaker::Assistant, parts: vec![Part::Text(text.into())] }
    }

    /// Adds a picture.
    #[must_use]
    pub fn with_image(mut self, image: Image) -> Self {
        self.parts.push(Part::Image(image));
        self
    }
}

/// A JSON schema with the name the provider shall know it by.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OutputSchema {
    /// Letters, digits, `_` and `-`, at most 64.
    pub name: String,
    /// The schema.
    pub schema: serde_json::Value,
}

impl OutputSchema {
    /// `schema` under `name`.
    pub fn new(name: impl Into<String>, schema: serde_json::Value) -> Self {
        Self { name: name.into(), schema }
    }
}

/// A conversation to continue. `Debug` does not show its words.
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ChatRequest {
    /// Instructions above the conversation; empty for none.
    pub system: String,
    /// The conversation, at least one message, the user's last.
    pub messages: Vec<Message>,
    /// The form of the answer; none for free text.
    pub schema: Option<OutputSchema>,
    /// The most tokens to write.
    pub max_tokens: u32,
    /// 0 to 2; none for the provider's default.
    pub temperature: Option<f32>,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl fmt::Debug for ChatRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatRequest")
            .field("system", &Hidden(&self.system))
            .field("messages", &self.messages)
            .field("schema", &self.schema.as_ref().map(|schema| &schema.name))
            .field("max_tokens", &self.max_tokens)
            .field("temperature", &self.temperature)
            .finish_non_exhaustive()
    }
}

impl ChatRequest {
    /// One user message, free text, at most 1 024 tokens.
    #[must_use]
    pub fn new(message: Message) -> Self {
        Self {
            system: String::new(),
            messages: vec![message],
            schema: None,
            max_tokens: 1_024,
            temperature: None,
            context: CallContext::new(),
        }
    }

    /// Sets the system text.
    #[must_use]
    pub fn with_system(mut self, system: impl Into<String>) -> Self {
        self.system = system.into();
        self
    }

    /// Adds a message.
    #[must_use]
    pub fn with_message(mut self, message: Message) -> Self {
        self.messages.push(message);
        self
    }

    /// Sets the form of the answer.
    #[must_use]
    pub fn with_schema(mut self, schema: OutputSchema) -> Self {
        self.schema = Some(schema);
        self
    }

    /// Sets the most tokens to write.
    #[must_use]
    pub fn with_max_tokens(mut self, tokens: u32) -> Self {
        self.max_tokens = tokens;
        self
    }

    /// Sets the temperature.
    #[must_use]
    pub fn with_temperature(mut self, temperature: f32) -> Self {
        self.temperature = Some(temperature);
        self
    }

    /// An upper bound of the tokens sent: a token per byte of text, and 4 096 per picture, more
    /// than any provider's table gives for the largest picture it takes.
    fn input_tokens(&self) -> u64 {
        let parts = self.messages.iter().flat_map(|message| &message.parts);
        let parts: usize = parts
            .map(|part| match part {
                Part::Text(text) => text.len(),
                Part::Image(_) => 4_096,
            })
            .sum();
        let schema = self.schema.as_ref().map_or(0, |schema| schema.schema.to_string().len());
        (self.system.len() + parts + schema) as u64
    }
}

request!(ChatRequest -> ChatReply, "chat", |r| {
    Usage::REQUEST.with_tokens(r.input_tokens(), r.max_tokens.into())
});

/// Why a model stopped writing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StopReason {
    /// It was done.
    Done,
    /// It reached the token limit: the text is cut off.
    MaxTokens,
    /// A filter stopped it.
    Filtered,
    /// Something else, in the provider's word.
    Other(String),
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatReply {
    /// The text, or the JSON as text.
    pub text: String,
    /// Why the model stopped; look at this first.
    pub stop: StopReason,
    /// What the call used.
    pub usage: Usage,
}

impl ChatReply {
    /// A finished answer that used one request.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), stop: StopReason::Done, usage: Usage::REQUEST }
    }

    /// Sets why the model stopped.
    #[must_use]
    pub fn with_stop(mut self, stop: StopReason) -> Self {
        self.stop = stop;
        self
    }

    /// Sets what the call used.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }
}

reply!(ChatReply);
