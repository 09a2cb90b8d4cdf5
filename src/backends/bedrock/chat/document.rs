//! The SDK's documents as JSON.

use aws_smithy_types::{Document, Number};
use serde_json::Value;

pub(super) fn json(document: &Document) -> Value {
    match document {
        Document::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), json(value))).collect(),
        Document::Array(items) => items.iter().map(json).collect(),
        Document::Number(Number::PosInt(number)) => (*number).into(),
        Document::Number(Number::NegInt(number)) => (*number).into(),
        Document::Number(Number::Float(number)) => (*number).into(),
        Document::String(text) => text.clone().into(),
        Document::Bool(truth) => (*truth).into(),
        Document::Null => Value::Null,
    }
}
