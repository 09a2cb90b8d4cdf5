//! Records read by id.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{Record, Usage},
    error::Result,
    roles::{
        CallContext,
        request::{reply, request},
    },
};

/// Ids to read.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GetRequest {
    /// At most `max_batch` ids.
    pub ids: Vec<String>,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl GetRequest {
    /// Reads `ids`.
    #[must_use]
    pub fn new(ids: Vec<String>) -> Self {
        Self { ids, context: CallContext::new() }
    }
}

request!(GetRequest[ids] -> GetReply, "get", |_r| Usage::REQUEST);

/// The records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GetReply {
    /// One place per id; `None` for an id that is not there.
    pub results: Vec<Result<Option<Record>>>,
    /// What the call used.
    pub usage: Usage,
}

impl GetReply {
    /// Records in the order of the ids.
    #[must_use]
    pub fn new(results: Vec<Result<Option<Record>>>) -> Self {
        Self { results, usage: Usage::NONE }
    }
}

reply!(GetReply[results]);
