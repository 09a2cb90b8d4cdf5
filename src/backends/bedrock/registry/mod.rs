//! What is known of Bedrock's models: ids, regions, limits, quotas, prices and ends of life, as dated data.
//!
//! The data is one file, `models.json`, each entry with its source and date. Where sources disagree the entry says so in
//! its notes. An application overrides what it knows better with [`Registry::with_overrides`].

mod day;
mod entry;
mod id;
mod lifecycle;
mod limits;
mod merge;
mod price;
mod quota;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use day::Day;
pub(super) use entry::PROVIDER;
pub use entry::{Family, ModelEntry, Role};
pub use id::{ModelId, Via};
pub use lifecycle::{LifecycleEntry, State};
pub use limits::{
    ImageLimits, ImageTokens, Limits, OutputLimits, PromptLimits, Seeds, SettingLimits, Shape, Strength,
    TokenLimits,
};
pub use price::{Case, Price, Tier};
pub use quota::Quota;

use crate::error::{Error, Result};

/// The models that are known.
///
/// ```
/// use keyvisual::backends::bedrock::Registry;
///
/// let registry = Registry::builtin()?.with_overrides(
///     r#"{"models": [{"id": "amazon.nova-pro-v1:0", "notes": ["our discount is 10 %"]}]}"#,
/// )?;
/// let nova = registry.find("us.amazon.nova-pro-v1:0").expect("it is known by its profiles too");
/// assert_eq!(nova.name, "Nova Pro");
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Registry {
    /// The day the data was put together.
    pub as_of: Day,
    /// Where the data is from; the short names are used in the entries.
    pub sources: BTreeMap<String, String>,
    /// From which regions the inference profiles of a geography can be called: beginnings of region names.
    pub geographies: BTreeMap<String, Vec<String>>,
    /// The models.
    pub models: Vec<ModelEntry>,
}

impl Registry {
    /// The models this crate knows of.
    ///
    /// # Errors
    /// None: the file is part of the crate and its tests.
    pub fn builtin() -> Result<Self> {
        Self::from_json(include_str!("../models.json"))
    }

    /// A registry written as `models.json` is. An unknown field is an error.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) with the line of what cannot be read.
    pub fn from_json(json: &str) -> Result<Self> {
        serde_json::from_str(json).map_err(|e| unread("the registry", e))
    }

    /// This registry with single fields replaced. The form is that of `models.json`, with only what differs: models are
    /// met by their `id`, fields by their names, `null` removes, lists are replaced whole. An id that is not known is a new
    /// model, which needs all fields.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for what is not JSON, an unknown field, and a model without an id.
    pub fn with_overrides(&self, json: &str) -> Result<Self> {
        let overrides: Value = serde_json::from_str(json).map_err(|e| unread("the overrides", e))?;
        let own = serde_json::to_value(self).map_err(|e| unread("the registry", e))?;
        let merged = merge::registry(own, overrides)?;
        for model in merged["models"].as_array().into_iter().flatten() {
            ModelEntry::deserialize(model).map_err(|e| unread(&format!("the model {}", model["id"]), e))?;
        }
        serde_json::from_value(merged).map_err(|e| unread("the overrides", e))
    }

    /// The model that `id` means: its own id, one of its inference profiles, an ARN of either, or one of its aliases.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&ModelEntry> {
        let parsed = ModelId::parse(id);
        self.models
            .iter()
            .find(|entry| entry.id == id || entry.aliases.iter().any(|alias| alias == id))
            .or_else(|| self.models.iter().find(|entry| Some(entry.id.as_str()) == parsed.model.as_deref()))
    }

    /// What an application in `region` calls `entry` by: its own id where the region serves it, or else a profile of the
    /// region's geography; none where neither is known to be there.
    #[must_use]
    pub fn id_for(&self, entry: &ModelEntry, region: &str) -> Option<String> {
        if entry.regions.iter().any(|own| own == region) {
            return Some(entry.id.clone());
        }
        let of_region =
            |prefix: &&String| self.callable_from(entry, prefix).is_some_and(|from| begins(from, region));
        let near = entry.profiles.keys().filter(of_region).min_by_key(|prefix| prefix.as_str() == "global");
        near.map(|prefix| format!("{prefix}.{}", entry.id))
            .or_else(|| entry.more_regions.then(|| entry.id.clone()))
    }

    /// From where the profile `prefix` of `entry` can be called: its own regions, or else those of the geography.
    pub(super) fn callable_from<'a>(&'a self, entry: &'a ModelEntry, prefix: &str) -> Option<&'a [String]> {
        let own = entry.profiles.get(prefix).filter(|list| !list.is_empty());
        own.or_else(|| self.geographies.get(prefix)).map(Vec::as_slice)
    }

    /// Whether `id` can be called from `region`, as far as is known.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) naming the regions or profiles that serve it.
    pub fn check_region(&self, id: &str, region: &str) -> Result<()> {
        let parsed = ModelId::parse(id);
        if let Some(own) = parsed.region.as_deref().filter(|own| *own != region) {
            return Err(Error::invalid(format!(
                "the ARN \"{id}\" is one of {own}, but calls go to {region}: configure `with_region(\"{own}\")`"
            )));
        }
        let entry = self.find(id);
        match &parsed.via {
            Via::Model => entry.map_or(Ok(()), |entry| entry.check_in_region(id, region)),
            Via::Profile(prefix) => {
                let known =
                    entry.and_then(|entry| entry.profiles.get(prefix)).filter(|list| !list.is_empty());
                let from = known.or_else(|| self.geographies.get(prefix));
                match from {
                    Some(from) if !begins(from, region) => Err(Error::invalid(format!(
                        "the inference profile \"{id}\" cannot be called from {region}, only from {}: configure one of \
                             these regions or take another profile",
                        from.iter().map(|start| spelled(start)).collect::<Vec<_>>().join(", ")
                    ))),
                    _ => Ok(()),
                }
            }
            Via::Opaque => Ok(()),
        }
    }
}

pub(super) fn begins(from: &[String], region: &str) -> bool {
    from.iter().any(|start| region.starts_with(start.as_str()))
}

fn unread(what: &str, error: serde_json::Error) -> Error {
    Error::invalid(format!("{what} cannot be read: {error}")).with_source(error)
}

/// A region as it is, the beginning of one with a star.
fn spelled(start: &str) -> String {
    if start.ends_with('-') { format!("{start}*") } else { start.to_owned() }
}
