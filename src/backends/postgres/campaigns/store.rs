//! The store as an application holds it.

use std::fmt;

use async_trait::async_trait;

use super::{
    super::{PostgresConfig, client::Client},
    schema::{self, Names},
    statements,
};
use crate::{
    domain::Card,
    error::{Error, Result},
    roles::{
        AppendReply, AppendRequest, CampaignStore, CampaignStoreCapabilities, CreateCampaignReply,
        CreateCampaignRequest, DeleteCampaignReply, DeleteCampaignRequest, EntriesReply, EntriesRequest,
        GetCampaignReply, GetCampaignRequest, ListCampaignsReply, ListCampaignsRequest, ReplaceCampaignReply,
        ReplaceCampaignRequest,
    },
};

/// Campaigns in a Postgres database, for any number of processes. The connections are shared by all calls.
///
/// Heads and entries are JSON, one row each. Every call that writes is one statement.
///
/// ```no_run
/// use keyvisual::backends::postgres::{PgCampaignStore, PostgresConfig};
///
/// # async fn open() -> keyvisual::Result<()> {
/// let config = PostgresConfig::from_url("postgres://team:secret@db.example.com/visuals")?;
/// let campaigns = PgCampaignStore::connect(config).await?; // for `with_campaign_store` of the builder
/// # Ok(())
/// # }
/// ```
pub struct PgCampaignStore {
    client: Client,
    config: PostgresConfig,
    names: Names,
    card: Card,
    capabilities: CampaignStoreCapabilities,
}

impl PgCampaignStore {
    /// Connects to the database, and makes the tables where they are missing.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for bad settings; [`Unauthenticated`](crate::ErrorKind::Unauthenticated) for a wrong
    /// user or password; [`PermissionDenied`](crate::ErrorKind::PermissionDenied) for one who may not make tables that are missing;
    /// [`NotFound`](crate::ErrorKind::NotFound) for a database that is not there; [`Unavailable`](crate::ErrorKind::Unavailable) when nobody
    /// answers; [`Unsupported`](crate::ErrorKind::Unsupported) for a database that is not in UTF-8.
    pub async fn connect(config: PostgresConfig) -> Result<Self> {
        Self::open(config).await.map_err(|e| e.with_operation("connect"))
    }

    async fn open(config: PostgresConfig) -> Result<Self> {
        config.check()?;
        let client = Client::new(&config, "")?;
        let names = Names::new(&config.schema, &config.prefix);
        let look = async {
            client.check_encoding().await?;
            schema::ensure(&client, &names).await
        };
        client.within(look).await?;
        let (card, capabilities) =
            (Card::new("postgresql", "campaigns"), CampaignStoreCapabilities::new(true));
        Ok(Self { client, config, names, card, capabilities })
    }

    async fn call<T>(&self, operation: &'static str, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.client.within(work).await.map_err(|e| e.with_operation(operation))
    }
}

impl fmt::Debug for PgCampaignStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PgCampaignStore").field("config", &self.config).finish_non_exhaustive()
    }
}

#[async_trait]
impl CampaignStore for PgCampaignStore {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &CampaignStoreCapabilities {
        &self.capabilities
    }

    async fn create(&self, request: CreateCampaignRequest) -> Result<CreateCampaignReply> {
        self.call("create_campaign", statements::create(&self.client, &self.names, &request.head)).await?;
        Ok(CreateCampaignReply::new())
    }

    async fn get(&self, request: GetCampaignRequest) -> Result<GetCampaignReply> {
        let head = self.call("get_campaign", statements::get(&self.client, &self.names, &request.id)).await?;
        Ok(GetCampaignReply::new(head))
    }

    async fn replace(&self, request: ReplaceCampaignRequest) -> Result<ReplaceCampaignReply> {
        let replace = statements::replace(&self.client, &self.names, request.head);
        self.call("replace_campaign", replace).await.map(ReplaceCampaignReply::new)
    }

    async fn append(&self, request: AppendRequest) -> Result<AppendReply> {
        let append = statements::append(&self.client, &self.names, &request.id, &request.entries);
        self.call("append", append).await.map(AppendReply::new)
    }

    async fn entries(&self, request: EntriesRequest) -> Result<EntriesReply> {
        check_limit(request.limit)?;
        let EntriesRequest { id, after, limit, .. } = &request;
        let entries = statements::entries(&self.client, &self.names, id, *after, *limit);
        let (entries, more) = self.call("entries", entries).await?;
        Ok(EntriesReply::new(entries, more))
    }

    async fn list(&self, request: ListCampaignsRequest) -> Result<ListCampaignsReply> {
        check_limit(request.limit)?;
        let list = statements::list(&self.client, &self.names, request.after.as_ref(), request.limit);
        let (heads, more) = self.call("list_campaigns", list).await?;
        Ok(ListCampaignsReply::new(heads, more))
    }

    async fn delete(&self, request: DeleteCampaignRequest) -> Result<DeleteCampaignReply> {
        let delete = statements::delete(&self.client, &self.names, &request.id);
        self.call("delete_campaign", delete).await.map(DeleteCampaignReply::new)
    }
}

fn check_limit(limit: usize) -> Result<()> {
    if limit > 0 { Ok(()) } else { Err(Error::invalid("a page of 0 was asked for: ask for at least 1")) }
}
