//! How long a model will be there.

use serde::{Deserialize, Serialize};

use super::Day;
use crate::domain::{Lifecycle, Timestamp};

/// What the provider has announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LifecycleEntry {
    /// The state as the source has it.
    pub state: State,
    /// When it was launched.
    #[serde(default)]
    pub launch: Option<Day>,
    /// When it became, or becomes, legacy: no new customers.
    #[serde(default)]
    pub legacy: Option<Day>,
    /// The provider promises not to end it before.
    #[serde(default)]
    pub not_before: Option<Day>,
    /// From this day on calls fail, unless access was arranged with the provider.
    #[serde(default)]
    pub end: Option<Day>,
    /// What to move to: ids, the nearest first.
    #[serde(default)]
    pub replacements: Vec<String>,
    /// Where this is from.
    pub source: String,
    /// The day it was read.
    pub as_of: Day,
}

/// Where a model is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum State {
    /// Offered, but not in the provider's list of models.
    Preview,
    /// Offered.
    Active,
    /// Offered to those who use it already.
    Legacy,
    /// Gone.
    Ended,
}

impl LifecycleEntry {
    /// The state at a time: a day that has come counts, whatever the source said when it was read.
    #[must_use]
    pub fn state_at(&self, now: Timestamp) -> State {
        let past = |day: Option<Day>| day.and_then(|day| day.begins().ok()).is_some_and(|at| at <= now);
        match self.state {
            State::Ended => State::Ended,
            _ if past(self.end) => State::Ended,
            State::Active if past(self.legacy) => State::Legacy,
            other => other,
        }
    }

    /// As cards have it. A model that ended on a day nobody wrote down has ended by the day this was read.
    pub(super) fn for_card(&self) -> Lifecycle {
        let end = self.end.or((self.state == State::Ended).then_some(self.as_of));
        match end.and_then(|day| day.begins().ok()) {
            Some(at) => {
                let replacement = (!self.replacements.is_empty()).then(|| self.replacements.join(", "));
                Lifecycle::Ends { at, replacement }
            }
            None => Lifecycle::Active,
        }
    }
}
