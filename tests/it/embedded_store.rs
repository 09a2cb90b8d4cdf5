//! What the embedded store promises beyond the contract: nothing acknowledged is lost, damage is named.

mod codes;
mod codes_kept;
mod damage;
mod disk;
mod exact;
mod kill;
mod lists;
mod recall;
mod shared;
mod space;

use std::path::{Path, PathBuf};

use keyvisual::{
    backends::local::EmbeddedStore,
    domain::{Embedding, EmbeddingSpace, FieldType, Record, Schema, Value},
    roles::{CreateRequest, GetRequest, UpsertRequest, VectorStore},
};

const DIMENSIONS: usize = 4;

/// The store in `folder`, with a collection of four dimensions and one field.
async fn open(folder: &Path) -> EmbeddedStore {
    let store = EmbeddedStore::open(folder).await.unwrap();
    create(&store, DIMENSIONS).await;
    store
}

async fn create(store: &EmbeddedStore, dimensions: usize) {
    let schema =
        Schema::new().with_filterable("version", FieldType::Integer).with_stored("text", FieldType::Text);
    store
        .create(CreateRequest::new(EmbeddingSpace::new("test/store", "1", dimensions), schema))
        .await
        .unwrap();
}

/// A record whose vector and fields both tell its version.
fn record(id: impl ToString, version: i64) -> Record {
    let vector = Embedding::new(vec![1.0, version as f32, 0.5, -1.0]).unwrap();
    Record::new(id.to_string(), vector).with_field("version", version)
}

/// The version of a record, which its vector and its fields must agree on.
fn version(found: &Record) -> i64 {
    let Some(Value::Integer(version)) = found.fields.get("version") else {
        panic!("{found:?} has no version")
    };
    let wanted = record(&found.id, *version).vector.unit().unwrap();
    assert_eq!(found.vector, wanted, "the vector of {} belongs to version {version}", found.id);
    *version
}

async fn put(store: &EmbeddedStore, records: Vec<Record>) {
    let reply = store.upsert(UpsertRequest::new(records)).await.unwrap();
    assert!(reply.results.iter().all(Result::is_ok), "{:?}", reply.results);
}

async fn get(store: &EmbeddedStore, id: &str) -> keyvisual::Result<Option<Record>> {
    store.get(GetRequest::new(vec![id.to_owned()])).await.unwrap().results.remove(0)
}

/// The segment files, by name.
fn segments(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder.join("segments")).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort_unstable();
    paths
}
