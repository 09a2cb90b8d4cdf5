//! What the account can call, asked of Bedrock itself.

use aws_sdk_bedrock::{
    operation::{
        list_foundation_models::ListFoundationModelsOutput,
        list_inference_profiles::ListInferenceProfilesOutput,
    },
    primitives::DateTime,
    types::{FoundationModelSummary, InferenceProfileSummary},
};
use serde::{Deserialize, Serialize};

use super::{
    Bedrock, Registry, error,
    registry::{ModelId, State, begins},
};
use crate::{domain::Timestamp, error::Result};

/// More pages than any account has: a server that never ends its list does not hold us.
const MOST_PAGES: usize = 100;

/// The models and profiles of a region, as Bedrock lists them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OnlineModels {
    /// `ListFoundationModels`.
    pub models: Vec<OnlineModel>,
    /// `ListInferenceProfiles`.
    pub profiles: Vec<OnlineProfile>,
}

/// A model of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OnlineModel {
    /// Its id.
    pub id: String,
    /// The name people use.
    pub name: String,
    /// `ACTIVE` or `LEGACY`.
    pub status: Option<String>,
    /// When calls begin to fail.
    pub end: Option<Timestamp>,
    /// It can be called by its id in this region.
    pub on_demand: bool,
}

/// An inference profile of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OnlineProfile {
    /// Its id, such as `us.amazon.nova-pro-v1:0`.
    pub id: String,
    /// The models it leads to.
    pub models: Vec<String>,
}

impl Bedrock {
    /// Asks Bedrock which models and inference profiles there are in this region. Nothing is billed. The credentials need
    /// `bedrock:ListFoundationModels` and `bedrock:ListInferenceProfiles`.
    ///
    /// # Errors
    /// Transport and permission errors.
    pub async fn models_online(&self) -> Result<OnlineModels> {
        let called = self.called(None);
        let listed = self.control().list_foundation_models().send().await;
        let ListFoundationModelsOutput { model_summaries, .. } =
            listed.map_err(|e| error::from_sdk(e, &called))?;
        let models = model_summaries.unwrap_or_default().into_iter().map(OnlineModel::from).collect();
        let (mut profiles, mut next) = (Vec::new(), None);
        for _ in 0..MOST_PAGES {
            let page = self.control().list_inference_profiles().set_next_token(next).send().await;
            let ListInferenceProfilesOutput { inference_profile_summaries, next_token, .. } =
                page.map_err(|e| error::from_sdk(e, &called))?;
            profiles
                .extend(inference_profile_summaries.unwrap_or_default().into_iter().map(OnlineProfile::from));
            next = next_token;
            if next.is_none() {
                break;
            }
        }
        Ok(OnlineModels { models, profiles })
    }
}

impl OnlineModels {
    /// Where `registry` and the lists differ for `region`, one line each: models that are gone or end on another day,
    /// profiles that are missing or new.
    #[must_use]
    pub fn differences(&self, registry: &Registry, region: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for entry in &registry.models {
            let here = entry.regions.iter().any(|own| own == region);
            let state = entry.lifecycle.state_at(Timestamp::now());
            let ended = state == State::Ended;
            match self.models.iter().find(|online| online.id == entry.id) {
                None if here && !ended => lines.push(format!("{}: not listed in {region}", entry.id)),
                Some(_) if ended => {
                    lines.push(format!("{}: still listed, the registry has it as ended", entry.id))
                }
                Some(online) => {
                    let known = entry.lifecycle.end.and_then(|day| day.begins().ok());
                    if let Some(end) = online.end.filter(|end| Some(*end) != known) {
                        lines.push(format!(
                            "{}: ends on {end}, the registry has {}",
                            entry.id,
                            spelled(known)
                        ));
                    }
                    if online.on_demand && !here && !entry.more_regions {
                        lines.push(format!(
                            "{}: served in {region}, the registry has {}",
                            entry.id,
                            entry.regions.join(", ")
                        ));
                    }
                }
                None => {}
            }
            for profile in self.profiles.iter().filter_map(|profile| profile.of(&entry.id)) {
                if !entry.profiles.contains_key(&profile) {
                    lines.push(format!(
                        "{}: has a profile \"{profile}.\" that the registry does not have",
                        entry.id
                    ));
                }
            }
            let listed = matches!(state, State::Active | State::Legacy);
            let missing = |prefix: &&String| {
                let from = registry.callable_from(entry, prefix).unwrap_or_default();
                let id = format!("{prefix}.{}", entry.id);
                listed && begins(from, region) && !self.profiles.iter().any(|profile| profile.id == id)
            };
            lines.extend(
                entry.profiles.keys().filter(missing).map(|prefix| {
                    format!("{}: the profile \"{prefix}.\" is not listed in {region}", entry.id)
                }),
            );
        }
        lines
    }
}

fn spelled(end: Option<Timestamp>) -> String {
    end.map_or_else(|| "no end".to_owned(), |end| end.to_string())
}

impl OnlineProfile {
    /// The geography, if this profile is one of `model`.
    fn of(&self, model: &str) -> Option<String> {
        self.id.strip_suffix(model).and_then(|start| start.strip_suffix('.')).map(str::to_owned)
    }
}

impl From<FoundationModelSummary> for OnlineModel {
    fn from(model: FoundationModelSummary) -> Self {
        let lifecycle = model.model_lifecycle;
        let types = model.inference_types_supported.unwrap_or_default();
        Self {
            name: model.model_name.unwrap_or_else(|| model.model_id.clone()),
            id: model.model_id,
            status: lifecycle.as_ref().map(|lifecycle| lifecycle.status.as_str().to_owned()),
            end: lifecycle.and_then(|lifecycle| lifecycle.end_of_life_time).and_then(timestamp),
            on_demand: types.iter().any(|kind| kind.as_str() == "ON_DEMAND"),
        }
    }
}

impl From<InferenceProfileSummary> for OnlineProfile {
    fn from(profile: InferenceProfileSummary) -> Self {
        let models = profile.models.into_iter().filter_map(|model| model.model_arn);
        Self {
            id: profile.inference_profile_id,
            models: models.filter_map(|arn| ModelId::parse(&arn).model).collect(),
        }
    }
}

fn timestamp(time: DateTime) -> Option<Timestamp> {
    time.to_millis().ok().and_then(|millis| Timestamp::from_millis(millis).ok())
}
