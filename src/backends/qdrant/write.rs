//! Batches, each in one request that is acknowledged once it is applied.

use qdrant_client::qdrant::{
    DeletePoints, PointsIdsList, PointsSelector, UpsertPoints, WriteOrdering, WriteOrderingType,
    points_selector::PointsSelectorOneOf,
};

use super::{QdrantConfig, client::Client, collection::Collection, error, keys, payload};
use crate::{domain::Record, error::Result, stores::latest::latest};

/// One node of the cluster orders the writes of a shard, so that its replicas agree.
pub(super) fn ordering() -> WriteOrdering {
    WriteOrdering { r#type: WriteOrderingType::Medium.into() }
}

/// Writes the records that can be kept. A request is taken as a whole or refused as a whole, so bad ones stay here.
pub(super) async fn upsert(
    client: &Client,
    collection: &Collection,
    config: &QdrantConfig,
    records: Vec<Record>,
) -> Result<Vec<Result<()>>> {
    let (results, latest) = latest(records, |record| collection.prepare(record));
    if latest.is_empty() {
        return Ok(results);
    }
    let request = client.request(UpsertPoints {
        collection_name: config.collection.clone(),
        wait: Some(true),
        points: latest.values().map(payload::point).collect(),
        ordering: Some(ordering()),
        ..UpsertPoints::default()
    });
    let reply = client.call(client.points().upsert(request)).await?;
    error::applied(reply.result)?;
    Ok(results)
}

/// Removes what is there of `ids`.
pub(super) async fn delete(client: &Client, config: &QdrantConfig, ids: &[String]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = PointsIdsList { ids: ids.iter().map(|id| keys::point(id)).collect() };
    let request = client.request(DeletePoints {
        collection_name: config.collection.clone(),
        wait: Some(true),
        points: Some(PointsSelector { points_selector_one_of: Some(PointsSelectorOneOf::Points(ids)) }),
        ordering: Some(ordering()),
        ..DeletePoints::default()
    });
    let reply = client.call(client.points().delete(request)).await?;
    error::applied(reply.result)
}
