//! The control plane: what there is.

use serde_json::{Value, json};

use crate::{
    call::{Answer, Usage},
    models::{Model, Place, all, geography},
    refusal::{Refusal, Result},
    route::Operation,
};

/// The account whose profiles these are.
const ACCOUNT: &str = "111122223333";

/// Answers a list or a look-up.
pub(crate) fn answer(operation: &Operation, place: &Place<'_>) -> Result<Answer> {
    let reply = match operation {
        Operation::ListModels => {
            let here = all().iter().filter(|model| model.is_listed(place));
            json!({ "modelSummaries": here.map(|model| summary(model, place)).collect::<Vec<_>>() })
        }
        Operation::ListProfiles => {
            let here = all().iter().filter(|model| model.is_alive(place));
            let profiles = here.flat_map(|model| profiles(model, place));
            json!({ "inferenceProfileSummaries": profiles.collect::<Vec<_>>() })
        }
        _ => {
            let id = operation.model().unwrap_or_default();
            let id = id.rsplit_once("foundation-model/").map_or(id, |(_, id)| id);
            let model = all().iter().find(|model| model.id == id && model.is_listed(place));
            let model = model.ok_or_else(|| {
                Refusal::new(404, "ResourceNotFoundException", "The provided model identifier is invalid.")
            })?;
            json!({ "modelDetails": summary(model, place) })
        }
    };
    let mut answer = Answer::new(&reply, Usage::default())?;
    answer.repeatable = false;
    Ok(answer)
}

impl Model {
    fn is_alive(&self, place: &Place<'_>) -> bool {
        place.private || self.end.is_none_or(|end| place.now < end)
    }

    /// Models past the end of their lives are listed no longer.
    fn is_listed(&self, place: &Place<'_>) -> bool {
        let bare = self.regions.iter().any(|region| region == place.region);
        self.is_alive(place) && (bare || self.callable_profiles(place).next().is_some())
    }

    fn callable_profiles(&self, place: &Place<'_>) -> impl Iterator<Item = &str> {
        let here = self.profile_regions.is_empty() || self.profile_regions.iter().any(|r| r == place.region);
        let profiles = self.profiles.iter().map(String::as_str);
        profiles.filter(move |profile| here && geography(profile, place.region))
    }
}

fn arn(model: &Model, region: &str) -> String {
    format!("arn:aws:bedrock:{region}::foundation-model/{}", model.id)
}

fn summary(model: &Model, place: &Place<'_>) -> Value {
    let on_demand = if model.regions.is_empty() { "INFERENCE_PROFILE" } else { "ON_DEMAND" };
    let legacy = model.legacy.is_some_and(|legacy| legacy <= place.now);
    let time = |date: jiff::civil::Date| format!("{date}T00:00:00Z");
    let mut lifecycle =
        json!({ "status": if legacy { "LEGACY" } else { "ACTIVE" }, "startOfLifeTime": time(model.start) });
    if let Some(legacy) = model.legacy {
        lifecycle["legacyTime"] = time(legacy).into();
    }
    if let Some(end) = model.end {
        lifecycle["endOfLifeTime"] = time(end).into();
    }
    json!({
        "modelArn": arn(model, place.region),
        "modelId": model.id,
        "modelName": model.name,
        "providerName": model.provider,
        "inputModalities": model.input.iter().filter(|kind| *kind == "TEXT" || *kind == "IMAGE").collect::<Vec<_>>(),
        "outputModalities": model.output,
        "responseStreamingSupported": model.body.converses(),
        "customizationsSupported": [],
        "inferenceTypesSupported": [on_demand],
        "modelLifecycle": lifecycle,
    })
}

fn profiles(model: &Model, place: &Place<'_>) -> impl Iterator<Item = Value> {
    let region = place.region;
    model.callable_profiles(place).map(move |profile| {
        let id = format!("{profile}.{}", model.id);
        json!({
            "inferenceProfileName": format!("{} {}", profile.to_uppercase(), model.name),
            "inferenceProfileArn": format!("arn:aws:bedrock:{region}:{ACCOUNT}:inference-profile/{id}"),
            "inferenceProfileId": id,
            "description": format!("Routes requests to {} in {profile}.", model.name),
            "createdAt": format!("{}T00:00:00Z", model.start),
            "updatedAt": format!("{}T00:00:00Z", model.start),
            "models": [{ "modelArn": arn(model, region) }],
            "status": "ACTIVE",
            "type": "SYSTEM_DEFINED",
        })
    })
}
