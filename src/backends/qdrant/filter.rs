//! A filter as Qdrant's conditions, with the same meaning.
//!
//! Qdrant's conditions are two-valued too: a field that is missing matches nothing, and `must_not` turns that round. Its
//! empty clauses match everything, its `is_empty` takes an empty list for a missing field, and it compares no float
//! for equality: these are put in other words.

use qdrant_client::qdrant::{
    Condition, FieldCondition, Filter as Conditions, HasIdCondition, Match, Range, RepeatedIntegers,
    RepeatedStrings, condition::ConditionOneOf, r#match::MatchValue,
};

use super::{float, keys};
use crate::{
    domain::{Bounds, Filter, Schema, Value},
    error::{Error, Result},
};

/// The conditions that a record passes; none for all records.
pub(super) fn conditions(filter: Option<&Filter>, schema: &Schema) -> Result<Option<Conditions>> {
    let Some(filter) = filter else { return Ok(None) };
    filter.validate(schema)?;
    Ok(Some(Conditions { must: vec![condition(filter)?], ..Conditions::default() }))
}

fn condition(filter: &Filter) -> Result<Condition> {
    Ok(match filter {
        Filter::Eq(name, value) => any_of(name, std::slice::from_ref(value))?,
        Filter::In(name, values) => any_of(name, values)?,
        Filter::Range(name, bounds) => range(name, bounds)?,
        Filter::Exists(name) => matches(keys::HAS, MatchValue::Keyword(keys::plain(name))),
        Filter::And(all) => every(all.iter().map(condition).collect::<Result<_>>()?),
        Filter::Or(any) => some(any.iter().map(condition).collect::<Result<_>>()?),
        Filter::Not(filter) => {
            nested(Conditions { must_not: vec![condition(filter)?], ..Conditions::default() })
        }
    })
}

/// All hold; none at all always does.
pub(super) fn every(must: Vec<Condition>) -> Condition {
    nested(Conditions { must, ..Conditions::default() })
}

/// One holds; none at all never does.
fn some(should: Vec<Condition>) -> Condition {
    if should.is_empty() {
        return HasIdCondition { has_id: Vec::new() }.into();
    }
    nested(Conditions { should, ..Conditions::default() })
}

fn nested(filter: Conditions) -> Condition {
    Condition { condition_one_of: Some(ConditionOneOf::Filter(filter)) }
}

fn matches(key: impl Into<String>, wanted: MatchValue) -> Condition {
    let r#match = Some(Match { match_value: Some(wanted) });
    FieldCondition { key: key.into(), r#match, ..FieldCondition::default() }.into()
}

/// The integer at `key` is this one.
pub(super) fn is(key: impl Into<String>, number: i64) -> Condition {
    matches(key, MatchValue::Integer(number))
}

/// The integer at `key` is greater than this one, which is exact below 2^53.
pub(super) fn above(key: impl Into<String>, number: i64) -> Condition {
    within(key, Range { gt: Some(number as f64), ..Range::default() })
}

fn within(key: impl Into<String>, range: Range) -> Condition {
    FieldCondition { key: key.into(), range: Some(range), ..FieldCondition::default() }.into()
}

/// The field is, or contains, one of the values.
fn any_of(name: &str, values: &[Value]) -> Result<Condition> {
    let (mut texts, mut integers, mut others) = (Vec::new(), Vec::new(), Vec::new());
    let path = keys::field_path(name);
    for value in values {
        match value {
            Value::Text(text) => texts.push(text.clone()),
            Value::Integer(number) => integers.push(*number),
            Value::Time(time) => integers.push(time.as_millis()),
            Value::Bool(yes) => others.push(matches(path.clone(), MatchValue::Boolean(*yes))),
            Value::Float(number) => others.push(float_is(name, *number)),
            Value::TextList(_) => return Err(Error::invalid("a list is compared by its elements")),
        }
    }
    if !texts.is_empty() {
        others.push(matches(path.clone(), MatchValue::Keywords(RepeatedStrings { strings: texts })));
    }
    if !integers.is_empty() {
        others.push(matches(path, MatchValue::Integers(RepeatedIntegers { integers })));
    }
    Ok(some(others))
}

fn float_is(name: &str, number: f64) -> Condition {
    let ((high, low), (high_key, low_key)) = (float::split(number), keys::float_paths(name));
    every(vec![is(high_key, high), is(low_key, low)])
}

fn range(name: &str, bounds: &Bounds) -> Result<Condition> {
    let Bounds { gt, gte, lt, lte } = bounds;
    let mut parts = Vec::new();
    for (side, bound) in [(Side::Gt, gt), (Side::Gte, gte), (Side::Lt, lt), (Side::Lte, lte)] {
        parts.push(match bound {
            None => continue,
            Some(Value::Integer(number)) => within(keys::field_path(name), side.range(*number)),
            Some(Value::Time(time)) => within(keys::field_path(name), side.range(time.as_millis())),
            Some(Value::Float(number)) => float_within(name, side, *number),
            Some(_) => return Err(Error::invalid("a range takes integers, floats or times")),
        });
    }
    Ok(every(parts))
}

/// One side of a range.
#[derive(Clone, Copy)]
enum Side {
    Gt,
    Gte,
    Lt,
    Lte,
}

impl Side {
    /// The numbers on this side of an integer within 2^53.
    fn range(self, number: i64) -> Range {
        let bound = Some(number as f64);
        match self {
            Self::Gt => Range { gt: bound, ..Range::default() },
            Self::Gte => Range { gte: bound, ..Range::default() },
            Self::Lt => Range { lt: bound, ..Range::default() },
            Self::Lte => Range { lte: bound, ..Range::default() },
        }
    }

    /// The same side without the number itself.
    fn strictly(self) -> Self {
        match self {
            Self::Gt | Self::Gte => Self::Gt,
            Self::Lt | Self::Lte => Self::Lt,
        }
    }
}

/// The high halves decide, and where they are equal the low ones.
fn float_within(name: &str, side: Side, number: f64) -> Condition {
    let ((high, low), (high_key, low_key)) = (float::split(number), keys::float_paths(name));
    let beyond = within(high_key.clone(), side.strictly().range(high));
    let at = every(vec![is(high_key, high), within(low_key, side.range(low))]);
    some(vec![beyond, at])
}
