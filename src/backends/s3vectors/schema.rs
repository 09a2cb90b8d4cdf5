//! The index of a collection, and its bucket: made once, remembered in tags, found again.

use aws_sdk_s3vectors::types::{
    DataType, DistanceMetric, EncryptionConfiguration, MetadataConfiguration, SseType,
};

use super::{S3VectorsConfig, client::Client, collection::Collection, error, tags};
use crate::error::{Error, ErrorKind, Result};

/// The collection as it was created; none where there is no index.
pub(super) async fn load(client: &Client) -> Result<Option<Collection>> {
    let Some(index) = client.index().await? else { return Ok(None) };
    let (space, schema) = tags::read(&client.tags(&index.index_arn).await?)?;
    let conflict = |message| Err(Error::new(ErrorKind::Conflict, message));
    if index.distance_metric != DistanceMetric::Cosine {
        return conflict(format!("the index measures by {}, not by cosine", index.distance_metric));
    }
    if usize::try_from(index.dimension) != Ok(space.dimensions) {
        let (found, wanted) = (index.dimension, space.dimensions);
        return conflict(format!("the index has {found} dimensions, its tags say {wanted}"));
    }
    Ok(Some(Collection { space, schema }))
}

/// Makes the index, and the bucket where it is missing and wanted. Whether this call made the index: of several at
/// once, one does.
pub(super) async fn create(client: &Client, config: &S3VectorsConfig, wanted: &Collection) -> Result<bool> {
    let tags = tags::write(&wanted.space, &wanted.schema)?;
    let stored: Vec<_> = wanted.stored().map(std::borrow::Cow::into_owned).collect();
    let metadata = (!stored.is_empty())
        .then(|| MetadataConfiguration::builder().set_non_filterable_metadata_keys(Some(stored)).build())
        .transpose()
        .map_err(|e| Error::new(ErrorKind::Internal, "the request cannot be built").with_source(e))?;
    let encryption = config
        .kms_key
        .as_ref()
        .map(|key| EncryptionConfiguration::builder().sse_type(SseType::AwsKms).kms_key_arn(key).build());
    if config.create_bucket {
        let made = client.sdk.create_vector_bucket().vector_bucket_name(&client.address.bucket).send().await;
        made_or_there(made.map(drop).map_err(error::from_sdk))?;
    }
    let dimensions = i32::try_from(wanted.space.dimensions).unwrap_or(i32::MAX);
    let request = client.sdk.create_index().index_name(&client.address.index);
    let request = match &client.address.bucket_arn {
        Some(arn) => request.vector_bucket_arn(arn),
        None => request.vector_bucket_name(&client.address.bucket),
    };
    let made = request
        .data_type(DataType::Float32)
        .dimension(dimensions)
        .distance_metric(DistanceMetric::Cosine)
        .set_metadata_configuration(metadata)
        .set_encryption_configuration(encryption)
        .set_tags(Some(tags))
        .send()
        .await;
    made_or_there(made.map(drop).map_err(error::from_sdk))
}

fn made_or_there(made: Result<()>) -> Result<bool> {
    match made {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::Conflict => Ok(false),
        Err(error) => Err(error),
    }
}
