//! Campaigns in a map.

use std::{
    collections::BTreeMap,
    ops::Bound::{Excluded, Unbounded},
    sync::Mutex,
};

use async_trait::async_trait;

use super::fakes::test_card;
#[allow(clippy::wildcard_imports, reason = "every request and reply of one role")]
use crate::roles::*;
use crate::{
    domain::{CampaignHead, CampaignId, Card, LogEntry, Timestamp},
    error::{Error, ErrorKind, Result},
    sync::lock,
};

/// A simple campaign store in memory: it keeps the contract, and nothing when it is dropped.
#[derive(Debug)]
pub struct MemoryCampaignStore {
    card: Card,
    capabilities: CampaignStoreCapabilities,
    campaigns: Mutex<BTreeMap<CampaignId, Kept>>,
}

#[derive(Debug)]
struct Kept {
    head: CampaignHead,
    entries: Vec<LogEntry>,
}

impl MemoryCampaignStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self {
            card: test_card("MemoryCampaignStore"),
            capabilities: CampaignStoreCapabilities::new(false),
            campaigns: Mutex::default(),
        }
    }
}

impl Default for MemoryCampaignStore {
    fn default() -> Self {
        Self::new()
    }
}

/// Takes one more than asked for, to know whether there is more.
fn page<T>(all: impl Iterator<Item = T>, limit: usize) -> Result<(Vec<T>, bool)> {
    if limit == 0 {
        return Err(Error::invalid("a page of 0 was asked for"));
    }
    let mut page: Vec<_> = all.take(limit.saturating_add(1)).collect();
    let more = page.len() > limit;
    page.truncate(limit);
    Ok((page, more))
}

fn unknown(id: &CampaignId) -> Error {
    Error::not_found("campaign", id)
}

#[async_trait]
impl CampaignStore for MemoryCampaignStore {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &CampaignStoreCapabilities {
        &self.capabilities
    }

    async fn create(&self, request: CreateCampaignRequest) -> Result<CreateCampaignReply> {
        let mut campaigns = lock(&self.campaigns);
        let id = request.head.id.clone();
        if campaigns.contains_key(&id) {
            return Err(Error::new(ErrorKind::Conflict, format!("the campaign \"{id}\" exists")));
        }
        campaigns.insert(id, Kept { head: request.head, entries: Vec::new() });
        Ok(CreateCampaignReply::new())
    }

    async fn get(&self, request: GetCampaignRequest) -> Result<GetCampaignReply> {
        Ok(GetCampaignReply::new(lock(&self.campaigns).get(&request.id).map(|kept| kept.head.clone())))
    }

    async fn replace(&self, request: ReplaceCampaignRequest) -> Result<ReplaceCampaignReply> {
        let mut campaigns = lock(&self.campaigns);
        let head = request.head;
        let kept = campaigns.get_mut(&head.id).ok_or_else(|| unknown(&head.id))?;
        if kept.head.revision != head.revision {
            let (read, now) = (head.revision, kept.head.revision);
            let message = format!("the campaign is at revision {now}, the caller read {read}");
            return Err(Error::new(ErrorKind::Conflict, message).with_context("campaign", &head.id));
        }
        let revision = head.revision + 1;
        kept.head = head;
        kept.head.revision = revision;
        Ok(ReplaceCampaignReply::new(revision))
    }

    async fn append(&self, request: AppendRequest) -> Result<AppendReply> {
        let mut campaigns = lock(&self.campaigns);
        let kept = campaigns.get_mut(&request.id).ok_or_else(|| unknown(&request.id))?;
        let at = Timestamp::now();
        for entry in request.entries {
            kept.entries.push(LogEntry::new(kept.entries.len() as u64 + 1, at, entry));
        }
        Ok(AppendReply::new(kept.entries.len() as u64))
    }

    async fn entries(&self, request: EntriesRequest) -> Result<EntriesReply> {
        let campaigns = lock(&self.campaigns);
        let kept = campaigns.get(&request.id).ok_or_else(|| unknown(&request.id))?;
        let later = kept.entries.iter().filter(|entry| entry.sequence > request.after).cloned();
        let (entries, more) = page(later, request.limit)?;
        Ok(EntriesReply::new(entries, more))
    }

    async fn list(&self, request: ListCampaignsRequest) -> Result<ListCampaignsReply> {
        let campaigns = lock(&self.campaigns);
        let from = request.after.map_or(Unbounded, Excluded);
        let later = campaigns.range((from, Unbounded)).map(|(_, kept)| kept.head.clone());
        let (heads, more) = page(later, request.limit)?;
        Ok(ListCampaignsReply::new(heads, more))
    }

    async fn delete(&self, request: DeleteCampaignRequest) -> Result<DeleteCampaignReply> {
        Ok(DeleteCampaignReply::new(lock(&self.campaigns).remove(&request.id).is_some()))
    }
}
