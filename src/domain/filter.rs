//! Which records a search or a scan may return.

use serde::{Deserialize, Serialize};

use super::{FieldType, Schema, Value};
use crate::error::{Error, Result};

/// The deepest nesting of a filter.
const MAX_DEPTH: usize = 32;

/// A condition on the fields of a record; one meaning in every store.
///
/// A filter is two-valued: a record passes or it does not. A field that a record lacks matches no
/// condition, so only `Not` lets such a record pass. On a list, `Eq` and `In` mean "contains".
///
/// ```
/// use keyvisual::domain::{Fields, Filter};
///
/// let filter = Filter::eq("audience", "customers") & !Filter::eq("season", "winter");
/// let fields = Fields::from([("audience".into(), "customers".into())]);
/// assert!(filter.matches(&fields)); // no season, so not winter
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// The field has this value, or is a list that contains it.
    Eq(String, Value),
    /// The field has one of these values, or is a list that contains one. No values match nothing.
    In(String, Vec<Value>),
    /// The field lies within the bounds.
    Range(String, Bounds),
    /// The field is there, whatever its value; an empty list is there.
    Exists(String),
    /// Every condition holds; none at all holds always.
    And(Vec<Self>),
    /// At least one condition holds; none at all never holds.
    Or(Vec<Self>),
    /// The condition does not hold.
    Not(Box<Self>),
}

/// The bounds of a [`Filter::Range`], on integers, floats or times.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Greater than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gt: Option<Value>,
    /// This or greater.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gte: Option<Value>,
    /// Less than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lt: Option<Value>,
    /// This or less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lte: Option<Value>,
}

impl Filter {
    /// The field `name` is `value` or contains it.
    pub fn eq(name: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::Eq(name.into(), value.into())
    }

    /// The field `name` is, or contains, one of `values`.
    pub fn any_of<V: Into<Value>>(name: impl Into<String>, values: impl IntoIterator<Item = V>) -> Self {
        Self::In(name.into(), values.into_iter().map(Into::into).collect())
    }

    /// The field `name` is `value` or greater.
    pub fn at_least(name: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::Range(name.into(), Bounds { gte: Some(value.into()), ..Bounds::default() })
    }

    /// The field `name` is `value` or less.
    pub fn at_most(name: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::Range(name.into(), Bounds { lte: Some(value.into()), ..Bounds::default() })
    }

    /// The field `name` is there.
    pub fn exists(name: impl Into<String>) -> Self {
        Self::Exists(name.into())
    }

    /// Refuses a filter that no record could be meant by.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a field that is not declared, not filterable or of another type, a range
    /// on text or without bounds, a value that cannot be kept exactly, or more than 32 levels.
    pub fn validate(&self, schema: &Schema) -> Result<()> {
        self.validate_at(schema, 0)
    }

    fn validate_at(&self, schema: &Schema, depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(Error::invalid(format!("the filter is nested more than {MAX_DEPTH} levels deep")));
        }
        match self {
            Self::Eq(name, value) => check_value(schema, name, value),
            Self::In(name, values) => {
                filterable(schema, name)?;
                values.iter().try_for_each(|value| check_value(schema, name, value))
            }
            Self::Range(name, bounds) => {
                let mut values = bounds.values().peekable();
                if values.peek().is_none() {
                    return Err(Error::invalid(format!("the range on \"{name}\" has no bounds")));
                }
                if !matches!(
                    filterable(schema, name)?,
                    FieldType::Integer | FieldType::Float | FieldType::Time
                ) {
                    return Err(Error::invalid(format!(
                        "the field \"{name}\" has no order: a range takes integers, floats or times"
                    )));
                }
                values.try_for_each(|value| check_value(schema, name, value))
            }
            Self::Exists(name) => filterable(schema, name).map(|_| ()),
            Self::And(all) | Self::Or(all) => all.iter().try_for_each(|f| f.validate_at(schema, depth + 1)),
            Self::Not(filter) => filter.validate_at(schema, depth + 1),
        }
    }

    /// Whether a record with these fields passes: the meaning that every store must give.
    #[must_use]
    pub fn matches(&self, fields: &super::Fields) -> bool {
        match self {
            Self::Eq(name, value) => fields.get(name).is_some_and(|found| found.equals(value)),
            Self::In(name, values) => {
                fields.get(name).is_some_and(|found| values.iter().any(|value| found.equals(value)))
            }
            Self::Range(name, bounds) => fields.get(name).is_some_and(|found| bounds.contain(found)),
            Self::Exists(name) => fields.contains_key(name),
            Self::And(all) => all.iter().all(|filter| filter.matches(fields)),
            Self::Or(any) => any.iter().any(|filter| filter.matches(fields)),
            Self::Not(filter) => !filter.matches(fields),
        }
    }
}

fn filterable(schema: &Schema, name: &str) -> Result<FieldType> {
    match schema.get(name) {
        Some(spec) if spec.filterable => Ok(spec.field_type),
        Some(_) => Err(Error::invalid(format!("the field \"{name}\" is stored but not filterable"))),
        None => {
            Err(Error::invalid(format!("the filter names \"{name}\", which is not in the store's schema")))
        }
    }
}

fn check_value(schema: &Schema, name: &str, value: &Value) -> Result<()> {
    let field = filterable(schema, name)?;
    let wanted = if field == FieldType::TextList { FieldType::Text } else { field };
    if value.field_type() != wanted {
        let found = value.field_type();
        return Err(Error::invalid(format!("the filter on \"{name}\" takes {wanted:?}, not {found:?}")));
    }
    value.validate()
}

impl Value {
    fn equals(&self, wanted: &Self) -> bool {
        match (self, wanted) {
            (Self::TextList(texts), Self::Text(text)) => texts.contains(text),
            _ => self == wanted,
        }
    }

    fn order(&self, other: &Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => Some(a.cmp(b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(b),
            (Self::Time(a), Self::Time(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

impl Bounds {
    fn values(&self) -> impl Iterator<Item = &Value> {
        [&self.gt, &self.gte, &self.lt, &self.lte].into_iter().flatten()
    }

    fn contain(&self, value: &Value) -> bool {
        let holds = |bound: &Option<Value>, accepts: fn(std::cmp::Ordering) -> bool| {
            bound.as_ref().is_none_or(|bound| value.order(bound).is_some_and(accepts))
        };
        holds(&self.gt, std::cmp::Ordering::is_gt)
            && holds(&self.gte, std::cmp::Ordering::is_ge)
            && holds(&self.lt, std::cmp::Ordering::is_lt)
            && holds(&self.lte, std::cmp::Ordering::is_le)
    }
}

impl std::ops::BitAnd for Filter {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        match self {
            Self::And(mut all) => {
                all.push(other);
                Self::And(all)
            }
            first => Self::And(vec![first, other]),
        }
    }
}

impl std::ops::BitOr for Filter {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        match self {
            Self::Or(mut any) => {
                any.push(other);
                Self::Or(any)
            }
            first => Self::Or(vec![first, other]),
        }
    }
}

impl std::ops::Not for Filter {
    type Output = Self;

    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }
}
