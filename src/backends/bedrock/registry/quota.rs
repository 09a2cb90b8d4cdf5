//! How often a model may be called.

use serde::{Deserialize, Serialize};

use super::{Day, Via};

/// A default quota of an account; a new account may have far less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Quota {
    /// The regions it holds in; none means all others.
    #[serde(default)]
    pub regions: Vec<String>,
    /// The inference profiles it holds for; none means calls by the model's own id.
    #[serde(default)]
    pub profiles: Vec<String>,
    /// Calls a minute.
    #[serde(default)]
    pub calls_per_minute: Option<u32>,
    /// Tokens a minute.
    #[serde(default)]
    pub tokens_per_minute: Option<u64>,
    /// Where this is from.
    pub source: String,
    /// The day it was read.
    pub as_of: Day,
}

impl Quota {
    pub(super) fn covers(&self, via: &Via, region: &str) -> bool {
        let called = match via {
            Via::Profile(prefix) => self.profiles.contains(prefix),
            Via::Model | Via::Opaque => self.profiles.is_empty(),
        };
        called && (self.regions.is_empty() || self.regions.iter().any(|own| own == region))
    }
}
