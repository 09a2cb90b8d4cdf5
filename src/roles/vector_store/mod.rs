//! Keeps vectors with typed fields and finds the nearest that pass a filter.

mod capabilities;
mod count;
mod create;
mod delete;
mod get;
mod scan;
mod search;
mod upsert;

pub use capabilities::VectorStoreCapabilities;
pub use count::{CountReply, CountRequest};
pub use create::{CreateReply, CreateRequest};
pub use delete::{DeleteReply, DeleteRequest};
pub use get::{GetReply, GetRequest};
pub use scan::{ScanReply, ScanRequest};
pub use search::{Hit, SearchReply, SearchRequest};
pub use upsert::{UpsertReply, UpsertRequest};

use async_trait::async_trait;

use crate::{domain::Card, error::Result};

/// One collection of records `{ id, vector, fields }`.
///
/// One meaning in every store: the score is the cosine, -1 to 1, ties by id; ids are the caller's;
/// filters are two-valued and applied *inside* the search, translated or refused, never ignored. A
/// store takes vectors, never text, and remembers the [`EmbeddingSpace`](crate::domain::EmbeddingSpace) and
/// [`Schema`](crate::domain::Schema) it was created with.
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
