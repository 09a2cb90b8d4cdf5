//! What an index run tells while it runs, and at the end.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    domain::{ReferenceId, Spend},
    error::Error,
};

/// Something that happened to one picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IndexEvent {
    /// The picture's name.
    pub name: String,
    /// Its id, once its bytes were read.
    pub id: Option<ReferenceId>,
    /// What happened.
    pub progress: IndexProgress,
}

/// How far a picture got. The last four are ends: every picture has exactly one of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IndexProgress {
    /// It is there.
    Found,
    /// It has a description.
    Described {
        /// From an earlier run that did not get further.
        kept: bool,
    },
    /// Something a person should know of it: a caption that reads like an instruction to a model.
    Noted {
        /// What there is to say.
        note: String,
    },
    /// It has a vector.
    Embedded {
        /// From an earlier run that did not get further.
        kept: bool,
    },
    /// It is in the library, new or made anew.
    Indexed,
    /// It was in the library, and what is known of it changed; no model was asked.
    Updated,
    /// It was in the library just so, or it came up in this run before under another name.
    Unchanged {
        /// It came up in this run before; what this item says of it is not taken in.
        duplicate: bool,
    },
    /// It could not be indexed.
    Failed {
        /// Why.
        error: Error,
    },
}

/// A picture that could not be indexed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IndexFailure {
    /// Its name.
    pub name: String,
    /// Its id, if its bytes could be read.
    pub id: Option<ReferenceId>,
    /// Why; [`Error::operation`] says at which step.
    pub error: Error,
}

/// Something a person should know of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IndexNote {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: Option<ReferenceId>,
    /// What there is to say.
    pub note: String,
}

/// What an index run did. `Display` is one line for people.
///
/// `found` is the sum of `indexed`, `updated`, `unchanged`, `duplicates` and the failures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IndexReport {
    /// Pictures that came up.
    pub found: u64,
    /// Pictures that are new in the library, or were made anew.
    pub indexed: u64,
    /// Pictures whose metadata changed.
    pub updated: u64,
    /// Pictures that were in the library just so.
    pub unchanged: u64,
    /// Pictures that came up under several names: the names after the first.
    pub duplicates: Vec<String>,
    /// Pictures that could not be indexed.
    pub failed: Vec<IndexFailure>,
    /// What a person should know of single pictures, whatever became of them.
    #[serde(default)]
    pub noted: Vec<IndexNote>,
    /// Descriptions that were asked for in this run.
    pub described: u64,
    /// Vectors that were asked for in this run.
    pub embedded: u64,
    /// What the calls of this run used and cost.
    pub spend: Spend,
    /// How long the run took.
    pub took: Duration,
    /// Why the run ended before all pictures had their turn; none when they had.
    pub stopped: Option<Error>,
}

impl IndexReport {
    pub(super) fn take_in(&mut self, event: &IndexEvent) {
        match &event.progress {
            IndexProgress::Found => self.found += 1,
            IndexProgress::Described { kept } => self.described += u64::from(!kept),
            IndexProgress::Noted { note } => self.noted.push(IndexNote {
                name: event.name.clone(),
                id: event.id.clone(),
                note: note.clone(),
            }),
            IndexProgress::Embedded { kept } => self.embedded += u64::from(!kept),
            IndexProgress::Indexed => self.indexed += 1,
            IndexProgress::Updated => self.updated += 1,
            IndexProgress::Unchanged { duplicate: false } => self.unchanged += 1,
            IndexProgress::Unchanged { duplicate: true } => self.duplicates.push(event.name.clone()),
            IndexProgress::Failed { error } => self.failed.push(IndexFailure {
                name: event.name.clone(),
                id: event.id.clone(),
                error: error.clone(),
            }),
        }
    }
}

impl fmt::Display for IndexReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} pictures", self.found)?;
        let counts = [
            (self.indexed, "new"),
            (self.updated, "updated"),
            (self.unchanged, "unchanged"),
            (self.duplicates.len() as u64, "duplicates"),
            (self.failed.len() as u64, "failed"),
        ];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        for (place, (count, what)) in counts.enumerate() {
            write!(f, "{}{count} {what}", if place == 0 { ": " } else { ", " })?;
        }
        match self.noted.len() {
            0 => {}
            1 => f.write_str("; 1 note")?,
            notes => write!(f, "; {notes} notes")?,
        }
        match &self.stopped {
            Some(error) => write!(f, "; stopped: {error}"),
            None => Ok(()),
        }
    }
}
