//! Records counted.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{Filter, Usage},
    roles::{
        CallContext,
        request::{reply, request},
    },
};

/// What to count.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CountRequest {
    /// Which records; none for all.
    pub filter: Option<Filter>,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl CountRequest {
    /// Counts all records.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets which records.
    #[must_use]
    pub fn with_filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }
}

request!(CountRequest -> CountReply, "count", |_r| Usage::REQUEST);

/// How many there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CountReply {
    /// The number of records.
    pub count: u64,
    /// What the call used.
    pub usage: Usage,
}

impl CountReply {
    /// `count` records.
    #[must_use]
    pub fn new(count: u64) -> Self {
        Self { count, usage: Usage::NONE }
    }
}

reply!(CountReply);
