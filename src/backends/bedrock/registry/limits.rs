//! What a model takes and gives. What is not known is none, and not checked before the network.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::roles::{PromptRule, TaskKind};

/// The limits of one model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Limits {
    /// Tokens.
    pub tokens: TokenLimits,
    /// Words.
    pub prompt: PromptLimits,
    /// Pictures sent.
    pub images: ImageLimits,
    /// Pictures made.
    pub output: OutputLimits,
    /// The most bytes of a request, pictures in base64.
    pub payload_bytes: Option<u64>,
    /// The lengths of vectors, the default first.
    pub dimensions: Vec<usize>,
    /// The seeds it takes.
    pub seeds: Option<Seeds>,
    /// The field that says how far to go, where there is one.
    pub strength: Option<Strength>,
    /// The field that says how much of a picture's structure stays, for the task `structure` of models where `strength` is
    /// another task's.
    pub control: Option<Strength>,
    /// What a generator can be set to, by name.
    pub settings: BTreeMap<String, SettingLimits>,
}

/// Tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct TokenLimits {
    /// The most of a request and its answer.
    pub context: Option<u32>,
    /// The most of an answer.
    pub output: Option<u32>,
    /// The most of a text to embed.
    pub text: Option<u32>,
    /// What pictures count, by their size.
    pub of_image: Vec<ImageTokens>,
}

/// What a picture of a size counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ImageTokens {
    /// Up to this many pixels; the last row is for larger ones too.
    pub pixels: u64,
    /// Tokens.
    pub tokens: u32,
}

/// Words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PromptLimits {
    /// Whether there is a prompt.
    pub rule: Option<PromptRule>,
    /// The longest prompt or text, in characters.
    pub chars: Option<usize>,
    /// Takes a negative prompt, as long.
    pub negative: bool,
}

/// Pictures sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ImageLimits {
    /// The most in one request.
    pub most: Option<usize>,
    /// The most bytes of one, before base64.
    pub bytes: Option<u64>,
    /// The shortest side.
    pub min_side: Option<u32>,
    /// The longest side.
    pub max_side: Option<u32>,
    /// The fewest pixels.
    pub min_pixels: Option<u64>,
    /// The most pixels.
    pub max_pixels: Option<u64>,
    /// The longer side over the shorter, at most.
    pub max_aspect: Option<f64>,
    /// The formats: `jpeg`, `png`, `webp`, `gif`.
    pub formats: Vec<String>,
    /// Takes no transparent pixels.
    pub opaque: bool,
    /// The most pixels that are added at an edge.
    pub max_margin: Option<u32>,
    /// What the field `mode` says when a picture is sent, for models that have the field.
    pub mode: Option<String>,
}

/// Pictures made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct OutputLimits {
    /// The most in one answer.
    pub most: Option<u32>,
    /// The shapes there are; none where sides are free or follow the picture.
    pub shapes: Vec<Shape>,
    /// The shortest side, where sides are free.
    pub min_side: Option<u32>,
    /// The longest side, where sides are free.
    pub max_side: Option<u32>,
    /// Sides are a multiple of this.
    pub multiple_of: Option<u32>,
    /// The most pixels.
    pub max_pixels: Option<u64>,
    /// The longer side over the shorter, at most.
    pub max_aspect: Option<f64>,
    /// The formats: `jpeg`, `png`, `webp`.
    pub formats: Vec<String>,
}

/// A shape pictures are made in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Shape {
    /// The ratio to ask for, such as `16:9`; none where the sides are asked for.
    #[serde(default)]
    pub ratio: Option<String>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// The seeds a model takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Seeds {
    /// The first.
    pub min: u64,
    /// The last.
    pub max: u64,
    /// The one that means "any", where there is one.
    #[serde(default)]
    pub random: Option<u64>,
}

/// The field that says how far to go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Strength {
    /// Its name in the request.
    pub field: String,
    /// The least.
    pub min: f64,
    /// The most.
    pub max: f64,
    /// What it is when it is left out.
    pub default: f64,
    /// It says how much stays, not how much changes.
    #[serde(default)]
    pub keeps: bool,
    /// It must not be left out.
    #[serde(default)]
    pub required: bool,
}

/// The values of a setting.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct SettingLimits {
    /// The tasks that know it; none means all of the model.
    pub tasks: Vec<TaskKind>,
    /// The words it takes.
    pub words: Vec<String>,
    /// The least and the most number it takes.
    pub range: Option<(f64, f64)>,
}

impl TokenLimits {
    /// What a picture of this many pixels counts; none where it is not known.
    #[must_use]
    pub fn of_image(&self, pixels: u64) -> Option<u32> {
        let row = self.of_image.iter().find(|row| pixels <= row.pixels).or(self.of_image.last());
        row.map(|row| row.tokens)
    }
}
