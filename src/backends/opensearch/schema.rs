//! The index of a collection: made once, remembered in itself, found again.

use opensearch::http::Method;
use serde_json::{Map, Value, json};

use super::{
    OpenSearchConfig,
    client::{Body, Client},
    collection::Collection,
    settings::Engine,
};
use crate::{
    domain::{FieldType, Schema},
    error::{Error, ErrorKind, Result},
};

/// The layout of documents. Another number is another layout.
const FORMAT: u64 = 1;

/// An index has at most 1 000 fields by default; some are the store's own.
const MAX_FIELDS: usize = 900;

/// The collection, if it was created.
pub(super) async fn load(client: &Client, index: &str) -> Result<Option<Collection>> {
    let found: Map<String, Value> =
        match client.call(Method::Get, &format!("/{index}/_mapping"), &[], Body::None).await {
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            found => found?,
        };
    let Some(mapping) = found.values().next() else { return Ok(None) };
    read(&mapping["mappings"]["_meta"]["keyvisual"]).map(Some)
}

fn read(kept: &Value) -> Result<Collection> {
    let text = |name: &str| kept[name].as_str().unwrap_or_default();
    match kept["format"].as_u64() {
        Some(FORMAT) => Ok(Collection {
            space: parse(text("space"), "embedding space")?,
            schema: parse(text("schema"), "schema")?,
            engine: engine(text("engine"))?,
        }),
        Some(format) => {
            let message = format!("the index has format {format}, this version of the crate knows {FORMAT}");
            Err(Error::new(ErrorKind::Unsupported, message))
        }
        None => {
            let message = "an index of this name was made by somebody else: choose another name";
            Err(Error::new(ErrorKind::Conflict, message))
        }
    }
}

fn engine(word: &str) -> Result<Engine> {
    word.parse().map_err(|_| {
        let message =
            format!("the index has the engine {word:?}, which this version of the crate does not know");
        Error::new(ErrorKind::Unsupported, message)
    })
}

fn parse<T: serde::de::DeserializeOwned>(json: &str, what: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|e| {
        Error::new(ErrorKind::Corrupt, format!("the index's {what} cannot be read: {e}")).with_source(e)
    })
}

/// Makes the index, unless somebody was quicker; then gives false.
pub(super) async fn create(client: &Client, wanted: &Collection, config: &OpenSearchConfig) -> Result<bool> {
    let body = Body::Json(body(wanted, config)?);
    match client.call::<Value>(Method::Put, &format!("/{}", config.index), &[], body).await {
        Ok(_) => Ok(true),
        Err(e) if e.context("type") == Some("resource_already_exists_exception") => Ok(false),
        Err(e) => Err(e),
    }
}

fn body(wanted: &Collection, config: &OpenSearchConfig) -> Result<Value> {
    let fields: Map<String, Value> = wanted
        .fields()
        .filter(|(.., spec)| spec.filterable)
        .map(|(place, _, spec)| (place, json!({ "type": type_of(spec.field_type) })))
        .collect();
    let mut settings = json!({ "knn": true });
    if wanted.engine == Engine::Faiss {
        settings["knn.algo_param.ef_search"] = config.ef_search.into();
    }
    let mut body = json!({
        "mappings": {
            "dynamic": "strict",
            "_meta": { "keyvisual": {
                "format": FORMAT,
                "space": written(&wanted.space)?,
                "schema": written(&wanted.schema)?,
                "engine": wanted.engine.as_str(),
            }},
            "properties": {
                "id": { "type": "keyword" },
                "vector": {
                    "type": "knn_vector",
                    "dimension": wanted.space.dimensions,
                    "method": {
                        "name": "hnsw",
                        "engine": wanted.engine.as_str(),
                        "space_type": wanted.engine.metric().space_type(),
                        "parameters": { "m": config.m, "ef_construction": config.ef_construction },
                    },
                },
                "has": { "type": "keyword" },
                "is": { "properties": fields },
                "kept": { "type": "object", "enabled": false },
            },
        },
    });
    if config.flavour.has_shards() {
        settings["number_of_shards"] = config.shards.into();
        settings["number_of_replicas"] = config.replicas.into();
    }
    if config.flavour.has_aliases() {
        body["aliases"] = Map::from_iter([(config.write_target(), json!({}))]).into();
    }
    if !config.flavour.names_documents() {
        body["mappings"]["properties"]["written"] = json!({ "type": "long" });
    }
    body["settings"] = json!({ "index": settings });
    Ok(body)
}

fn type_of(of: FieldType) -> &'static str {
    match of {
        FieldType::Text | FieldType::TextList => "keyword",
        FieldType::Integer | FieldType::Time => "long",
        FieldType::Float => "double",
        FieldType::Bool => "boolean",
    }
}

/// As text, because a server may take the dots in a key apart.
fn written(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|e| Error::new(ErrorKind::Internal, format!("the collection cannot be described: {e}")))
}

/// Refuses what the engine cannot take.
pub(super) fn check(schema: &Schema) -> Result<()> {
    match schema.iter().filter(|(_, spec)| spec.filterable).count() {
        fields if fields > MAX_FIELDS => Err(Error::new(
            ErrorKind::Unsupported,
            format!("the store takes at most {MAX_FIELDS} filterable fields, not {fields}"),
        )),
        _ => Ok(()),
    }
}
