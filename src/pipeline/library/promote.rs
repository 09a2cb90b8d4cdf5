//! One picture into the library, by hand or from a campaign.

use super::{Library, LibraryItem, read::read};
use crate::{
    domain::{Campaign, Creative, Image, Origin, Reference},
    error::Result,
    roles::{CallContext, Caption},
};

impl Library {
    /// Indexes one picture and gives its reference; as [`index`](Self::index) does it, without a report.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a picture that cannot be read; errors of the
    /// describer, the embedder and the stores.
    pub async fn add(&self, item: LibraryItem) -> Result<Reference> {
        let read = read(item, self.settings.limits).await;
        self.add_read(read.item, read.image?, CallContext::new()).await
    }

    /// Takes a picture of a campaign in. Its caption is the campaign's one-sentence description.
    pub(crate) async fn promote(
        &self,
        image: Image,
        campaign: &Campaign,
        creative: &Creative,
        origin: Origin,
    ) -> Result<Reference> {
        let brief = &campaign.brief;
        let name = format!("{} {}", brief.name, creative.created_at);
        let mut item = LibraryItem::new(name, image.clone());
        item.objective.clone_from(&brief.objective);
        item.audience.clone_from(&brief.audience);
        item.caption = campaign.concept().map(|concept| Caption::new(&concept.image_description));
        item.origin = Some(origin);
        self.add_read(item, image, CallContext::new()).await
    }

    async fn add_read(&self, item: LibraryItem, image: Image, context: CallContext) -> Result<Reference> {
        self.ensure(context.clone()).await?;
        Ok(self.alone(context).index(&item, &image).await?.reference)
    }
}
