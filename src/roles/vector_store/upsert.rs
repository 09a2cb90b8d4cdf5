//! Records written.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{Record, Usage},
    error::Result,
    roles::{
        CallContext,
        request::{reply, request},
    },
};

/// Records to write.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UpsertRequest {
    /// At most `max_batch` records; none is fine.
    pub records: Vec<Record>,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl UpsertRequest {
    /// Writes `records`.
    #[must_use]
    pub fn new(records: Vec<Record>) -> Self {
        Self { records, context: CallContext::new() }
    }
}

request!(UpsertRequest[records] -> UpsertReply, "upsert", |_r| Usage::REQUEST);

/// What became of each record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UpsertReply {
    /// One result per record, in order.
    pub results: Vec<Result<()>>,
    /// What the call used.
    pub usage: Usage,
}

impl UpsertReply {
    /// Results in the order of the records.
    #[must_use]
    pub fn new(results: Vec<Result<()>>) -> Self {
        Self { results, usage: Usage::NONE }
    }
}

reply!(UpsertReply[results]);
