//! Keeps campaigns: a head under compare-and-set, and entries that are only appended.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{
    CallContext,
    request::{reply, request},
};
use crate::{
    domain::{CampaignHead, CampaignId, Card, Entry, LogEntry, Usage},
    error::Result,
};

/// Campaigns by id. Writers never read, change and write a whole campaign, so none undoes another's work.
#[cfg_attr(feature = "test-util", mockall::automock)]
#[async_trait]
pub trait CampaignStore: std::fmt::Debug + Send + Sync + 'static {
    /// Which store this is, its limits and prices.
    fn card(&self) -> &Card;

    /// What the store can do.
    fn capabilities(&self) -> &CampaignStoreCapabilities;

    /// Keeps the head of a new campaign.
    ///
    /// # Guarantees
    /// When it returns, the head survives a crash.
    /// # Ordering
    /// Of two calls at once with one id, one succeeds.
    /// # Partial failure
    /// None.
    /// # Idempotency
    /// None: the second call is a conflict.
    /// # Cancellation
    /// The campaign is there or not.
    /// # Errors
    /// `Conflict` when the id is taken; `StorageFull`; transport errors.
    async fn create(&self, request: CreateCampaignRequest) -> Result<CreateCampaignReply>;

    /// Reads the head of a campaign.
    ///
    /// # Guarantees
    /// The head as it was written last; `None` for an unknown id.
    /// # Ordering
    /// Sees every write that returned before.
    /// # Partial failure
    /// None.
    /// # Idempotency
    /// Reading changes nothing.
    /// # Cancellation
    /// Safe at any time.
    /// # Errors
    /// `Corrupt` when it cannot be read back; transport errors.
    async fn get(&self, request: GetCampaignRequest) -> Result<GetCampaignReply>;

    /// Replaces the head of a campaign if it has the revision that the caller read, and counts the revision up.
    ///
    /// # Guarantees
    /// When it returns, the new head survives a crash.
    /// # Ordering
    /// Of two calls at once with one revision, one succeeds.
    /// # Partial failure
    /// None.
    /// # Idempotency
    /// None: the second call finds another revision.
    /// # Cancellation
    /// The head is the old or the new one.
    /// # Errors
    /// `Conflict` when the revision is another, with both; `NotFound` for an unknown id; `StorageFull`; transport errors.
    async fn replace(&self, request: ReplaceCampaignRequest) -> Result<ReplaceCampaignReply>;

    /// Appends entries to a campaign.
    ///
    /// # Guarantees
    /// When it returns, all entries survive a crash. Nothing that was appended before is lost.
    /// # Ordering
    /// The entries get consecutive sequence numbers in their order; calls at once get disjoint ones.
    /// # Partial failure
    /// None: all entries or none.
    /// # Idempotency
    /// None: appended twice, they are there twice.
    /// # Cancellation
    /// All entries are there or none.
    /// # Errors
    /// `NotFound` for an unknown id; `StorageFull`; transport errors.
    async fn append(&self, request: AppendRequest) -> Result<AppendReply>;

    /// Reads the entries of a campaign after a sequence number, a page at a time.
    ///
    /// # Guarantees
    /// Every entry after `after`, without gaps.
    /// # Ordering
    /// By sequence number.
    /// # Partial failure
    /// None.
    /// # Idempotency
    /// Reading changes nothing.
    /// # Cancellation
    /// Safe at any time.
    /// # Errors
    /// `NotFound` for an unknown id; `InvalidInput` for a limit of 0; `Corrupt`; transport errors.
    async fn entries(&self, request: EntriesRequest) -> Result<EntriesReply>;

    /// Lists the heads of all campaigns, a page at a time.
    ///
    /// # Guarantees
    /// Over all pages, a campaign that was there all the time comes exactly once.
    /// # Ordering
    /// By id, which is by time of creation for ids this crate makes.
    /// # Partial failure
    /// None.
    /// # Idempotency
    /// Listing changes nothing.
    /// # Cancellation
    /// Safe at any time.
    /// # Errors
    /// `InvalidInput` for a limit of 0; `Corrupt`; transport errors.
    async fn list(&self, request: ListCampaignsRequest) -> Result<ListCampaignsReply>;

    /// Removes a campaign with all its entries.
    ///
    /// # Guarantees
    /// When it returns, head and entries are gone, also after a crash.
    /// # Ordering
    /// An append that comes later is `NotFound`.
    /// # Partial failure
    /// None that can be seen: a campaign without its head is unknown.
    /// # Idempotency
    /// Removing an unknown campaign succeeds and says so.
    /// # Cancellation
    /// The campaign is there or not; calling again is safe.
    /// # Errors
    /// Transport errors.
    async fn delete(&self, request: DeleteCampaignRequest) -> Result<DeleteCampaignReply>;
}

/// What a campaign store can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CampaignStoreCapabilities {
    /// Several processes may use it at once.
    pub shared: bool,
    /// The most bytes of one entry as JSON, where there is a limit.
    pub max_entry_bytes: Option<u64>,
}

impl CampaignStoreCapabilities {
    /// A store for one process or several, without a limit on entries.
    #[must_use]
    pub fn new(shared: bool) -> Self {
        Self { shared, max_entry_bytes: None }
    }

    /// Sets the most bytes of one entry.
    #[must_use]
    pub fn with_max_entry_bytes(mut self, bytes: u64) -> Self {
        self.max_entry_bytes = Some(bytes);
        self
    }
}

/// A campaign to create.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CreateCampaignRequest {
    /// Its head, at revision 1.
    pub head: CampaignHead,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl CreateCampaignRequest {
    /// Keeps `head`.
    #[must_use]
    pub fn new(head: CampaignHead) -> Self {
        Self { head, context: CallContext::new() }
    }
}

request!(CreateCampaignRequest -> CreateCampaignReply, "create_campaign", once, |_r| Usage::REQUEST);

/// The campaign is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreateCampaignReply {
    /// What the call used.
    pub usage: Usage,
}

impl CreateCampaignReply {
    /// The campaign is kept.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

reply!(CreateCampaignReply);

/// A campaign to read.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GetCampaignRequest {
    /// Its id.
    pub id: CampaignId,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl GetCampaignRequest {
    /// Reads the head of `id`.
    #[must_use]
    pub fn new(id: CampaignId) -> Self {
        Self { id, context: CallContext::new() }
    }
}

request!(GetCampaignRequest -> GetCampaignReply, "get_campaign", |_r| Usage::REQUEST);

/// The head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GetCampaignReply {
    /// The head; none for an unknown id.
    pub head: Option<CampaignHead>,
    /// What the call used.
    pub usage: Usage,
}

impl GetCampaignReply {
    /// The head, or none for an unknown id.
    #[must_use]
    pub fn new(head: Option<CampaignHead>) -> Self {
        Self { head, usage: Usage::NONE }
    }
}

reply!(GetCampaignReply);

/// A head to write.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ReplaceCampaignRequest {
    /// The new head, with the revision that was read.
    pub head: CampaignHead,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl ReplaceCampaignRequest {
    /// Writes `head` if the stored one still has its revision.
    #[must_use]
    pub fn new(head: CampaignHead) -> Self {
        Self { head, context: CallContext::new() }
    }
}

request!(ReplaceCampaignRequest -> ReplaceCampaignReply, "replace_campaign", once, |_r| Usage::REQUEST);

/// The head is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReplaceCampaignReply {
    /// The new revision.
    pub revision: u64,
    /// What the call used.
    pub usage: Usage,
}

impl ReplaceCampaignReply {
    /// The new revision.
    #[must_use]
    pub fn new(revision: u64) -> Self {
        Self { revision, usage: Usage::NONE }
    }
}

reply!(ReplaceCampaignReply);

/// Entries to append.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AppendRequest {
    /// The campaign.
    pub id: CampaignId,
    /// The entries, in order.
    pub entries: Vec<Entry>,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl AppendRequest {
    /// Appends `entries` to `id`.
    #[must_use]
    pub fn new(id: CampaignId, entries: Vec<Entry>) -> Self {
        Self { id, entries, context: CallContext::new() }
    }
}

request!(AppendRequest -> AppendReply, "append", once, |_r| Usage::REQUEST);

/// The entries are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AppendReply {
    /// The sequence number of the last entry.
    pub last: u64,
    /// What the call used.
    pub usage: Usage,
}

impl AppendReply {
    /// The sequence number of the last entry.
    #[must_use]
    pub fn new(last: u64) -> Self {
        Self { last, usage: Usage::NONE }
    }
}

reply!(AppendReply);

/// Entries to read.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct EntriesRequest {
    /// The campaign.
    pub id: CampaignId,
    /// Only entries after this sequence number; 0 for all.
    pub after: u64,
    /// The most entries of the page, at least 1; a store may give fewer.
    pub limit: usize,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl EntriesRequest {
    /// The first page of at most 1 000 entries.
    #[must_use]
    pub fn new(id: CampaignId) -> Self {
        Self { id, after: 0, limit: 1_000, context: CallContext::new() }
    }

    /// Goes on after a sequence number.
    #[must_use]
    pub fn with_after(mut self, sequence: u64) -> Self {
        self.after = sequence;
        self
    }

    /// Sets the most entries of the page.
    #[must_use]
    pub fn with_limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }
}

request!(EntriesRequest -> EntriesReply, "entries", |_r| Usage::REQUEST);

/// A page of entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EntriesReply {
    /// The entries, in order.
    pub entries: Vec<LogEntry>,
    /// There are more after the last.
    pub more: bool,
    /// What the call used.
    pub usage: Usage,
}

impl EntriesReply {
    /// A page; `more` says whether another follows.
    #[must_use]
    pub fn new(entries: Vec<LogEntry>, more: bool) -> Self {
        Self { entries, more, usage: Usage::NONE }
    }
}

reply!(EntriesReply);

/// Campaigns to list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ListCampaignsRequest {
    /// Only campaigns with an id after this one.
    pub after: Option<CampaignId>,
    /// The most campaigns of the page, at least 1; a store may give fewer.
    pub limit: usize,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl ListCampaignsRequest {
    /// The first page of at most `limit` campaigns.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { after: None, limit, context: CallContext::new() }
    }

    /// Goes on after a campaign.
    #[must_use]
    pub fn with_after(mut self, id: CampaignId) -> Self {
        self.after = Some(id);
        self
    }
}

request!(ListCampaignsRequest -> ListCampaignsReply, "list_campaigns", |_r| Usage::REQUEST);

/// A page of campaigns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ListCampaignsReply {
    /// The heads, by id.
    pub heads: Vec<CampaignHead>,
    /// There are more after the last.
    pub more: bool,
    /// What the call used.
    pub usage: Usage,
}

impl ListCampaignsReply {
    /// A page; `more` says whether another follows.
    #[must_use]
    pub fn new(heads: Vec<CampaignHead>, more: bool) -> Self {
        Self { heads, more, usage: Usage::NONE }
    }
}

reply!(ListCampaignsReply);

/// A campaign to remove.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DeleteCampaignRequest {
    /// Its id.
    pub id: CampaignId,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl DeleteCampaignRequest {
    /// Removes `id`.
    #[must_use]
    pub fn new(id: CampaignId) -> Self {
        Self { id, context: CallContext::new() }
    }
}

request!(DeleteCampaignRequest -> DeleteCampaignReply, "delete_campaign", |_r| Usage::REQUEST);

/// What became of a removal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeleteCampaignReply {
    /// The campaign was there.
    pub existed: bool,
    /// What the call used.
    pub usage: Usage,
}

impl DeleteCampaignReply {
    /// The campaign was there, or not.
    #[must_use]
    pub fn new(existed: bool) -> Self {
        Self { existed, usage: Usage::NONE }
    }
}

reply!(DeleteCampaignReply);
