//! What a collection holds, and what its index takes.

use std::borrow::Cow;

use super::{limits, metadata};
use crate::{
    domain::{EmbeddingSpace, FieldType, Record, Schema},
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
        let stored = self.stored().count();
        if stored > limits::STORED_FIELDS {
            let most = limits::STORED_FIELDS;
            let message = format!(
                "the schema has {stored} fields that are only stored, an index takes {most} non-filterable keys"
            );
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        Ok(())
    }

    /// The keys of the fields that filters may not name.
    pub(super) fn stored(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.schema.iter().filter(|(_, spec)| !spec.filterable).map(|(name, _)| self.key(name))
    }

    /// The metadata key of a field: its name, or its place in the schema where the name is out of the ordinary, as
    /// `$eq` would be.
    pub(super) fn key<'n>(&self, name: &'n str) -> Cow<'n, str> {
        match self.schema.iter().position(|(field, _)| field == name) {
            Some(place) if !plain(name) => format!("_{place}").into(),
            _ => name.into(),
        }
    }

    /// The field of a metadata key.
    pub(super) fn field(&self, key: &str) -> Option<(&str, FieldType)> {
        let found = self.schema.iter().find(|(name, _)| self.key(name) == key);
        found.map(|(name, spec)| (name, spec.field_type))
    }

    /// Whether filters may name the field.
    pub(super) fn filterable(&self, name: &str) -> bool {
        self.schema.get(name).is_some_and(|spec| spec.filterable)
    }

    /// The record as it is kept: checked, and its vector at length 1.
    pub(super) fn prepare(&self, mut record: Record) -> Result<Record> {
        self.schema.validate(&record)?;
        let checked =
            self.space.check_length(&record.vector).and_then(|()| metadata::check(&record.fields, self));
        checked.map_err(|e| e.with_context("id", &record.id))?;
        record.vector = record.vector.unit().map_err(|e| e.with_context("id", &record.id))?;
        Ok(record)
    }
}

/// Whether a name can be a metadata key as it is.
fn plain(name: &str) -> bool {
    name.len() <= limits::KEY_BYTES
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}
