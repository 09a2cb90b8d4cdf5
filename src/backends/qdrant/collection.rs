//! What a collection holds.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{EmbeddingSpace, Record, Schema},
    error::Result,
};

/// A collection as it was created.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Collection {
    /// The layout of the payload. Another number is another layout.
    pub(super) format: u32,
    pub(super) space: EmbeddingSpace,
    pub(super) schema: Schema,
}

impl Collection {
    /// The record as it is kept: checked, and its vector at length 1.
    pub(super) fn prepare(&self, mut record: Record) -> Result<Record> {
        self.schema.validate(&record)?;
        self.space.check_length(&record.vector).map_err(|e| e.with_context("id", &record.id))?;
        record.vector = record.vector.unit().map_err(|e| e.with_context("id", &record.id))?;
        Ok(record)
    }
}
