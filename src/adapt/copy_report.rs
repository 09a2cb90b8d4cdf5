//! What a copy tells, and how its result is checked.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::tally::{Tally, tally};
use crate::{
    error::{Error, Result},
    roles::{CallContext, VectorStore},
};

/// A batch was dealt with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CopyProgress {
    /// Records that the target has taken so far, earlier runs included.
    pub copied: u64,
    /// Records that the source had when the run began.
    pub total: u64,
    /// Records of this batch that were not copied.
    pub failed: Vec<CopyFailure>,
}

/// A record that was not copied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CopyFailure {
    /// Its id.
    pub id: String,
    /// Why; [`Error::operation`] is `scan` where the source could not read it and `upsert` where the target refused it.
    pub error: Error,
}

/// What a copy did. Kept as JSON, it resumes the copy in another process.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CopyReport {
    /// The records that the target took, as they were read from the source.
    pub tally: Tally,
    /// How many records were not copied.
    pub failures: u64,
    /// The first [`NAMED`](Self::NAMED) of them.
    pub failed: Vec<CopyFailure>,
    /// Where the source is read on; none at the beginning, and when it is done.
    pub cursor: Option<String>,
    /// Everything was read.
    pub done: bool,
    /// Why it is not; none when the run was dropped.
    pub stopped: Option<Error>,
}

impl CopyReport {
    /// How many failures a report names; all are in [`CopyProgress::failed`].
    pub const NAMED: usize = 1_000;

    /// Every record of the source is in the target.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.done && self.failures == 0
    }
}

/// One line for people.
impl fmt::Display for CopyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} records copied", self.tally.count)?;
        if self.failures > 0 {
            write!(f, ", {} failed", self.failures)?;
        }
        match &self.stopped {
            Some(error) => write!(f, "; stopped: {error}"),
            None if !self.done => f.write_str("; not done"),
            None => Ok(()),
        }
    }
}

/// Reads the target of a copy from end to end and compares it with what was read from the source.
///
/// A target that had records of its own before holds more, and does not agree. One that shows its writes after a
/// while ([`read_your_writes`](crate::roles::VectorStoreCapabilities::read_your_writes)) agrees once it does.
///
/// # Errors
/// Those of [`tally`].
pub async fn verify<S: VectorStore>(to: S, copied: Tally, context: CallContext) -> Result<Verification> {
    Ok(Verification { copied, found: tally(to, context).await? })
}

/// What was copied beside what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Verification {
    /// What was read from the source and taken by the target.
    pub copied: Tally,
    /// What the target holds.
    pub found: Tally,
}

impl Verification {
    /// Count, ids and fields agree. All that can be asked of a target that keeps vectors in its own precision.
    #[must_use]
    pub fn contents_agree(&self) -> bool {
        self.copied.count == self.found.count && self.copied.contents == self.found.contents
    }

    /// The vectors too agree, to the last bit.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.copied == self.found
    }
}
