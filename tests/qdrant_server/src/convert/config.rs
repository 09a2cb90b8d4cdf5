//! What a collection is made with, and what it says of itself.
#![expect(deprecated, reason = "what took the place of these fields is not known to the oldest servers")]

use std::collections::HashMap;

use qdrant_client::qdrant::{
    self as api, payload_index_params::IndexParams, quantization_config::Quantization, vectors_config,
};
use qdrant_edge::{
    EdgeConfig, EdgeOptimizersConfig, EdgeVectorParams, HnswIndexConfig, PayloadFieldSchema,
    PayloadSchemaType, ShardInfo,
};
use serde_json::json;
use tonic::Status;

use super::{bad, from_json};

pub(crate) fn config(request: &api::CreateCollection) -> Result<EdgeConfig, Status> {
    let params = match request.vectors_config.as_ref().and_then(|vectors| vectors.config.as_ref()) {
        Some(vectors_config::Config::Params(params)) => params,
        _ => return Err(Status::unimplemented("a collection has one unnamed vector here")),
    };
    let optimizers = request.optimizers_config.as_ref();
    Ok(EdgeConfig {
        on_disk_payload: request.on_disk_payload.unwrap_or(true),
        vectors: HashMap::from([(String::new(), vector(params)?)]),
        hnsw_config: hnsw(request.hnsw_config.as_ref()),
        quantization_config: request.quantization_config.as_ref().map(quantization).transpose()?,
        optimizers: EdgeOptimizersConfig {
            indexing_threshold: optimizers.and_then(|o| o.indexing_threshold).map(|kb| kb as usize),
            default_segment_number: optimizers.and_then(|o| o.default_segment_number).map(|n| n as usize),
            ..EdgeOptimizersConfig::default()
        },
        ..EdgeConfig::default()
    })
}

fn vector(params: &api::VectorParams) -> Result<EdgeVectorParams, Status> {
    let distance = match params.distance() {
        api::Distance::Cosine => qdrant_edge::Distance::Cosine,
        api::Distance::Euclid => qdrant_edge::Distance::Euclid,
        api::Distance::Dot => qdrant_edge::Distance::Dot,
        api::Distance::Manhattan => qdrant_edge::Distance::Manhattan,
        api::Distance::UnknownDistance => return Err(bad("Malformed distance")),
    };
    if !(1..=65_536).contains(&params.size) {
        return Err(bad("Validation error: vectors_config.size: must be between 1 and 65536"));
    }
    Ok(EdgeVectorParams {
        size: params.size as usize,
        distance,
        on_disk: params.on_disk,
        multivector_config: None,
        datatype: None,
        quantization_config: None,
        hnsw_config: None,
    })
}

fn hnsw(wanted: Option<&api::HnswConfigDiff>) -> HnswIndexConfig {
    let mut config = HnswIndexConfig::default();
    let Some(wanted) = wanted else { return config };
    let put = |place: &mut usize, value: Option<u64>| {
        if let Some(value) = value {
            *place = value as usize;
        }
    };
    put(&mut config.m, wanted.m);
    put(&mut config.ef_construct, wanted.ef_construct);
    put(&mut config.full_scan_threshold, wanted.full_scan_threshold);
    config.payload_m = wanted.payload_m.map(|m| m as usize);
    config.on_disk = wanted.on_disk;
    config
}

fn quantization(wanted: &api::QuantizationConfig) -> Result<qdrant_edge::QuantizationConfig, Status> {
    match &wanted.quantization {
        Some(Quantization::Scalar(scalar)) => from_json(json!({ "scalar": {
            "type": "int8", "quantile": scalar.quantile, "always_ram": scalar.always_ram,
        } })),
        Some(Quantization::Binary(binary)) => {
            from_json(json!({ "binary": { "always_ram": binary.always_ram } }))
        }
        _ => Err(Status::unimplemented("this quantization is not served")),
    }
}

pub(crate) fn field_schema(request: &api::CreateFieldIndexCollection) -> Result<PayloadFieldSchema, Status> {
    let params = request.field_index_params.as_ref().and_then(|params| params.index_params.as_ref());
    match (request.field_type(), params) {
        (api::FieldType::Integer, Some(IndexParams::IntegerIndexParams(params))) => from_json(json!({
            "type": "integer", "lookup": params.lookup, "range": params.range,
        })),
        (_, Some(_)) => Err(Status::unimplemented("these parameters of an index are not served")),
        (of, None) => Ok(PayloadFieldSchema::FieldType(match of {
            api::FieldType::Keyword => PayloadSchemaType::Keyword,
            api::FieldType::Integer => PayloadSchemaType::Integer,
            api::FieldType::Float => PayloadSchemaType::Float,
            api::FieldType::Bool => PayloadSchemaType::Bool,
            api::FieldType::Datetime => PayloadSchemaType::Datetime,
            _ => return Err(Status::unimplemented("this type of index is not served")),
        })),
    }
}

pub(crate) fn info(made: &api::CreateCollection, info: ShardInfo, optimized: bool) -> api::CollectionInfo {
    let schema = info.payload_schema.into_iter().map(|(path, index)| {
        let data_type = match index.data_type {
            PayloadSchemaType::Keyword => api::PayloadSchemaType::Keyword,
            PayloadSchemaType::Integer => api::PayloadSchemaType::Integer,
            PayloadSchemaType::Float => api::PayloadSchemaType::Float,
            PayloadSchemaType::Bool => api::PayloadSchemaType::Bool,
            PayloadSchemaType::Datetime => api::PayloadSchemaType::Datetime,
            _ => api::PayloadSchemaType::UnknownType,
        };
        let points = Some(index.points as u64);
        (path.to_string(), api::PayloadSchemaInfo { data_type: data_type.into(), params: None, points })
    });
    let status = if optimized { api::CollectionStatus::Green } else { api::CollectionStatus::Yellow };
    let params = api::CollectionParams {
        shard_number: made.shard_number.unwrap_or(1),
        on_disk_payload: made.on_disk_payload.unwrap_or(true),
        vectors_config: made.vectors_config.clone(),
        replication_factor: Some(made.replication_factor.unwrap_or(1)),
        write_consistency_factor: Some(made.write_consistency_factor.unwrap_or(1)),
        ..Default::default()
    };
    let config = api::CollectionConfig {
        params: Some(params),
        hnsw_config: made.hnsw_config,
        optimizer_config: made.optimizers_config,
        quantization_config: made.quantization_config,
        metadata: made.metadata.clone(),
        ..Default::default()
    };
    api::CollectionInfo {
        status: status.into(),
        optimizer_status: Some(api::OptimizerStatus { ok: true, error: String::new() }),
        segments_count: info.segments_count as u64,
        config: Some(config),
        payload_schema: schema.collect(),
        points_count: Some(info.points_count as u64),
        indexed_vectors_count: Some(info.indexed_vectors_count as u64),
        ..Default::default()
    }
}
