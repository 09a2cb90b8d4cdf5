//! The store as an application holds it.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use aws_config::SdkConfig;

use super::{S3VectorsConfig, client::Client, collection::Collection, limits, read, schema, search, write};
#[allow(clippy::wildcard_imports, reason = "every request and reply of one role")]
use crate::roles::*;
use crate::{
    aws,
    domain::Card,
    error::{Error, Result},
    stores::known::Known,
};

/// One index of Amazon S3 Vectors. The connections are shared by all calls.
///
/// ```no_run
/// use keyvisual::backends::s3vectors::{S3VectorsConfig, S3VectorsStore};
///
/// # async fn open() -> keyvisual::Result<()> {
/// let config = S3VectorsConfig::new("visuals", "library").with_region("eu-central-1");
/// let store = S3VectorsStore::new(config).await?;
/// # Ok(())
/// # }
/// ```
pub struct S3VectorsStore {
    client: Client,
    config: S3VectorsConfig,
    card: Card,
    capabilities: VectorStoreCapabilities,
    collection: Known<Collection>,
}

impl S3VectorsStore {
    /// Takes the configuration and what the environment adds to it. No call is made: credentials are looked up, and the
    /// collection looked for, with the first one.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for bad settings, and when there is no region.
    pub async fn new(config: S3VectorsConfig) -> Result<Self> {
        let sdk = aws::load(config.region.as_deref(), config.profile.as_deref()).await;
        Self::from_parts(&sdk, config)
    }

    /// Takes region, credentials and HTTP client from an SDK configuration of the application's own, and the rest from
    /// `config`. What `config` says counts more.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`InvalidInput`](crate::ErrorKind::InvalidInput) for a profile, which the SDK configuration
    /// has chosen already.
    pub fn from_sdk(sdk: &SdkConfig, config: S3VectorsConfig) -> Result<Self> {
        aws::from_application(config.profile.as_deref())?;
        Self::from_parts(sdk, config)
    }

    fn from_parts(sdk: &SdkConfig, config: S3VectorsConfig) -> Result<Self> {
        config.check()?;
        let capabilities = VectorStoreCapabilities::new(limits::BATCH, config.max_k, limits::DIMENSIONS);
        Ok(Self {
            client: Client::new(sdk, &config)?,
            config,
            card: Card::new("amazon", "s3vectors"),
            capabilities: capabilities.approximate().unordered(),
            collection: Known::new(None),
        })
    }

    /// The collection, from memory or from the service.
    async fn collection(&self) -> Result<Arc<Collection>> {
        self.collection.get(schema::load(&self.client)).await
    }

    /// Does `work`. A collection that turns out to be gone is forgotten.
    async fn call<T>(&self, operation: &'static str, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.collection.done(operation, work.await)
    }

    async fn make(&self, request: CreateRequest) -> Result<CreateReply> {
        let wanted = Collection { space: request.space, schema: request.schema };
        self.capabilities.check_space(&wanted.space)?;
        wanted.check()?;
        let mut created = false;
        let mut found = schema::load(&self.client).await?;
        if found.is_none() {
            created = schema::create(&self.client, &self.config, &wanted).await?;
            found = schema::load(&self.client).await?;
        }
        let found = found.ok_or_else(Error::no_collection)?;
        found.space.require(&wanted.space)?;
        found.schema.require(&wanted.schema)?;
        self.collection.set(found);
        Ok(CreateReply::new(created))
    }
}

impl fmt::Debug for S3VectorsStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3VectorsStore").field("config", &self.config).finish_non_exhaustive()
    }
}

#[async_trait]
impl VectorStore for S3VectorsStore {
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
            search::search(&self.client, &collection, request, self.config.max_k).await
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
            self.collection().await?;
            write::delete(&self.client, &request.ids).await
        };
        self.call("delete", delete).await.map(|()| DeleteReply::new(results))
    }

    async fn scan(&self, request: ScanRequest) -> Result<ScanReply> {
        let scan = async {
            let collection = self.collection().await?;
            read::scan(&self.client, &collection, &request).await
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
