//! What a vector store can do.

use serde::{Deserialize, Serialize};

use crate::{
    domain::EmbeddingSpace,
    error::{Error, ErrorKind, Result},
};

/// What a vector store can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VectorStoreCapabilities {
    /// The most records or ids in one request.
    pub max_batch: usize,
    /// The most hits of one search.
    pub max_k: usize,
    /// The longest vector.
    pub max_dimensions: usize,
    /// Every search is exact.
    pub exact: bool,
    /// A search that begins after a write was acknowledged sees it.
    pub read_your_writes: bool,
    /// The pages of a scan follow each other by id.
    pub ordered_scan: bool,
}

impl VectorStoreCapabilities {
    /// An exact store that reads its own writes and scans by id.
    #[must_use]
    pub fn new(max_batch: usize, max_k: usize, max_dimensions: usize) -> Self {
        let (exact, read_your_writes, ordered_scan) = (true, true, true);
        Self { max_batch, max_k, max_dimensions, exact, read_your_writes, ordered_scan }
    }

    /// Refuses more records or ids than one request may have.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) above [`max_batch`](Self::max_batch).
    pub fn check_batch(&self, items: usize) -> Result<()> {
        if items <= self.max_batch {
            return Ok(());
        }
        let most = self.max_batch;
        Err(Error::invalid(format!("{items} at once are too many: the store takes {most} in a batch")))
    }

    /// Refuses more hits than a search gives.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) above [`max_k`](Self::max_k).
    pub fn check_k(&self, k: usize) -> Result<()> {
        if k <= self.max_k {
            return Ok(());
        }
        Err(Error::invalid(format!("k is {k}, a search gives at most {} hits", self.max_k)))
    }

    /// Refuses a space whose vectors are too long, or have no numbers.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) above [`max_dimensions`](Self::max_dimensions);
    /// [`InvalidInput`](ErrorKind::InvalidInput) for 0 dimensions.
    pub fn check_space(&self, space: &EmbeddingSpace) -> Result<()> {
        match space.dimensions {
            0 => Err(Error::invalid("a space of 0 dimensions holds no vectors")),
            n if n > self.max_dimensions => {
                let most = self.max_dimensions;
                let message = format!("the store takes vectors of at most {most} dimensions, not of {n}");
                Err(Error::new(ErrorKind::Unsupported, message))
            }
            _ => Ok(()),
        }
    }

    /// Searches may miss some of the nearest.
    #[must_use]
    pub fn approximate(mut self) -> Self {
        self.exact = false;
        self
    }

    /// Writes show after a while.
    #[must_use]
    pub fn eventual(mut self) -> Self {
        self.read_your_writes = false;
        self
    }

    /// The pages of a scan come in any order.
    #[must_use]
    pub fn unordered(mut self) -> Self {
        self.ordered_scan = false;
        self
    }
}
