//! A collection with its indexes: made once, remembered, found again.

use std::collections::{HashMap, HashSet};

use qdrant_client::qdrant::{
    BinaryQuantization, CollectionInfo, CreateCollection, CreateFieldIndexCollection, Distance,
    FieldType as IndexType, GetCollectionInfoRequest, HnswConfigDiff, IntegerIndexParams,
    OptimizersConfigDiff, QuantizationConfig, QuantizationType, ScalarQuantization, Value, VectorParams,
    VectorsConfig, payload_index_params::IndexParams, quantization_config, value::Kind, vectors_config,
};

use super::{
    QdrantConfig, Quantization, client::Client, collection::Collection, error, keys, write::ordering,
};
use crate::{
    domain::{EmbeddingSpace, FieldType, Schema},
    error::{Error, ErrorKind, Result},
};

const FORMAT: u32 = 1;

/// The key of the collection's metadata.
const METADATA: &str = "keyvisual";

pub(super) const MAX_DIMENSIONS: usize = 65_536;

/// A collection on the server, and which of its indexes are still to be made.
pub(super) struct Found {
    pub(super) collection: Collection,
    /// Whether every replica has a write before it is acknowledged.
    pub(super) all_acknowledge: bool,
    missing: Vec<(String, IndexType)>,
}

impl Found {
    /// Whether `create` came to its end.
    pub(super) fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }
}

/// The collection, if it is there.
pub(super) async fn load(client: &Client, name: &str) -> Result<Option<Found>> {
    let request = client.request(GetCollectionInfoRequest { collection_name: name.into() });
    let info = match client.call(client.collections().get(request)).await {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
        reply => reply?.result.ok_or_else(|| error::incomplete("collection"))?,
    };
    let collection = remembered(&info)?;
    let all_acknowledge = all_acknowledge(&info);
    let known: HashSet<_> = info.payload_schema.into_keys().collect();
    let missing = indexes(&collection.schema).into_iter().filter(|(key, _)| !known.contains(key)).collect();
    Ok(Some(Found { collection, all_acknowledge, missing }))
}

fn all_acknowledge(info: &CollectionInfo) -> bool {
    let params = info.config.as_ref().and_then(|config| config.params.as_ref());
    let (replicas, acknowledging) =
        params.map_or((None, None), |params| (params.replication_factor, params.write_consistency_factor));
    acknowledging.unwrap_or(1) >= replicas.unwrap_or(1)
}

fn remembered(info: &CollectionInfo) -> Result<Collection> {
    let metadata = info.config.as_ref().and_then(|config| config.metadata.get(METADATA));
    let Some(Kind::StringValue(json)) = metadata.and_then(|value| value.kind.as_ref()) else {
        let message = "a collection of this name exists, but this crate did not make it: choose another name";
        return Err(Error::new(ErrorKind::Conflict, message));
    };
    let collection: Collection = serde_json::from_str(json).map_err(|e| {
        let message = format!("the collection's metadata cannot be read: {e}");
        Error::new(ErrorKind::Corrupt, message).with_source(e)
    })?;
    if collection.format != FORMAT {
        let found = collection.format;
        let message = format!("the collection has format {found}, this version of the crate knows {FORMAT}");
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    Ok(collection)
}

/// Makes the collection, unless somebody was quicker; then gives false.
pub(super) async fn create(
    client: &Client,
    config: &QdrantConfig,
    space: EmbeddingSpace,
    schema: Schema,
) -> Result<bool> {
    let collection = Collection { format: FORMAT, space, schema };
    let request = client.request(description(config, &collection)?);
    match client.call(client.collections().create(request)).await {
        Ok(_) => Ok(true),
        Err(e) if e.kind() == ErrorKind::Conflict || e.message().contains("already exists") => Ok(false),
        Err(e) => Err(e),
    }
}

/// The request that makes a collection.
#[expect(deprecated, reason = "what took the place of `on_disk` is not known to servers before 1.18")]
fn description(config: &QdrantConfig, collection: &Collection) -> Result<CreateCollection> {
    let json = serde_json::to_string(collection)
        .map_err(|e| Error::new(ErrorKind::Internal, format!("the collection cannot be described: {e}")))?;
    let bytes = collection.space.dimensions as u64 * 4;
    let vectors = VectorParams {
        size: collection.space.dimensions as u64,
        // Of vectors of length 1 this is the cosine; vectors of "cosine" are normalised again, in other arithmetic.
        distance: Distance::Dot.into(),
        on_disk: Some(config.on_disk),
        ..VectorParams::default()
    };
    let hnsw = HnswConfigDiff {
        m: Some(config.m.into()),
        ef_construct: Some(config.ef_construction.into()),
        full_scan_threshold: Some((u64::from(config.exact_below) * bytes).div_ceil(1024).max(10)),
        ..HnswConfigDiff::default()
    };
    let optimizers = config.index_above.map(|kib| OptimizersConfigDiff {
        indexing_threshold: Some(kib.into()),
        ..OptimizersConfigDiff::default()
    });
    Ok(CreateCollection {
        collection_name: config.collection.clone(),
        vectors_config: Some(VectorsConfig { config: Some(vectors_config::Config::Params(vectors)) }),
        hnsw_config: Some(hnsw),
        optimizers_config: optimizers,
        quantization_config: quantization(config.quantization),
        shard_number: config.shards,
        replication_factor: Some(config.replicas),
        write_consistency_factor: Some(config.acknowledged()),
        metadata: HashMap::from([(METADATA.into(), Value { kind: Some(Kind::StringValue(json)) })]),
        ..CreateCollection::default()
    })
}

#[expect(deprecated, reason = "what took the place of `always_ram` is not known to servers before 1.18")]
fn quantization(wanted: Quantization) -> Option<QuantizationConfig> {
    let quantization = match wanted {
        Quantization::None => return None,
        Quantization::Scalar => quantization_config::Quantization::Scalar(ScalarQuantization {
            r#type: QuantizationType::Int8.into(),
            quantile: Some(0.99),
            always_ram: Some(true),
            ..ScalarQuantization::default()
        }),
        Quantization::Binary => quantization_config::Quantization::Binary(BinaryQuantization {
            always_ram: Some(true),
            ..BinaryQuantization::default()
        }),
    };
    Some(QuantizationConfig { quantization: Some(quantization) })
}

/// Makes the indexes that are missing. Making one that another caller made meanwhile changes nothing.
pub(super) async fn complete(client: &Client, name: &str, found: &Found) -> Result<()> {
    for (key, of) in &found.missing {
        let numbers =
            IntegerIndexParams { lookup: Some(true), range: Some(true), ..IntegerIndexParams::default() };
        let request = client.request(CreateFieldIndexCollection {
            collection_name: name.into(),
            wait: Some(true),
            field_name: key.clone(),
            field_type: Some((*of).into()),
            field_index_params: (*of == IndexType::Integer)
                .then(|| IndexParams::IntegerIndexParams(numbers).into()),
            ordering: Some(ordering()),
            ..CreateFieldIndexCollection::default()
        });
        let reply = client.call(client.points().create_field_index(request)).await?;
        error::applied(reply.result)?;
    }
    Ok(())
}

/// What filters and scans need.
fn indexes(schema: &Schema) -> Vec<(String, IndexType)> {
    let mut indexes: Vec<_> =
        (0..keys::LEVELS).map(|level| (keys::level_path(level), IndexType::Integer)).collect();
    indexes.push((keys::HAS.to_owned(), IndexType::Keyword));
    for (name, spec) in schema.iter().filter(|(_, spec)| spec.filterable) {
        let path = keys::field_path(name);
        match spec.field_type {
            FieldType::Text | FieldType::TextList => indexes.push((path, IndexType::Keyword)),
            FieldType::Integer | FieldType::Time => indexes.push((path, IndexType::Integer)),
            FieldType::Bool => indexes.push((path, IndexType::Bool)),
            FieldType::Float => {
                let (high, low) = keys::float_paths(name);
                indexes.extend([(high, IndexType::Integer), (low, IndexType::Integer)]);
            }
        }
    }
    indexes
}
