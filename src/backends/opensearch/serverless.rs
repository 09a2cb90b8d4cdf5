//! Records where the server names the documents: a new document is added, then the older ones of the record are removed.
//!
//! Reads come after a while there, so what this process wrote lately is remembered until it can be found.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{OpenSearchConfig, answer, batch::Batch, client::Client, write::Entry};
use crate::{
    domain::Timestamp,
    error::{Error, ErrorKind, Result},
    sync::lock,
};

/// A write can be read after 60 seconds, says AWS; this is more.
const REMEMBERED: Duration = Duration::from_secs(180);

/// The most documents of one search, here and for reading.
pub(super) const MOST_FOUND: usize = 10_000;

/// The documents of a record that this process wrote and nobody may find yet.
#[derive(Default)]
pub(super) struct Recent {
    last: AtomicU64,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// Names and stamps of documents, by the id of their record.
    documents: HashMap<String, Vec<(String, u64)>>,
    /// When which of them was written, the oldest first.
    order: VecDeque<(Instant, String, u64)>,
}

impl Recent {
    /// The microseconds of the clock, but later than any before: of two documents the one with more is the newer.
    pub(super) fn stamp(&self) -> u64 {
        let now = Timestamp::now().as_millis().unsigned_abs().saturating_mul(1_000);
        let later = |last: u64| Some(now.max(last + 1));
        match self.last.fetch_update(Ordering::SeqCst, Ordering::SeqCst, later) {
            Ok(last) | Err(last) => now.max(last + 1),
        }
    }

    fn note(&self, id: &str, name: String, stamp: u64) {
        let mut memory = lock(&self.memory);
        let now = Instant::now();
        while memory.order.front().is_some_and(|(at, ..)| now.duration_since(*at) > REMEMBERED) {
            if let Some((_, old, stamp)) = memory.order.pop_front() {
                memory.remove(&old, stamp);
            }
        }
        memory.order.push_back((now, id.to_owned(), stamp));
        memory.documents.entry(id.to_owned()).or_default().push((name, stamp));
    }

    /// Ids, names and stamps of what was written of these ids.
    fn of<'i>(&self, ids: impl Iterator<Item = &'i str>) -> Vec<(String, String, u64)> {
        let memory = lock(&self.memory);
        let found = ids.filter_map(|id| Some((id, memory.documents.get(id)?)));
        found
            .flat_map(|(id, all)| all.iter().map(|(name, stamp)| (id.to_owned(), name.clone(), *stamp)))
            .collect()
    }

    fn forget(&self, id: &str, name: &str) {
        if let Some(written) = lock(&self.memory).documents.get_mut(id) {
            written.retain(|(one, _)| one != name);
        }
    }
}

impl Memory {
    fn remove(&mut self, id: &str, stamp: u64) {
        if let Some(written) = self.documents.get_mut(id) {
            written.retain(|(_, one)| *one != stamp);
            if written.is_empty() {
                self.documents.remove(id);
            }
        }
    }
}

/// Adds the documents, then removes the older ones of the same records.
pub(super) async fn write(
    client: &Client,
    config: &OpenSearchConfig,
    recent: &Recent,
    entries: &[Entry],
) -> Result<Vec<Result<()>>> {
    let mut batch = Batch::default();
    for entry in entries {
        batch.index(None, &entry.document);
    }
    let mut results = Vec::with_capacity(entries.len());
    let mut newest = BTreeMap::new();
    for (entry, outcome) in entries.iter().zip(batch.send(client, config).await?) {
        if outcome.result.is_ok() {
            recent.note(&entry.id, outcome.name, entry.written);
            newest.insert(entry.id.as_str(), entry.written);
        }
        results.push(outcome.result);
    }
    let left = clear(client, config, recent, newest).await;
    for (entry, result) in entries.iter().zip(&mut results) {
        let error = match &left {
            Ok(left) => left.get(&entry.id),
            Err(error) => Some(error),
        };
        if let (Ok(()), Some(error)) = (&result, error) {
            *result = Err(unfinished(error));
        }
    }
    Ok(results)
}

fn unfinished(error: &Error) -> Error {
    let message =
        format!("the record was added, but not every older document of it removed: {}", error.message());
    Error::new(error.kind(), message).with_retryability(error.retryability()).sent()
}

/// Removes all documents of these records.
pub(super) async fn remove(
    client: &Client,
    config: &OpenSearchConfig,
    recent: &Recent,
    ids: &[String],
) -> Result<()> {
    let all = ids.iter().map(|id| (id.as_str(), u64::MAX)).collect();
    let left = clear(client, config, recent, all).await?;
    left.into_values().next().map_or(Ok(()), Err)
}

/// Removes the documents of each record that are older than its newest one, which may be another writer's; gives the records
/// of which some is left.
async fn clear(
    client: &Client,
    config: &OpenSearchConfig,
    recent: &Recent,
    mut newest: BTreeMap<&str, u64>,
) -> Result<HashMap<String, Error>> {
    let mut left = HashMap::new();
    if newest.is_empty() {
        return Ok(left);
    }
    let ids: Vec<&str> = newest.keys().copied().collect();
    let mut documents = find(client, config, &ids).await?;
    documents.extend(recent.of(ids.into_iter()));
    for (id, _, stamp) in &documents {
        if let Some(newest) = newest.get_mut(id.as_str()) {
            *newest = (*newest).max(*stamp);
        }
    }
    documents.retain(|(id, _, stamp)| newest.get(id.as_str()).is_some_and(|newest| stamp < newest));
    documents.sort_unstable();
    documents.dedup();
    let mut batch = Batch::default();
    for (_, name, _) in &documents {
        batch.delete(name);
    }
    for ((id, name, _), outcome) in documents.into_iter().zip(batch.send(client, config).await?) {
        match outcome.result {
            Ok(()) => recent.forget(&id, &name),
            Err(error) => {
                left.insert(id, error);
            }
        }
    }
    Ok(left)
}

/// Ids, names and stamps of the documents that can be found.
async fn find(
    client: &Client,
    config: &OpenSearchConfig,
    ids: &[&str],
) -> Result<Vec<(String, String, u64)>> {
    let body: Value = json!({
        "size": MOST_FOUND,
        "_source": ["id", "written"],
        "query": { "terms": { "id": ids } },
    });
    let found = answer::search(client, config.flavour, &config.index, body).await?;
    if found.hits.hits.len() == MOST_FOUND {
        let message = "there are too many older documents of these records: write fewer at once";
        return Err(Error::new(ErrorKind::Conflict, message));
    }
    found
        .hits
        .hits
        .into_iter()
        .map(|hit| {
            let name = hit.name.clone();
            hit.document().map(|document| (document.id, name, document.written))
        })
        .collect()
}
