//! All records, a page at a time.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{Filter, Record, Usage},
    error::{Error, Result},
    roles::{
        CallContext,
        request::{reply, request},
    },
};

/// A page to read.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ScanRequest {
    /// Which records; none for all.
    pub filter: Option<Filter>,
    /// Where to go on: the `next` of the page before.
    pub cursor: Option<String>,
    /// The most records of the page, at least 1; a store may give fewer.
    pub limit: usize,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl ScanRequest {
    /// The first page of all records.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { filter: None, cursor: None, limit, context: CallContext::new() }
    }

    /// Sets which records.
    #[must_use]
    pub fn with_filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Goes on after a page.
    #[must_use]
    pub fn with_cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }

    /// How many records the page has at most, in a store that gives no more than `most`.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a page of none.
    pub fn limit_within(&self, most: usize) -> Result<usize> {
        match self.limit {
            0 => Err(Error::invalid("a page of 0 records was asked for: ask for at least 1")),
            limit => Ok(limit.min(most)),
        }
    }
}

request!(ScanRequest -> ScanReply, "scan", |_r| Usage::REQUEST);

/// A page of records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ScanReply {
    /// The records, by id.
    pub records: Vec<Record>,
    /// Records that cannot be read, with the error of each.
    pub damaged: Vec<(String, Error)>,
    /// The cursor of the next page; none after the last.
    pub next: Option<String>,
    /// What the call used.
    pub usage: Usage,
}

impl ScanReply {
    /// A page with the cursor of the next.
    #[must_use]
    pub fn new(records: Vec<Record>, next: Option<String>) -> Self {
        Self { records, damaged: Vec::new(), next, usage: Usage::NONE }
    }

    /// Names records that cannot be read.
    #[must_use]
    pub fn with_damaged(mut self, damaged: Vec<(String, Error)>) -> Self {
        self.damaged = damaged;
        self
    }
}

reply!(ScanReply);
