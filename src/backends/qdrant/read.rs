//! Records by id.

use std::collections::HashMap;

use qdrant_client::qdrant::GetPoints;

use super::{QdrantConfig, client::Client, collection::Collection, keys, payload};
use crate::{domain::Record, error::Result};

pub(super) async fn get(
    client: &Client,
    collection: &Collection,
    config: &QdrantConfig,
    ids: &[String],
) -> Result<Vec<Result<Option<Record>>>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let request = client.request(GetPoints {
        collection_name: config.collection.clone(),
        ids: ids.iter().map(|id| keys::point(id)).collect(),
        with_payload: Some(true.into()),
        with_vectors: Some(true.into()),
        ..GetPoints::default()
    });
    let reply = client.call(client.points().get(request)).await?;
    let mut found = HashMap::new();
    for point in &reply.result {
        if let Some(id) = point.id.clone() {
            found.insert(id, payload::record(point, &collection.schema));
        }
    }
    Ok(ids.iter().map(|id| found.get(&keys::point(id)).cloned().transpose()).collect())
}
