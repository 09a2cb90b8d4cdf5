//! What was asked for, made out of what a backend can do: several pictures from a generator that makes one,
//! batches above the limit, exact sizes, requests trimmed to the capabilities.
//!
//! It stands above the [door](crate::calls): each call it makes is limited, paid and traced on its own. Results
//! come as streams, so what was made before a failure, or before the caller went away, is not lost. What it
//! changes it says, as a note.

mod batch;
mod fall_back;
mod fan_out;
mod fit;
mod loosen;
mod seeds;
mod size;

pub use batch::{delete_all, embed_all, get_all, upsert_all};
pub use fall_back::{FallBack, Order};
pub use fan_out::{Made, fan_out};
pub(crate) use fit::Offered;
pub use fit::fit_request;
pub use size::{best_size, to_size};
