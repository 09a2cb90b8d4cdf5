//! Records as rows of typed columns, null where a field is missing.

use tokio_postgres::{Row, types::Type};

use super::{
    super::{error, params::Param},
    collection::Collection,
};
use crate::{
    domain::{Embedding, FieldType, Fields, Record, Timestamp, Value},
    error::{Error, ErrorKind, Result},
};

/// The type of a field's column.
pub(super) fn type_of(of: FieldType) -> (&'static str, Type) {
    match of {
        FieldType::Text => ("text COLLATE \"C\"", Type::TEXT),
        FieldType::Integer | FieldType::Time => ("bigint", Type::INT8),
        FieldType::Float => ("double precision", Type::FLOAT8),
        FieldType::Bool => ("boolean", Type::BOOL),
        FieldType::TextList => ("text[] COLLATE \"C\"", Type::TEXT_ARRAY),
    }
}

/// A record as parameters: id, vector, then each field.
pub(super) fn encode(record: &Record, collection: &Collection) -> Vec<Param> {
    let mut params: Vec<Param> =
        vec![Box::new(record.id.clone()), Box::new(record.vector.as_slice().to_vec())];
    params.extend(collection.columns().map(|(_, name, of)| field(record.fields.get(name), of)));
    params
}

fn field(value: Option<&Value>, of: FieldType) -> Param {
    match value {
        Some(Value::Text(text)) => Box::new(text.clone()),
        Some(Value::Integer(number)) => Box::new(*number),
        Some(Value::Float(number)) => Box::new(*number),
        Some(Value::Bool(yes)) => Box::new(*yes),
        Some(Value::Time(time)) => Box::new(time.as_millis()),
        Some(Value::TextList(texts)) => Box::new(texts.clone()),
        None => match of {
            FieldType::Text => Box::new(None::<String>),
            FieldType::Integer | FieldType::Time => Box::new(None::<i64>),
            FieldType::Float => Box::new(None::<f64>),
            FieldType::Bool => Box::new(None::<bool>),
            FieldType::TextList => Box::new(None::<Vec<String>>),
        },
    }
}

/// Reads `id, vector, fields`.
pub(super) fn record(row: &Row, collection: &Collection) -> Result<Record> {
    let id: String = row.try_get(0).map_err(error::native)?;
    let damaged = |e: Error| {
        let message = format!("the record \"{id}\" cannot be read: {}", e.message());
        Error::new(ErrorKind::Corrupt, message).with_context("id", &id)
    };
    let numbers: Vec<f32> = row.try_get(1).map_err(error::native)?;
    let vector = Embedding::new(numbers).and_then(Embedding::unit).map_err(damaged)?;
    let mut record = Record::new(&id, vector);
    record.fields = fields(row, collection).map_err(damaged)?;
    Ok(record)
}

/// Reads the fields behind the first two columns.
pub(super) fn fields(row: &Row, collection: &Collection) -> Result<Fields> {
    let mut fields = Fields::new();
    for (at, (_, name, of)) in collection.columns().enumerate() {
        if let Some(value) = value(row, at + 2, of)? {
            fields.insert(name.to_owned(), value);
        }
    }
    Ok(fields)
}

fn value(row: &Row, at: usize, of: FieldType) -> Result<Option<Value>> {
    let value = match of {
        FieldType::Text => row.try_get::<_, Option<_>>(at).map(|value| value.map(Value::Text)),
        FieldType::Integer => row.try_get::<_, Option<_>>(at).map(|value| value.map(Value::Integer)),
        FieldType::Float => row.try_get::<_, Option<_>>(at).map(|value| value.map(Value::Float)),
        FieldType::Bool => row.try_get::<_, Option<_>>(at).map(|value| value.map(Value::Bool)),
        FieldType::TextList => row.try_get::<_, Option<_>>(at).map(|value| value.map(Value::TextList)),
        FieldType::Time => {
            let millis: Option<i64> = row.try_get(at).map_err(error::native)?;
            return millis.map(|millis| Timestamp::from_millis(millis).map(Value::Time)).transpose();
        }
    };
    value.map_err(error::native)
}
