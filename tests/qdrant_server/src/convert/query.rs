//! What a search or a scroll asks for beside its filter.

use qdrant_client::qdrant::{
    self as api, query, start_from, vector_input, with_payload_selector, with_vectors_selector,
};
use qdrant_edge::{
    Direction, OrderBy, OrderByInterface, QuantizationSearchParams, SearchParams, StartFrom,
    WithPayloadInterface, WithVector,
};
use tonic::Status;

use super::payload;

/// The vector of a nearest-neighbour query, which is the only one served.
pub(crate) fn nearest(query: Option<api::Query>) -> Result<Vec<f32>, Status> {
    let input = match query.and_then(|query| query.variant) {
        Some(query::Variant::Nearest(input)) => input.variant,
        _ => None,
    };
    match input {
        Some(vector_input::Variant::Dense(vector)) => Ok(vector.data),
        _ => Err(Status::unimplemented("a query is the nearest to a dense vector here")),
    }
}

pub(crate) fn params(params: api::SearchParams) -> SearchParams {
    let quantization = params.quantization.map(|params| QuantizationSearchParams {
        ignore: params.ignore.unwrap_or(false),
        rescore: params.rescore,
        oversampling: params.oversampling,
    });
    SearchParams {
        hnsw_ef: params.hnsw_ef.map(|ef| ef as usize),
        exact: params.exact.unwrap_or(false),
        quantization,
        indexed_only: params.indexed_only.unwrap_or(false),
        ..SearchParams::default()
    }
}

pub(crate) fn order_by(order: api::OrderBy) -> Result<OrderByInterface, Status> {
    let start_from = match order.start_from.and_then(|start| start.value) {
        None => None,
        Some(start_from::Value::Integer(number)) => Some(StartFrom::Integer(number)),
        Some(start_from::Value::Float(number)) => Some(StartFrom::Float(number)),
        Some(_) => return Err(Status::unimplemented("a scroll starts from a number here")),
    };
    let descending = order.direction == Some(api::Direction::Desc.into());
    let direction = Some(if descending { Direction::Desc } else { Direction::Asc });
    Ok(OrderByInterface::Struct(OrderBy { key: payload::path(&order.key)?, direction, start_from }))
}

pub(crate) fn with_payload(selector: Option<api::WithPayloadSelector>) -> WithPayloadInterface {
    use with_payload_selector::SelectorOptions;
    match selector.and_then(|selector| selector.selector_options) {
        Some(SelectorOptions::Enable(yes)) => WithPayloadInterface::Bool(yes),
        Some(SelectorOptions::Include(include)) => WithPayloadInterface::Fields(
            include.fields.iter().filter_map(|field| payload::path(field).ok()).collect(),
        ),
        _ => WithPayloadInterface::Bool(false),
    }
}

pub(crate) fn with_vector(selector: Option<api::WithVectorsSelector>) -> WithVector {
    use with_vectors_selector::SelectorOptions;
    match selector.and_then(|selector| selector.selector_options) {
        Some(SelectorOptions::Enable(yes)) => WithVector::Bool(yes),
        _ => WithVector::Bool(false),
    }
}
