//! Picture to description and elements.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Question;

#[derive(Serialize)]
pub(crate) struct Describe<'a> {
    /// Something is known of the picture.
    pub(crate) known: bool,
    pub(crate) caption: &'a str,
    pub(crate) keywords: &'a [String],
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Answer {
    pub(crate) description: String,
    pub(crate) elements: Vec<String>,
}

impl Question for Describe<'_> {
    type Answer = Answer;

    const NAME: &'static str = "describe";

    const TEMPERATURE: f32 = 1.0;
}
