//! A person's verdict, and the way back into the library.

use super::CampaignPipeline;
use crate::{
    domain::{Campaign, CampaignId, Creative, CreativeId, Entry, Origin, Reference, Verdict},
    error::{Error, ErrorKind, Result},
};

impl CampaignPipeline {
    /// Approves a picture, with an optional reason. A later verdict replaces an earlier one.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) for an unknown campaign or picture.
    pub async fn approve(
        &self,
        id: &CampaignId,
        creative: &CreativeId,
        reason: Option<&str>,
    ) -> Result<Creative> {
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        self.judge(id, creative, Verdict::new(true, reason.map(Into::into))).await
    }

    /// Rejects a picture and says why.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) for an unknown campaign or picture;
    /// [`InvalidInput`](ErrorKind::InvalidInput) for an empty reason;
    /// [`OutOfOrder`](ErrorKind::OutOfOrder) for a picture that is in the library already.
    pub async fn reject(&self, id: &CampaignId, creative: &CreativeId, reason: &str) -> Result<Creative> {
        if reason.trim().is_empty() {
            return Err(Error::invalid("a rejection needs a reason: the next picture is made better by it"));
        }
        self.judge(id, creative, Verdict::new(false, Some(reason.trim().into()))).await
    }

    /// Puts an approved picture into the library, for the next campaign to find. Doing it again changes nothing.
    ///
    /// Its results come in later, through [`Library::update_results`](crate::Library::update_results).
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) for an unknown campaign or picture;
    /// [`OutOfOrder`](ErrorKind::OutOfOrder) for one that is not approved; errors of the describer, the
    /// embedder and the vector store.
    pub async fn promote(&self, id: &CampaignId, creative: &CreativeId) -> Result<Reference> {
        let campaign = self.shared.campaign(id).await?;
        let picture = known(&campaign, creative)?;
        if !picture.verdict.as_ref().is_some_and(|verdict| verdict.approved) {
            return Err(Error::new(
                ErrorKind::OutOfOrder,
                "the picture is not approved: call `approve` first",
            )
            .with_context("creative", creative));
        }
        let image = self.creative_picture(picture).await?;
        let origin = Origin::Promoted { campaign: id.clone(), creative: creative.clone() };
        let reference = self.library().promote(image, &campaign, picture, origin).await?;
        if picture.promoted.is_none() {
            let entry = Entry::Promoted { creative: creative.clone(), reference: reference.id.clone() };
            self.shared.append(id, vec![entry]).await?;
        }
        Ok(reference)
    }

    async fn judge(&self, id: &CampaignId, creative: &CreativeId, verdict: Verdict) -> Result<Creative> {
        let campaign = self.shared.campaign(id).await?;
        let mut picture = known(&campaign, creative)?.clone();
        if picture.promoted.is_some() && !verdict.approved {
            return Err(Error::new(
                ErrorKind::OutOfOrder,
                "the picture is in the library: delete it there before rejecting it",
            )
            .with_context("creative", creative));
        }
        self.shared
            .append(id, vec![Entry::Verdict { creative: creative.clone(), verdict: verdict.clone() }])
            .await?;
        picture.verdict = Some(verdict);
        Ok(picture)
    }
}

fn known<'a>(campaign: &'a Campaign, creative: &CreativeId) -> Result<&'a Creative> {
    campaign.creative(creative).ok_or_else(|| Error::not_found("creative of this campaign", creative))
}
