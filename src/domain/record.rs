//! What a vector store keeps: a vector with typed fields below an id the caller chose.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Embedding, Timestamp};
use crate::error::{Error, ErrorKind, Result};

/// The largest integer every store keeps exactly: 2^53, what a JSON number holds.
pub const MAX_INTEGER: i64 = 1 << 53;

/// A value of a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Value {
    /// Text, compared byte by byte.
    Text(String),
    /// A whole number from -2^53 to 2^53.
    Integer(i64),
    /// A finite number; -0.0 equals 0.0.
    Float(f64),
    /// Yes or no.
    Bool(bool),
    /// A time, to the millisecond.
    Time(Timestamp),
    /// Several texts, in order; `eq` means "contains".
    TextList(Vec<String>),
}

/// The type of a [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FieldType {
    /// [`Value::Text`]
    Text,
    /// [`Value::Integer`]
    Integer,
    /// [`Value::Float`]
    Float,
    /// [`Value::Bool`]
    Bool,
    /// [`Value::Time`]
    Time,
    /// [`Value::TextList`]
    TextList,
}

impl Value {
    /// The type of this value.
    #[must_use]
    pub fn field_type(&self) -> FieldType {
        match self {
            Self::Text(_) => FieldType::Text,
            Self::Integer(_) => FieldType::Integer,
            Self::Float(_) => FieldType::Float,
            Self::Bool(_) => FieldType::Bool,
            Self::Time(_) => FieldType::Time,
            Self::TextList(_) => FieldType::TextList,
        }
    }

    /// Refuses what no store can keep exactly.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for an integer beyond 2^53 and for a float that is not finite.
    pub fn validate(&self) -> Result<()> {
        match self {
            Self::Integer(n) if n.unsigned_abs() > MAX_INTEGER.unsigned_abs() => Err(Error::invalid(
                format!("{n} is beyond 2^53, which is the most that every store keeps exactly"),
            )),
            Self::Float(x) if !x.is_finite() => Err(Error::invalid(format!("{x} is not a finite number"))),
            _ => Ok(()),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl From<Timestamp> for Value {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}

impl From<Vec<String>> for Value {
    fn from(texts: Vec<String>) -> Self {
        Self::TextList(texts)
    }
}

/// The fields of a record, by name.
pub type Fields = BTreeMap<String, Value>;

/// What a vector store keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Record {
    /// The caller's id, 1 to 512 bytes.
    pub id: String,
    /// A unit vector of the store's space.
    pub vector: Embedding,
    /// Typed fields, each declared in the store's [`Schema`].
    pub fields: Fields,
}

impl Record {
    /// A record without fields.
    pub fn new(id: impl Into<String>, vector: Embedding) -> Self {
        Self { id: id.into(), vector, fields: Fields::new() }
    }

    /// Sets a field.
    #[must_use]
    pub fn with_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }
}

/// The fields that the records of a store may have.
///
/// A store knows its fields before the first record, because several engines must, and because a
/// filter on a misspelt field would otherwise match nothing and say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema(BTreeMap<String, FieldSpec>);

/// One field of a [`Schema`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FieldSpec {
    /// The type of every value of the field.
    pub field_type: FieldType,
    /// Whether filters may name it. Several engines limit how much may be filtered.
    pub filterable: bool,
}

impl Schema {
    /// No fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field that filters may name.
    #[must_use]
    pub fn with_filterable(mut self, name: impl Into<String>, field_type: FieldType) -> Self {
        self.0.insert(name.into(), FieldSpec { field_type, filterable: true });
        self
    }

    /// Adds a field that is only kept and given back.
    #[must_use]
    pub fn with_stored(mut self, name: impl Into<String>, field_type: FieldType) -> Self {
        self.0.insert(name.into(), FieldSpec { field_type, filterable: false });
        self
    }

    /// The field `name`, if it is declared.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<FieldSpec> {
        self.0.get(name).copied()
    }

    /// All fields, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, FieldSpec)> {
        self.0.iter().map(|(name, spec)| (name.as_str(), *spec))
    }

    /// Refuses another schema, for a collection that was made with this one.
    ///
    /// # Errors
    /// [`Conflict`](ErrorKind::Conflict) when the schemas differ in anything.
    pub fn require(&self, other: &Self) -> Result<()> {
        if self == other {
            return Ok(());
        }
        let message = "the collection exists with another schema: use its fields, or another collection";
        Err(Error::new(ErrorKind::Conflict, message))
    }

    /// Checks id and fields of a record.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for an id that is empty or longer than 512 bytes, a field that is not
    /// declared, of another type, or with a value that cannot be kept exactly.
    pub fn validate(&self, record: &Record) -> Result<()> {
        if record.id.is_empty() || record.id.len() > 512 {
            return Err(Error::invalid(format!(
                "an id has 1 to 512 bytes, this one has {}",
                record.id.len()
            )));
        }
        self.validate_fields(&record.fields).map_err(|e| e.with_context("id", &record.id))
    }

    fn validate_fields(&self, fields: &Fields) -> Result<()> {
        for (name, value) in fields {
            let Some(spec) = self.get(name) else {
                return Err(Error::invalid(format!("the field \"{name}\" is not in the store's schema")));
            };
            if spec.field_type != value.field_type() {
                return Err(Error::invalid(format!(
                    "the field \"{name}\" holds {:?}, not {:?}",
                    spec.field_type,
                    value.field_type()
                )));
            }
            value.validate().map_err(|e| e.with_context("field", name))?;
        }
        Ok(())
    }
}
