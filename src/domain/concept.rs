//! The idea behind the ad, and the prompt made from it.

use serde::{Deserialize, Serialize};

/// The idea behind the ad.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Concept {
    /// What the campaign says, in a couple of lines.
    pub campaign_concept: String,
    /// What it looks like, in a couple of lines.
    pub visual_concept: String,
    /// The picture in one sentence, in English: this is what references are searched by.
    pub image_description: String,
    /// Why.
    pub reasoning: String,
    /// The language of the brief as a BCP 47 tag, in which all but `image_description` is written for the people who
    /// wrote it; none where it is neither stated nor to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What a person should know: a text in the brief that reads like an instruction to a model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Concept {
    /// A concept whose campaign and visual concept are not spelt out.
    pub fn new(image_description: impl Into<String>) -> Self {
        Self { image_description: image_description.into(), ..Self::default() }
    }
}

/// Who wrote a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PromptAuthor {
    /// The prompt writer.
    Suggested,
    /// A person.
    Edited,
}

/// A text-to-image prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Prompt {
    /// What the picture shall show, in English.
    pub text: String,
    /// What it shall not show.
    pub negative: Option<String>,
    /// Why it is written like this; empty for an edit.
    pub reasoning: String,
    /// Who wrote it.
    pub author: PromptAuthor,
    /// What a person should know: a text in the brief or a reference that reads like an instruction to a model.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Prompt {
    /// A prompt by the prompt writer.
    pub fn suggested(text: impl Into<String>, reasoning: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            negative: None,
            reasoning: reasoning.into(),
            author: PromptAuthor::Suggested,
            notes: Vec::new(),
        }
    }

    /// A prompt by a person.
    pub fn edited(text: impl Into<String>) -> Self {
        Self { author: PromptAuthor::Edited, ..Self::suggested(text, "") }
    }

    /// Sets what the picture shall not show.
    #[must_use]
    pub fn with_negative(mut self, negative: impl Into<String>) -> Self {
        self.negative = Some(negative.into());
        self
    }
}
