//! What the server is started with.

use jiff::{Zoned, civil::Date};

/// What the server is started with.
#[derive(Clone, Debug)]
pub struct Settings {
    pub(crate) now: Date,
    pub(crate) private_access: bool,
}

impl Settings {
    /// Today, and nobody has access to models past the end of their lives.
    #[must_use]
    pub fn new() -> Self {
        Self { now: Zoned::now().date(), private_access: false }
    }

    /// Sets the day by which models have reached the end of their lives. Signatures go by the real clock.
    #[must_use]
    pub fn with_now(mut self, now: Date) -> Self {
        self.now = now;
        self
    }

    /// Serves models past the end of their lives to everybody.
    #[must_use]
    pub fn with_private_access(mut self, private_access: bool) -> Self {
        self.private_access = private_access;
        self
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new()
    }
}
