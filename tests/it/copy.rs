//! A library moved from one store to another: all of it, once, with proof.

mod tally;

use std::sync::Arc;

use futures_util::StreamExt;
use keyvisual::{
    Error, ErrorKind, Retryability,
    adapt::{self, CopyReport, CopyRun, Tally, Verification},
    backends::local::EmbeddedStore,
    domain::{Embedding, EmbeddingSpace, FieldType, Record, Schema, Timestamp},
    roles::*,
    testing::{MemoryVectorStore, ScriptedVectorStore},
};
use tempfile::tempdir;

type Store = Arc<dyn VectorStore>;

/// The memory store takes 64 records in a batch: 300 are five batches.
const MANY: usize = 300;

fn collection() -> CreateRequest {
    let schema = Schema::new()
        .with_filterable("season", FieldType::Text)
        .with_filterable("clicks", FieldType::Integer)
        .with_filterable("rate", FieldType::Float)
        .with_filterable("approved", FieldType::Bool)
        .with_filterable("shot", FieldType::Time)
        .with_stored("elements", FieldType::TextList);
    CreateRequest::new(EmbeddingSpace::new("test/copy", "1", 8), schema)
}

/// A record in which every second has every field.
fn record(i: usize) -> Record {
    let numbers: Vec<_> = (0..8).map(|place| (i as f32 * 0.37 + place as f32).sin()).collect();
    let record = Record::new(format!("{i:04}"), Embedding::new(numbers).unwrap())
        .with_field("season", ["autumn", "ünter\n\"0\"", ""][i % 3]);
    if i.is_multiple_of(2) {
        return record;
    }
    record
        .with_field("clicks", i as i64)
        .with_field("rate", 1.0 / i as f64)
        .with_field("approved", i.is_multiple_of(3))
        .with_field("shot", Timestamp::from_millis(i as i64 * 977).unwrap())
        .with_field("elements", vec![i.to_string(), String::new()])
}

async fn filled(store: impl VectorStore, records: usize) -> Store {
    store.create(collection()).await.unwrap();
    let records = (0..records).map(record).collect();
    let store: Store = Arc::new(store);
    let written: Vec<_> = adapt::upsert_all(Arc::clone(&store), records, CallContext::new()).collect().await;
    assert_eq!(written.into_iter().collect::<Result<Vec<_>, _>>().map(|_| ()), Ok(()));
    store
}

fn copy(from: &Store, to: &Store) -> CopyRun {
    adapt::copy(Arc::clone(from), Arc::clone(to), collection())
}

fn resume(from: &Store, to: &Store, report: CopyReport) -> CopyRun {
    adapt::resume_copy(Arc::clone(from), Arc::clone(to), collection(), report)
}

async fn verify(to: &Store, report: &CopyReport) -> Verification {
    adapt::verify(Arc::clone(to), report.tally, CallContext::new()).await.unwrap()
}

fn memory() -> Store {
    Arc::new(MemoryVectorStore::new())
}

async fn records(store: &Store) -> Vec<Record> {
    let (mut records, mut request) = (Vec::new(), ScanRequest::new(100));
    loop {
        let page = store.scan(request.clone()).await.unwrap();
        records.extend(page.records);
        let Some(next) = page.next else { return records };
        request = request.with_cursor(next);
    }
}

async fn by_id(store: &Store) -> Vec<Record> {
    let mut records = records(store).await;
    records.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    records
}

/// All records of `from` are in `to`, and the checksums of both say so.
async fn arrives(from: &Store, to: &Store, report: &CopyReport) {
    assert!(report.is_complete(), "{report}");
    assert_eq!(report.tally.count, MANY as u64, "{report}");
    let verified = verify(to, report).await;
    assert!(verified.is_exact(), "{verified:?}");
    assert_eq!(by_id(from).await, by_id(to).await);
}

/// There and into another store and back into a third.
async fn there_and_back(there: Store) {
    let (from, back) = (filled(MemoryVectorStore::new(), MANY).await, memory());
    let report = copy(&from, &there).await;
    arrives(&from, &there, &report).await;
    let report = copy(&there, &back).await;
    arrives(&there, &back, &report).await;
}

#[tokio::test]
async fn everything_arrives_in_the_embedded_store_and_comes_back() {
    let folder = tempdir().unwrap();
    there_and_back(Arc::new(EmbeddedStore::open(folder.path()).await.unwrap())).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn everything_arrives_in_postgres_and_comes_back() {
    let Some(url) = crate::postgres::server() else { return };
    let name = crate::vector_store::fresh();
    there_and_back(Arc::new(crate::postgres::connect(&url, &name, "&halfvec=true").await)).await;
}

/// A batch of 64 records has five times the bytes that the store sends at once.
#[cfg(feature = "opensearch")]
#[tokio::test]
async fn everything_arrives_in_opensearch_in_small_batches_and_comes_back() {
    let Some(url) = crate::opensearch::server() else { return };
    let name = crate::vector_store::fresh();
    there_and_back(Arc::new(crate::opensearch::connect(&url, &name, "&body=4000").await)).await;
}

#[cfg(feature = "qdrant")]
#[tokio::test]
async fn everything_arrives_in_qdrant_and_comes_back() {
    let Some(url) = crate::qdrant::server() else { return };
    there_and_back(Arc::new(crate::qdrant::connect(&url, &crate::vector_store::fresh(), "").await)).await;
}

/// Its pages come in an order of its own.
#[cfg(feature = "s3vectors")]
#[tokio::test]
async fn everything_arrives_in_s3_vectors_and_comes_back() {
    let Some(url) = crate::s3vectors::server() else { return };
    there_and_back(Arc::new(crate::s3vectors::connect(&url, &crate::vector_store::fresh()).await)).await;
}

#[tokio::test]
async fn a_run_that_was_dropped_goes_on_in_another_process() {
    let (from, to) = (filled(MemoryVectorStore::new(), MANY).await, memory());
    let mut run = copy(&from, &to);
    let first = run.next().await.unwrap();
    assert_eq!((first.copied, first.total), (64, MANY as u64));
    let kept = serde_json::to_string(run.report()).unwrap();
    drop(run);
    assert_eq!(records(&to).await.len(), 64, "no more than one batch is under way");

    let report = serde_json::from_str(&kept).unwrap();
    let mut run = resume(&from, &to, report);
    assert_eq!(run.next().await.unwrap().copied, 128);
    while run.next().await.is_some() {}
    arrives(&from, &to, run.report()).await;

    let report = run.report().clone();
    let again = resume(&from, &to, report.clone()).await;
    assert_eq!(again, report, "what is done stays done");
}

#[tokio::test]
async fn an_error_that_lasts_stops_with_the_place_to_go_on() {
    let from = filled(MemoryVectorStore::new(), MANY).await;
    let target = ScriptedVectorStore::new().then_answer().then_answer().then_answer(); // create and two batches
    let target = target.then_fail(Error::new(ErrorKind::StorageFull, "no space is left"));
    let to: Store = Arc::new(target);
    let report = copy(&from, &to).await;
    assert_eq!(report.stopped.as_ref().map(Error::kind), Some(ErrorKind::StorageFull));
    assert!(report.cursor.is_some() && !report.done && report.failures == 0);
    assert_eq!(report.tally.count, 128);

    let report = resume(&from, &to, report).await;
    assert_eq!(report.stopped, None);
    arrives(&from, &to, &report).await;
}

#[tokio::test]
async fn a_refused_record_is_named_and_the_rest_arrives() {
    let from = filled(MemoryVectorStore::new(), MANY).await;
    let mut results = vec![Ok(()); 64];
    results[7] = Err(Error::invalid("the text has a NUL"));
    let target = ScriptedVectorStore::new().then_answer().then_reply(UpsertReply::new(results));
    let report = adapt::copy(from, target, collection()).await;
    assert!(report.done && !report.is_complete());
    assert_eq!((report.tally.count, report.failures), (MANY as u64 - 1, 1));
    let failed = &report.failed[0];
    assert_eq!((failed.id.as_str(), failed.error.operation()), ("0007", Some("upsert")));
    assert_eq!(report.to_string(), "299 records copied, 1 failed");
}

/// A place that fails for a reason of the store's own is no refusal of the record.
#[tokio::test]
async fn a_place_that_may_fare_better_later_stops_the_run() {
    let from = filled(MemoryVectorStore::new(), 2).await;
    let down = Error::new(ErrorKind::Unavailable, "a shard is down").sent();
    let reply = UpsertReply::new(vec![Ok(()), Err(down)]);
    let to: Store = Arc::new(ScriptedVectorStore::new().then_answer().then_reply(reply));
    let report = copy(&from, &to).await;
    assert_eq!(report.stopped.as_ref().map(Error::kind), Some(ErrorKind::Unavailable));
    assert_eq!((report.tally, report.cursor.as_ref()), (Tally::default(), None));
    let report = resume(&from, &to, report).await;
    assert!(report.is_complete() && records(&to).await.len() == 2);
}

/// A batch has room for some of the records; the others were not sent.
#[tokio::test]
async fn what_a_batch_has_no_room_for_goes_with_the_next() {
    let from = filled(MemoryVectorStore::new(), 5).await;
    let full = || Err(Error::invalid("the batch is full").with_retryability(Retryability::Transient));
    let some = UpsertReply::new(vec![full(), Ok(()), full(), Ok(()), full()]);
    let target = ScriptedVectorStore::new().then_answer().then_reply(some).then_answer();
    let calls = target.calls();
    let report = adapt::copy(Arc::clone(&from), target, collection()).await;
    assert!(report.is_complete(), "{report}");
    assert_eq!(report.tally, adapt::tally(from, CallContext::new()).await.unwrap());
    assert_eq!(calls.count(), 3, "create, and two batches");
}

#[tokio::test]
async fn a_round_that_gets_nothing_in_is_the_last() {
    let from = filled(MemoryVectorStore::new(), 2).await;
    let full = || Err(Error::invalid("the batch is full").with_retryability(Retryability::Transient));
    let target = ScriptedVectorStore::new().then_answer();
    let target =
        target.then_reply(UpsertReply::new(vec![full(), Ok(())])).then_reply(UpsertReply::new(vec![full()]));
    let calls = target.calls();
    let report = adapt::copy(from, target, collection()).await;
    let error = report.stopped.unwrap();
    assert_eq!((error.kind(), error.context("id")), (ErrorKind::InvalidInput, Some("0000")), "{error}");
    assert_eq!((report.tally, report.cursor, calls.count()), (Tally::default(), None, 3));
}

#[tokio::test]
async fn another_space_or_schema_is_refused_before_anything_is_written() {
    let other_space = CreateRequest::new(EmbeddingSpace::new("test/copy", "2", 8), collection().schema);
    let other_schema = CreateRequest::new(collection().space, Schema::new());
    for (other, kind) in [(other_space, ErrorKind::SpaceMismatch), (other_schema, ErrorKind::Conflict)] {
        let (from, to) = (filled(MemoryVectorStore::new(), 3).await, memory());
        to.create(other.clone()).await.unwrap();
        let report = copy(&from, &to).await;
        let error = report.stopped.unwrap();
        assert_eq!((error.kind(), error.context("store")), (kind, Some("target")), "{error}");
        assert_eq!(records(&to).await, []);

        let target = ScriptedVectorStore::new();
        let calls = target.calls();
        let error = adapt::copy(from, target, other).await.stopped.unwrap();
        assert_eq!((error.kind(), error.context("store")), (kind, Some("source")), "{error}");
        assert_eq!(calls.count(), 0, "the target is not asked before the source is known to fit");
    }
}

#[tokio::test]
async fn an_empty_source_makes_an_empty_target_and_a_missing_one_is_an_error() {
    let (from, to) = (filled(MemoryVectorStore::new(), 0).await, memory());
    let report = copy(&from, &to).await;
    assert!(report.is_complete());
    assert_eq!(report.tally, Tally::default());
    assert!(!to.create(collection()).await.unwrap().created);

    let (from, to) = (memory(), memory());
    let report = copy(&from, &to).await;
    assert_eq!(report.stopped.as_ref().map(Error::kind), Some(ErrorKind::NotFound));
    assert!(from.create(collection()).await.unwrap().created, "the source got no collection");
    assert!(to.create(collection()).await.unwrap().created, "the target got none either");
}

#[tokio::test]
async fn one_field_that_differs_is_seen() {
    let (from, to) = (filled(MemoryVectorStore::new(), 100).await, memory());
    let report = copy(&from, &to).await;
    let spoiled = record(51).with_field("clicks", 52);
    to.upsert(UpsertRequest::new(vec![spoiled])).await.unwrap();
    let verified = verify(&to, &report).await;
    assert!(!verified.contents_agree() && verified.found.count == 100);
    assert_eq!(verified.found.vectors, report.tally.vectors);

    let mut turned = record(51);
    turned.vector = record(52).vector;
    to.upsert(UpsertRequest::new(vec![turned])).await.unwrap();
    let verified = verify(&to, &report).await;
    assert!(verified.contents_agree() && !verified.is_exact());
}
