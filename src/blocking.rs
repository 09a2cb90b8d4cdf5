//! File system calls away from the threads that drive futures.

use tokio::runtime::Handle;

use crate::error::{Error, ErrorKind, Result};

/// Runs `work` on a thread where it may block. The work goes on when the future is dropped.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    runtime()?.spawn_blocking(work).await.unwrap_or_else(|e| {
        Err(Error::new(ErrorKind::Internal, format!("the blocking call did not end: {e}")).with_source(e))
    })
}

/// The runtime this is called in, or an error that says that there is none.
pub(crate) fn runtime() -> Result<Handle> {
    Handle::try_current()
        .map_err(|e| Error::new(ErrorKind::Internal, "call this inside a tokio runtime").with_source(e))
}
