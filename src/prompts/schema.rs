//! JSON schemas from types, in the dialect that every provider with forced output takes.

use schemars::{JsonSchema, Schema, generate::SchemaSettings, transform::RecursiveTransform};

/// The schema of `T`: no references, no open objects, and no keyword beyond types, enumerations,
/// descriptions and required fields. `required` lists the fields in the order they shall be written in.
pub(crate) fn schema<T: JsonSchema>() -> serde_json::Value {
    let mut settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(plain));
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

fn plain(schema: &mut Schema) {
    for keyword in ["title", "format", "minimum", "maximum", "default"] {
        schema.remove(keyword);
    }
    if schema.get("type").is_some_and(|kind| kind == "object") {
        schema.insert("additionalProperties".into(), false.into());
    }
}
