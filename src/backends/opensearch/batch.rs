//! Batches: one request, one result per document, read one by one also from a success.

use opensearch::http::Method;
use serde_json::{Map, Value, json};

use super::{
    OpenSearchConfig,
    client::{Body, Client},
    error,
};
use crate::error::{Error, ErrorKind, Result};

/// What became of a document.
pub(super) struct Outcome {
    /// The name the server has for it.
    pub(super) name: String,
    pub(super) result: Result<()>,
}

/// The lines of a batch.
#[derive(Default)]
pub(super) struct Batch {
    lines: Vec<u8>,
    items: usize,
}

impl Batch {
    /// How many bytes a document adds, at most.
    pub(super) fn size(name: Option<&str>, document: &[u8]) -> usize {
        index_line(name).len() + document.len() + 1
    }

    /// Writes a document below a name, or below one of the server's.
    pub(super) fn index(&mut self, name: Option<&str>, document: &[u8]) {
        self.lines.extend_from_slice(index_line(name).as_bytes());
        self.lines.extend_from_slice(document);
        self.lines.push(b'\n');
        self.items += 1;
    }

    /// Removes a document.
    pub(super) fn delete(&mut self, name: &str) {
        let line = format!("{}\n", json!({ "delete": { "_id": name } }));
        self.lines.extend_from_slice(line.as_bytes());
        self.items += 1;
    }

    /// Sends the batch; without documents there is nothing to send.
    pub(super) async fn send(self, client: &Client, config: &OpenSearchConfig) -> Result<Vec<Outcome>> {
        if self.items == 0 {
            return Ok(Vec::new());
        }
        let parameters = [("refresh", config.refresh.as_str()), ("require_alias", "true")];
        let parameters = if config.flavour.has_aliases() { &parameters[..] } else { &[] };
        let path = format!("/{}/_bulk", config.write_target());
        let answer: Value = client.call(Method::Post, &path, parameters, Body::Lines(self.lines)).await?;
        let items = answer["items"].as_array().map(Vec::as_slice).unwrap_or_default();
        if items.len() != self.items {
            return Err(error::reply(format!(
                "the answer to a batch of {} documents tells of {}",
                self.items,
                items.len()
            )));
        }
        let outcomes: Vec<_> = items.iter().map(outcome).collect();
        match outcomes.iter().any(|outcome| outcome.result.as_ref().is_err_and(is_gone)) {
            true => Err(Error::no_collection().sent()),
            false => Ok(outcomes),
        }
    }
}

fn is_gone(error: &Error) -> bool {
    error.kind() == ErrorKind::NotFound
}

fn index_line(name: Option<&str>) -> String {
    let named = name.map(|name| ("_id".to_owned(), Value::from(name)));
    format!("{}\n", json!({ "index": Map::from_iter(named) }))
}

fn outcome(item: &Value) -> Outcome {
    let (action, item) = item
        .as_object()
        .and_then(|item| item.iter().next())
        .map_or(("", &Value::Null), |(a, i)| (a.as_str(), i));
    let status = item["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or_default();
    let missing = action == "delete" && status == 404 && item["error"].is_null();
    let result = match (200..300).contains(&status) || missing {
        true => Ok(()),
        false => Err(error::item(status, &item["error"])),
    };
    Outcome { name: item["_id"].as_str().unwrap_or_default().to_owned(), result }
}
