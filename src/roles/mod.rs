//! The verbs: one trait per file, with its request, its reply and its contract.
//!
//! Each trait is for those who implement a backend; applications call the
//! [pipeline](crate::CampaignPipeline). What all of them promise:
//!
//! - One call is at most one billable wire request, and a backend never retries: the
//!   [door](crate::calls::Door) does.
//! - A field of a request that the backend cannot honour is an
//!   [`Unsupported`](crate::ErrorKind::Unsupported) error before anything is sent, never dropped.
//! - Dropping the future stops the work as far as the other side allows.
//! - An error says whether the request [was sent](crate::Error::was_sent) and whether the same request
//!   may [succeed later](crate::Error::is_transient).
//! - In a batch every item has a result at its place. `Err` of the whole call means that nothing was done,
//!   or that nobody can tell what was.
//!
//! Every role is usable as `Arc<dyn Role>`; `Arc<T>` and `Box<T>` play the roles of `T`.

mod asset_store;
mod campaign_store;
mod chat_model;
mod context;
mod decomposer;
mod describer;
mod embedder;
mod forward;
mod image_generator;
mod judge;
mod planner;
mod prompt_writer;
mod request;
mod scorer;
pub(crate) mod table;
mod vector_store;

pub use asset_store::*;
pub use campaign_store::*;
pub use chat_model::*;
pub use context::{CallContext, Tab};
pub use decomposer::*;
pub use describer::*;
pub use embedder::*;
pub use image_generator::*;
pub use judge::*;
pub use planner::*;
pub use prompt_writer::*;
pub use request::{Reply, Request};
pub use scorer::*;
pub use vector_store::*;
