//! Vectors in a map, searched one by one.

use std::{collections::BTreeMap, sync::Mutex};

use async_trait::async_trait;

use super::fakes::test_card;
#[allow(clippy::wildcard_imports, reason = "every request and reply of one role")]
use crate::roles::*;
use crate::{
    domain::{Card, EmbeddingSpace, Filter, Record, Schema, Shortfall},
    error::{Error, ErrorKind, Result},
    sync::lock,
};

/// A simple vector store in memory: exact, by looking at every record. It keeps the contract, and nothing
/// when it is dropped.
#[derive(Debug)]
pub struct MemoryVectorStore {
    card: Card,
    capabilities: VectorStoreCapabilities,
    collection: Mutex<Option<Collection>>,
}

#[derive(Debug)]
struct Collection {
    space: EmbeddingSpace,
    schema: Schema,
    records: BTreeMap<String, Record>,
}

impl MemoryVectorStore {
    /// A store without a collection, for batches of 64 and searches of 1 000.
    #[must_use]
    pub fn new() -> Self {
        Self {
            card: test_card("MemoryVectorStore"),
            capabilities: VectorStoreCapabilities::new(64, 1_000, 4_096),
            collection: Mutex::default(),
        }
    }

    /// Sets the limits it keeps to.
    #[must_use]
    pub fn with_capabilities(mut self, capabilities: VectorStoreCapabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    fn with<T>(&self, act: impl FnOnce(&mut Collection) -> Result<T>) -> Result<T> {
        let mut collection = lock(&self.collection);
        act(collection.as_mut().ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "the store has no collection yet: call `create` first")
        })?)
    }
}

impl Default for MemoryVectorStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Collection {
    fn keep(&mut self, mut record: Record) -> Result<()> {
        self.schema.validate(&record)?;
        self.space.check_length(&record.vector).map_err(|e| e.with_context("id", &record.id))?;
        record.vector = record.vector.unit().map_err(|e| e.with_context("id", &record.id))?;
        self.records.insert(record.id.clone(), record);
        Ok(())
    }

    /// The records that pass, by id.
    fn passing(&self, filter: Option<&Filter>) -> Result<impl Iterator<Item = &Record>> {
        filter.map_or(Ok(()), |filter| filter.validate(&self.schema))?;
        let passes =
            move |record: &&Record| filter.as_ref().is_none_or(|filter| filter.matches(&record.fields));
        Ok(self.records.values().filter(passes))
    }
}

/// What cursors begin with; the rest is the last id of the page before.
const AFTER: &str = "after:";

fn last_id(cursor: &str) -> Result<&str> {
    cursor
        .strip_prefix(AFTER)
        .ok_or_else(|| Error::invalid(format!("\"{cursor}\" is not a cursor of this store")))
}

#[async_trait]
impl VectorStore for MemoryVectorStore {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &VectorStoreCapabilities {
        &self.capabilities
    }

    async fn create(&self, request: CreateRequest) -> Result<CreateReply> {
        self.capabilities.check_space(&request.space)?;
        let mut collection = lock(&self.collection);
        if let Some(there) = &*collection {
            there.space.require(&request.space)?;
            there.schema.require(&request.schema)?;
            return Ok(CreateReply::new(false));
        }
        let CreateRequest { space, schema, .. } = request;
        *collection = Some(Collection { space, schema, records: BTreeMap::new() });
        Ok(CreateReply::new(true))
    }

    async fn upsert(&self, request: UpsertRequest) -> Result<UpsertReply> {
        self.capabilities.check_batch(request.records.len())?;
        self.with(|collection| {
            let results = request.records.into_iter().map(|record| collection.keep(record)).collect();
            Ok(UpsertReply::new(results))
        })
    }

    async fn search(&self, request: SearchRequest) -> Result<SearchReply> {
        let k = request.k;
        self.capabilities.check_k(k)?;
        self.with(|collection| {
            collection.space.check_length(&request.vector)?;
            let query = request.vector.unit()?;
            let passing = collection.passing(request.filter.as_ref())?;
            let scored = passing.map(|record| {
                let score = record.vector.dot(&query)?.clamp(-1.0, 1.0);
                Ok(Hit::new(&record.id, score, record.fields.clone()))
            });
            let mut hits = scored.collect::<Result<Vec<_>>>()?;
            // The sort is stable and the records come by id: equal scores stay in the order of their ids.
            hits.sort_by(|a, b| b.score.total_cmp(&a.score));
            let matching = hits.len() as u64;
            let shortfall = match (hits.len() < k, collection.records.is_empty()) {
                (false, _) => None,
                (true, true) => Some(Shortfall::EmptyStore),
                (true, false) => Some(Shortfall::FewerMatch { matching }),
            };
            hits.truncate(k);
            Ok(SearchReply::new(hits, shortfall))
        })
    }

    async fn get(&self, request: GetRequest) -> Result<GetReply> {
        self.capabilities.check_batch(request.ids.len())?;
        self.with(|collection| {
            let results = request.ids.iter().map(|id| Ok(collection.records.get(id).cloned())).collect();
            Ok(GetReply::new(results))
        })
    }

    async fn delete(&self, request: DeleteRequest) -> Result<DeleteReply> {
        self.capabilities.check_batch(request.ids.len())?;
        self.with(|collection| {
            let removed = request.ids.iter().map(|id| {
                collection.records.remove(id);
                Ok(())
            });
            Ok(DeleteReply::new(removed.collect()))
        })
    }

    async fn scan(&self, request: ScanRequest) -> Result<ScanReply> {
        let limit = request.limit_within(usize::MAX)?;
        self.with(|collection| {
            let after = request.cursor.as_deref().map_or(Ok(""), last_id)?;
            let mut later = collection.passing(request.filter.as_ref())?.filter(|r| r.id.as_str() > after);
            let records: Vec<_> = later.by_ref().take(limit).cloned().collect();
            let next = later.next().and(records.last().map(|record| format!("{AFTER}{}", record.id)));
            Ok(ScanReply::new(records, next))
        })
    }

    async fn count(&self, request: CountRequest) -> Result<CountReply> {
        self.with(|collection| {
            Ok(CountReply::new(collection.passing(request.filter.as_ref())?.count() as u64))
        })
    }
}
