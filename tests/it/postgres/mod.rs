//! The stores on Postgres against a real server. Start it with `tests/servers/all.sh`.

mod campaigns;
mod conformance;
mod faults;
mod hostile;
mod search;
mod tls;
mod url;
mod writers;

use keyvisual::{
    backends::postgres::{PgVectorConfig, PgVectorStore},
    domain::{Embedding, Filter, Record, Schema},
    roles::*,
};
use tokio_postgres::NoTls;

use crate::vector_store::{count, create, fresh, put, record, scan, space, version};

pub(super) fn server() -> Option<String> {
    crate::servers::address("KEYVISUAL_POSTGRES_URL")
}

/// Settings for the collection `name`, with more parameters.
fn config(url: &str, name: &str, more: &str) -> PgVectorConfig {
    let url = format!("{url}?schema=keyvisual_test&prefix=t&pool=4&collection={name}{more}");
    PgVectorConfig::from_url(&url).unwrap()
}

pub(super) async fn connect(url: &str, name: &str, more: &str) -> PgVectorStore {
    PgVectorStore::connect(config(url, name, more)).await.unwrap()
}

/// A connection beside the store's.
async fn raw(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
