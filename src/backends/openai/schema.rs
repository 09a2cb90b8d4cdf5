//! Schemas with their fields in order: servers make the model write them in the order they are listed.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

/// Writes a schema with the `properties` of every object in the order of its `required`, so that
/// reasoning comes before what is reasoned about. `serde_json` alone sorts them by name.
pub(super) struct InOrder<'a>(pub(super) &'a Value);

impl Serialize for InOrder<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
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
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let required: Vec<&str> =
            self.1.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let place = |name: &str| required.iter().position(|other| *other == name).unwrap_or(usize::MAX);
        let mut properties: Vec<_> = self.0.iter().collect();
        properties.sort_by_key(|(name, _)| place(name));
        serializer.collect_map(properties.into_iter().map(|(name, value)| (name, InOrder(value))))
    }
}
