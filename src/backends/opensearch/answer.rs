//! The answers to searches and batches, as far as they are looked at.

use opensearch::http::Method;
use serde::Deserialize;
use serde_json::Value;

use super::{
    Flavour,
    client::{Body, Client},
    document::Document,
    error,
};
use crate::error::{Error, ErrorKind, Result};

/// The answer to a search.
#[derive(Debug, Deserialize)]
pub(super) struct Found {
    timed_out: bool,
    #[serde(rename = "_shards")]
    shards: Shards,
    pub(super) hits: Hits,
}

#[derive(Debug, Deserialize)]
struct Shards {
    failed: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Hits {
    #[serde(default)]
    total: Option<Total>,
    pub(super) hits: Vec<Hit>,
}

#[derive(Debug, Deserialize)]
struct Total {
    value: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Hit {
    #[serde(rename = "_id")]
    pub(super) name: String,
    #[serde(rename = "_score")]
    pub(super) score: Option<f64>,
    /// A document that this store did not write is an error at its place, not one of the whole page.
    #[serde(rename = "_source")]
    pub(super) source: Value,
}

impl Hit {
    pub(super) fn document(self) -> Result<Document> {
        let name = self.name;
        serde_json::from_value(self.source).map_err(|e| {
            let message = format!("the document \"{name}\" is not one of this store: {e}");
            Error::new(ErrorKind::Corrupt, message).with_context("id", name)
        })
    }
}

impl Found {
    pub(super) fn total(&self) -> Result<u64> {
        let total = self.hits.total.as_ref().map(|total| total.value);
        total.ok_or_else(|| error::reply("the answer to a count has no total"))
    }
}

/// Searches; an answer that looked at a part only is an error.
pub(super) async fn search(client: &Client, flavour: Flavour, index: &str, body: Value) -> Result<Found> {
    let path = format!("/{index}/_search");
    let found: Found =
        client.call(Method::Post, &path, flavour.search_parameters(), Body::Json(body)).await?;
    if found.timed_out || found.shards.failed > 0 {
        return Err(error::partial());
    }
    Ok(found)
}
