//! What a collection holds, and how its records are columns.

use super::names::Names;
use crate::{
    domain::{EmbeddingSpace, FieldType, Filter, Record, Schema},
    error::{Error, ErrorKind, Result},
};

/// What the vectors of a collection are indexed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Index {
    /// Not at all.
    None,
    /// As they are, up to 2 000 dimensions.
    Vector,
    /// In half precision, up to 4 000 dimensions.
    HalfVec,
}

impl Index {
    /// What can be indexed of `dimensions`, if an index is wanted.
    pub(super) fn choose(wanted: bool, halfvec: bool, dimensions: usize) -> Self {
        match (wanted, halfvec) {
            (true, false) if dimensions <= 2_000 => Self::Vector,
            (true, true) if dimensions <= 4_000 => Self::HalfVec,
            _ => Self::None,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Vector => "vector",
            Self::HalfVec => "halfvec",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self> {
        let all = [Self::None, Self::Vector, Self::HalfVec];
        all.into_iter().find(|index| index.as_str() == text).ok_or_else(|| {
            let message = format!("the collection has an index of kind \"{text}\": a newer version wrote it");
            Error::new(ErrorKind::Unsupported, message)
        })
    }
}

/// A collection as it was created.
#[derive(Debug)]
pub(super) struct Collection {
    pub(super) names: Names,
    pub(super) space: EmbeddingSpace,
    pub(super) schema: Schema,
    pub(super) index: Index,
}

impl Collection {
    /// The columns of the fields, in the order of their names: `f0`, `f1` ...
    pub(super) fn columns(&self) -> impl Iterator<Item = (String, &str, FieldType)> {
        let fields = self.schema.iter().enumerate();
        fields.map(|(at, (name, spec))| (format!("f{at}"), name, spec.field_type))
    }

    /// The columns as the end of a list: `, f0, f1`.
    pub(super) fn column_list(&self) -> String {
        self.columns().map(|(column, ..)| format!(", {column}")).collect()
    }

    /// The column of the field `name`.
    pub(super) fn column(&self, name: &str) -> Result<(String, FieldType)> {
        let found = self.columns().find(|(_, field, _)| *field == name);
        let found = found.map(|(column, _, of)| (column, of));
        found.ok_or_else(|| Error::invalid(format!("the field \"{name}\" is not in the store's schema")))
    }

    /// The record as it is kept: checked, and its vector at length 1.
    pub(super) fn prepare(&self, mut record: Record) -> Result<Record> {
        self.schema.validate(&record)?;
        no_nul("id", &record.id)?;
        for (name, value) in &record.fields {
            let texts = match value {
                crate::domain::Value::Text(text) => std::slice::from_ref(text),
                crate::domain::Value::TextList(texts) => texts.as_slice(),
                _ => continue,
            };
            for text in texts {
                no_nul(name, text).map_err(|e| e.with_context("id", &record.id))?;
            }
        }
        self.space.check_length(&record.vector).map_err(|e| e.with_context("id", &record.id))?;
        record.vector = record.vector.unit().map_err(|e| e.with_context("id", &record.id))?;
        Ok(record)
    }

    pub(super) fn check_filter(&self, filter: Option<&Filter>) -> Result<()> {
        filter.map_or(Ok(()), |filter| filter.validate(&self.schema))
    }
}

fn no_nul(what: &str, text: &str) -> Result<()> {
    match text.find('\0') {
        Some(at) => Err(Error::invalid(format!(
            "\"{what}\" has the character NUL at byte {at}, which Postgres does not keep: remove it"
        ))),
        None => Ok(()),
    }
}
