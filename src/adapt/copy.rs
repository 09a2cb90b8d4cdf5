//! A library moved from one vector store to another.

use std::{
    fmt,
    future::IntoFuture,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_util::{
    FutureExt, Stream, StreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};

use super::{
    copy_report::{CopyProgress, CopyReport},
    copy_step::{Copier, Step},
};
use crate::{
    error::Result,
    roles::{CreateRequest, VectorStore},
};

/// Copies every record of one vector store into another, a batch at a time.
///
/// `collection` is what the source was created with and the target is created with; for the library of a pipeline that
/// is [`Library::collection`](crate::Library::collection). Nothing is written when either store has another space
/// or schema. Batches are as large as the target takes, and one is in memory at a time. Records that the target
/// had before stay, those with the same id are replaced. Pictures are in the asset store and stay where they are.
///
/// ```
/// use futures_util::StreamExt;
/// use keyvisual::{adapt, domain::*, roles::*, testing::MemoryVectorStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> keyvisual::Result<()> {
/// let collection = CreateRequest::new(EmbeddingSpace::new("example/axes", "1", 2), Schema::new());
/// let (old, new) = (MemoryVectorStore::new(), MemoryVectorStore::new());
/// old.create(collection.clone()).await?;
/// old.upsert(UpsertRequest::new(vec![Record::new("cup", Embedding::new(vec![3.0, 4.0])?)])).await?;
///
/// let (old, new) = (std::sync::Arc::new(old), std::sync::Arc::new(new));
/// let mut run = adapt::copy(old, new.clone(), collection);
/// while let Some(progress) = run.next().await {
///     println!("{} of {}", progress.copied, progress.total);
/// }
/// let report = run.report();
/// assert!(report.is_complete());
/// assert_eq!(report.tally, adapt::tally(new, CallContext::new()).await?);
/// # Ok(())
/// # }
/// ```
pub fn copy<F: VectorStore, T: VectorStore>(from: F, to: T, collection: CreateRequest) -> CopyRun {
    resume_copy(from, to, collection, CopyReport::default())
}

/// Goes on where an earlier run stopped or was dropped, and adds to its report.
///
/// What was under way then is written again, which changes nothing. Records that came into the source before the
/// report's cursor meanwhile are not seen.
pub fn resume_copy<F: VectorStore, T: VectorStore>(
    from: F,
    to: T,
    collection: CreateRequest,
    report: CopyReport,
) -> CopyRun {
    let report = CopyReport { stopped: None, ..report };
    let copier = (!report.done).then(|| Copier::new(from, to, collection, report.cursor.clone()));
    let steps = stream::unfold(copier, |copier| async move {
        let mut copier = copier?;
        let step = copier.step().await;
        let more = step.as_ref().is_ok_and(|step| step.cursor.is_some());
        Some((step, more.then_some(copier)))
    });
    CopyRun { steps: steps.fuse().boxed(), report }
}

/// A copy. Await it for the report, or poll it as a stream of what was done and ask for the report at any time.
///
/// Nothing happens until then, and dropping it stops the work; its report resumes it.
#[must_use = "nothing is copied until the run is awaited or polled"]
pub struct CopyRun {
    steps: BoxStream<'static, Result<Step>>,
    report: CopyReport,
}

impl CopyRun {
    /// What was done so far; final once the stream has ended.
    #[must_use]
    pub fn report(&self) -> &CopyReport {
        &self.report
    }

    fn take_in(&mut self, step: Step) -> CopyProgress {
        let report = &mut self.report;
        report.tally = report.tally.plus(step.tally);
        report.failures += step.failed.len() as u64;
        let room = CopyReport::NAMED.saturating_sub(report.failed.len());
        report.failed.extend(step.failed.iter().take(room).cloned());
        report.done = step.cursor.is_none();
        report.cursor = step.cursor;
        CopyProgress { copied: report.tally.count, total: step.total, failed: step.failed }
    }
}

/// An item is a batch that was dealt with. The stream ends when all is copied, or when an error stops it: see
/// [`CopyReport::stopped`].
impl Stream for CopyRun {
    type Item = CopyProgress;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<CopyProgress>> {
        Poll::Ready(match ready!(self.steps.poll_next_unpin(cx)) {
            Some(Ok(step)) => Some(self.take_in(step)),
            Some(Err(error)) => {
                self.report.stopped = Some(error);
                None
            }
            None => None,
        })
    }
}

/// Runs to the end, or to the error that stops it, which the report has beside the place to resume at.
impl IntoFuture for CopyRun {
    type Output = CopyReport;
    type IntoFuture = BoxFuture<'static, CopyReport>;

    fn into_future(mut self) -> Self::IntoFuture {
        async move {
            while self.next().await.is_some() {}
            self.report
        }
        .boxed()
    }
}

impl fmt::Debug for CopyRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyRun").field("report", &self.report).finish_non_exhaustive()
    }
}
