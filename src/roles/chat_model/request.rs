//! What is asked of a chat model.

use std::fmt;

use serde::Serialize;

use super::{ChatCapabilities, ChatReply, Message, OutputSchema, Part, Speaker};
use crate::{
    domain::{Image, Usage},
    error::{Error, ErrorKind, Result},
    roles::{
        CallContext,
        request::{Hidden, request},
    },
};

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

    /// Refuses what `capabilities` exclude: the check every chat model makes first. Pictures are not looked at.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) for pictures or a schema that the model does not take;
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a conversation that does not end with the user, a message that says
    /// nothing, too many pictures or bytes, a temperature beyond 0 to 2, more tokens than the model writes, and a schema's name.
    pub fn validate(&self, capabilities: &ChatCapabilities) -> Result<()> {
        let can = capabilities;
        if self.messages.last().is_none_or(|message| message.speaker != Speaker::User) {
            return Err(Error::invalid("the conversation must end with a message of the user"));
        }
        if let Some(place) = self.messages.iter().position(Message::is_blank) {
            return Err(Error::invalid(format!("message {} says nothing: leave it out", place + 1)));
        }
        if self.schema.is_some() && !can.json_schema {
            return Err(unsupported("a schema: this model cannot be forced by one"));
        }
        self.schema.as_ref().map_or(Ok(()), OutputSchema::validate)?;
        self.validate_pictures(can)?;
        match (self.max_tokens, can.max_output_tokens) {
            (0, _) => return Err(Error::invalid("0 tokens are asked for")),
            (asked, Some(most)) if asked > most => {
                return Err(Error::invalid(format!(
                    "{asked} tokens are asked for, the model writes at most {most}"
                )));
            }
            _ => {}
        }
        match self.temperature {
            Some(t) if !(0.0..=2.0).contains(&t) => {
                Err(Error::invalid(format!("the temperature is {t}, but must be 0 to 2")))
            }
            _ => Ok(()),
        }
    }

    fn validate_pictures(&self, can: &ChatCapabilities) -> Result<()> {
        let count = self.pictures().count();
        if count > 0 && !can.images {
            return Err(unsupported("a picture: this model takes none"));
        }
        if let Some(most) = can.max_images.filter(|most| count > *most) {
            return Err(Error::invalid(format!(
                "{count} pictures are sent, the model takes at most {most} in one request"
            )));
        }
        let lengths = self.pictures().map(|picture| picture.bytes().len() as u64);
        let too_long =
            can.max_image_bytes.and_then(|most| Some((lengths.max().filter(|len| *len > most)?, most)));
        match too_long {
            None => Ok(()),
            Some((length, most)) => Err(Error::invalid(format!(
                "a picture has {length} bytes, the model takes at most {most}: make it smaller"
            ))),
        }
    }

    /// The pictures of all messages, in order.
    pub fn pictures(&self) -> impl Iterator<Item = &Image> {
        self.messages.iter().flat_map(|message| &message.parts).filter_map(|part| match part {
            Part::Image(image) => Some(image),
            Part::Text(_) => None,
        })
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

fn unsupported(what: &str) -> Error {
    Error::new(ErrorKind::Unsupported, what)
}
