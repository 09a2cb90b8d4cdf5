//! What a collection holds, and what its index takes.

use super::{limits, metadata};
use crate::{
    domain::{Embedding, EmbeddingSpace, Record, Schema},
    error::{Error, ErrorKind, Result},
};

/// A collection as it was created.
#[derive(Debug)]
pub(super) struct Collection {
    pub(super) space: EmbeddingSpace,
    pub(super) schema: Schema,
}

impl Collection {
    /// Refuses what no index can hold.
    pub(super) fn check(&self) -> Result<()> {
        let unsupported = |message| Err(Error::new(ErrorKind::Unsupported, message));
        let dimensions = self.space.dimensions;
        if !(1..=limits::DIMENSIONS).contains(&dimensions) {
            let most = limits::DIMENSIONS;
            return unsupported(format!("the space has {dimensions} dimensions, an index takes 1 to {most}"));
        }
        let stored = self.stored().count();
        if stored > limits::STORED_FIELDS {
            let most = limits::STORED_FIELDS;
            return unsupported(format!(
                "the schema has {stored} fields that are only stored, an index takes {most} non-filterable keys"
            ));
        }
        for (name, _) in self.schema.iter() {
            if name.is_empty() || name.len() > limits::FIELD_NAME || name.starts_with('$') {
                let most = limits::FIELD_NAME;
                return unsupported(format!(
                    "the field {name:?} cannot be a metadata key: a name has 1 to {most} bytes and does not begin with \"$\""
                ));
            }
        }
        Ok(())
    }

    /// The fields that filters may not name.
    pub(super) fn stored(&self) -> impl Iterator<Item = &str> {
        self.schema.iter().filter(|(_, spec)| !spec.filterable).map(|(name, _)| name)
    }

    /// Whether filters may name the field.
    pub(super) fn filterable(&self, name: &str) -> bool {
        self.schema.get(name).is_some_and(|spec| spec.filterable)
    }

    pub(super) fn check_length(&self, vector: &Embedding) -> Result<()> {
        let (given, wanted) = (vector.dimensions(), self.space.dimensions);
        if given == wanted {
            return Ok(());
        }
        let message = format!("the vector has {given} dimensions, the store's have {wanted}");
        Err(Error::new(ErrorKind::SpaceMismatch, message))
    }

    /// The record as it is kept: checked, and its vector at length 1.
    pub(super) fn prepare(&self, mut record: Record) -> Result<Record> {
        self.schema.validate(&record)?;
        let checked = self.check_length(&record.vector).and_then(|()| metadata::check(&record.fields, self));
        checked.map_err(|e| e.with_context("id", &record.id))?;
        record.vector = record.vector.unit().map_err(|e| e.with_context("id", &record.id))?;
        Ok(record)
    }
}
