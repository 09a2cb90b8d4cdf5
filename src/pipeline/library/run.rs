//! An index run: a stream of what happens, or a report.

use std::{
    fmt,
    future::IntoFuture,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::{FutureExt, Stream, StreamExt, future::BoxFuture};
use tokio::{sync::mpsc, task::unconstrained, time::Instant};

use super::{IndexEvent, IndexReport, Library, source::Items, steps::Steps};
use crate::error::Result;

/// An index run. Await it for the report, or poll it as a stream and ask for the report at the end.
///
/// Nothing happens until then, and dropping it stops the work.
///
/// ```
/// # use keyvisual::{Library, Result};
/// use futures_util::StreamExt;
///
/// # async fn example(library: Library) -> Result<()> {
/// let mut run = library.index_folder("photos");
/// while let Some(event) = run.next().await {
///     println!("{}: {:?}", event.name, event.progress);
/// }
/// println!("{}", run.report());
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is indexed until the run is awaited or polled"]
pub struct IndexRun {
    work: Option<BoxFuture<'static, ()>>,
    events: mpsc::UnboundedReceiver<IndexEvent>,
    steps: Arc<Steps>,
    since: Option<Instant>,
    report: IndexReport,
}

impl IndexRun {
    pub(super) fn new(library: Library, open: impl Future<Output = Result<Items>> + Send + 'static) -> Self {
        // Unbounded, yet never long: it is drained before the work is polled again.
        let (sender, events) = mpsc::unbounded_channel();
        let steps = Arc::new(Steps::new(library, sender));
        // The run yields by itself. Yielding at every semaphore, as tokio does for a task that never waits, would
        // poll all pictures under way over and over.
        let work = unconstrained(Arc::clone(&steps).run(open)).boxed();
        Self { work: Some(work), events, steps, since: None, report: IndexReport::default() }
    }

    /// What was done so far; complete once the stream has ended.
    #[must_use]
    pub fn report(&self) -> &IndexReport {
        &self.report
    }

    fn next_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<IndexEvent>> {
        let since = *self.since.get_or_insert_with(Instant::now);
        loop {
            if let Ok(event) = self.events.try_recv() {
                self.report.take_in(&event);
                return Poll::Ready(Some(event));
            }
            let Some(work) = &mut self.work else { return Poll::Ready(None) };
            if work.poll_unpin(cx).is_ready() {
                self.work = None;
                self.report.stopped = self.steps.stopped().cloned();
            }
            self.report.spend = self.steps.spent();
            self.report.took = since.elapsed();
            if self.work.is_some() && self.events.is_empty() {
                return Poll::Pending;
            }
        }
    }
}

impl Stream for IndexRun {
    type Item = IndexEvent;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<IndexEvent>> {
        self.next_event(cx)
    }
}

/// Runs to the end. The error is the one that stopped the run; a picture that failed is in the report.
impl IntoFuture for IndexRun {
    type Output = Result<IndexReport>;
    type IntoFuture = BoxFuture<'static, Result<IndexReport>>;

    fn into_future(mut self) -> Self::IntoFuture {
        async move {
            while self.next().await.is_some() {}
            match self.report.stopped {
                Some(error) => Err(error),
                None => Ok(self.report),
            }
        }
        .boxed()
    }
}

impl fmt::Debug for IndexRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IndexRun").field("report", &self.report).finish_non_exhaustive()
    }
}
