//! Records as documents, and back.
//!
//! `is` holds what filters look at, `kept` what only comes back: fields that are not filterable, and long texts, of which
//! `is` has a digest. `has` names the fields that are there, an empty list too, which an index would forget.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::collection::Collection;
use crate::{
    domain::{Embedding, FieldType, Fields, Record, Timestamp, Value},
    error::{Error, ErrorKind, Result},
};

/// The longest text that is a term of the index itself, in bytes; the engine's own limit is 32 766.
const MAX_TERM: usize = 1_024;

/// What a digest begins with.
const DIGEST: &str = "sha256:";

/// A document as it is sent.
#[derive(Serialize)]
struct Written<'r> {
    id: &'r str,
    vector: &'r [f32],
    has: Vec<String>,
    is: Map<String, Json>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    kept: Map<String, Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<u64>,
}

/// A document as it comes back.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Document {
    pub(super) id: String,
    /// Left out of the answers to searches.
    #[serde(default)]
    vector: Vec<f32>,
    #[serde(default)]
    is: Map<String, Json>,
    #[serde(default)]
    kept: Map<String, Json>,
    /// Which of several documents of one record is the latest, where the server names documents.
    #[serde(default)]
    pub(super) written: u64,
}

/// The JSON of a record.
pub(super) fn encode(record: &Record, collection: &Collection, written: Option<u64>) -> Result<Vec<u8>> {
    let (mut has, mut is, mut kept) = (Vec::new(), Map::new(), Map::new());
    for (place, name, spec) in collection.fields() {
        let Some(value) = record.fields.get(name) else { continue };
        let term = term(value);
        if !spec.filterable || texts(value).any(is_long) {
            kept.insert(place.clone(), plain(value));
        }
        if spec.filterable {
            has.push(place.clone());
            is.insert(place, term);
        }
    }
    let document = Written { id: &record.id, vector: record.vector.as_slice(), has, is, kept, written };
    serde_json::to_vec(&document)
        .map_err(|e| Error::new(ErrorKind::Internal, format!("the record cannot be written: {e}")))
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    match value {
        Value::Text(text) => std::slice::from_ref(text),
        Value::TextList(texts) => texts.as_slice(),
        _ => &[],
    }
    .iter()
    .map(String::as_str)
}

/// Also what looks like a digest has one, so that two texts never share a term.
fn is_long(text: &str) -> bool {
    text.len() > MAX_TERM || text.starts_with(DIGEST)
}

fn text_term(text: &str) -> Json {
    if !is_long(text) {
        return text.into();
    }
    let digest = Sha256::digest(text.as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{DIGEST}{hex}").into()
}

/// A value as the index and its filters have it.
pub(super) fn term(value: &Value) -> Json {
    match value {
        Value::Text(text) => text_term(text),
        Value::TextList(texts) => texts.iter().map(|text| text_term(text)).collect(),
        Value::Float(number) => json!(number + 0.0), // -0.0 has a place of its own in the index
        other => plain(other),
    }
}

/// A value as it is.
fn plain(value: &Value) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::Integer(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::Bool(yes) => json!(yes),
        Value::Time(time) => json!(time.as_millis()),
        Value::TextList(texts) => json!(texts),
    }
}

impl Document {
    /// The record, with its vector.
    pub(super) fn record(self, collection: &Collection) -> Result<Record> {
        let damaged = |e: Error| {
            let message = format!("the record \"{}\" cannot be read: {}", self.id, e.message());
            Error::new(ErrorKind::Corrupt, message).with_context("id", &self.id)
        };
        let fields = self.fields(collection).map_err(damaged)?;
        let vector = Embedding::new(self.vector.as_slice()).and_then(Embedding::unit).map_err(damaged)?;
        collection.space.check_length(&vector).map_err(damaged)?;
        let mut record = Record::new(&self.id, vector);
        record.fields = fields;
        Ok(record)
    }

    /// The fields alone.
    pub(super) fn fields(&self, collection: &Collection) -> Result<Fields> {
        let mut fields = Fields::new();
        for (place, name, spec) in collection.fields() {
            let Some(found) = self.kept.get(&place).or_else(|| self.is.get(&place)) else { continue };
            let value = value(found, spec.field_type).ok_or_else(|| {
                Error::new(
                    ErrorKind::Corrupt,
                    format!("the field \"{name}\" does not hold {:?}", spec.field_type),
                )
            })?;
            fields.insert(name.to_owned(), value);
        }
        Ok(fields)
    }
}

fn value(found: &Json, of: FieldType) -> Option<Value> {
    Some(match of {
        FieldType::Text => Value::Text(found.as_str()?.to_owned()),
        FieldType::Integer => Value::Integer(found.as_i64()?),
        FieldType::Float => Value::Float(found.as_f64()?),
        FieldType::Bool => Value::Bool(found.as_bool()?),
        FieldType::Time => Value::Time(Timestamp::from_millis(found.as_i64()?).ok()?),
        FieldType::TextList => {
            let texts = found.as_array()?.iter().map(|text| text.as_str().map(str::to_owned));
            Value::TextList(texts.collect::<Option<_>>()?)
        }
    })
}
