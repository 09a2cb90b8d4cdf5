//! Requests in the engine's types and its answers in the interface's: the same words, nothing decided.

mod config;
mod error;
mod filter;
mod payload;
mod point;
mod query;

pub(crate) use config::{config, field_schema, info};
pub(crate) use error::status;
pub(crate) use filter::filter;
pub(crate) use payload::path;
pub(crate) use point::{id, id_back, point, record, scored, selected};
pub(crate) use query::{nearest, order_by, params, with_payload, with_vector};

use serde_json::Value as Json;
use tonic::Status;

fn bad(message: impl Into<String>) -> Status {
    Status::invalid_argument(message)
}

/// Reads what the engine itself reads from Qdrant's JSON interface.
fn from_json<T: serde::de::DeserializeOwned>(json: Json) -> Result<T, Status> {
    serde_json::from_value(json).map_err(|e| bad(format!("Wrong input: {e}")))
}
