//! Points and their ids.

use qdrant_client::qdrant::{
    self as api, point_id::PointIdOptions, points_selector::PointsSelectorOneOf, vector::Vector,
    vectors::VectorsOptions,
};
use qdrant_edge::{
    PointId, PointStructPersisted, Record, ScoredPoint, VectorStructInternal, VectorStructPersisted,
};
use tonic::Status;

use super::{bad, payload};

pub(crate) fn id(id: api::PointId) -> Result<PointId, Status> {
    match id.point_id_options {
        Some(PointIdOptions::Num(number)) => Ok(PointId::NumId(number)),
        Some(PointIdOptions::Uuid(text)) => {
            text.parse().map(PointId::Uuid).map_err(|_| bad(format!("Unable to parse UUID: {text}")))
        }
        None => Err(bad("No ID options provided")),
    }
}

pub(crate) fn id_back(id: PointId) -> api::PointId {
    let options = match id {
        PointId::NumId(number) => PointIdOptions::Num(number),
        PointId::Uuid(uuid) => PointIdOptions::Uuid(uuid.to_string()),
    };
    api::PointId { point_id_options: Some(options) }
}

pub(crate) fn point(point: api::PointStruct) -> Result<PointStructPersisted, Status> {
    let vector = match point.vectors.and_then(|vectors| vectors.vectors_options) {
        Some(VectorsOptions::Vector(vector)) => vector.vector,
        _ => None,
    };
    let Some(Vector::Dense(vector)) = vector else {
        return Err(Status::unimplemented("a point has one dense vector here"));
    };
    Ok(PointStructPersisted {
        id: id(point.id.ok_or_else(|| bad("Empty ID is not allowed"))?)?,
        vector: VectorStructPersisted::Single(vector.data),
        payload: Some(payload::payload(point.payload)?),
    })
}

pub(crate) fn selected(points: Option<api::PointsSelector>) -> Result<Vec<PointId>, Status> {
    match points.and_then(|points| points.points_selector_one_of) {
        Some(PointsSelectorOneOf::Points(points)) => points.ids.into_iter().map(id).collect(),
        _ => Err(Status::unimplemented("points are selected by id here")),
    }
}

pub(crate) fn record(record: Record) -> api::RetrievedPoint {
    api::RetrievedPoint {
        id: Some(id_back(record.id)),
        payload: payload::payload_back(record.payload),
        vectors: record.vector.and_then(vectors),
        ..Default::default()
    }
}

pub(crate) fn scored(point: ScoredPoint) -> api::ScoredPoint {
    api::ScoredPoint {
        id: Some(id_back(point.id)),
        payload: payload::payload_back(point.payload),
        score: point.score,
        version: point.version,
        vectors: point.vector.and_then(vectors),
        ..Default::default()
    }
}

fn vectors(vector: VectorStructInternal) -> Option<api::VectorsOutput> {
    let VectorStructInternal::Single(data) = vector else { return None };
    let dense = api::vector_output::Vector::Dense(api::DenseVector { data });
    let vector = api::VectorOutput { vector: Some(dense), ..Default::default() };
    let options = api::vectors_output::VectorsOptions::Vector(vector);
    Some(api::VectorsOutput { vectors_options: Some(options) })
}
