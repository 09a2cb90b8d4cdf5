//! One request, one answer: every call of this backend goes through here.

use aws_config::SdkConfig;
use aws_sdk_s3vectors::{
    Client as Sdk,
    operation::{list_vectors::ListVectorsOutput, query_vectors::QueryVectorsOutput},
    types::{GetOutputVector, Index, IndexMode, PutInputVector, VectorData},
};
use serde_json::Value;

use super::{S3VectorsConfig, address::Address, error, metadata, sdk};
use crate::error::{ErrorKind, Result};

/// An index, and the way to it.
pub(super) struct Client {
    pub(super) sdk: Sdk,
    pub(super) address: Address,
}

/// Says which index a request is for.
macro_rules! at {
    ($request:expr, $address:expr) => {
        match $address.index_arn() {
            Some(arn) => $request.index_arn(arn),
            None => $request.vector_bucket_name(&$address.bucket).index_name(&$address.index),
        }
    };
}

/// What a page of records comes with.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    pub(super) data: bool,
    pub(super) metadata: bool,
}

impl Client {
    pub(super) fn new(sdk: &SdkConfig, config: &S3VectorsConfig) -> Result<Self> {
        Ok(Self { sdk: sdk::client(sdk, config)?, address: config.address.clone() })
    }

    /// The index as the service describes it; none where it, or its bucket, is not there.
    pub(super) async fn index(&self) -> Result<Option<Index>> {
        match at!(self.sdk.get_index(), self.address).send().await.map_err(error::from_sdk) {
            Ok(found) => Ok(found.index),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn tags(&self, arn: &str) -> Result<std::collections::HashMap<String, String>> {
        let found = self.sdk.list_tags_for_resource().resource_arn(arn).send().await;
        found.map(|found| found.tags).map_err(error::from_sdk)
    }

    pub(super) async fn put(&self, vectors: Vec<PutInputVector>) -> Result<()> {
        let put = at!(self.sdk.put_vectors(), self.address).set_vectors(Some(vectors));
        put.send().await.map(drop).map_err(error::from_sdk)
    }

    pub(super) async fn delete(&self, keys: Vec<String>) -> Result<()> {
        let delete = at!(self.sdk.delete_vectors(), self.address).set_keys(Some(keys));
        delete.send().await.map(drop).map_err(error::from_sdk)
    }

    pub(super) async fn get(&self, keys: Vec<String>) -> Result<Vec<GetOutputVector>> {
        let get = at!(self.sdk.get_vectors(), self.address).set_keys(Some(keys));
        let found = get.return_data(true).return_metadata(true).send().await;
        found.map(|found| found.vectors).map_err(error::from_sdk)
    }

    pub(super) async fn list(
        &self,
        page: usize,
        token: Option<String>,
        parts: Parts,
    ) -> Result<ListVectorsOutput> {
        let list = at!(self.sdk.list_vectors(), self.address).set_next_token(token).max_results(number(page));
        let list = list.return_data(parts.data).return_metadata(parts.metadata);
        list.send().await.map_err(error::from_sdk)
    }

    /// A page of hits. A filter is applied before the search, whatever the mode of the index.
    pub(super) async fn query(
        &self,
        vector: &[f32],
        k: usize,
        filter: Option<&Value>,
        token: Option<String>,
    ) -> Result<QueryVectorsOutput> {
        let query = at!(self.sdk.query_vectors(), self.address)
            .query_vector(VectorData::Float32(vector.to_vec()))
            .top_k(number(k))
            .set_filter(filter.map(metadata::document))
            .set_query_mode(filter.map(|_| IndexMode::Enhanced))
            .set_next_token(token);
        query.return_distance(true).return_metadata(true).send().await.map_err(error::from_sdk)
    }
}

/// The counts of this backend are bounded far below what fits.
fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
