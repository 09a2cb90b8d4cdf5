//! Batches, each one request.

use aws_sdk_s3vectors::types::{PutInputVector, VectorData};

use super::{client::Client, collection::Collection, metadata};
use crate::{
    domain::Record,
    error::{Error, ErrorKind, Result},
    stores::latest::latest,
};

/// Writes the records that can be kept. All are checked before the request, as one that the service refuses may leave a
/// part of the others written.
pub(super) async fn upsert(
    client: &Client,
    collection: &Collection,
    records: Vec<Record>,
) -> Result<Vec<Result<()>>> {
    let (results, latest) = latest(records, |record| collection.prepare(record));
    if !latest.is_empty() {
        let vectors = latest.into_values().map(|record| vector(record, collection));
        client.put(vectors.collect::<Result<_>>()?).await?;
    }
    Ok(results)
}

fn vector(record: Record, collection: &Collection) -> Result<PutInputVector> {
    PutInputVector::builder()
        .key(record.id)
        .data(VectorData::Float32(record.vector.into()))
        .set_metadata(metadata::write(&record.fields, collection))
        .build()
        .map_err(|e| Error::new(ErrorKind::Internal, "the request cannot be built").with_source(e))
}

/// Removes what is there of `ids`.
pub(super) async fn delete(client: &Client, ids: &[String]) -> Result<()> {
    let keys = keys(ids);
    if keys.is_empty() { Ok(()) } else { client.delete(keys).await }
}

/// The ids that a record can have, each once.
pub(super) fn keys(ids: &[String]) -> Vec<String> {
    let mut keys: Vec<_> = ids.iter().filter(|id| (1..=512).contains(&id.len())).cloned().collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
