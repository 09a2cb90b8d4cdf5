//! How much is done at once.

use crate::imaging::Limits;

/// How many pictures an [`IndexRun`](super::IndexRun) works on at once.
///
/// The door may limit a model further; see [`Policy`](crate::calls::Policy). At most `2 * read + describe + 4 * embed`
/// pictures are in memory, 48 unless told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexSettings {
    /// Files read at once: 4.
    pub read: usize,
    /// Descriptions asked for at once: 8.
    pub describe: usize,
    /// Calls to the embedder at once, each with as many pictures as it takes and are ready: 8.
    pub embed: usize,
    /// Calls to the vector store at once, each with as many records as it takes and are ready: 4.
    pub upsert: usize,
    /// What a picture may be: 64 MiB and 64 million pixels.
    pub limits: Limits,
}

impl Default for IndexSettings {
    fn default() -> Self {
        Self { read: 4, describe: 8, embed: 8, upsert: 4, limits: Limits::default() }
    }
}

impl IndexSettings {
    /// Sets how many descriptions are asked for at once, at least 1.
    #[must_use]
    pub fn with_describe(mut self, calls: usize) -> Self {
        self.describe = calls.max(1);
        self
    }

    /// Sets how many calls to the embedder run at once, at least 1.
    #[must_use]
    pub fn with_embed(mut self, calls: usize) -> Self {
        self.embed = calls.max(1);
        self
    }

    /// Sets how many calls to the vector store run at once, at least 1.
    #[must_use]
    pub fn with_upsert(mut self, calls: usize) -> Self {
        self.upsert = calls.max(1);
        self
    }

    /// Sets how many files are read at once, at least 1.
    #[must_use]
    pub fn with_read(mut self, files: usize) -> Self {
        self.read = files.max(1);
        self
    }

    /// Sets what a picture may be.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How many pictures are past reading and not in the library: enough to keep every step busy, and for
    /// batches of four at the embedder.
    pub(super) fn in_memory(&self) -> usize {
        self.read + self.describe + 4 * self.embed
    }
}
