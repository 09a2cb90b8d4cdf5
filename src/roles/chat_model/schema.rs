//! The form of an answer.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// A JSON schema with the name the provider shall know it by.
///
/// Models write the fields of an answer in the order in which the schema lists them, and what is written first is
/// thought first. A [`Value`] sorts its keys, so the order stands in `required`: send [`in_order`](Self::in_order).
///
/// ```
/// use keyvisual::roles::OutputSchema;
/// use serde_json::json;
///
/// let verdict = OutputSchema::new("verdict", json!({
///     "type": "object",
///     "properties": {"pass": {"type": "boolean"}, "reason": {"type": "string"}},
///     "required": ["reason", "pass"],
/// }));
/// let sent = serde_json::to_string(&verdict.in_order())?;
/// assert!(sent.contains(r#""properties":{"reason":{"type":"string"},"pass":{"type":"boolean"}}"#));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OutputSchema {
    /// Letters, digits, `_` and `-`, at most 64.
    pub name: String,
    /// The schema. Objects are closed and all their fields required, in the order they shall be written in.
    pub schema: Value,
}

impl OutputSchema {
    /// `schema` under `name`.
    pub fn new(name: impl Into<String>, schema: Value) -> Self {
        Self { name: name.into(), schema }
    }

    /// The schema as it is to be sent: the `properties` of every object in the order of its `required`, those that
    /// are not required behind them.
    #[must_use]
    pub fn in_order(&self) -> InOrder<'_> {
        InOrder(&self.schema)
    }

    pub(super) fn validate(&self) -> Result<()> {
        let name = &self.name;
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if (1..=64).contains(&name.len()) && name.chars().all(fits) {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "\"{name}\" cannot name a schema: it takes 1 to 64 letters, digits, _ and -"
        )))
    }
}

/// Serialises a schema with its fields in order: [`OutputSchema::in_order`].
#[derive(Clone, Copy, Debug)]
pub struct InOrder<'a>(&'a Value);

impl Serialize for InOrder<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(object) => {
                let mut map = serializer.serialize_map(Some(object.len()))?;
                for (key, value) in object {
                    match value {
                        Value::Object(properties) if key == "properties" => {
                            map.serialize_entry(key, &Properties(properties, object.get("required")))?;
                        }
                        _ => map.serialize_entry(key, &InOrder(value))?,
                    }
                }
                map.end()
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(InOrder)),
            other => other.serialize(serializer),
        }
    }
}

struct Properties<'a>(&'a Map<String, Value>, Option<&'a Value>);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let required: Vec<&str> =
            self.1.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let place = |name: &str| required.iter().position(|other| *other == name).unwrap_or(usize::MAX);
        let mut properties: Vec<_> = self.0.iter().collect();
        properties.sort_by_key(|(name, _)| place(name));
        serializer.collect_map(properties.into_iter().map(|(name, value)| (name, InOrder(value))))
    }
}
