//! Where pictures lie in the asset store, and how they come back.

use super::{CampaignPipeline, Shared};
use crate::{
    domain::{CampaignId, Creative, Image, ImageRef},
    error::{Error, ErrorKind, Result},
    roles::{CallContext, GetAssetRequest, PutAssetRequest},
};

/// The key of a picture that belongs to no campaign: the library's and packshots.
pub(crate) fn key(image: &ImageRef) -> String {
    format!("images/{}", image.hash)
}

pub(super) fn campaign_prefix(id: &CampaignId) -> String {
    format!("campaigns/{id}/")
}

pub(super) fn campaign_key(id: &CampaignId, image: &ImageRef) -> String {
    format!("{}{}", campaign_prefix(id), image.hash)
}

impl CampaignPipeline {
    /// Keeps a picture, such as a packshot, and gives the reference that a brief can name.
    ///
    /// # Errors
    /// Errors of the [asset store](crate::roles::AssetStore::put).
    pub async fn add_picture(&self, image: &Image) -> Result<ImageRef> {
        self.shared.put(key(image.reference()), image, CallContext::new()).await?;
        Ok(image.reference().clone())
    }

    /// Reads a picture of the library, or one that was added.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) when it is not there; [`Corrupt`](ErrorKind::Corrupt) when
    /// its bytes are not the ones that were kept.
    pub async fn picture(&self, image: &ImageRef) -> Result<Image> {
        self.shared.picture(&key(image), image).await
    }

    /// Reads the picture of a creative.
    ///
    /// # Errors
    /// As for [`picture`](Self::picture).
    pub async fn creative_picture(&self, creative: &Creative) -> Result<Image> {
        self.shared.picture(&campaign_key(&creative.campaign, &creative.image), &creative.image).await
    }

    /// Reads the picture of a creative as the model delivered it, before it was cropped and scaled.
    ///
    /// # Errors
    /// As for [`picture`](Self::picture).
    pub async fn original_picture(&self, creative: &Creative) -> Result<Image> {
        let image = creative.record.original.as_ref().unwrap_or(&creative.image);
        self.shared.picture(&campaign_key(&creative.campaign, image), image).await
    }
}

impl Shared {
    /// Keeps a picture; `true` if it was not there.
    pub(crate) async fn put(&self, key: String, image: &Image, context: CallContext) -> Result<bool> {
        let request = PutAssetRequest::new(key, image.bytes().clone()).with_context(context);
        self.assets.put(request).await.map(|reply| reply.created)
    }

    pub(crate) async fn picture(&self, key: &str, reference: &ImageRef) -> Result<Image> {
        let bytes = self.assets.get(GetAssetRequest::new(key)).await?.bytes;
        let bytes =
            bytes.ok_or_else(|| Error::not_found("picture", &reference.hash).with_context("key", key))?;
        match Image::new(bytes) {
            Ok(image) if image.reference() == reference => Ok(image),
            _ => Err(Error::new(
                ErrorKind::Corrupt,
                "the bytes of the picture are not the ones that were kept",
            )
            .with_context("key", key)),
        }
    }
}
