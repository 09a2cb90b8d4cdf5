//! A filter, written as the engine reads it from JSON.

use qdrant_client::qdrant::{
    Condition, FieldCondition, Filter, condition::ConditionOneOf, r#match::MatchValue,
};
use serde_json::{Map, Value as Json, json};
use tonic::Status;

use super::{bad, from_json, point};

pub(crate) fn filter(filter: Filter) -> Result<qdrant_edge::Filter, Status> {
    from_json(clauses(filter)?)
}

fn clauses(filter: Filter) -> Result<Json, Status> {
    let Filter { should, must, must_not, min_should } = filter;
    if min_should.is_some() {
        return Err(Status::unimplemented("min_should is not served"));
    }
    let mut clauses = Map::new();
    for (name, conditions) in [("should", should), ("must", must), ("must_not", must_not)] {
        if !conditions.is_empty() {
            let conditions = conditions.into_iter().map(condition).collect::<Result<Vec<_>, _>>()?;
            clauses.insert(name.into(), Json::Array(conditions));
        }
    }
    Ok(Json::Object(clauses))
}

fn condition(condition: Condition) -> Result<Json, Status> {
    match condition.condition_one_of {
        Some(ConditionOneOf::Field(condition)) => field(condition),
        Some(ConditionOneOf::Filter(filter)) => clauses(filter),
        Some(ConditionOneOf::HasId(condition)) => {
            let ids = condition.has_id.into_iter().map(point::id).collect::<Result<Vec<_>, _>>()?;
            Ok(json!({ "has_id": ids }))
        }
        Some(ConditionOneOf::IsEmpty(condition)) => Ok(json!({ "is_empty": { "key": condition.key } })),
        Some(ConditionOneOf::IsNull(condition)) => Ok(json!({ "is_null": { "key": condition.key } })),
        Some(_) => Err(Status::unimplemented("this condition is not served")),
        None => Err(bad("Malformed Condition type")),
    }
}

fn field(condition: FieldCondition) -> Result<Json, Status> {
    let mut field = Map::from_iter([("key".to_owned(), Json::String(condition.key))]);
    if let Some(wanted) = condition.r#match {
        field.insert("match".into(), matches(wanted.match_value.ok_or_else(|| bad("Malformed Match"))?)?);
    }
    if let Some(range) = condition.range {
        let bounds = [("lt", range.lt), ("gt", range.gt), ("gte", range.gte), ("lte", range.lte)];
        let bounds = bounds.into_iter().filter_map(|(name, bound)| Some((name.to_owned(), bound?.into())));
        field.insert("range".into(), Json::Object(bounds.collect()));
    }
    Ok(Json::Object(field))
}

fn matches(wanted: MatchValue) -> Result<Json, Status> {
    Ok(match wanted {
        MatchValue::Keyword(text) => json!({ "value": text }),
        MatchValue::Integer(number) => json!({ "value": number }),
        MatchValue::Boolean(yes) => json!({ "value": yes }),
        MatchValue::Keywords(texts) => json!({ "any": texts.strings }),
        MatchValue::Integers(numbers) => json!({ "any": numbers.integers }),
        _ => return Err(Status::unimplemented("this match is not served")),
    })
}
