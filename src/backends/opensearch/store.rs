//! The store as an application holds it.

use std::{fmt, sync::Arc};

use async_trait::async_trait;

use super::{
    Flavour, OpenSearchConfig, Refresh,
    client::Client,
    collection::Collection,
    read, schema,
    search::{self, MAX_K},
    serverless::Recent,
    write,
};
#[allow(clippy::wildcard_imports, reason = "every request and reply of one role")]
use crate::roles::*;
use crate::{
    domain::Card,
    error::{Error, Result},
    stores::known::Known,
};

const MAX_DIMENSIONS: usize = 16_000;

/// One index on an OpenSearch server. The connections are shared by all calls.
///
/// ```no_run
/// use keyvisual::backends::opensearch::{OpenSearchConfig, OpenSearchStore};
///
/// # async fn open() -> keyvisual::Result<()> {
/// let config = OpenSearchConfig::from_url("opensearch+https://team:secret@search.example.com/library")?;
/// let store = OpenSearchStore::connect(config).await?;
/// # Ok(())
/// # }
/// ```
pub struct OpenSearchStore {
    client: Client,
    config: OpenSearchConfig,
    card: Card,
    capabilities: VectorStoreCapabilities,
    collection: Known<Collection>,
    recent: Recent,
}

impl OpenSearchStore {
    /// Connects to the server. The index is looked for by the first call, and made by `create`.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for bad settings; [`Unauthenticated`](crate::ErrorKind::Unauthenticated) for a wrong user or password;
    /// [`Unavailable`](crate::ErrorKind::Unavailable) when nobody answers; [`Unsupported`](crate::ErrorKind::Unsupported) for a server that is not OpenSearch.
    pub async fn connect(config: OpenSearchConfig) -> Result<Self> {
        config.check().map_err(|e| e.with_operation("connect"))?;
        let client = Client::connect(&config).await.map_err(|e| e.with_operation("connect"))?;
        let mut capabilities =
            VectorStoreCapabilities::new(config.max_batch, MAX_K, MAX_DIMENSIONS).approximate();
        if config.flavour == Flavour::Serverless || config.refresh == Refresh::Later {
            capabilities = capabilities.eventual();
        }
        let mut card = match config.flavour {
            Flavour::Cluster => Card::new("opensearch", "opensearch"),
            Flavour::Serverless => Card::new("amazon", "opensearch-serverless"),
        };
        card.version.clone_from(&client.version);
        Ok(Self {
            client,
            config,
            card,
            capabilities,
            collection: Known::new(None),
            recent: Recent::default(),
        })
    }

    /// The collection, from memory or from the server.
    async fn collection(&self) -> Result<Arc<Collection>> {
        self.collection.get(schema::load(&self.client, &self.config.index)).await
    }

    /// Does `work`. A collection that turns out to be gone is forgotten.
    async fn call<T>(&self, operation: &'static str, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.collection.done(operation, work.await)
    }

    async fn make(&self, request: CreateRequest) -> Result<CreateReply> {
        let CreateRequest { space, schema, .. } = request;
        self.capabilities.check_space(&space)?;
        schema::check(&schema)?;
        let mut created = false;
        let mut found = schema::load(&self.client, &self.config.index).await?;
        if found.is_none() {
            let wanted =
                Collection { space: space.clone(), schema: schema.clone(), engine: self.config.engine };
            created = schema::create(&self.client, &wanted, &self.config).await?;
            found = match created {
                true => Some(wanted),
                false => schema::load(&self.client, &self.config.index).await?,
            };
        }
        let found = found.ok_or_else(Error::no_collection)?;
        found.space.require(&space)?;
        found.schema.require(&schema)?;
        self.collection.set(found);
        Ok(CreateReply::new(created))
    }
}

impl fmt::Debug for OpenSearchStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenSearchStore").field("config", &self.config).finish_non_exhaustive()
    }
}

#[async_trait]
impl VectorStore for OpenSearchStore {
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
            write::upsert(&self.client, &self.config, &collection, &self.recent, request.records)
                .await
                .map(UpsertReply::new)
        };
        self.call("upsert", upsert).await
    }

    async fn search(&self, request: SearchRequest) -> Result<SearchReply> {
        let search = async {
            self.capabilities.check_k(request.k)?;
            let collection = self.collection().await?;
            search::search(&self.client, &self.config, &collection, &request).await
        };
        self.call("search", search).await
    }

    async fn get(&self, request: GetRequest) -> Result<GetReply> {
        let get = async {
            self.capabilities.check_batch(request.ids.len())?;
            let collection = self.collection().await?;
            read::get(&self.client, &self.config, &collection, &request.ids).await.map(GetReply::new)
        };
        self.call("get", get).await
    }

    async fn delete(&self, request: DeleteRequest) -> Result<DeleteReply> {
        let delete = async {
            self.capabilities.check_batch(request.ids.len())?;
            self.collection().await?;
            write::delete(&self.client, &self.config, &self.recent, &request.ids).await.map(DeleteReply::new)
        };
        self.call("delete", delete).await
    }

    async fn scan(&self, request: ScanRequest) -> Result<ScanReply> {
        let scan = async {
            let collection = self.collection().await?;
            read::scan(&self.client, &self.config, &collection, &request).await
        };
        self.call("scan", scan).await
    }

    async fn count(&self, request: CountRequest) -> Result<CountReply> {
        let count = async {
            let collection = self.collection().await?;
            read::count(&self.client, &self.config, &collection, request.filter.as_ref())
                .await
                .map(CountReply::new)
        };
        self.call("count", count).await
    }
}
