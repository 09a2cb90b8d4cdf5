//! What an index holds, and which of its fields is which.

use super::settings::Engine;
use crate::{
    domain::{EmbeddingSpace, FieldSpec, Filter, Record, Schema},
    error::{Error, Result},
};

/// A collection as it was created.
#[derive(Debug)]
pub(super) struct Collection {
    pub(super) space: EmbeddingSpace,
    pub(super) schema: Schema,
    pub(super) engine: Engine,
}

impl Collection {
    /// The fields with the name each has in a document: its place, so that no name can be taken for something else.
    pub(super) fn fields(&self) -> impl Iterator<Item = (String, &str, FieldSpec)> {
        self.schema.iter().enumerate().map(|(at, (name, spec))| (format!("f{at}"), name, spec))
    }

    /// The name of the field `name` in a document.
    pub(super) fn place(&self, name: &str) -> Result<String> {
        let found = self.fields().find(|(_, field, _)| *field == name);
        found
            .map(|(place, ..)| place)
            .ok_or_else(|| Error::invalid(format!("the field \"{name}\" is not in the store's schema")))
    }

    /// The record as it is kept: checked, and its vector at length 1.
    pub(super) fn prepare(&self, mut record: Record) -> Result<Record> {
        self.schema.validate(&record)?;
        self.space.check_length(&record.vector).map_err(|e| e.with_context("id", &record.id))?;
        record.vector = record.vector.unit().map_err(|e| e.with_context("id", &record.id))?;
        Ok(record)
    }

    pub(super) fn check_filter(&self, filter: Option<&Filter>) -> Result<()> {
        filter.map_or(Ok(()), |filter| filter.validate(&self.schema))
    }
}
