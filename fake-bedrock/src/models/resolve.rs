//! Id, profile or ARN to model, where and when it is called.

use jiff::civil::Date;

use super::{Family, Model, all};
use crate::refusal::{Refusal, Result};

/// Where and when a model is called, and whether by private arrangement.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    pub(crate) region: &'a str,
    pub(crate) now: Date,
    pub(crate) private: bool,
}

const PROFILES: [&str; 5] = ["us", "eu", "apac", "jp", "global"];

/// A model as it is called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Served {
    pub(crate) model: &'static Model,
    /// By its `global.` profile, which may have prices of its own.
    pub(crate) global: bool,
}

/// The model that `id` names: a model id, the id of an inference profile, or the ARN of either.
pub(crate) fn resolve(id: &str, place: &Place<'_>) -> Result<Served> {
    let id = if id.starts_with("arn:") { &from_arn(id, place.region)? } else { id };
    let (profile, bare) = match id.split_once('.') {
        Some((prefix, bare)) if PROFILES.contains(&prefix) => (Some(prefix), bare),
        _ => (None, id),
    };
    let model = all().iter().find(|model| model.id == bare).ok_or_else(Refusal::unknown_model)?;
    let served = match profile {
        Some(profile) => {
            let here =
                model.profile_regions.is_empty() || model.profile_regions.iter().any(|r| r == place.region);
            here && model.profiles.iter().any(|p| p == profile) && geography(profile, place.region)
        }
        None => model.regions.is_empty() || model.regions.iter().any(|region| region == place.region),
    };
    if !served {
        return Err(Refusal::unknown_model());
    }
    if model.end.is_some_and(|end| end <= place.now) && !place.private {
        return Err(Refusal::dead());
    }
    if profile.is_none() && model.regions.is_empty() {
        return Err(Refusal::validation(format!(
            "Invocation of model ID {id} with on-demand throughput isn’t supported. Retry your request with the ID or ARN \
             of an inference profile that contains this model."
        )));
    }
    Ok(Served { model, global: profile == Some("global") })
}

/// Whether a profile with this prefix can be called from `region`.
pub(crate) fn geography(profile: &str, region: &str) -> bool {
    match profile {
        "us" => ["us-east-1", "us-east-2", "us-west-1", "us-west-2"].contains(&region),
        "eu" => region.starts_with("eu-"),
        "apac" => region.starts_with("ap-"),
        "jp" => ["ap-northeast-1", "ap-northeast-3"].contains(&region),
        _ => true,
    }
}

/// `arn:aws:bedrock:{region}:{account}:inference-profile/{id}`; an application's own profile stands for Nova Lite.
fn from_arn(arn: &str, region: &str) -> Result<String> {
    let [_, _, "bedrock", at, account, resource] = arn.splitn(6, ':').collect::<Vec<_>>()[..] else {
        return Err(Refusal::unknown_model());
    };
    if at != region {
        return Err(Refusal::unknown_model());
    }
    match resource.split_once('/') {
        Some(("foundation-model", id)) if account.is_empty() => Ok(id.to_owned()),
        Some(("inference-profile", id)) if !account.is_empty() => Ok(id.to_owned()),
        Some(("application-inference-profile", _)) if !account.is_empty() => {
            let profile = PROFILES.iter().find(|profile| geography(profile, region)).unwrap_or(&"us");
            Ok(format!("{profile}.amazon.nova-lite-v1:0"))
        }
        _ => Err(Refusal::unknown_model()),
    }
}

impl Model {
    /// Refuses the operation that the model does not have.
    pub(crate) fn require(&self, family: impl Fn(Family) -> bool) -> Result<()> {
        if family(self.body) {
            return Ok(());
        }
        Err(Refusal::validation(
            "This action doesn't support the model that you provided. Try again with a supported text or chat model.",
        ))
    }
}
