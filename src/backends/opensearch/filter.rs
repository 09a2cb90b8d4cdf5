//! Filters in the server's own language, part by part.

use serde_json::{Map, Value as Json, json};

use super::{collection::Collection, document::term};
use crate::{
    domain::{Bounds, Filter, Value},
    error::{Error, ErrorKind, Result},
};

/// A query has at most 1 024 conditions (`indices.query.bool.max_clause_count`); some are the store's own.
const MAX_CONDITIONS: usize = 500;

/// The values of one condition (`index.max_terms_count`).
const MAX_VALUES: usize = 65_536;

/// The query that a record passes when it passes the filter.
pub(super) fn query(filter: Option<&Filter>, collection: &Collection) -> Result<Json> {
    let Some(filter) = filter else { return Ok(everything()) };
    filter.validate(&collection.schema)?;
    let conditions = conditions(filter);
    if conditions > MAX_CONDITIONS {
        let message = format!(
            "the filter has {conditions} conditions, the engine takes {MAX_CONDITIONS}: write many values of one field as `In`"
        );
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    translate(filter, collection)
}

pub(super) fn everything() -> Json {
    json!({ "match_all": {} })
}

fn nothing() -> Json {
    json!({ "match_none": {} })
}

/// How many queries the server makes of it, at least one for each part.
fn conditions(filter: &Filter) -> usize {
    match filter {
        Filter::And(all) | Filter::Or(all) => all.iter().map(conditions).sum::<usize>().max(1),
        Filter::Not(filter) => 1 + conditions(filter),
        Filter::Range(_, Bounds { gt, gte, lt, lte }) => {
            let both = |strict: &Option<Value>, loose: &Option<Value>| strict.is_some() && loose.is_some();
            1 + usize::from(both(gt, gte) || both(lt, lte))
        }
        _ => 1,
    }
}

fn translate(filter: &Filter, collection: &Collection) -> Result<Json> {
    let each = |all: &[Filter]| all.iter().map(|f| translate(f, collection)).collect::<Result<Vec<_>>>();
    let field = |name: &str| collection.place(name).map(|place| format!("is.{place}"));
    Ok(match filter {
        Filter::Eq(name, value) => one("term", field(name)?, term(value)),
        Filter::In(name, values) if values.is_empty() => {
            field(name)?;
            nothing()
        }
        Filter::In(name, values) => one("terms", field(name)?, terms(name, values)?),
        Filter::Range(name, bounds) => range(&field(name)?, bounds),
        Filter::Exists(name) => one("term", "has".into(), collection.place(name)?.into()),
        Filter::And(all) if all.is_empty() => everything(),
        Filter::And(all) => json!({ "bool": { "filter": each(all)? } }),
        Filter::Or(any) if any.is_empty() => nothing(),
        Filter::Or(any) => json!({ "bool": { "should": each(any)?, "minimum_should_match": 1 } }),
        Filter::Not(filter) => json!({ "bool": { "must_not": [translate(filter, collection)?] } }),
    })
}

fn one(kind: &str, field: String, value: Json) -> Json {
    json!({ kind: Map::from_iter([(field, value)]) })
}

fn terms(name: &str, values: &[Value]) -> Result<Json> {
    if values.len() > MAX_VALUES {
        let message =
            format!("the filter has {} values for \"{name}\", the engine takes {MAX_VALUES}", values.len());
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    Ok(values.iter().map(term).collect())
}

/// Of two lower or two upper bounds the server takes the one it reads last, so the second goes into a range of its own.
fn range(field: &str, Bounds { gt, gte, lt, lte }: &Bounds) -> Json {
    let of = |bounds: [(&str, &Option<Value>); 2]| {
        let given =
            bounds.into_iter().filter_map(|(name, bound)| Some((name.to_owned(), term(bound.as_ref()?))));
        given.collect::<Map<_, _>>()
    };
    let (mut first, mut second) = (of([("gt", gt), ("lt", lt)]), of([("gte", gte), ("lte", lte)]));
    for (strict, loose) in [("gt", "gte"), ("lt", "lte")] {
        if !first.contains_key(strict) {
            first.extend(second.remove_entry(loose));
        }
    }
    let ranges = [first, second].into_iter().filter(|bounds| !bounds.is_empty());
    let mut ranges: Vec<_> = ranges.map(|bounds| one("range", field.to_owned(), bounds.into())).collect();
    match ranges.len() {
        1 => ranges.remove(0),
        _ => json!({ "bool": { "filter": ranges } }),
    }
}
