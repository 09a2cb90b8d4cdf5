//! Whether there is a clock to wait by.

use std::panic::catch_unwind;

use tokio::{runtime::Handle, time};

use crate::error::{Error, ErrorKind, Result};

/// Refuses a call outside a tokio runtime with time, before anything is sent.
///
/// Tokio has no way to ask whether a runtime has timers but to make one, which panics without them.
pub(super) fn require() -> Result<()> {
    let has_timers = || catch_unwind(|| drop(time::sleep(time::Duration::ZERO))).is_ok();
    if Handle::try_current().is_ok() && has_timers() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Unsupported,
        "calls need a tokio runtime with time: use #[tokio::main], or `enable_all()` on the runtime's builder",
    ))
}
