//! Overrides: fields by name, models by id (RFC 7396, but for the list of models).

use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// `own` with what `overrides` says otherwise.
pub(super) fn registry(mut own: Value, mut overrides: Value) -> Result<Value> {
    let models = match overrides.as_object_mut().map(|fields| fields.remove("models")) {
        None => return Err(Error::invalid("the overrides of the registry must be a JSON object")),
        Some(None) => Vec::new(),
        Some(Some(Value::Array(models))) => models,
        Some(Some(_)) => {
            return Err(Error::invalid("`models` in the overrides of the registry must be a list"));
        }
    };
    patch(&mut own, overrides);
    let mut known = match own.get_mut("models").map(Value::take) {
        Some(Value::Array(known)) => known,
        _ => Vec::new(),
    };
    for model in models {
        let Some(id) = model.get("id").and_then(Value::as_str) else {
            return Err(Error::invalid("a model in the overrides of the registry has no id"));
        };
        match known.iter_mut().find(|entry| entry.get("id").and_then(Value::as_str) == Some(id)) {
            Some(entry) => patch(entry, model),
            None => known.push(model),
        }
    }
    own["models"] = Value::Array(known);
    Ok(own)
}

fn patch(target: &mut Value, change: Value) {
    let Value::Object(change) = change else {
        *target = change;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(fields) = target {
        for (name, value) in change {
            if value.is_null() {
                fields.remove(&name);
            } else {
                patch(fields.entry(name).or_insert(Value::Null), value);
            }
        }
    }
}
