//! A filter in the service's words.
//!
//! Its conditions are those of a document database: there is no `not`, and what an operator says of a missing key is
//! not documented. So `not` is pushed down to the conditions, and each of those says about a missing key itself.

use serde_json::{Value as Json, json};

use super::{collection::Collection, limits, metadata};
use crate::{
    domain::{Bounds, Filter, Value},
    error::{Error, ErrorKind, Result},
};

/// What passes.
#[derive(Debug, PartialEq)]
pub(super) enum Condition {
    /// Every record.
    All,
    /// No record.
    None,
    /// What this says.
    Some(Json),
}

/// The condition that a record passes.
pub(super) fn condition(filter: Option<&Filter>, collection: &Collection) -> Result<Condition> {
    let Some(filter) = filter else { return Ok(Condition::All) };
    filter.validate(&collection.schema)?;
    let condition = translate(filter, true, collection)?;
    if let Condition::Some(said) = &condition {
        let (given, most) = (constraints(said), limits::CONSTRAINTS);
        if given > most {
            let message =
                format!("the filter compares with {given} values, S3 Vectors takes {most} in a search");
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    }
    Ok(condition)
}

/// The condition that a record passes `filter`, or, where `holds` is false, that it does not.
fn translate(filter: &Filter, holds: bool, collection: &Collection) -> Result<Condition> {
    Ok(match filter {
        Filter::Eq(name, value) => one_of(&collection.key(name), std::slice::from_ref(value), holds),
        Filter::In(name, values) => one_of(&collection.key(name), values, holds),
        Filter::Range(name, bounds) => range(&collection.key(name), bounds, holds)?,
        Filter::Exists(name) => Condition::Some(exists(&collection.key(name), holds)),
        Filter::And(all) => joined(all, holds, holds, collection)?,
        Filter::Or(any) => joined(any, !holds, holds, collection)?,
        Filter::Not(filter) => translate(filter, !holds, collection)?,
    })
}

/// All of the conditions, or any of them; the service takes no empty list.
fn joined(filters: &[Filter], all: bool, holds: bool, collection: &Collection) -> Result<Condition> {
    let (neutral, decisive) =
        if all { (Condition::All, Condition::None) } else { (Condition::None, Condition::All) };
    let mut parts = Vec::new();
    for filter in filters {
        match translate(filter, holds, collection)? {
            condition if condition == neutral => {}
            Condition::Some(part) => parts.push(part),
            _ => return Ok(decisive),
        }
    }
    Ok(match parts.len() {
        0 => neutral,
        1 => Condition::Some(parts.remove(0)),
        _ => Condition::Some(if all { json!({ "$and": parts }) } else { json!({ "$or": parts }) }),
    })
}

fn exists(key: &str, holds: bool) -> Json {
    json!({ key: { "$exists": holds } })
}

/// A condition on a key that is missing, or of which `said` holds.
fn missing_or(key: &str, mut said: Vec<Json>) -> Condition {
    said.insert(0, exists(key, false));
    Condition::Some(json!({ "$or": said }))
}

/// The key is, or contains, one of the values; or it does not, or is missing.
fn one_of(key: &str, values: &[Value], holds: bool) -> Condition {
    let values: Vec<_> = values.iter().map(metadata::json).collect();
    match (&values[..], holds) {
        ([], true) => Condition::None,
        ([], false) => Condition::All,
        ([value], true) => Condition::Some(json!({ key: { "$eq": value } })),
        (values, true) => Condition::Some(json!({ key: { "$in": values } })),
        (values, false) => missing_or(key, vec![json!({ key: { "$nin": values } })]),
    }
}

/// The key lies within the bounds; or beyond one of them, or is missing.
fn range(key: &str, bounds: &Bounds, holds: bool) -> Result<Condition> {
    let Bounds { gt, gte, lt, lte } = bounds;
    let mut said = Vec::new();
    for (sign, opposite, bound) in
        [("$gt", "$lte", gt), ("$gte", "$lt", gte), ("$lt", "$gte", lt), ("$lte", "$gt", lte)]
    {
        let Some(bound) = bound else { continue };
        if !matches!(bound, Value::Integer(_) | Value::Float(_) | Value::Time(_)) {
            return Err(Error::invalid("a range takes integers, floats or times"));
        }
        said.push(json!({ key: { (if holds { sign } else { opposite }): metadata::json(bound) } }));
    }
    if !holds {
        return Ok(missing_or(key, said));
    }
    // Not every server of this interface takes a missing key to be in no range.
    said.insert(0, exists(key, true));
    Ok(Condition::Some(json!({ "$and": said })))
}

/// The values that are compared with, as the service counts them.
fn constraints(said: &Json) -> usize {
    match said {
        Json::Object(all) => all.values().map(constraints).sum(),
        Json::Array(all) => all.iter().map(constraints).sum(),
        _ => 1,
    }
}
