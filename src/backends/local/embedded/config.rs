//! How a store searches.

/// What an [`EmbeddedStore`](super::EmbeddedStore) is opened with.
///
/// ```
/// use keyvisual::backends::local::EmbeddedConfig;
///
/// let every_search_is_exact = EmbeddedConfig::new().with_exact_below(usize::MAX);
/// # let _ = every_search_is_exact;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EmbeddedConfig {
    /// While at most so many records pass the filter, each of them is read and scored; 64.
    pub exact_below: usize,
}

impl EmbeddedConfig {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self { exact_below: 64 }
    }

    /// Sets how many passing records are all read and scored, a read of the disk's cache each;
    /// `usize::MAX` makes every search exact.
    #[must_use]
    pub fn with_exact_below(mut self, records: usize) -> Self {
        self.exact_below = records;
        self
    }
}

impl Default for EmbeddedConfig {
    fn default() -> Self {
        Self::new()
    }
}
