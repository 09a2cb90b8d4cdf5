//! Product and scene to scale.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Question;

#[derive(Serialize)]
pub(crate) struct Plan<'a> {
    pub(crate) caption: &'a str,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// There is a scene.
    pub(crate) scene: bool,
    /// The model takes pictures.
    pub(crate) sees: bool,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Answer {
    pub(crate) reasoning: String,
    pub(crate) scale: f32,
}

impl Question for Plan<'_> {
    type Answer = Answer;

    const NAME: &'static str = "plan";

    const TEMPERATURE: f32 = 0.0;
}
