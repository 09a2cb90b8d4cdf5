//! Brief to concept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Question;
use crate::domain::Brief;

#[derive(Serialize)]
pub(crate) struct Concept<'a> {
    pub(crate) brief: &'a Brief,
    /// The language of the people who wrote the brief, where it is known.
    pub(crate) people: Option<&'static str>,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Answer {
    pub(crate) reasoning: String,
    pub(crate) campaign_concept: String,
    pub(crate) visual_concept: String,
    pub(crate) image_description: String,
}

impl Question for Concept<'_> {
    type Answer = Answer;

    const NAME: &'static str = "concept";

    const TEMPERATURE: f32 = 1.0;
}
