//! The store as an application holds it.

use std::{fmt, sync::Arc};

use async_trait::async_trait;

use super::{
    QdrantConfig, client::Client, collection::Collection, filter, read, scan::Scan, schema, search, write,
};
#[allow(clippy::wildcard_imports, reason = "every request and reply of one role")]
use crate::roles::*;
use crate::{
    domain::Card,
    error::{Error, Result},
    stores::known::Known,
};

const MAX_BATCH: usize = 1000;

/// One collection on a Qdrant server. One connection is shared by all calls.
///
/// ```no_run
/// use keyvisual::backends::qdrant::{QdrantConfig, QdrantStore};
///
/// # async fn open() -> keyvisual::Result<()> {
/// let config = QdrantConfig::from_url("qdrants://search.example.com/library")?;
/// let store = QdrantStore::connect(config.with_api_key("secret")).await?;
/// # Ok(())
/// # }
/// ```
pub struct QdrantStore {
    client: Client,
    config: QdrantConfig,
    card: Card,
    capabilities: VectorStoreCapabilities,
    collection: Known<Collection>,
}

impl QdrantStore {
    /// Connects to the server and looks for the collection, which `create` makes.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for bad settings; [`Unauthenticated`](crate::ErrorKind::Unauthenticated) or
    /// [`PermissionDenied`](crate::ErrorKind::PermissionDenied) for a wrong key; [`Unavailable`](crate::ErrorKind::Unavailable) when nobody answers;
    /// [`Unsupported`](crate::ErrorKind::Unsupported) for a server before 1.16; [`Conflict`](crate::ErrorKind::Conflict) for a collection of another origin.
    pub async fn connect(config: QdrantConfig) -> Result<Self> {
        let connect = async {
            config.check()?;
            let client = Client::connect(&config).await?;
            let found = client.within(schema::load(&client, &config.collection)).await?;
            Ok((client, found))
        };
        let (client, found) = connect.await.map_err(|e: Error| e.with_operation("connect"))?;
        let mut capabilities = VectorStoreCapabilities::new(MAX_BATCH, search::MAX_K, schema::MAX_DIMENSIONS);
        capabilities.exact = config.exact;
        capabilities.read_your_writes = match &found {
            Some(found) => found.all_acknowledge,
            None => config.acknowledged() == config.replicas,
        };
        let mut card = Card::new("qdrant", "qdrant");
        card.version = Some(client.version.clone());
        let found = found.filter(schema::Found::is_complete);
        let collection = Known::new(found.map(|found| found.collection));
        Ok(Self { client, config, card, capabilities, collection })
    }

    /// The collection, from memory or from the server.
    async fn collection(&self) -> Result<Arc<Collection>> {
        let load = async {
            let found = schema::load(&self.client, &self.config.collection).await?;
            Ok(found.filter(schema::Found::is_complete).map(|found| found.collection))
        };
        self.collection.get(load).await
    }

    /// Does `work` in time. A collection that turns out to be gone is forgotten.
    async fn call<T>(&self, operation: &'static str, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.collection.done(operation, self.client.within(work).await)
    }

    async fn make(&self, request: CreateRequest) -> Result<CreateReply> {
        let CreateRequest { space, schema, .. } = request;
        self.capabilities.check_space(&space)?;
        let name = &self.config.collection;
        let mut created = false;
        let mut found = schema::load(&self.client, name).await?;
        if found.is_none() {
            created = schema::create(&self.client, &self.config, space.clone(), schema.clone()).await?;
            found = schema::load(&self.client, name).await?;
        }
        let found = found.ok_or_else(Error::no_collection)?;
        found.collection.space.require(&space)?;
        found.collection.schema.require(&schema)?;
        schema::complete(&self.client, name, &found).await?;
        self.collection.set(found.collection);
        Ok(CreateReply::new(created))
    }
}

impl fmt::Debug for QdrantStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QdrantStore").field("config", &self.config).finish_non_exhaustive()
    }
}

#[async_trait]
impl VectorStore for QdrantStore {
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
            write::upsert(&self.client, &collection, &self.config, request.records)
                .await
                .map(UpsertReply::new)
        };
        self.call("upsert", upsert).await
    }

    async fn search(&self, request: SearchRequest) -> Result<SearchReply> {
        let search = async {
            self.capabilities.check_k(request.k)?;
            let collection = self.collection().await?;
            search::search(&self.client, &collection, &self.config, request).await
        };
        self.call("search", search).await
    }

    async fn get(&self, request: GetRequest) -> Result<GetReply> {
        let get = async {
            self.capabilities.check_batch(request.ids.len())?;
            let collection = self.collection().await?;
            read::get(&self.client, &collection, &self.config, &request.ids).await.map(GetReply::new)
        };
        self.call("get", get).await
    }

    async fn delete(&self, request: DeleteRequest) -> Result<DeleteReply> {
        let delete = async {
            self.capabilities.check_batch(request.ids.len())?;
            self.collection().await?;
            write::delete(&self.client, &self.config, &request.ids).await
        };
        self.call("delete", delete).await?;
        Ok(DeleteReply::new(vec![Ok(()); request.ids.len()]))
    }

    async fn scan(&self, request: ScanRequest) -> Result<ScanReply> {
        let scan = async {
            let collection = self.collection().await?;
            let scan = Scan { client: &self.client, collection: &collection, config: &self.config };
            scan.page(&request, MAX_BATCH).await
        };
        self.call("scan", scan).await
    }

    async fn count(&self, request: CountRequest) -> Result<CountReply> {
        let count = async {
            let collection = self.collection().await?;
            let filter = filter::conditions(request.filter.as_ref(), &collection.schema)?;
            search::count(&self.client, &self.config, filter).await.map(CountReply::new)
        };
        self.call("count", count).await
    }
}
