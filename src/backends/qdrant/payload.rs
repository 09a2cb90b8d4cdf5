//! Records as points, and points as records.

use std::collections::HashMap;

use qdrant_client::qdrant::{
    DenseVector, ListValue, PointId, PointStruct, RetrievedPoint, Struct, Value as Kept, Vector, value::Kind,
    vector, vector_output, vectors, vectors_output,
};

use super::{float, keys};
use crate::{
    domain::{Embedding, FieldType, Fields, Record, Schema, Timestamp, Value},
    error::{Error, ErrorKind, Result},
};

/// What Qdrant calls a payload.
pub(super) type Payload = HashMap<String, Kept>;

/// A record as it is sent, its vector as it is.
pub(super) fn point(record: &Record) -> PointStruct {
    let dense = DenseVector { data: record.vector.as_slice().to_vec() };
    let vector = Vector { vector: Some(vector::Vector::Dense(dense)), ..Vector::default() };
    let order = keys::order(&record.id).into_iter().enumerate();
    let fields = || record.fields.iter();
    let payload = [
        (keys::ID, text(&record.id)),
        (keys::ORDER, object(order.map(|(at, number)| (keys::level(at), integer(number))))),
        (keys::HAS, list(fields().map(|(name, _)| text(&keys::plain(name))))),
        (keys::FIELDS, object(fields().map(|(name, value)| (keys::plain(name), kept(value))))),
        (
            keys::FLOATS,
            object(fields().filter_map(|(name, value)| Some((keys::plain(name), halves(value)?)))),
        ),
    ];
    PointStruct {
        id: Some(keys::point(&record.id)),
        payload: payload.map(|(key, value)| (key.to_owned(), value)).into(),
        vectors: Some(vectors::VectorsOptions::Vector(vector).into()),
    }
}

fn kept(value: &Value) -> Kept {
    match value {
        Value::Text(value) => text(value),
        Value::Integer(number) => integer(*number),
        Value::Float(number) => of(Kind::DoubleValue(*number)),
        Value::Bool(yes) => of(Kind::BoolValue(*yes)),
        Value::Time(time) => integer(time.as_millis()),
        Value::TextList(texts) => list(texts.iter().map(|value| text(value))),
    }
}

fn halves(value: &Value) -> Option<Kept> {
    let Value::Float(number) = value else { return None };
    let (high, low) = float::split(*number);
    Some(object([("high".to_owned(), integer(high)), ("low".to_owned(), integer(low))]))
}

fn of(kind: Kind) -> Kept {
    Kept { kind: Some(kind) }
}

fn text(text: &str) -> Kept {
    of(Kind::StringValue(text.to_owned()))
}

fn integer(number: i64) -> Kept {
    of(Kind::IntegerValue(number))
}

fn list(values: impl IntoIterator<Item = Kept>) -> Kept {
    of(Kind::ListValue(ListValue { values: values.into_iter().collect() }))
}

fn object(fields: impl IntoIterator<Item = (String, Kept)>) -> Kept {
    of(Kind::StructValue(Struct { fields: fields.into_iter().collect() }))
}

/// The caller's id, which the point must be named after.
pub(super) fn id<'p>(point: Option<&PointId>, payload: &'p Payload) -> Result<&'p str> {
    match payload.get(keys::ID).and_then(|value| value.kind.as_ref()) {
        Some(Kind::StringValue(id)) if point == Some(&keys::point(id)) => Ok(id),
        _ => Err(corrupt("a point is not named after its id: something else writes into the collection")),
    }
}

/// Reads a point that was asked for with its vector.
pub(super) fn record(point: &RetrievedPoint, schema: &Schema) -> Result<Record> {
    let id = id(point.id.as_ref(), &point.payload)?;
    let named = |e: Error| {
        corrupt(format!("the record \"{id}\" cannot be read: {}", e.message())).with_context("id", id)
    };
    let vectors = point.vectors.as_ref().and_then(|vectors| vectors.vectors_options.as_ref());
    let vector = match vectors {
        Some(vectors_output::VectorsOptions::Vector(vector)) => vector.vector.as_ref(),
        _ => None,
    };
    let Some(vector_output::Vector::Dense(vector)) = vector else {
        return Err(named(corrupt("it has no vector")));
    };
    let vector = Embedding::new(vector.data.clone()).and_then(Embedding::unit).map_err(named)?;
    let mut record = Record::new(id, vector);
    record.fields = fields(&point.payload, schema).map_err(named)?;
    Ok(record)
}

/// Reads the fields that the schema declares.
pub(super) fn fields(payload: &Payload, schema: &Schema) -> Result<Fields> {
    let mut fields = Fields::new();
    let (kept, floats) = (child(payload, keys::FIELDS), child(payload, keys::FLOATS));
    for (name, spec) in schema.iter() {
        let key = keys::plain(name);
        let Some(kind) = kept.and_then(|kept| kept.get(&key)).and_then(|value| value.kind.as_ref()) else {
            continue;
        };
        let value = match (spec.field_type, kind) {
            (FieldType::Float, _) => floats.and_then(|floats| whole(floats, &key)),
            (FieldType::Text, Kind::StringValue(text)) => Some(Value::Text(text.clone())),
            (FieldType::Integer, Kind::IntegerValue(number)) => Some(Value::Integer(*number)),
            (FieldType::Bool, Kind::BoolValue(yes)) => Some(Value::Bool(*yes)),
            (FieldType::Time, Kind::IntegerValue(millis)) => {
                Timestamp::from_millis(*millis).ok().map(Value::Time)
            }
            (FieldType::TextList, Kind::ListValue(list)) => texts(list).map(Value::TextList),
            _ => None,
        };
        let value = value.ok_or_else(|| corrupt(format!("its field \"{name}\" has another type")))?;
        fields.insert(name.to_owned(), value);
    }
    Ok(fields)
}

fn whole(floats: &Payload, key: &str) -> Option<Value> {
    let halves = child(floats, key)?;
    let half = |name| match halves.get(name)?.kind {
        Some(Kind::IntegerValue(half)) => Some(half),
        _ => None,
    };
    float::join(half("high")?, half("low")?).map(Value::Float)
}

fn texts(list: &ListValue) -> Option<Vec<String>> {
    let text = |value: &Kept| match &value.kind {
        Some(Kind::StringValue(text)) => Some(text.clone()),
        _ => None,
    };
    list.values.iter().map(text).collect()
}

fn child<'p>(payload: &'p Payload, key: &str) -> Option<&'p Payload> {
    match payload.get(key)?.kind.as_ref()? {
        Kind::StructValue(fields) => Some(&fields.fields),
        _ => None,
    }
}

fn corrupt(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Corrupt, message)
}
