//! Values, which are JSON on both sides.

use std::collections::HashMap;

use qdrant_client::qdrant::{ListValue, Struct, Value, value::Kind};
use qdrant_edge::{JsonPath, Payload};
use serde_json::Value as Json;
use tonic::Status;

use super::bad;

pub(crate) fn path(key: &str) -> Result<JsonPath, Status> {
    key.parse().map_err(|()| bad(format!("Wrong input: Invalid json path: '{key}'")))
}

pub(super) fn payload(fields: HashMap<String, Value>) -> Result<Payload, Status> {
    let fields = fields.into_iter().map(|(name, value)| Ok((name, json(value)?)));
    fields.collect::<Result<_, Status>>().map(Payload)
}

fn json(value: Value) -> Result<Json, Status> {
    Ok(match value.kind {
        None | Some(Kind::NullValue(_)) => Json::Null,
        Some(Kind::BoolValue(yes)) => Json::Bool(yes),
        Some(Kind::IntegerValue(number)) => Json::from(number),
        Some(Kind::DoubleValue(number)) => serde_json::Number::from_f64(number)
            .map(Json::Number)
            .ok_or_else(|| bad("Wrong input: a number is not finite"))?,
        Some(Kind::StringValue(text)) => Json::String(text),
        Some(Kind::ListValue(list)) => {
            Json::Array(list.values.into_iter().map(json).collect::<Result<_, _>>()?)
        }
        Some(Kind::StructValue(fields)) => Json::Object(payload(fields.fields)?.0),
    })
}

pub(super) fn payload_back(payload: Option<Payload>) -> HashMap<String, Value> {
    let fields = payload.into_iter().flat_map(|payload| payload.0);
    fields.map(|(name, json)| (name, value(json))).collect()
}

fn value(json: Json) -> Value {
    let kind = match json {
        Json::Null => Kind::NullValue(0),
        Json::Bool(yes) => Kind::BoolValue(yes),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Kind::IntegerValue(number),
            None => Kind::DoubleValue(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Kind::StringValue(text),
        Json::Array(values) => Kind::ListValue(ListValue { values: values.into_iter().map(value).collect() }),
        Json::Object(fields) => {
            Kind::StructValue(Struct { fields: fields.into_iter().map(|(k, v)| (k, value(v))).collect() })
        }
    };
    Value { kind: Some(kind) }
}
