//! What a model costs, case by case.

use serde::{Deserialize, Serialize};

use super::{Day, Via};
use crate::domain::{Money, Prices};

/// What one case costs, in dollars. A field that says nothing costs nothing, but for `input_picture`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Price {
    /// The service tier.
    #[serde(default)]
    pub tier: Tier,
    /// The inference profiles it holds for; none means all ways to call.
    #[serde(default)]
    pub profiles: Vec<String>,
    /// The quality asked for, such as `premium`; none means all.
    #[serde(default)]
    pub quality: Option<String>,
    /// Pictures of at most this many pixels.
    #[serde(default)]
    pub up_to_pixels: Option<u64>,
    /// For a million tokens sent.
    #[serde(default)]
    pub input_tokens: f64,
    /// For a million tokens written.
    #[serde(default)]
    pub output_tokens: f64,
    /// For a million tokens read from a cache of prompts.
    #[serde(default)]
    pub cached_tokens: Option<f64>,
    /// For a picture sent to an embedding model; none when that is not known.
    #[serde(default)]
    pub input_picture: Option<f64>,
    /// For a picture made.
    #[serde(default)]
    pub output_picture: f64,
    /// Where this is from.
    pub source: String,
    /// The day it was read.
    pub as_of: Day,
}

/// The service tier of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Tier {
    /// What calls are served with unless they ask for another.
    #[default]
    Standard,
    /// Slower and cheaper.
    Flex,
    /// Served first.
    Priority,
    /// Latency-optimised.
    Optimized,
}

/// What a price is asked for.
///
/// ```
/// use keyvisual::backends::bedrock::{Registry, registry::{Case, Tier}};
///
/// let registry = Registry::builtin()?;
/// let nova = registry.find("amazon.nova-pro-v1:0").expect("it is known");
/// let price = |tier| nova.price(&Case::new().with_tier(tier)).expect("it is priced").input_tokens;
/// assert!(price(Tier::Flex) < price(Tier::Standard));
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Case {
    tier: Tier,
    profile: Option<String>,
    quality: Option<String>,
    pixels: u64,
}

impl Case {
    /// The standard tier, the usual quality, the smallest picture, called by the model's own id.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the service tier.
    #[must_use]
    pub fn with_tier(mut self, tier: Tier) -> Self {
        self.tier = tier;
        self
    }

    /// Sets what the model is called through.
    #[must_use]
    pub fn with_via(mut self, via: &Via) -> Self {
        self.profile = match via {
            Via::Profile(prefix) => Some(prefix.clone()),
            Via::Model | Via::Opaque => None,
        };
        self
    }

    /// Sets the quality.
    #[must_use]
    pub fn with_quality(mut self, quality: impl Into<String>) -> Self {
        self.quality = Some(quality.into());
        self
    }

    /// Sets the pixels of the picture that is made.
    #[must_use]
    pub fn with_pixels(mut self, pixels: u64) -> Self {
        self.pixels = pixels;
        self
    }

    /// The first row that fits, one for this very profile before one for all. Without a quality the first is taken, which
    /// is the model's default.
    pub(super) fn choose<'a>(&self, rows: &'a [Price]) -> Option<&'a Price> {
        let fits = |row: &&Price| {
            row.tier == self.tier
                && (self.quality.is_none() || row.quality.is_none() || row.quality == self.quality)
                && row.up_to_pixels.is_none_or(|most| self.pixels <= most)
        };
        let own = |row: &&Price| self.profile.as_ref().is_some_and(|profile| row.profiles.contains(profile));
        let rows = || rows.iter().filter(fits);
        rows().find(own).or_else(|| rows().find(|row| row.profiles.is_empty()))
    }
}

impl Price {
    /// As cards have it.
    #[must_use]
    pub fn prices(&self) -> Prices {
        let mut prices = Prices::per_million_tokens(money(self.input_tokens), money(self.output_tokens));
        prices.input_picture = self.input_picture.map(money);
        prices.output_picture = money(self.output_picture);
        prices
    }
}

/// Dollars to the nearest millionth; what is not a price is none.
fn money(dollars: f64) -> Money {
    Money::from_micros((dollars * 1e6).round().clamp(0.0, 1e15) as u64)
}
