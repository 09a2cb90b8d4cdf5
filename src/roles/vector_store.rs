//! Keeps vectors with typed fields and finds the nearest that pass a filter.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{
    CallContext,
    request::{reply, request},
};
use crate::{
    domain::{Card, Embedding, EmbeddingSpace, Fields, Filter, Record, Schema, Shortfall, Usage},
    error::{Error, Result},
};

/// One collection of records `{ id, vector, fields }`.
///
/// One meaning in every store: the score is the cosine, -1 to 1, ties by id; ids are the caller's;
/// filters are two-valued and applied *inside* the search, translated or refused, never ignored. A
/// store takes vectors, never text, and remembers the [`EmbeddingSpace`] and [`Schema`] it was created with.
#[cfg_attr(feature = "test-util", mockall::automock)]
#[async_trait]
pub trait VectorStore: std::fmt::Debug + Send + Sync + 'static {
    /// Which engine this is, its limits and prices.
    fn card(&self) -> &Card;

    /// What the store can do.
    fn capabilities(&self) -> &VectorStoreCapabilities;

    /// Makes the collection for vectors of a space and fields of a schema, or finds it made.
    ///
    /// # Guarantees
    /// Afterwards the collection exists with exactly this space and schema.
    /// # Ordering
    /// Of two calls at once with different spaces, one succeeds.
    /// # Partial failure
    /// None.
    /// # Idempotency
    /// Creating what exists with the same space and schema changes nothing and succeeds.
    /// # Cancellation
    /// The collection exists or not; calling again is safe.
    /// # Errors
    /// `SpaceMismatch` when it exists with another space; `Conflict` when it exists with another schema; `Unsupported` for more
    /// dimensions or a field type the engine cannot take; transport errors.
    async fn create(&self, request: CreateRequest) -> Result<CreateReply>;

    /// Writes records; a record with a known id replaces the old one as a whole.
    ///
    /// # Guarantees
    /// A record whose result is `Ok` survives a crash, and searches that begin later find it where the
    /// capabilities say `read_your_writes`. Vectors are brought to length 1.
    /// # Ordering
    /// One result per record, in order. Of two records with one id in a batch the later stays.
    /// # Partial failure
    /// A record that cannot be kept has an error at its place; the others are kept.
    /// # Idempotency
    /// Writing the same record again changes nothing that can be seen.
    /// # Cancellation
    /// Each record is written or not, never in part.
    /// # Errors
    /// `InvalidInput` for a batch above `max_batch`, and at its place for a bad id, an undeclared or
    /// mistyped field, a zero vector; `SpaceMismatch` at its place for another length; `NotFound` before `create`.
    async fn upsert(&self, request: UpsertRequest) -> Result<UpsertReply>;

    /// Finds the `k` nearest records that pass the filter.
    ///
    /// # Guarantees
    /// Every hit passes the filter. Fewer than `k` hits come with the reason. `k` = 0 gives no hits.
    /// # Ordering
    /// By score from high to low, equal scores by id.
    /// # Partial failure
    /// None: a search that could not look at everything is an error.
    /// # Idempotency
    /// Searching changes nothing.
    /// # Cancellation
    /// Safe at any time.
    /// # Errors
    /// `SpaceMismatch` for a query of another length; `InvalidInput` for a zero query, a bad filter or
    /// `k` above `max_k`; `Unsupported` for a part of a filter the engine cannot express, named; `NotFound` before `create`.
    async fn search(&self, request: SearchRequest) -> Result<SearchReply>;

    /// Reads records by id.
    ///
    /// # Guarantees
    /// The records as they were written, vectors at length 1.
    /// # Ordering
    /// One place per id, in order.
    /// # Partial failure
    /// A missing record is `None` at its place; one that cannot be read has an error there.
    /// # Idempotency
    /// Reading changes nothing.
    /// # Cancellation
    /// Safe at any time.
    /// # Errors
    /// `InvalidInput` for more ids than `max_batch`; `NotFound` before `create`; transport errors.
    async fn get(&self, request: GetRequest) -> Result<GetReply>;

    /// Removes records by id.
    ///
    /// # Guarantees
    /// A record whose result is `Ok` is gone for every search that begins later, and after a crash.
    /// # Ordering
    /// One result per id, in order.
    /// # Partial failure
    /// At its place.
    /// # Idempotency
    /// Removing what is not there succeeds.
    /// # Cancellation
    /// Each record is removed or not.
    /// # Errors
    /// `InvalidInput` for more ids than `max_batch`; `NotFound` before `create`; transport errors.
    async fn delete(&self, request: DeleteRequest) -> Result<DeleteReply>;

    /// Reads all records that pass the filter, a page at a time.
    ///
    /// # Guarantees
    /// Over all pages, every record that was there all the time and passes comes exactly once; one
    /// that is written or removed meanwhile comes at most once.
    /// # Ordering
    /// By id, byte by byte; within each page only where the capabilities do not say `ordered_scan`.
    /// # Partial failure
    /// A record that cannot be read is in `damaged`, the rest of the page is given.
    /// # Idempotency
    /// The same cursor can be used again.
    /// # Cancellation
    /// Safe at any time.
    /// # Errors
    /// `InvalidInput` for a bad filter, a page size of 0, or a cursor this store did not give; `NotFound` before `create`.
    async fn scan(&self, request: ScanRequest) -> Result<ScanReply>;

    /// Counts the records that pass the filter.
    ///
    /// # Guarantees
    /// Exact.
    /// # Ordering
    /// Not applicable.
    /// # Partial failure
    /// None.
    /// # Idempotency
    /// Counting changes nothing.
    /// # Cancellation
    /// Safe at any time.
    /// # Errors
    /// `InvalidInput` for a bad filter; `NotFound` before `create`; transport errors.
    async fn count(&self, request: CountRequest) -> Result<CountReply>;
}

/// What a vector store can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VectorStoreCapabilities {
    /// The most records or ids in one request.
    pub max_batch: usize,
    /// The most hits of one search.
    pub max_k: usize,
    /// The longest vector.
    pub max_dimensions: usize,
    /// Every search is exact.
    pub exact: bool,
    /// A search that begins after a write was acknowledged sees it.
    pub read_your_writes: bool,
    /// The pages of a scan follow each other by id.
    pub ordered_scan: bool,
}

impl VectorStoreCapabilities {
    /// An exact store that reads its own writes and scans by id.
    #[must_use]
    pub fn new(max_batch: usize, max_k: usize, max_dimensions: usize) -> Self {
        let (exact, read_your_writes, ordered_scan) = (true, true, true);
        Self { max_batch, max_k, max_dimensions, exact, read_your_writes, ordered_scan }
    }

    /// Refuses more records or ids than one request may have.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) above [`max_batch`](Self::max_batch).
    pub fn check_batch(&self, items: usize) -> Result<()> {
        if items <= self.max_batch {
            return Ok(());
        }
        let most = self.max_batch;
        Err(Error::invalid(format!("{items} at once are too many: the store takes {most} in a batch")))
    }

    /// Searches may miss some of the nearest.
    #[must_use]
    pub fn approximate(mut self) -> Self {
        self.exact = false;
        self
    }

    /// Writes show after a while.
    #[must_use]
    pub fn eventual(mut self) -> Self {
        self.read_your_writes = false;
        self
    }

    /// The pages of a scan come in any order.
    #[must_use]
    pub fn unordered(mut self) -> Self {
        self.ordered_scan = false;
        self
    }
}

/// The collection to make.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CreateRequest {
    /// The space of every vector.
    pub space: EmbeddingSpace,
    /// The fields that records may have.
    pub schema: Schema,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl CreateRequest {
    /// A collection for vectors of `space` and fields of `schema`.
    #[must_use]
    pub fn new(space: EmbeddingSpace, schema: Schema) -> Self {
        Self { space, schema, context: CallContext::new() }
    }
}

request!(CreateRequest -> CreateReply, "create", |_r| Usage::REQUEST);

/// Whether the collection is new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreateReply {
    /// It was made by this call.
    pub created: bool,
    /// What the call used.
    pub usage: Usage,
}

impl CreateReply {
    /// The collection was made by this call, or was there.
    #[must_use]
    pub fn new(created: bool) -> Self {
        Self { created, usage: Usage::NONE }
    }
}

reply!(CreateReply);

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
    pub damaged: Vec<(String, crate::Error)>,
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
    pub fn with_damaged(mut self, damaged: Vec<(String, crate::Error)>) -> Self {
        self.damaged = damaged;
        self
    }
}

reply!(ScanReply);

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
