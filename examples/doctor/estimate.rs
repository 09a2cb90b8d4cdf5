//! What 1000 pictures would cost.

use keyvisual::backends::bedrock::registry::{Case, ModelEntry, ModelId, Role};
use serde::Serialize;

/// The picture that is described, embedded or made: 1024 x 1024.
const PIXELS: u64 = 1024 * 1024;

/// Tokens of what a describer is told, and of its description.
const INSTRUCTIONS: u32 = 500;
const DESCRIPTION: u32 = 250;

/// Tokens of the words embedded with a picture.
const WORDS: u32 = 50;

/// What the figures stand on.
pub(crate) fn assumptions() -> Vec<String> {
    vec![
        "a min: calls a minute of a default account. $/1000: dollars for 1000 pictures of 1024 x 1024, standard tier,".into(),
        format!("  described: the picture and {INSTRUCTIONS} tokens of instructions in, {DESCRIPTION} tokens out;"),
        format!("  embedded: the picture with {WORDS} tokens of words, \">\" where what a picture costs is not known;"),
        "  generated: one picture a call, of the usual quality.".into(),
    ]
}

/// What a model costs for 1000 pictures.
#[derive(Debug, Serialize)]
pub(crate) struct Estimate {
    pub(crate) usd: f64,
    /// A part of the price is not known.
    pub(crate) at_least: bool,
    pub(crate) what: &'static str,
    pub(crate) source: String,
    pub(crate) as_of: String,
}

/// None where prices, or what a picture counts, are not known.
pub(crate) fn estimate(entry: &ModelEntry, called_as: &str) -> Option<Estimate> {
    let case = Case::new().with_via(&ModelId::parse(called_as).via).with_pixels(PIXELS);
    let price = entry.price(&case)?;
    let tokens = |count: u32, per_million: f64| f64::from(count) * per_million / 1e6;
    let (usd, what) = match entry.role {
        Role::Chat => {
            let read = entry.limits.tokens.of_image(PIXELS)? + INSTRUCTIONS;
            (tokens(read, price.input_tokens) + tokens(DESCRIPTION, price.output_tokens), "described")
        }
        Role::Embed => {
            (price.input_picture.unwrap_or_default() + tokens(WORDS, price.input_tokens), "embedded")
        }
        _ => (price.output_picture, "generated"),
    };
    Some(Estimate {
        usd: usd * 1000.0,
        at_least: entry.role == Role::Embed && price.input_picture.is_none(),
        what,
        source: price.source.clone(),
        as_of: price.as_of.to_string(),
    })
}
