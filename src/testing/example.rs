//! A small instance of a JSON schema.

use serde_json::{Map, Value};

/// How deep references to definitions are followed: a recursive schema ends somewhere.
const MAX_DEPTH: usize = 16;

/// An instance of `schema`: every property, one item per list, `text` for a text and the least number
/// allowed. Knows what schemas of this crate use: `properties`, `items`, `enum`, `const`, `anyOf`, `$ref`,
/// `minItems`, `minimum`.
pub(super) fn example_of(schema: &Value) -> Value {
    example(schema, schema, 0)
}

fn example(root: &Value, schema: &Value, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    let inside = |schema: &Value| example(root, schema, depth + 1);
    if let Some(constant) = schema.get("const") {
        return constant.clone();
    }
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        let pointer = target.trim_start_matches('#');
        return root.pointer(pointer).map_or(Value::Null, inside);
    }
    let list = |name| schema.get(name).and_then(Value::as_array);
    if let Some(first) = list("enum").and_then(|values| values.first()) {
        return first.clone();
    }
    if let Some(first) = list("anyOf").or_else(|| list("oneOf")).and_then(|choices| choices.first()) {
        return inside(first);
    }
    let declared = &schema["type"];
    match declared.as_str().or_else(|| declared.get(0).and_then(Value::as_str)) {
        Some("object") => {
            let properties = schema["properties"].as_object();
            let filled =
                properties.into_iter().flatten().map(|(name, schema)| (name.clone(), inside(schema)));
            Value::Object(filled.collect::<Map<_, _>>())
        }
        Some("array") => {
            let items = schema["minItems"].as_u64().unwrap_or(1).max(1);
            (0..items).map(|_| inside(&schema["items"])).collect()
        }
        Some("string") => "text".into(),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or_else(|| 1.into()),
        Some("boolean") => true.into(),
        _ => Value::Null,
    }
}
