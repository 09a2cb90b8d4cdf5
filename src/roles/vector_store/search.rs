//! The nearest records.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{Embedding, Fields, Filter, Shortfall, Usage},
    roles::{
        CallContext,
        request::{reply, request},
    },
};

/// What to search for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SearchRequest {
    /// The query vector, of the store's space; it need not have length 1.
    pub vector: Embedding,
    /// The most hits.
    pub k: usize,
    /// Which records may be hits; none for all.
    pub filter: Option<Filter>,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl SearchRequest {
    /// The `k` nearest of all records.
    #[must_use]
    pub fn new(vector: Embedding, k: usize) -> Self {
        Self { vector, k, filter: None, context: CallContext::new() }
    }

    /// Sets which records may be hits.
    #[must_use]
    pub fn with_filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }
}

request!(SearchRequest -> SearchReply, "search", |_r| Usage::REQUEST);

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Hit {
    /// Its id.
    pub id: String,
    /// The cosine to the query, -1 to 1.
    pub score: f64,
    /// Its fields.
    pub fields: Fields,
}

impl Hit {
    /// A record with its score.
    pub fn new(id: impl Into<String>, score: f64, fields: Fields) -> Self {
        Self { id: id.into(), score, fields }
    }
}

/// The hits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SearchReply {
    /// Best first.
    pub hits: Vec<Hit>,
    /// Why there are fewer than `k`; none when there are `k`.
    pub shortfall: Option<Shortfall>,
    /// What the call used.
    pub usage: Usage,
}

impl SearchReply {
    /// Hits, best first, with the reason if they are fewer than asked for.
    #[must_use]
    pub fn new(hits: Vec<Hit>, shortfall: Option<Shortfall>) -> Self {
        Self { hits, shortfall, usage: Usage::NONE }
    }
}

reply!(SearchReply);
