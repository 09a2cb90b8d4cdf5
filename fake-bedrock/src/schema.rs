//! A body against its schema, in the words in which Bedrock says what does not fit.
//!
//! The dialect is JSON Schema without references but `{"$ref": "name"}` into the definitions of the same file. Objects
//! take no other properties than those named, unless `additionalProperties` is true.

use serde_json::{Map, Value};

use crate::refusal::{Refusal, Result};

/// Checks `body` against `schema`.
pub(crate) fn check(body: &Value, schema: &Value, definitions: &Value) -> Result<()> {
    let mut checker = Checker { definitions, violations: Vec::new() };
    checker.value("#", body, schema);
    match &checker.violations[..] {
        [] => Ok(()),
        [one] => Err(Refusal::malformed(one)),
        many => {
            let list = many.join("\n");
            Err(Refusal::malformed(format_args!("{} schema violations found\n{list}", many.len())))
        }
    }
}

struct Checker<'a> {
    definitions: &'a Value,
    violations: Vec<String>,
}

impl Checker<'_> {
    fn value(&mut self, path: &str, value: &Value, schema: &Value) {
        if let Some(name) = schema["$ref"].as_str() {
            let definitions = self.definitions;
            return self.value(path, value, &definitions[name]);
        }
        if let Some(expected) = schema["type"].as_str()
            && !is(value, expected)
        {
            return self
                .say(path, format_args!("expected type: {}, found: {}", title(expected), found(value)));
        }
        if let Some(allowed) = schema["enum"].as_array()
            && !allowed.contains(value)
        {
            return self.say(path, format_args!("{} is not a valid enum value", plain(value)));
        }
        match value {
            Value::Number(number) => self.number(path, number.as_f64().unwrap_or(f64::NAN), value, schema),
            Value::String(text) => {
                let chars = text.chars().count() as u64;
                self.count(path, chars, schema, ["minLength", "maxLength"]);
            }
            Value::Array(items) => {
                self.count(path, items.len() as u64, schema, ["minItems", "maxItems"]);
                for (index, item) in items.iter().enumerate() {
                    self.value(&format!("{path}/{index}"), item, &schema["items"]);
                }
            }
            Value::Object(object) => self.object(path, object, schema),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn number(&mut self, path: &str, number: f64, value: &Value, schema: &Value) {
        if schema["minimum"].as_f64().is_some_and(|least| number < least) {
            self.say(path, format_args!("{value} is not greater or equal to {}", schema["minimum"]));
        }
        if schema["maximum"].as_f64().is_some_and(|most| number > most) {
            self.say(path, format_args!("{value} is not less or equal to {}", schema["maximum"]));
        }
        if schema["multipleOf"].as_f64().is_some_and(|step| number % step != 0.0) {
            self.say(path, format_args!("{value} is not a multiple of {}", schema["multipleOf"]));
        }
    }

    fn count(&mut self, path: &str, count: u64, schema: &Value, [least, most]: [&str; 2]) {
        if let Some(limit) = schema[least].as_u64()
            && count < limit
        {
            self.say(path, format_args!("expected {least}: {limit}, actual: {count}"));
        }
        if let Some(limit) = schema[most].as_u64()
            && count > limit
        {
            self.say(path, format_args!("expected {most}: {limit}, actual: {count}"));
        }
    }

    fn object(&mut self, path: &str, object: &Map<String, Value>, schema: &Value) {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !object.contains_key(name) {
                self.say(path, format_args!("required key [{name}] not found"));
            }
        }
        self.count(path, object.len() as u64, schema, ["minProperties", "maxProperties"]);
        let open = schema["additionalProperties"] == true;
        for (name, value) in object {
            match schema["properties"].get(name) {
                Some(schema) => self.value(&format!("{path}/{name}"), value, schema),
                None if open => {}
                None => self.say(path, format_args!("extraneous key [{name}] is not permitted")),
            }
        }
    }

    fn say(&mut self, path: &str, what: std::fmt::Arguments<'_>) {
        self.violations.push(format!("{path}: {what}"));
    }
}

fn is(value: &Value, expected: &str) -> bool {
    match expected {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => false,
    }
}

fn title(kind: &str) -> &'static str {
    match kind {
        "object" => "JSONObject",
        "array" => "JSONArray",
        "string" => "String",
        "integer" => "Integer",
        "number" => "Number",
        _ => "Boolean",
    }
}

fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "Null",
        Value::Bool(_) => "Boolean",
        Value::Number(number) if number.is_f64() => "BigDecimal",
        Value::Number(_) => "Integer",
        Value::String(_) => "String",
        Value::Array(_) => "JSONArray",
        Value::Object(_) => "JSONObject",
    }
}

/// A text without quotation marks.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
