//! The store on Postgres against a real server. Start it with `tests/servers/all.sh`.

mod conformance;
mod differential;
mod faults;
mod hostile;
mod recall;
mod url;
mod writers;

use keyvisual::{
    backends::pgvector::{PgVectorConfig, PgVectorStore},
    domain::{Embedding, EmbeddingSpace, FieldType, Filter, Record, Schema, Value},
    roles::*,
};
use tokio_postgres::NoTls;
use uuid::Uuid;

/// The server's address, or none after a line that says so. In CI a missing server is a failure.
pub(super) fn server() -> Option<String> {
    let variable = "KEYVISUAL_POSTGRES_URL";
    let url = std::env::var(variable).ok();
    if url.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{variable} must be set in CI");
        eprintln!("skipped: {variable} is not set, see tests/servers/all.sh");
    }
    url
}

/// Settings for the collection `name`, with more parameters.
fn config(url: &str, name: &str, more: &str) -> PgVectorConfig {
    let url = format!("{url}?schema=keyvisual_test&prefix=t&pool=4&collection={name}{more}");
    PgVectorConfig::from_url(&url).unwrap()
}

pub(super) async fn connect(url: &str, name: &str, more: &str) -> PgVectorStore {
    PgVectorStore::connect(config(url, name, more)).await.unwrap()
}

/// A name that no other test has.
pub(super) fn fresh() -> String {
    format!("it_{}", Uuid::now_v7().simple())
}

/// A connection beside the store's.
async fn raw(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn space(dimensions: usize) -> EmbeddingSpace {
    EmbeddingSpace::new("test/pgvector", "1", dimensions)
}

/// Three dimensions, one field that says which write it was and one for any text.
async fn create(store: &PgVectorStore) {
    let schema = Schema::new()
        .with_filterable("version", FieldType::Integer)
        .with_filterable("text", FieldType::Text)
        .with_filterable("list", FieldType::TextList);
    store.create(CreateRequest::new(space(3), schema)).await.unwrap();
}

/// A record whose vector and fields both tell its version.
fn record(id: impl ToString, version: i64) -> Record {
    let vector = Embedding::new(vec![1.0, version as f32, -1.0]).unwrap();
    Record::new(id.to_string(), vector).with_field("version", version)
}

/// The version of a record, which its vector and its fields must agree on.
fn version(found: &Record) -> i64 {
    let Some(Value::Integer(version)) = found.fields.get("version") else {
        panic!("{found:?} has no version")
    };
    let wanted = record(&found.id, *version).vector.unit().unwrap();
    assert!(found.vector.dot(&wanted).unwrap() > 1.0 - 1e-6, "the vector of {} is of {version}", found.id);
    *version
}

async fn put(store: &PgVectorStore, records: Vec<Record>) -> keyvisual::Result<()> {
    let reply = store.upsert(UpsertRequest::new(records)).await?;
    reply.results.into_iter().collect()
}

async fn count(store: &PgVectorStore, filter: Filter) -> u64 {
    store.count(CountRequest::new().with_filter(filter)).await.unwrap().count
}

/// All records that pass, over all pages.
async fn scan(store: &PgVectorStore, filter: Filter) -> Vec<Record> {
    let (mut records, mut request) = (Vec::new(), ScanRequest::new(300).with_filter(filter));
    loop {
        let page = store.scan(request.clone()).await.unwrap();
        assert_eq!(page.damaged, []);
        records.extend(page.records);
        let Some(next) = page.next else { return records };
        request = request.with_cursor(next);
    }
}
