//! Campaigns as such: create, get, list, change the brief, delete.

use futures_util::{Stream, TryStreamExt, stream};

use super::{CampaignPipeline, Shared, pictures};
use crate::{
    domain::{Brief, Campaign, CampaignHead, CampaignId, LogEntry, Timestamp},
    error::{Error, Result},
    roles::{
        CreateCampaignRequest, DeleteAssetRequest, DeleteCampaignRequest, EntriesRequest, GetCampaignRequest,
        ListAssetsRequest, ListCampaignsRequest, ReplaceCampaignRequest,
    },
};

/// What becomes of a campaign's pictures when it is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PicturePolicy {
    /// They stay in the asset store, below `campaigns/<id>/`.
    #[default]
    Keep,
    /// They are erased. Pictures that were promoted stay in the library, which has its own copy.
    Erase,
}

impl CampaignPipeline {
    /// Starts a campaign. No model is asked.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a brief that is not [valid](Brief::validate).
    pub async fn create(&self, brief: Brief) -> Result<Campaign> {
        brief.validate()?;
        let head = CampaignHead::new(brief);
        self.shared.campaigns.create(CreateCampaignRequest::new(head.clone())).await?;
        Ok(Campaign::assemble(head, []))
    }

    /// A campaign with everything that happened to it.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) for an unknown id.
    pub async fn get(&self, id: &CampaignId) -> Result<Campaign> {
        self.shared.campaign(id).await
    }

    /// The heads of all campaigns, by time of creation.
    pub fn list(&self) -> impl Stream<Item = Result<CampaignHead>> + Send + use<> {
        let campaigns = std::sync::Arc::clone(&self.shared.campaigns);
        let pages = stream::try_unfold(Some(ListCampaignsRequest::new(100)), move |request| {
            let campaigns = std::sync::Arc::clone(&campaigns);
            async move {
                let Some(request) = request else { return Ok::<_, Error>(None) };
                let page = campaigns.list(request).await?;
                let last = page.heads.last().filter(|_| page.more);
                let next = last.map(|head| ListCampaignsRequest::new(100).with_after(head.id.clone()));
                Ok(Some((stream::iter(page.heads.into_iter().map(Ok)), next)))
            }
        });
        pages.try_flatten()
    }

    /// Changes the brief. Concepts, references and prompts stay; run the steps again where the change matters.
    ///
    /// `revision` is the [`Campaign::revision`] the change was made from.
    ///
    /// # Errors
    /// [`Conflict`](crate::ErrorKind::Conflict) when somebody changed the brief since that revision;
    /// [`NotFound`](crate::ErrorKind::NotFound) for an unknown id;
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a brief that is not [valid](Brief::validate).
    pub async fn update_brief(&self, id: &CampaignId, revision: u64, brief: Brief) -> Result<Campaign> {
        brief.validate()?;
        let head = self.shared.head(id).await?;
        let head = CampaignHead { revision, brief, updated_at: Timestamp::now(), ..head };
        self.shared.campaigns.replace(ReplaceCampaignRequest::new(head)).await?;
        self.shared.campaign(id).await
    }

    /// Removes a campaign; `pictures` says what becomes of its pictures.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) for an unknown id. When erasing fails midway the campaign
    /// is still there, and deleting again goes on.
    pub async fn delete(&self, id: &CampaignId, pictures: PicturePolicy) -> Result<()> {
        self.shared.head(id).await?;
        if pictures == PicturePolicy::Erase {
            self.erase_pictures(id).await?;
        }
        self.shared.campaigns.delete(DeleteCampaignRequest::new(id.clone())).await.map(|_| ())
    }

    async fn erase_pictures(&self, id: &CampaignId) -> Result<()> {
        loop {
            let page = self.shared.assets.list(ListAssetsRequest::new(pictures::campaign_prefix(id))).await?;
            for key in page.keys {
                self.shared.assets.delete(DeleteAssetRequest::new(key)).await?;
            }
            if page.next.is_none() {
                return Ok(());
            }
        }
    }
}

impl Shared {
    pub(super) async fn head(&self, id: &CampaignId) -> Result<CampaignHead> {
        let reply = self.campaigns.get(GetCampaignRequest::new(id.clone())).await?;
        reply.head.ok_or_else(|| Error::not_found("campaign", id))
    }

    pub(super) async fn campaign(&self, id: &CampaignId) -> Result<Campaign> {
        let head = self.head(id).await?;
        Ok(Campaign::assemble(head, self.entries(id).await?))
    }

    async fn entries(&self, id: &CampaignId) -> Result<Vec<LogEntry>> {
        let mut all: Vec<LogEntry> = Vec::new();
        loop {
            let after = all.last().map_or(0, |entry| entry.sequence);
            let page = self.campaigns.entries(EntriesRequest::new(id.clone()).with_after(after)).await?;
            all.extend(page.entries);
            if !page.more {
                return Ok(all);
            }
        }
    }
}
