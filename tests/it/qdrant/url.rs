//! A store by its address.

use keyvisual::{ErrorKind, open_store};
use qdrant_client::qdrant::{quantization_config::Quantization, vectors_config::Config};

use super::*;

#[tokio::test]
async fn a_url_opens_a_collection_with_its_settings() {
    let Some(url) = server() else { return };
    let name = fresh();
    let more = "shards=2&acknowledged=2&replicas=3&m=8&ef_construction=32&exact_below=100&index_above=777\
                &quantization=scalar&on_disk=true";
    let store = open_store(&format!("{url}/{name}?{more}")).await.unwrap();
    assert_eq!(store.card().name, "qdrant");
    assert!(!store.capabilities().read_your_writes, "a read may ask the third replica");
    store.create(CreateRequest::new(space(3_000), Schema::new())).await.unwrap();
    let other = connect(&url, &name, "").await;
    assert!(!other.capabilities().read_your_writes, "the collection is what it was made as");
    let made = info(&url, &name).await.config.unwrap();
    let params = made.params.unwrap();
    assert_eq!(params.shard_number, 2);
    assert_eq!((params.replication_factor, params.write_consistency_factor), (Some(3), Some(2)));
    let Some(Config::Params(vectors)) = params.vectors_config.unwrap().config else { panic!("one vector") };
    assert_eq!(vectors.size, 3_000);
    let hnsw = made.hnsw_config.unwrap();
    assert_eq!((hnsw.m, hnsw.ef_construct, hnsw.full_scan_threshold), (Some(8), Some(32), Some(1_172)));
    assert_eq!(made.optimizer_config.unwrap().indexing_threshold, Some(777));
    assert!(matches!(made.quantization_config.unwrap().quantization, Some(Quantization::Scalar(_))));
}

#[tokio::test]
async fn more_dimensions_than_the_engine_takes_are_refused() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "").await;
    let error = store.create(CreateRequest::new(space(65_537), Schema::new())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    store.create(CreateRequest::new(space(65_536), Schema::new())).await.unwrap();
}

#[tokio::test]
async fn a_url_that_cannot_be_read_is_refused_without_repeating_it() {
    let bad = [
        "qdrant:secret",
        "qdrant://",
        "qdrant:///secret",
        "qdrant://secret@host/library",
        "qdrant://host:secret/library",
        "qdrant://host:0/library",
        "qdrant://host:65536/library",
        "qdrant://host/a/secret",
        "qdrant://host/.secret",
        "qdrant://host/a%22secret",
        "qdrant://host/%zzsecret",
        "qdrant://host/library?secret=1",
        "qdrant://host/library?timeout=secret",
        "qdrant://host/library?timeout=0",
        "qdrant://host/library?timeout=86401",
        "qdrant://host/library?connect_timeout=1e18",
        "qdrant://host/library?tls=secret",
        "qdrant://host/library?m=1",
        "qdrant://host/library?replicas=2&acknowledged=3",
        "qdrant://host/library?quantization=secret",
        "qdrant://host/library?oversampling=0.5",
        "qdrant://host/library?api_key=secret%0a",
        "qdrants://host/library?ca=/nowhere/secret.pem",
    ];
    for url in bad {
        let error = open_store(url).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{url}: {error}");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
}

#[test]
fn a_configuration_does_not_show_its_key() {
    let config = QdrantConfig::from_url("qdrants://host/library?api_key=se%63ret").unwrap();
    let shown = format!("{config:?} {:?}", config.clone().with_api_key("secret"));
    assert!(shown.contains("host:6334") && !shown.contains("secret"), "{shown}");
}
