//! Who says what.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{domain::Image, roles::request::Hidden};

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

    pub(super) fn is_blank(&self) -> bool {
        let blank = |part: &Part| matches!(part, Part::Text(text) if text.trim().is_empty());
        self.parts.iter().all(blank)
    }
}
