//! The store on S3 Vectors against Adobe's S3Mock. Start it with `tests/servers/all.sh`.

mod bodies;
mod conformance;
mod faults;
mod front;
mod limits;
mod restart;
mod search;
mod url;
mod writers;

use keyvisual::backends::s3vectors::{S3VectorsConfig, S3VectorsStore};

use crate::vector_store::fresh;

pub(super) fn server() -> Option<String> {
    crate::servers::address("KEYVISUAL_S3VECTORS_URL")
}

/// Settings for the collection `name` in the bucket of all tests. S3Mock takes any key.
fn config(url: &str, name: &str) -> S3VectorsConfig {
    S3VectorsConfig::new("keyvisual-test", name.replace('_', "-"))
        .with_region("us-east-1")
        .with_keys("test", "secret", None)
        .with_endpoint(url)
}

pub(super) async fn connect(url: &str, name: &str) -> S3VectorsStore {
    S3VectorsStore::new(config(url, name)).await.unwrap()
}
