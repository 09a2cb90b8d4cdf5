//! Query to products, backgrounds and themes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Question;

#[derive(Serialize)]
pub(crate) struct Decompose<'a> {
    pub(crate) query: &'a str,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Answer {
    pub(crate) products: Vec<String>,
    pub(crate) backgrounds: Vec<String>,
    pub(crate) themes: Vec<String>,
}

impl Question for Decompose<'_> {
    type Answer = Answer;

    const NAME: &'static str = "decompose";

    const TEMPERATURE: f32 = 0.0;
}
