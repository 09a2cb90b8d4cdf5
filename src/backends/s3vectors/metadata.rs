//! The fields of a record as metadata of a vector, and back.
//!
//! A key is a field's name where that is a plain one. Texts, numbers, truth values and lists are what they are in JSON, a time is its milliseconds;
//! which of them a number is, the schema says. An empty list is `false`: a list that `$exists` finds and no value
//! equals, in a form that the service documents.

use std::collections::HashMap;

use aws_smithy_types::{Document, Number};
use serde_json::{Map, Value as Json, json};

use super::{collection::Collection, limits};
use crate::{
    domain::{FieldType, Fields, Timestamp, Value},
    error::{Error, ErrorKind, Result},
};

/// A value as metadata, or as what a condition compares metadata with.
pub(super) fn json(value: &Value) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::Integer(number) => json!(number),
        Value::Float(number) => json!(number + 0.0), // -0.0 equals 0.0, but not in every JSON
        Value::Bool(yes) => json!(yes),
        Value::Time(time) => json!(time.as_millis()),
        Value::TextList(texts) if texts.is_empty() => json!(false),
        Value::TextList(texts) => json!(texts),
    }
}

/// The metadata of a record; none for one without fields.
pub(super) fn write(fields: &Fields, collection: &Collection) -> Option<Document> {
    let pairs =
        fields.iter().map(|(name, value)| (collection.key(name).into_owned(), document(&json(value))));
    let all: HashMap<_, _> = pairs.collect();
    (!all.is_empty()).then_some(Document::Object(all))
}

/// The fields in the metadata of the record `id`.
pub(super) fn read(id: &str, metadata: Option<&Document>, collection: &Collection) -> Result<Fields> {
    let damaged = |why: String| Err(Error::new(ErrorKind::Corrupt, why).with_context("id", id));
    let all = match metadata {
        None | Some(Document::Null) => return Ok(Fields::new()),
        Some(Document::Object(all)) => all,
        Some(_) => return damaged("the metadata is no object".into()),
    };
    let mut fields = Fields::new();
    for (key, found) in all {
        let Some((name, of)) = collection.field(key) else {
            return damaged(format!(
                "the metadata has the key {key:?}, which is no field of the store's schema"
            ));
        };
        match value(found, of) {
            Some(value) => fields.insert(name.into(), value),
            None => return damaged(format!("the metadata's {key:?} is no {of:?}")),
        };
    }
    Ok(fields)
}

fn value(found: &Document, of: FieldType) -> Option<Value> {
    Some(match (of, found) {
        (FieldType::Text, Document::String(text)) => Value::Text(text.clone()),
        (FieldType::Bool, Document::Bool(yes)) => Value::Bool(*yes),
        (FieldType::Integer, Document::Number(number)) => Value::Integer(whole(*number)?),
        (FieldType::Time, Document::Number(number)) => {
            Value::Time(Timestamp::from_millis(whole(*number)?).ok()?)
        }
        (FieldType::Float, Document::Number(number)) => Value::Float(number.to_f64_lossy()),
        (FieldType::TextList, Document::Bool(false)) => Value::TextList(Vec::new()),
        (FieldType::TextList, Document::Array(texts)) => Value::TextList(
            texts.iter().map(|text| text.as_string().map(str::to_owned)).collect::<Option<_>>()?,
        ),
        _ => return None,
    })
}

/// A whole number, also where it came with a fraction of zero.
fn whole(number: Number) -> Option<i64> {
    match number {
        Number::PosInt(number) => i64::try_from(number).ok(),
        Number::NegInt(number) => Some(number),
        #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
        Number::Float(number) => {
            (number.fract() == 0.0 && number.abs() <= 2_f64.powi(53)).then_some(number as i64)
        }
    }
}

/// Refuses more than a vector may carry.
pub(super) fn check(fields: &Fields, collection: &Collection) -> Result<()> {
    if fields.len() > limits::FIELDS {
        let (given, most) = (fields.len(), limits::FIELDS);
        return Err(Error::invalid(format!("the record has {given} fields, a vector takes {most}")));
    }
    let bytes = |wanted: &dyn Fn(&str) -> bool| {
        let some = fields.iter().filter(|(name, _)| wanted(name));
        Json::Object(
            some.map(|(name, value)| (collection.key(name).into_owned(), json(value))).collect::<Map<_, _>>(),
        )
        .to_string()
        .len()
    };
    let sizes = [
        (
            "fields that filters may name",
            bytes(&|name| collection.filterable(name)),
            limits::FILTERABLE_BYTES,
        ),
        ("fields", bytes(&|_| true), limits::METADATA_BYTES),
    ];
    for (what, given, most) in sizes {
        if given > most {
            return Err(Error::invalid(format!(
                "the {what} take {given} bytes as JSON, a vector takes {most}"
            )));
        }
    }
    Ok(())
}

/// JSON as the SDK takes it.
pub(super) fn document(json: &Json) -> Document {
    match json {
        Json::Null => Document::Null,
        Json::Bool(yes) => Document::Bool(*yes),
        Json::Number(number) => Document::Number(match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Number::PosInt(number),
            (None, Some(number)) => Number::NegInt(number),
            (None, None) => Number::Float(number.as_f64().unwrap_or_default()),
        }),
        Json::String(text) => Document::String(text.clone()),
        Json::Array(all) => Document::Array(all.iter().map(document).collect()),
        Json::Object(all) => {
            Document::Object(all.iter().map(|(name, value)| (name.clone(), document(value))).collect())
        }
    }
}
