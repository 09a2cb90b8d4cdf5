//! What was asked for, made out of what a backend can do: several pictures from a generator that makes one,
//! batches above the limit, exact sizes, requests trimmed to the capabilities, a library moved to another store.
//!
//! It stands above the [door](crate::calls): each call it makes is limited, paid and traced on its own. Results
//! come as streams, so what was made before a failure, or before the caller went away, is not lost. What it
//! changes it says, as a note.

mod batch;
mod copy;
mod copy_report;
mod copy_step;
mod fall_back;
mod fan_out;
mod fit;
mod loosen;
mod seeds;
mod size;
mod tally;

pub use batch::{delete_all, embed_all, get_all, upsert_all};
pub use copy::{CopyRun, copy, resume_copy};
pub use copy_report::{CopyFailure, CopyProgress, CopyReport, Verification, verify};
pub use fall_back::{FallBack, Order};
pub use fan_out::{Made, fan_out};
pub(crate) use fit::Offered;
pub use fit::fit_request;
pub use size::{best_size, to_size};
pub use tally::{Checksum, Tally, tally};
