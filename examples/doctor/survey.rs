//! What there is to say, as data.

use std::collections::BTreeMap;

use keyvisual::{
    Result,
    backends::bedrock::{
        Bedrock,
        registry::{LifecycleEntry, ModelEntry, ModelId, Role, State},
    },
    domain::Timestamp,
};
use serde::Serialize;

use crate::estimate::{Estimate, assumptions, estimate};

#[derive(Debug, Serialize)]
pub(crate) struct Survey {
    pub(crate) region: String,
    pub(crate) endpoint: String,
    pub(crate) credentials: String,
    pub(crate) registry_as_of: String,
    pub(crate) registry_models: usize,
    /// Models were named, rather than all taken.
    pub(crate) selected: bool,
    pub(crate) models: Vec<Row>,
    pub(crate) assumptions: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) online: Option<Online>,
    /// What keeps the models that were named from working.
    pub(crate) problems: Vec<String>,
}

/// One model.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// As it is called from the region; its own id where it cannot be called.
    pub(crate) called_as: String,
    pub(crate) callable: bool,
    pub(crate) role: Option<Role>,
    pub(crate) tasks: Vec<String>,
    pub(crate) regions: Vec<String>,
    pub(crate) more_regions: bool,
    /// Geographies, with the regions they are called from where the registry has them.
    pub(crate) profiles: BTreeMap<String, Vec<String>>,
    pub(crate) state: Option<State>,
    pub(crate) lifecycle: Option<LifecycleEntry>,
    pub(crate) calls_per_minute: Option<u32>,
    pub(crate) estimate: Option<Estimate>,
    pub(crate) notes: Vec<String>,
}

/// What the account's own lists say.
#[derive(Debug, Serialize)]
pub(crate) struct Online {
    pub(crate) models: usize,
    pub(crate) profiles: usize,
    pub(crate) differences: Vec<String>,
}

impl Survey {
    pub(crate) async fn new(bedrock: &Bedrock, models: &[String]) -> Self {
        let registry = bedrock.registry();
        let selected = !models.is_empty();
        let mut problems = Vec::new();
        let models: Vec<Row> = if !selected {
            let rows = registry.models.iter().map(|entry| {
                let id = registry.id_for(entry, bedrock.region());
                Row::known(entry, id.as_deref(), bedrock.region())
            });
            rows.collect()
        } else {
            models.iter().map(|id| Row::named(id, bedrock, &mut problems)).collect()
        };
        Self {
            region: bedrock.region().to_owned(),
            endpoint: bedrock.endpoint().unwrap_or("Amazon's own").to_owned(),
            credentials: bedrock.credentials_source().await.unwrap_or_else(|_| "none found".to_owned()),
            registry_as_of: registry.as_of.to_string(),
            registry_models: registry.models.len(),
            selected,
            models,
            assumptions: assumptions(),
            online: None,
            problems,
        }
    }

    /// Adds what Bedrock itself says.
    pub(crate) async fn ask(&mut self, bedrock: &Bedrock) -> Result<()> {
        let online = bedrock.models_online().await?;
        let listed = |id: &str| {
            online.models.iter().any(|model| model.on_demand && model.id == id)
                || online.profiles.iter().any(|profile| profile.id == id)
        };
        let named = self
            .models
            .iter()
            .filter(|row| self.selected && row.callable && !row.called_as.starts_with("arn:"));
        let missing = named.map(|row| &row.called_as).filter(|id| !listed(id));
        self.problems
            .extend(missing.map(|id| format!("\"{id}\" is not listed for this account in {}", self.region)));
        self.online = Some(Online {
            models: online.models.len(),
            profiles: online.profiles.len(),
            differences: online.differences(bedrock.registry(), bedrock.region()),
        });
        Ok(())
    }
}

impl Row {
    /// A model of the registry, called by `id`, or not to be called from here.
    fn known(entry: &ModelEntry, id: Option<&str>, region: &str) -> Self {
        let called_as = id.unwrap_or(&entry.id);
        let state = entry.lifecycle.state_at(Timestamp::now());
        Self {
            name: entry.name.clone(),
            called_as: called_as.to_owned(),
            callable: id.is_some() && state != State::Ended,
            role: Some(entry.role),
            tasks: entry.tasks.iter().map(ToString::to_string).collect(),
            regions: entry.regions.clone(),
            more_regions: entry.more_regions,
            profiles: entry.profiles.clone(),
            state: Some(state),
            lifecycle: Some(entry.lifecycle.clone()),
            calls_per_minute: entry.calls_per_minute(&ModelId::parse(called_as).via, region),
            estimate: estimate(entry, called_as),
            notes: entry.notes.clone(),
        }
    }

    /// A model by the id the application gives it; what is wrong with it is a problem.
    fn named(id: &str, bedrock: &Bedrock, problems: &mut Vec<String>) -> Self {
        let registry = bedrock.registry();
        let checked = registry.check_region(id, bedrock.region());
        problems.extend(checked.as_ref().err().map(|e| e.message().to_owned()));
        let Some(entry) = registry.find(id) else { return Self::unknown(id) };
        let mut row = Self::known(entry, Some(id), bedrock.region());
        row.callable &= checked.is_ok();
        if row.state == Some(State::Ended) {
            let to = entry.lifecycle.replacements.join(" or ");
            problems.push(format!("{} (\"{id}\") is past its end: move to {to}", entry.name));
        }
        row
    }

    fn unknown(id: &str) -> Self {
        Self {
            name: "not in the registry".into(),
            called_as: id.to_owned(),
            callable: true,
            role: None,
            tasks: Vec::new(),
            regions: Vec::new(),
            more_regions: true,
            profiles: BTreeMap::new(),
            state: None,
            lifecycle: None,
            calls_per_minute: None,
            estimate: None,
            notes: vec!["Called through Converse with fields that every model knows; nothing is known of limits and prices.".into()],
        }
    }
}
