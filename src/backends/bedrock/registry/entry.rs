//! One model.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::{Case, Day, LifecycleEntry, Limits, ModelId, Price, Quota, Via};
use crate::{
    domain::Card,
    error::{Error, Result},
    roles::TaskKind,
};

/// The provider as cards name it.
pub(in super::super) const PROVIDER: &str = "aws.bedrock";

/// What is known of one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ModelEntry {
    /// The id, without the geography of a profile.
    pub id: String,
    /// The name people use.
    pub name: String,
    /// Which requests it understands.
    pub family: Family,
    /// What it does here.
    pub role: Role,
    /// The tasks of an image model.
    #[serde(default)]
    pub tasks: Vec<TaskKind>,
    /// Further ids that mean this model: ARNs of an application's own profiles, provisioned throughput.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The regions that serve the id itself.
    #[serde(default)]
    pub regions: Vec<String>,
    /// There are further regions, which are not known: no region is refused before the network.
    #[serde(default)]
    pub more_regions: bool,
    /// The geographies of its inference profiles, each with the regions it can be called from, where they are known.
    #[serde(default)]
    pub profiles: BTreeMap<String, Vec<String>>,
    /// How long it will be there.
    pub lifecycle: LifecycleEntry,
    /// What it takes and gives.
    #[serde(default)]
    pub limits: Limits,
    /// How often it may be called; the first that applies counts.
    #[serde(default)]
    pub quotas: Vec<Quota>,
    /// What it costs, case by case.
    #[serde(default)]
    pub prices: Vec<Price>,
    /// What to know beside: where sources disagree, and what was not found.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Where ids, regions and limits are from.
    pub source: String,
    /// The day they were read.
    pub as_of: Day,
}

/// Which requests a model understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Family {
    /// Nova Pro, Nova Lite: `Converse`.
    Nova,
    /// Nova 2: `Converse`, with reasoning.
    Nova2,
    /// Nova Multimodal Embeddings.
    NovaEmbeddings,
    /// Titan Multimodal Embeddings.
    TitanEmbeddings,
    /// Nova Canvas.
    NovaCanvas,
    /// Titan Image Generator.
    TitanImage,
    /// Stability's generators: pictures from prompts.
    Stability,
    /// Stability's image services: pictures from pictures.
    StabilityService,
    /// Any other: only `Converse` is known to work.
    Other,
}

/// What a model does in this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// A [`ChatModel`](crate::roles::ChatModel).
    Chat,
    /// An [`Embedder`](crate::roles::Embedder).
    Embed,
    /// An [`ImageGenerator`](crate::roles::ImageGenerator).
    Generate,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chat => "chat",
            Self::Embed => "embeddings",
            Self::Generate => "making pictures",
        })
    }
}

impl Family {
    /// The family by the look of an id, for models that are not in the registry.
    #[must_use]
    pub fn of(id: &str) -> Self {
        let id = ModelId::parse(id).model.unwrap_or_default();
        let starts = |start: &str| id.starts_with(start);
        match () {
            () if starts("amazon.titan-embed-image") => Self::TitanEmbeddings,
            () if starts("amazon.titan-image") => Self::TitanImage,
            () if starts("amazon.nova-canvas") => Self::NovaCanvas,
            () if starts("amazon.nova") && id.contains("embed") => Self::NovaEmbeddings,
            () if starts("amazon.nova-2") => Self::Nova2,
            () if starts("amazon.nova") => Self::Nova,
            () if starts("stability.sd3") || starts("stability.stable-image-core") => Self::Stability,
            () if starts("stability.stable-image-ultra") => Self::Stability,
            () if starts("stability.") => Self::StabilityService,
            () => Self::Other,
        }
    }

    /// What models of the family do here.
    #[must_use]
    pub fn role(self) -> Role {
        match self {
            Self::Nova | Self::Nova2 | Self::Other => Role::Chat,
            Self::NovaEmbeddings | Self::TitanEmbeddings => Role::Embed,
            Self::NovaCanvas | Self::TitanImage | Self::Stability | Self::StabilityService => Role::Generate,
        }
    }
}

impl ModelEntry {
    /// The card of this model when it is called by `id` from `region`: quota, lifecycle and the price of the standard tier.
    #[must_use]
    pub fn card(&self, id: &str, region: &str) -> Card {
        let via = ModelId::parse(id).via;
        let mut card = Card::new(PROVIDER, id).with_lifecycle(self.lifecycle.for_card());
        card.max_calls_per_minute = self.calls_per_minute(&via, region);
        card.prices = self.price(&Case::new().with_via(&via)).map(Price::prices);
        card
    }

    /// The row of prices that fits `case` best; none if the price is not known.
    #[must_use]
    pub fn price(&self, case: &Case) -> Option<&Price> {
        case.choose(&self.prices)
    }

    /// The most calls a minute from `region`; none where it is not known.
    #[must_use]
    pub fn calls_per_minute(&self, via: &Via, region: &str) -> Option<u32> {
        self.quotas.iter().find(|quota| quota.covers(via, region)).and_then(|quota| quota.calls_per_minute)
    }

    pub(super) fn check_in_region(&self, id: &str, region: &str) -> Result<()> {
        let unknown = self.more_regions || (self.regions.is_empty() && self.profiles.is_empty());
        if unknown || self.regions.iter().any(|own| own == region) {
            return Ok(());
        }
        let profiles =
            self.profiles.keys().map(|prefix| format!("\"{prefix}.{}\"", self.id)).collect::<Vec<_>>();
        let how = match (self.regions.is_empty(), profiles.is_empty()) {
            (true, _) => {
                format!("it is served through inference profiles only: take {}", profiles.join(", "))
            }
            (false, true) => format!("it is served in {}: configure one of these", self.regions.join(", ")),
            (false, false) => format!(
                "it is served in {}, and elsewhere through inference profiles: configure one of these regions or take {}",
                self.regions.join(", "),
                profiles.join(", ")
            ),
        };
        Err(Error::invalid(format!("{} (\"{id}\") is not served in {region}; {how}", self.name)))
    }
}
