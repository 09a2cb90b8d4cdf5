//! What a chat model answers.

use serde::{Deserialize, Serialize};

use crate::{domain::Usage, roles::request::reply};

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
    /// What was done to a picture to fit it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl ChatReply {
    /// A finished answer that used one request.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), stop: StopReason::Done, usage: Usage::REQUEST, notes: Vec::new() }
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

    /// Says what was done to a picture to fit it.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

reply!(ChatReply);
