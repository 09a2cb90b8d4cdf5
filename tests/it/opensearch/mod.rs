//! The store on OpenSearch against a real server. Start it with `tests/servers/all.sh`.

mod auth;
mod bodies;
mod conformance;
mod faults;
mod identity;
mod limits;
mod node;
mod proxy;
mod search;
mod serverless;
mod tls;
mod url;
mod wire;
mod writers;

use keyvisual::{
    backends::opensearch::{OpenSearchConfig, OpenSearchStore},
    domain::{Embedding, FieldType, Filter, Record, Schema},
    roles::*,
};
use serde_json::{Value, json};

use crate::vector_store::{count, create, fresh, put, record, scan, space, version};

pub(super) fn server() -> Option<String> {
    crate::servers::address("KEYVISUAL_OPENSEARCH_URL")
}

/// Settings for the index `name`, with more parameters.
fn config(url: &str, name: &str, more: &str) -> OpenSearchConfig {
    OpenSearchConfig::from_url(&format!("opensearch+{url}/{name}?replicas=0{more}")).unwrap()
}

pub(super) async fn connect(url: &str, name: &str, more: &str) -> OpenSearchStore {
    OpenSearchStore::connect(config(url, name, more)).await.unwrap()
}

/// A request beside the store's, which must succeed.
async fn raw(method: &str, url: String, body: Value) -> Value {
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = reqwest::Client::new().request(method, url);
    if !body.is_null() {
        request = request.json(&body);
    }
    let answer = request.send().await.unwrap();
    let (status, body) = (answer.status(), answer.text().await.unwrap());
    assert!(status.is_success(), "{status}: {body}");
    serde_json::from_str(&body).unwrap()
}
