//! What an application may set.

use crate::backends::bedrock::picture::PictureOverflow;

/// What is done with a text that is longer than the model takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TextOverflow {
    /// Its end is cut off, at a word, and the reply says so.
    #[default]
    Cut,
    /// It is refused before anything is sent.
    Refuse,
}

/// What is done with a text and a picture as one input.
///
/// A vector in the middle of two that Nova makes would take two calls, which a backend does not make: average them above it,
/// or take one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pairing {
    /// The model makes one vector of both: Titan only.
    Joint,
    /// The picture is embedded; the reply says that the text was left out.
    PictureOnly,
    /// The text is embedded; the reply says that the picture was left out.
    TextOnly,
    /// It is refused. `capabilities().both` is false, so the library embeds the picture.
    Refused,
}

impl Pairing {
    /// As the embedding space names it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Joint => "joint",
            Self::PictureOnly => "picture only",
            Self::TextOnly => "text only",
            Self::Refused => "one of both",
        }
    }
}

/// What a query looks for: Nova makes other vectors for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Searched {
    /// Pictures that were embedded.
    #[default]
    Pictures,
    /// Texts that were embedded.
    Texts,
    /// Both.
    Mixed,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) texts: TextOverflow,
    pub(super) pictures: PictureOverflow,
    pub(super) pairing: Pairing,
    pub(super) searched: Searched,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            texts: TextOverflow::Cut,
            pictures: PictureOverflow::Fit,
            pairing: Pairing::Refused,
            searched: Searched::Pictures,
        }
    }
}
