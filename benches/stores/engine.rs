//! A store with its bare client.

use std::{error::Error, path::Path, sync::Arc};

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use keyvisual::{
    backends::local::EmbeddedStore,
    domain::{Embedding, Record, Value},
    roles::{CreateRequest, VectorStore},
};
use uuid::Uuid;

use crate::{data, opensearch, postgres, qdrant, s3vectors};

pub(crate) type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

type Open = fn(String) -> BoxFuture<'static, Outcome<Engine>>;

/// The variables of the servers, and how each is opened.
pub(crate) const SERVERS: [(&str, Open); 4] = [
    ("KEYVISUAL_OPENSEARCH_URL", |url| Box::pin(opensearch::open(url))),
    ("KEYVISUAL_POSTGRES_URL", |url| Box::pin(postgres::open(url))),
    ("KEYVISUAL_QDRANT_URL", |url| Box::pin(qdrant::open(url))),
    ("KEYVISUAL_S3VECTORS_URL", |url| Box::pin(s3vectors::open(url))),
];

pub(crate) struct Engine {
    pub(crate) name: String,
    pub(crate) store: Arc<dyn VectorStore>,
    /// None where there is no client between the store and its engine.
    pub(crate) bare: Option<Box<dyn Bare>>,
}

/// The requests that the adapter sends, written with nothing but the engine's client.
#[async_trait]
pub(crate) trait Bare: Send + Sync {
    async fn upsert(&self, records: &[Record]) -> Outcome<()>;

    /// The number of hits.
    async fn search(&self, query: &Embedding, filtered: bool) -> Outcome<usize>;
}

impl Engine {
    /// `store` with its collection made.
    pub(crate) async fn new(
        name: &str,
        store: Arc<dyn VectorStore>,
        bare: Option<Box<dyn Bare>>,
    ) -> Outcome<Self> {
        store.create(CreateRequest::new(data::space(), data::schema())).await?;
        Ok(Self { name: name.to_owned(), store, bare })
    }

    pub(crate) async fn embedded(folder: &Path) -> Outcome<Self> {
        Self::new("embedded", Arc::new(EmbeddedStore::open(folder).await?), None).await
    }
}

/// A collection's name that no other run has.
pub(crate) fn fresh() -> String {
    format!("bench_{}", Uuid::now_v7().simple())
}

/// The value of the one field.
pub(crate) fn tenth_of(record: &Record) -> i64 {
    match record.fields["tenth"] {
        Value::Integer(tenth) => tenth,
        _ => unreachable!("the field is an integer"),
    }
}
