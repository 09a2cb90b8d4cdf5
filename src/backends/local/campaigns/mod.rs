//! Campaigns in one redb file.

mod error;
mod tables;

use std::{fmt, path::Path, sync::Arc};

use async_trait::async_trait;
use redb::Database;

use super::blocking::blocking;
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

/// The pages that redb keeps in memory; campaigns are small and read rarely.
const CACHE_BYTES: usize = 4 << 20;

/// Keeps campaigns in one redb file, for one process at a time.
///
/// Heads are JSON by id, entries are JSON by id and sequence number. Every call that writes is one
/// transaction that is on the disk when it returns; writers wait for each other, readers wait for nobody.
/// Opening after a crash is quick whatever the size.
///
/// ```
/// use keyvisual::backends::local::RedbCampaigns;
/// use keyvisual::domain::{Brief, CampaignHead, Concept, Entry};
/// use keyvisual::roles::{AppendRequest, CampaignStore, CreateCampaignRequest};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> keyvisual::Result<()> {
/// # let folder = tempfile::tempdir()?;
/// let campaigns = RedbCampaigns::open(folder.path().join("campaigns.redb"))?;
/// let head = CampaignHead::new(Brief::new("Autumn coffee", "Slow mornings in the city"));
/// campaigns.create(CreateCampaignRequest::new(head.clone())).await?;
///
/// let concept = Entry::Concept { concept: Concept::new("A cup of coffee on a windowsill") };
/// let reply = campaigns.append(AppendRequest::new(head.id, vec![concept])).await?;
/// assert_eq!(reply.last, 1);
/// # Ok(())
/// # }
/// ```
pub struct RedbCampaigns {
    database: Arc<Database>,
    card: Card,
    capabilities: CampaignStoreCapabilities,
}

impl RedbCampaigns {
    /// Opens a file, making it where it is missing; its folder must be there.
    ///
    /// It blocks for a few file system calls.
    ///
    /// # Errors
    /// [`Locked`](crate::ErrorKind::Locked) when it is open already, here or in another process;
    /// [`Corrupt`](crate::ErrorKind::Corrupt) when it is another kind of file or damaged; what the file system says.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let database = tables::open(path, CACHE_BYTES)
            .map_err(|e| e.with_operation("open").with_context("path", path.display()))?;
        Ok(Self {
            database: Arc::new(database),
            card: Card::local("redb", "1"),
            capabilities: CampaignStoreCapabilities::new(false),
        })
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Database) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let database = Arc::clone(&self.database);
        blocking(move || work(&database)).await
    }
}

impl fmt::Debug for RedbCampaigns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedbCampaigns").finish_non_exhaustive()
    }
}

#[async_trait]
impl CampaignStore for RedbCampaigns {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &CampaignStoreCapabilities {
        &self.capabilities
    }

    async fn create(&self, request: CreateCampaignRequest) -> Result<CreateCampaignReply> {
        self.run(move |database| tables::create(database, &request.head)).await?;
        Ok(CreateCampaignReply::new())
    }

    async fn get(&self, request: GetCampaignRequest) -> Result<GetCampaignReply> {
        self.run(move |database| tables::get(database, &request.id)).await.map(GetCampaignReply::new)
    }

    async fn replace(&self, request: ReplaceCampaignRequest) -> Result<ReplaceCampaignReply> {
        self.run(move |database| tables::replace(database, request.head)).await.map(ReplaceCampaignReply::new)
    }

    async fn append(&self, request: AppendRequest) -> Result<AppendReply> {
        self.run(move |database| tables::append(database, &request.id, request.entries))
            .await
            .map(AppendReply::new)
    }

    async fn entries(&self, request: EntriesRequest) -> Result<EntriesReply> {
        check_limit(request.limit)?;
        let (entries, more) = self
            .run(move |database| tables::entries(database, &request.id, request.after, request.limit))
            .await?;
        Ok(EntriesReply::new(entries, more))
    }

    async fn list(&self, request: ListCampaignsRequest) -> Result<ListCampaignsReply> {
        check_limit(request.limit)?;
        let (heads, more) =
            self.run(move |database| tables::list(database, request.after.as_ref(), request.limit)).await?;
        Ok(ListCampaignsReply::new(heads, more))
    }

    async fn delete(&self, request: DeleteCampaignRequest) -> Result<DeleteCampaignReply> {
        self.run(move |database| tables::delete(database, &request.id)).await.map(DeleteCampaignReply::new)
    }
}

fn check_limit(limit: usize) -> Result<()> {
    if limit > 0 { Ok(()) } else { Err(Error::invalid("a page of 0 was asked for: ask for at least 1")) }
}
