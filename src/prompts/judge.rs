//! Picture and guidelines to findings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Question;

#[derive(Serialize)]
pub(crate) struct Judge<'a> {
    pub(crate) caption: &'a str,
    pub(crate) guidelines: &'a [String],
    /// The real product is shown as a second picture.
    pub(crate) product: bool,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Answer {
    pub(crate) findings: Vec<Finding>,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Finding {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) reason: String,
    pub(crate) outcome: Verdict,
    pub(crate) correction: String,
}

#[derive(Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Pass,
    Fail,
    Unknown,
}

impl Question for Judge<'_> {
    type Answer = Answer;

    const NAME: &'static str = "judge";

    const TEMPERATURE: f32 = 0.0;
}
