//! The library as a shelf: look, count, take away, note results.

use std::sync::Arc;

use futures_util::{Stream, TryStreamExt, stream};
use tokio::sync::mpsc;

use super::{Library, kept, record::Kept, steps::Steps};
use crate::{
    domain::{Kpi, Reference, ReferenceId},
    error::{Error, Result},
    pipeline::{PicturePolicy, pictures},
    roles::{
        CallContext, CountRequest, DeleteAssetRequest, DeleteRequest, GetRequest, ListAssetsRequest,
        ScanRequest,
    },
};

/// Records of one page.
const PAGE: usize = 100;

impl Library {
    /// A picture by its id.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) for an unknown id.
    pub async fn get(&self, id: &ReferenceId) -> Result<Reference> {
        self.kept(id).await.map(|kept| kept.reference)
    }

    /// All pictures, by id where the store [scans by id](crate::roles::VectorStoreCapabilities::ordered_scan), read a page
    /// at a time. A record that cannot be read is an error at its place, and the
    /// others follow.
    pub fn list(&self) -> impl Stream<Item = Result<Reference>> + Send + Unpin + use<> {
        let library = self.clone();
        let pages = stream::try_unfold(Some(ScanRequest::new(PAGE)), move |request| {
            let library = library.clone();
            async move {
                let Some(request) = request else { return Ok::<_, Error>(None) };
                library.ensure(CallContext::new()).await?;
                let page = library.shared.vector_store.scan(request).await?;
                let records = page.records.into_iter();
                let read: Vec<_> = records
                    .map(|record| Kept::from_record(record).map(|kept| kept.reference))
                    .chain(page.damaged.into_iter().map(|(id, error)| Err(error.with_context("id", id))))
                    .collect();
                let next = page.next.map(|cursor| ScanRequest::new(PAGE).with_cursor(cursor));
                Ok(Some((stream::iter(read), next)))
            }
        });
        Box::pin(pages.try_flatten())
    }

    /// How many pictures there are.
    ///
    /// # Errors
    /// Errors of the [vector store](crate::roles::VectorStore::count).
    pub async fn count(&self) -> Result<u64> {
        self.ensure(CallContext::new()).await?;
        Ok(self.shared.vector_store.count(CountRequest::new()).await?.count)
    }

    /// Takes results in: each figure replaces the one for the same metric and window, the others stay. Callers in this
    /// process wait for each other, so none loses another's figures.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) for an unknown id;
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a figure that is not [valid](Kpi::validate); nothing is
    /// written then.
    pub async fn update_results(&self, id: &ReferenceId, results: Vec<Kpi>) -> Result<Reference> {
        results.iter().try_for_each(Kpi::validate)?;
        let _held = self.shared.library.busy.hold(id).await;
        let before = self.kept(id).await?;
        let mut after = before.clone();
        results.into_iter().for_each(|kpi| after.reference.record_result(kpi));
        if after != before {
            self.alone(CallContext::new()).write(&after).await?;
        }
        Ok(after.reference)
    }

    /// Takes a picture out of the library; `pictures` says whether its bytes and what was made of them are erased too.
    ///
    /// With [`PicturePolicy::Keep`] campaigns that refer to it can still show it, and indexing it again asks no model
    /// for what is kept. With [`PicturePolicy::Erase`] a brief's packshot with the same bytes is gone as well.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) for an unknown id. When erasing fails midway the record is
    /// still there, and deleting again goes on.
    pub async fn delete(&self, id: &ReferenceId, pictures: PicturePolicy) -> Result<()> {
        let _held = self.shared.library.busy.hold(id).await;
        let kept = self.kept(id).await?;
        if pictures == PicturePolicy::Erase {
            self.erase(id, pictures::key(&kept.reference.image)).await?;
        }
        let request = DeleteRequest::new(vec![id.as_str().to_owned()]);
        let results = self.shared.vector_store.delete(request).await?.results;
        results.into_iter().collect()
    }

    async fn erase(&self, id: &ReferenceId, picture: String) -> Result<()> {
        let assets = &self.shared.assets;
        assets.delete(DeleteAssetRequest::new(picture)).await?;
        loop {
            let page = assets.list(ListAssetsRequest::new(kept::prefix(id))).await?;
            for key in page.keys {
                assets.delete(DeleteAssetRequest::new(key)).await?;
            }
            if page.next.is_none() {
                return Ok(());
            }
        }
    }

    async fn kept(&self, id: &ReferenceId) -> Result<Kept> {
        self.ensure(CallContext::new()).await?;
        let request = GetRequest::new(vec![id.as_str().to_owned()]);
        let results = self.shared.vector_store.get(request).await?.results;
        let record = results.into_iter().next().transpose()?.flatten();
        record.map_or_else(|| Err(Error::not_found("picture of the library", id)), Kept::from_record)
    }

    /// The steps for one picture, with nobody listening.
    pub(super) fn alone(&self, context: CallContext) -> Arc<Steps> {
        let (events, _) = mpsc::unbounded_channel();
        Arc::new(Steps::new(self.clone(), events).with_context(context))
    }
}
