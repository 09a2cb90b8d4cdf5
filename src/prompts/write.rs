//! Concept and references to prompt: the meta-prompt.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Question;
use crate::domain::{Brief, Concept, Reference};

/// The length of a long prompt, in characters; a generator that takes less gets the short form.
const LONG_CHARS: usize = 2_000;

/// The length of the short form, in characters: what the most modest generators take.
const SHORT_CHARS: usize = 512;

#[derive(Serialize)]
pub(crate) struct Write<'a> {
    brief: &'a Brief,
    concept: &'a Concept,
    references: Vec<Related<'a>>,
    long: bool,
    max_chars: usize,
    negative: bool,
    people: Option<&'static str>,
}

/// Of a reference only its description is shown: no file name, no results.
#[derive(Serialize)]
struct Related<'a> {
    description: &'a str,
}

impl<'a> Write<'a> {
    /// Asks for the long form where `max_chars` has room for it.
    pub(crate) fn new(brief: &'a Brief, concept: &'a Concept, max_chars: usize) -> Self {
        let long = max_chars >= LONG_CHARS;
        let max_chars = if long { max_chars } else { max_chars.min(SHORT_CHARS) };
        Self { brief, concept, references: Vec::new(), long, max_chars, negative: false, people: None }
    }

    /// Shows what worked before; a reference without a description has nothing to say.
    pub(crate) fn with_references(mut self, references: &'a [Reference]) -> Self {
        let descriptions = references.iter().map(|reference| reference.description.trim());
        self.references =
            descriptions.filter(|d| !d.is_empty()).map(|description| Related { description }).collect();
        self
    }

    /// Asks for a negative prompt too.
    pub(crate) fn with_negative(mut self, negative: bool) -> Self {
        self.negative = negative;
        self
    }

    /// Names the language of the people who wrote the brief, where it is known.
    pub(crate) fn with_people(mut self, language: Option<&'static str>) -> Self {
        self.people = language;
        self
    }

    /// How many characters an answer needs room for: the model may use all it is allowed, within reason.
    pub(crate) fn expected_chars(&self) -> usize {
        self.max_chars.min(5 * LONG_CHARS)
    }
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Answer {
    pub(crate) reasoning: String,
    pub(crate) prompt: String,
    pub(crate) negative_prompt: String,
}

impl Question for Write<'_> {
    type Answer = Answer;

    const NAME: &'static str = "write";

    const TEMPERATURE: f32 = 0.7;
}
