//! The store as an application holds it.

use std::{fmt, sync::Arc};

use async_trait::async_trait;

use super::{
    super::client::Client,
    PgVectorConfig,
    collection::{Collection, Index},
    names::Names,
    read, schema,
    search::{self, Tuning},
    version::Version,
    write,
};
#[allow(clippy::wildcard_imports, reason = "every request and reply of one role")]
use crate::roles::*;
use crate::{
    domain::Card,
    error::{Error, ErrorKind, Result},
    stores::known::Known,
};

const MAX_BATCH: usize = 1000;
const MAX_K: usize = 10_000;
const MAX_DIMENSIONS: usize = 16_000;

/// One collection in a Postgres database with pgvector. The connections are shared by all calls.
///
/// ```no_run
/// use keyvisual::backends::postgres::{PgVectorConfig, PgVectorStore};
///
/// # async fn open() -> keyvisual::Result<()> {
/// let config = PgVectorConfig::from_url("postgres://team:secret@db.example.com/visuals")?;
/// let store = PgVectorStore::connect(config.with_collection("library")).await?;
/// # Ok(())
/// # }
/// ```
pub struct PgVectorStore {
    client: Client,
    config: PgVectorConfig,
    names: Names,
    tuning: Tuning,
    card: Card,
    capabilities: VectorStoreCapabilities,
    collection: Known<Collection>,
}

impl PgVectorStore {
    /// Connects to the database. The collection is looked for by the first call, and made by `create`.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for bad settings; [`Unauthenticated`](ErrorKind::Unauthenticated) for a wrong user or password;
    /// [`NotFound`](ErrorKind::NotFound) for a database that is not there; [`Unavailable`](ErrorKind::Unavailable) when nobody answers;
    /// [`Unsupported`](ErrorKind::Unsupported) for a server without pgvector or a database that is not in UTF-8.
    pub async fn connect(config: PgVectorConfig) -> Result<Self> {
        let names = config.check().map_err(|e| e.with_operation("connect"))?;
        let session =
            format!("SET hnsw.ef_search = {}; SET hnsw.iterative_scan = relaxed_order", config.ef_search);
        let client = Client::new(&config.database, &session)?;
        let look = async {
            client.check_encoding().await?;
            Version::look(&client).await
        };
        let version = client.within(look).await.map_err(|e| e.with_operation("connect"))?;
        if config.index && config.halfvec && !version.halfvec() {
            let message = format!("pgvector {} has no halfvec: 0.7 is the first that has", version.as_str());
            return Err(Error::new(ErrorKind::Unsupported, message).with_operation("connect"));
        }
        let mut capabilities = VectorStoreCapabilities::new(MAX_BATCH, MAX_K, MAX_DIMENSIONS);
        capabilities.exact = !version.iterative();
        let mut card = Card::new("postgresql", "pgvector");
        card.version = Some(version.as_str().to_owned());
        Ok(Self {
            tuning: Tuning {
                exact_below: config.exact_below,
                ef_search: config.ef_search,
                iterative: version.iterative(),
            },
            client,
            config,
            names,
            card,
            capabilities,
            collection: Known::new(None),
        })
    }

    /// The collection, from memory or from the server.
    async fn collection(&self) -> Result<Arc<Collection>> {
        self.collection.get(schema::load(&self.client, &self.names)).await
    }

    /// Does `work` in time. A collection that turns out to be gone is forgotten.
    async fn call<T>(&self, operation: &'static str, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.collection.done(operation, self.client.within(work).await)
    }

    async fn make(&self, request: CreateRequest) -> Result<CreateReply> {
        let CreateRequest { space, schema, .. } = request;
        self.capabilities.check_space(&space)?;
        schema::check(&schema)?;
        let mut created = false;
        let mut found = schema::load(&self.client, &self.names).await?;
        if found.is_none() {
            let index = Index::choose(
                self.config.index && self.tuning.iterative,
                self.config.halfvec,
                space.dimensions,
            );
            let names = self.names.clone();
            let wanted = Collection { names, space: space.clone(), schema: schema.clone(), index };
            let hnsw = (self.config.m, self.config.ef_construction);
            created = schema::create(&self.client, &wanted, hnsw).await?;
            found = schema::load(&self.client, &self.names).await?;
        }
        let found = found.ok_or_else(Error::no_collection)?;
        found.space.require(&space)?;
        found.schema.require(&schema)?;
        self.collection.set(found);
        Ok(CreateReply::new(created))
    }
}

impl fmt::Debug for PgVectorStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PgVectorStore").field("config", &self.config).finish_non_exhaustive()
    }
}

#[async_trait]
impl VectorStore for PgVectorStore {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &VectorStoreCapabilities {
        &self.capabilities
    }

    async fn create(&self, request: CreateRequest) -> Result<CreateReply> {
        self.call("create", self.make(request)).await
    }

    async fn upsert(&self, request: UpsertRequest) -> Result<UpsertReply> {
        let upsert = async {
            self.capabilities.check_batch(request.records.len())?;
            let collection = self.collection().await?;
            write::upsert(&self.client, &collection, request.records).await.map(UpsertReply::new)
        };
        self.call("upsert", upsert).await
    }

    async fn search(&self, request: SearchRequest) -> Result<SearchReply> {
        let search = async {
            self.capabilities.check_k(request.k)?;
            let collection = self.collection().await?;
            search::search(&self.client, &collection, request, &self.tuning).await
        };
        self.call("search", search).await
    }

    async fn get(&self, request: GetRequest) -> Result<GetReply> {
        let get = async {
            self.capabilities.check_batch(request.ids.len())?;
            let collection = self.collection().await?;
            read::get(&self.client, &collection, &request.ids).await.map(GetReply::new)
        };
        self.call("get", get).await
    }

    async fn delete(&self, request: DeleteRequest) -> Result<DeleteReply> {
        let results = vec![Ok(()); request.ids.len()];
        let delete = async {
            self.capabilities.check_batch(request.ids.len())?;
            let collection = self.collection().await?;
            write::delete(&self.client, &collection, request.ids).await
        };
        self.call("delete", delete).await.map(|()| DeleteReply::new(results))
    }

    async fn scan(&self, request: ScanRequest) -> Result<ScanReply> {
        let scan = async {
            let collection = self.collection().await?;
            read::scan(&self.client, &collection, &request, MAX_BATCH).await
        };
        self.call("scan", scan).await
    }

    async fn count(&self, request: CountRequest) -> Result<CountReply> {
        let count = async {
            let collection = self.collection().await?;
            read::count(&self.client, &collection, request.filter.as_ref()).await.map(CountReply::new)
        };
        self.call("count", count).await
    }
}
