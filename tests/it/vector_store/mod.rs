//! What every vector store must show on its real server, whatever the engine; its own test module calls these.

pub(crate) mod differential;
pub(crate) mod faults;
pub(crate) mod hostile;
pub(crate) mod recall;
#[cfg(any(feature = "opensearch", feature = "postgres", feature = "qdrant", feature = "s3vectors"))]
pub(crate) mod restarts;
pub(crate) mod writers;

use keyvisual::{
    domain::{Embedding, EmbeddingSpace, FieldType, Filter, Record, Schema, Value},
    roles::{CountRequest, CreateRequest, ScanRequest, UpsertRequest, VectorStore},
};

/// A collection's name that no other test has.
#[cfg(any(feature = "opensearch", feature = "postgres", feature = "qdrant", feature = "s3vectors"))]
pub(crate) fn fresh() -> String {
    format!("it_{}", uuid::Uuid::now_v7().simple())
}

pub(crate) fn space(dimensions: usize) -> EmbeddingSpace {
    EmbeddingSpace::new("test/vector-store", "1", dimensions)
}

/// Three dimensions, a field that says which write it was, and two for any text.
pub(crate) async fn create(store: &impl VectorStore) {
    let schema = Schema::new()
        .with_filterable("version", FieldType::Integer)
        .with_filterable("text", FieldType::Text)
        .with_filterable("list", FieldType::TextList);
    store.create(CreateRequest::new(space(3), schema)).await.unwrap();
}

/// A record whose vector and fields both tell its version.
pub(crate) fn record(id: impl ToString, version: i64) -> Record {
    let vector = Embedding::new(vec![1.0, version as f32, -1.0]).unwrap();
    Record::new(id.to_string(), vector).with_field("version", version)
}

/// The version of a record, which its vector and its fields must agree on.
pub(crate) fn version(found: &Record) -> i64 {
    let Some(Value::Integer(version)) = found.fields.get("version") else {
        panic!("{found:?} has no version")
    };
    let wanted = record(&found.id, *version).vector.unit().unwrap();
    assert!(found.vector.dot(&wanted).unwrap() > 1.0 - 1e-6, "the vector of {} is of {version}", found.id);
    *version
}

/// Writes all records, in batches that the store takes; the first error ends it.
pub(crate) async fn put(store: &impl VectorStore, records: Vec<Record>) -> keyvisual::Result<()> {
    for batch in records.chunks(store.capabilities().max_batch) {
        let reply = store.upsert(UpsertRequest::new(batch.to_vec())).await?;
        reply.results.into_iter().collect::<keyvisual::Result<()>>()?;
    }
    Ok(())
}

pub(crate) async fn count(store: &impl VectorStore, filter: Filter) -> u64 {
    store.count(CountRequest::new().with_filter(filter)).await.unwrap().count
}

/// All records that pass, over all pages, by id.
pub(crate) async fn scan(store: &impl VectorStore, filter: Filter) -> Vec<Record> {
    let (mut records, mut request) = (Vec::new(), ScanRequest::new(1_000).with_filter(filter));
    loop {
        let page = store.scan(request.clone()).await.unwrap();
        assert_eq!(page.damaged, []);
        records.extend(page.records);
        let Some(next) = page.next else { break };
        request = request.with_cursor(next);
    }
    if !store.capabilities().ordered_scan {
        records.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    }
    records
}
