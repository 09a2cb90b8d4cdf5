//! What an application may set beside the request.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    backends::bedrock::{picture::PictureOverflow, registry::Tier},
    error::{Error, Result},
};

/// How much a Nova 2 model reasons before it answers.
///
/// Its highest effort is not here: with it the model takes neither a temperature nor a token limit (Nova 2 user
/// guide, extended thinking, 2026), and every request has a token limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reasoning {
    /// For tasks of some steps.
    Low,
    /// For tasks of many steps.
    Medium,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub(super) tier: Tier,
    pub(super) reasoning: Option<Reasoning>,
    /// Id and version.
    pub(super) guardrail: Option<(String, String)>,
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) cache: bool,
    pub(super) pictures: PictureOverflow,
}

impl Settings {
    /// The limits of `requestMetadata` (API reference of `Converse`, 2026).
    pub(super) fn check_metadata(&self) -> Result<()> {
        let count = self.metadata.len();
        if count > 16 {
            return Err(Error::invalid(format!("{count} pairs of request metadata, a request takes 16")));
        }
        let name = |text: &String| (1..=256).contains(&text.chars().count());
        let value = |text: &String| text.chars().count() <= 256;
        match self.metadata.iter().find(|(k, v)| !name(k) || !value(v)) {
            Some((pair, _)) => Err(Error::invalid(format!(
                "the request metadata \"{pair:.40}\" does not fit: a name has 1 to 256 characters, a value at most 256"
            ))),
            None => Ok(()),
        }
    }
}
