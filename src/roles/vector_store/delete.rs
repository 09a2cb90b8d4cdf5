//! Records removed by id.

use serde::{Deserialize, Serialize};

use crate::{
    domain::Usage,
    error::Result,
    roles::{
        CallContext,
        request::{reply, request},
    },
};

/// Ids to remove.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DeleteRequest {
    /// At most `max_batch` ids.
    pub ids: Vec<String>,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl DeleteRequest {
    /// Removes `ids`.
    #[must_use]
    pub fn new(ids: Vec<String>) -> Self {
        Self { ids, context: CallContext::new() }
    }
}

request!(DeleteRequest[ids] -> DeleteReply, "delete", |_r| Usage::REQUEST);

/// What became of each id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeleteReply {
    /// One result per id, in order.
    pub results: Vec<Result<()>>,
    /// What the call used.
    pub usage: Usage,
}

impl DeleteReply {
    /// Results in the order of the ids.
    #[must_use]
    pub fn new(results: Vec<Result<()>>) -> Self {
        Self { results, usage: Usage::NONE }
    }
}

reply!(DeleteReply[results]);
