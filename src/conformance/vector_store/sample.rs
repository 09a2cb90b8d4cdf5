//! A small collection, and shorthands that panic where the store says no.

use crate::{
    domain::{Embedding, EmbeddingSpace, FieldType, Filter, Record, Schema},
    error::{ErrorKind, Result},
    roles::{
        CountRequest, CreateRequest, DeleteRequest, GetRequest, ScanRequest, SearchReply, SearchRequest,
        UpsertRequest, VectorStore,
    },
};

/// How long a store may take to show a write that it acknowledged, where it does not promise to show it at once.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

pub(super) fn space() -> EmbeddingSpace {
    EmbeddingSpace::new("conformance/axes", "1", 4)
}

/// A field of every type, and one that filters may not name.
pub(super) fn schema() -> Schema {
    Schema::new()
        .with_filterable("season", FieldType::Text)
        .with_filterable("clicks", FieldType::Integer)
        .with_filterable("rate", FieldType::Float)
        .with_filterable("approved", FieldType::Bool)
        .with_filterable("shot", FieldType::Time)
        .with_filterable("elements", FieldType::TextList)
        .with_stored("note", FieldType::Text)
}

pub(super) fn vector(numbers: [f32; 4]) -> Embedding {
    Embedding::new(numbers.to_vec()).expect("these numbers are finite")
}

/// A vector at `degrees` from the first axis.
pub(super) fn at(degrees: f32) -> Embedding {
    let (sin, cos) = degrees.to_radians().sin_cos();
    vector([cos, sin, 0.0, 0.0])
}

pub(super) fn record(id: &str) -> Record {
    Record::new(id, at(10.0))
}

pub(super) async fn create(store: &dyn VectorStore) {
    let reply = store.create(CreateRequest::new(space(), schema())).await;
    assert!(
        reply.expect("a fresh store takes a collection").created,
        "a fresh store says that it created the collection"
    );
}

/// A collection with these records, all of which can be seen.
pub(super) async fn filled(store: &dyn VectorStore, records: Vec<Record>) {
    create(store).await;
    let count = records.len() as u64;
    put(store, records).await;
    settle(store, count).await;
}

pub(super) async fn try_put(store: &dyn VectorStore, records: Vec<Record>) -> Vec<Result<()>> {
    let wanted = records.len();
    let reply = store.upsert(UpsertRequest::new(records)).await.expect("an upsert is answered");
    assert_eq!(reply.results.len(), wanted, "an upsert has one result per record");
    reply.results
}

pub(super) async fn put(store: &dyn VectorStore, records: Vec<Record>) {
    for batch in records.chunks(store.capabilities().max_batch) {
        for (record, result) in batch.iter().zip(try_put(store, batch.to_vec()).await) {
            result.unwrap_or_else(|e| panic!("the record \"{}\" can be kept: {e}", record.id));
        }
    }
}

pub(super) async fn delete(store: &dyn VectorStore, ids: &[&str]) {
    let ids: Vec<_> = ids.iter().map(|id| (*id).to_owned()).collect();
    let wanted = ids.len();
    let reply = store.delete(DeleteRequest::new(ids)).await.expect("a delete is answered");
    assert_eq!(reply.results, vec![Ok(()); wanted], "every id can be removed, whether it is there or not");
}

/// Waits until `count` records can be seen; at once where the store reads its own writes.
pub(super) async fn settle(store: &dyn VectorStore, count: u64) {
    let start = std::time::Instant::now();
    let mut seen = self::count(store, None).await;
    while seen != count && !store.capabilities().read_your_writes && start.elapsed() < PATIENCE {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        seen = self::count(store, None).await;
    }
    assert_eq!(seen, count, "the number of records that can be seen after a write");
}

pub(super) async fn count(store: &dyn VectorStore, filter: Option<Filter>) -> u64 {
    let request = filter.map_or_else(CountRequest::new, |filter| CountRequest::new().with_filter(filter));
    store.count(request).await.expect("records can be counted").count
}

pub(super) async fn get(store: &dyn VectorStore, id: &str) -> Option<Record> {
    let reply = store.get(GetRequest::new(vec![id.to_owned()])).await.expect("a get is answered");
    assert_eq!(reply.results.len(), 1, "a get has one place per id");
    reply.results.into_iter().next()?.unwrap_or_else(|e| panic!("the record \"{id}\" can be read: {e}"))
}

pub(super) async fn search(store: &dyn VectorStore, request: SearchRequest) -> SearchReply {
    store.search(request).await.expect("a search is answered")
}

pub(super) fn ids(reply: &SearchReply) -> Vec<&str> {
    reply.hits.iter().map(|hit| hit.id.as_str()).collect()
}

/// All pages of a scan, `limit` at a time: the ids in the order they came, where the store promises one.
pub(super) async fn scan(store: &dyn VectorStore, filter: Option<Filter>, limit: usize) -> Vec<String> {
    let mut request = ScanRequest::new(limit);
    request.filter = filter;
    let mut ids = Vec::new();
    loop {
        let page = store.scan(request.clone()).await.expect("a page can be read");
        assert!(page.records.len() <= limit, "a page of at most {limit} has {} records", page.records.len());
        assert_eq!(page.damaged, [], "no record is damaged");
        assert!(page.records.is_sorted_by(|a, b| a.id < b.id), "a page is in the order of ids");
        ids.extend(page.records.into_iter().map(|record| record.id));
        let Some(next) = page.next else { break };
        request = request.with_cursor(next);
    }
    if !store.capabilities().ordered_scan {
        ids.sort_unstable();
    }
    ids
}

/// Checks that a call was refused, and in which way.
#[track_caller]
pub(super) fn refused<T: std::fmt::Debug>(result: Result<T>, kind: ErrorKind, what: &str) {
    match result {
        Ok(reply) => panic!("{what} is refused as {kind}, but was answered: {reply:?}"),
        Err(error) => assert_eq!(error.kind(), kind, "{what} is refused as {kind}: {error}"),
    }
}
