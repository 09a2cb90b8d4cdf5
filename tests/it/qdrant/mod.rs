//! The store on Qdrant against its own engine. Start it with `tests/servers/all.sh`.

mod conformance;
mod faults;
mod hostile;
mod process;
mod scan;
mod search;
mod tls;
mod url;
mod wire;
mod writers;

use std::time::Duration;

use keyvisual::{
    backends::qdrant::{QdrantConfig, QdrantStore},
    domain::{Embedding, FieldType, Filter, Record, Schema},
    roles::*,
};
use qdrant_client::qdrant::{
    CollectionInfo, CollectionStatus, GetCollectionInfoRequest, collections_client::CollectionsClient,
    points_client::PointsClient,
};
use tonic::transport::Channel;

use crate::vector_store::{count, create, fresh, put, record, scan, space, version};

pub(super) fn server() -> Option<String> {
    crate::servers::address("KEYVISUAL_QDRANT_URL")
}

/// Settings for the collection `name`, with more parameters.
fn config(url: &str, name: &str, more: &str) -> QdrantConfig {
    QdrantConfig::from_url(&format!("{url}/{name}?timeout=60{more}")).unwrap()
}

pub(super) async fn connect(url: &str, name: &str, more: &str) -> QdrantStore {
    QdrantStore::connect(config(url, name, more)).await.unwrap()
}

/// A connection beside the store's.
async fn channel(url: &str) -> Channel {
    let address = url.replace("qdrant://", "http://");
    Channel::from_shared(address).unwrap().connect().await.unwrap()
}

async fn points(url: &str) -> PointsClient<Channel> {
    PointsClient::new(channel(url).await)
}

async fn info(url: &str, name: &str) -> CollectionInfo {
    let mut collections = CollectionsClient::new(channel(url).await);
    let request = GetCollectionInfoRequest { collection_name: name.to_owned() };
    collections.get(request).await.unwrap().into_inner().result.unwrap()
}

/// Waits until the engine has built its graph, and gives how many vectors are in it.
async fn indexed(url: &str, name: &str) -> u64 {
    let built = async {
        loop {
            let info = info(url, name).await;
            if info.status() == CollectionStatus::Green {
                return info.indexed_vectors_count.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(50)).await; // nothing tells when it is done
        }
    };
    tokio::time::timeout(Duration::from_secs(120), built).await.expect("the engine builds its graph")
}
