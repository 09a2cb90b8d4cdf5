//! A store by its address.

use keyvisual::{ErrorKind, open_store, roles::*};

use super::*;
use crate::vector_store::{count, create, put, record, space};

#[tokio::test]
async fn a_url_opens_a_collection_with_its_settings() {
    let Some(url) = server() else { return };
    let name = fresh().replace('_', "-");
    let url = format!(
        "s3vectors://test:sec%2Fret@keyvisual-test/{name}?region=eu-central-1&endpoint={url}&max_k=50"
    );
    let store = open_store(&url).await.unwrap();
    assert_eq!((store.card().name.as_str(), store.capabilities().max_k), ("s3vectors", 50));
    assert!(!format!("{store:?}").contains("sec/ret"), "{store:?}");
    create(&store).await;
    put(&store, vec![record("a", 1)]).await.unwrap();
    assert_eq!(count(&store, keyvisual::domain::Filter::exists("version")).await, 1);
    let error = store.search(SearchRequest::new(record("a", 1).vector, 51)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    let other = open_store(&url).await.unwrap();
    let error = other.create(CreateRequest::new(space(4), Default::default())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SpaceMismatch, "{error}");
}

#[tokio::test]
async fn a_url_that_cannot_be_read_is_refused_without_repeating_it() {
    let bad = [
        "s3vectors:",
        "s3vectors://secret",
        "s3vectors://bucket/secret/more",
        "s3vectors://bu_secret/index",
        "s3vectors://se/cret",
        "s3vectors://bucket/Secret",
        "s3vectors://secret@bucket/index",
        "s3vectors://key:secret/index",
        "s3vectors://key:secret%zz@bucket/index",
        "s3vectors://:secret@bucket/index",
        "s3vectors://bucket/index?secret",
        "s3vectors://bucket/index?secret=1",
        "s3vectors://bucket/index?region=",
        "s3vectors://bucket/index?max_k=secret",
        "s3vectors://bucket/index?max_k=0",
        "s3vectors://bucket/index?max_k=10001",
        "s3vectors://bucket/index?timeout=0",
        "s3vectors://bucket/index?create_bucket=secret",
        "s3vectors://bucket/index?region=eu-central-1&endpoint=ftp://secret",
        "s3vectors://bucket/index?timeout=86401",
        "s3vectors://key%0Asecret:x@bucket/index?region=eu-central-1",
        "s3vectors://bucket/index?region=secret%0A",
        "s3vectors:arn:aws:s3vectors:eu-central-1:secret:bucket/bucket/index/index",
        "s3vectors:arn:aws:s3vectors:eu-central-1:123456789012:bucket/bucket?create_bucket=true",
        "s3vectors:arn:aws:s3vectors:eu-central-1:123456789012:bucket/bucket/index/index?create_bucket=true",
    ];
    for url in bad {
        let error = open_store(url).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{url}: {error}");
        assert!(!format!("{error:?}").contains("ecret"), "{url}: {error:?}");
    }
}

#[tokio::test]
async fn without_a_region_nothing_is_opened() {
    let sdk = aws_config::SdkConfig::builder().build();
    let error = S3VectorsStore::from_sdk(&sdk, S3VectorsConfig::new("bucket", "index")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    let with = |config: S3VectorsConfig| S3VectorsStore::from_sdk(&sdk, config.with_region("eu-central-1"));
    with(S3VectorsConfig::new("bucket", "index")).unwrap();
    let error = with(S3VectorsConfig::new("bucket", "index").with_profile("team")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
}
