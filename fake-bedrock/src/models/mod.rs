//! The models that are served: a table of this server's own, so that an error in the client's table shows.

mod resolve;

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

pub(crate) use resolve::{Place, Served, geography, resolve};

/// As of October 2026.
static MODELS: LazyLock<Vec<Model>> =
    LazyLock::new(|| match serde_json::from_str(include_str!("models.json")) {
        Ok(models) => models,
        Err(error) => panic!("models.json: {error}"),
    });

/// All models, in the order of the table.
pub(crate) fn all() -> &'static [Model] {
    &MODELS
}

/// One model.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Model {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) provider: String,
    pub(crate) body: Family,
    /// Modalities.
    pub(crate) input: Vec<String>,
    pub(crate) output: Vec<String>,
    /// Where the bare id is served.
    pub(crate) regions: Vec<String>,
    /// The prefixes of its inference profiles.
    pub(crate) profiles: Vec<String>,
    /// Where the profiles may be called from, if not in the whole geography.
    #[serde(default)]
    pub(crate) profile_regions: Vec<String>,
    pub(crate) start: Date,
    pub(crate) legacy: Option<Date>,
    pub(crate) end: Option<Date>,
    pub(crate) price: Price,
    /// The most tokens of a reply.
    #[serde(default)]
    pub(crate) max_output: u64,
}

/// Which bodies a model takes.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Family {
    Nova,
    Nova2,
    /// Any other model behind Converse.
    Plain,
    TitanEmbed,
    NovaEmbed,
    Canvas,
    TitanImage,
    Stability,
}

impl Family {
    pub(crate) fn converses(self) -> bool {
        matches!(self, Self::Nova | Self::Nova2 | Self::Plain)
    }
}

/// In USD.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Price {
    /// For 1 000 tokens.
    pub(crate) input_1k: f64,
    pub(crate) output_1k: f64,
    /// The same by the `global.` profile, if they differ.
    pub(crate) global_input_1k: Option<f64>,
    pub(crate) global_output_1k: Option<f64>,
    /// For a picture, made or embedded.
    pub(crate) picture: f64,
    /// The same for a picture of premium quality, of more than 1024 x 1024 pixels, and of both.
    pub(crate) premium: f64,
    pub(crate) large: f64,
    pub(crate) large_premium: f64,
}
