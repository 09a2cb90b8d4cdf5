//! What goes wrong on the way is a typed error, and nothing acknowledged is lost.

use keyvisual::{Error, ErrorKind};

use super::{process::Process, *};
use crate::{
    servers::Own,
    vector_store::{faults, restarts},
};

/// A collection on a server of its own, and what a write says once that server has `fault`.
async fn write_with(fault: &str) -> Option<Error> {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), &[])?;
    create(&connect(&server.url(), "library", "").await).await;
    drop(server);
    let server = Process::start(folder.path(), &["--fault", &format!("Upsert={fault}")])?;
    let store = connect(&server.url(), "library", "&timeout=0.5").await;
    let error = put(&store, vec![record("a", 1)]).await.unwrap_err();
    assert_eq!(error.operation(), Some("upsert"));
    assert!(error.was_sent());
    assert_eq!(count(&store, Filter::exists("version")).await, 0, "reads go on");
    Some(error)
}

#[tokio::test]
async fn a_server_that_is_overloaded_may_be_asked_again() {
    let Some(error) = write_with("unavailable").await else { return };
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unavailable, true), "{error:?}");
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait() {
    let Some(error) = write_with("exhausted:7").await else { return };
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::RateLimited, true), "{error:?}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn a_slow_answer_is_a_timeout() {
    let Some(error) = write_with("slow:60000").await else { return };
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Timeout, true), "{error:?}");
}

#[tokio::test]
async fn a_cluster_that_fails_over_may_be_asked_again() {
    let Some(error) = write_with("internal").await else { return };
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unavailable, true), "{error:?}");
}

async fn refused(config: QdrantConfig) -> Error {
    let error = QdrantStore::connect(config).await.unwrap_err();
    assert_eq!(error.operation(), Some("connect"));
    assert!(!format!("{error:?}").contains("secret"), "no key in {error:?}");
    error
}

#[tokio::test]
async fn a_wrong_key_is_unauthenticated_and_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Process::start(folder.path(), &["--api-key", "right"]) else { return };
    let config = config(&server.url(), "library", "");
    for config in [config.clone(), config.clone().with_api_key("secret")] {
        let error = refused(config).await;
        assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unauthenticated, false), "{error:?}");
    }
    create(&QdrantStore::connect(config.with_api_key("right")).await.unwrap()).await;
}

#[tokio::test]
async fn nobody_there_is_unavailable_and_was_not_sent() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = refused(config(&format!("qdrant://127.0.0.1:{port}"), "library", "&api_key=secret")).await;
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unavailable, true), "{error:?}");
    assert!(!error.was_sent());
}

#[tokio::test]
async fn a_server_without_metadata_of_collections_is_unsupported() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Process::start(folder.path(), &["--release", "1.15.4"]) else { return };
    let error = refused(config(&server.url(), "library", "")).await;
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error:?}");
    assert!(error.message().contains("1.15.4") && error.message().contains("1.16"), "{error}");
}

/// The server is killed in the middle of batches and comes back with its data, twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_loses_nothing_that_was_acknowledged() {
    if server().is_none() {
        return;
    }
    let own = Own::start("qdrant", "6350", "KILL");
    restarts::check(&connect("qdrant://127.0.0.1:6350", "restart", "").await, own).await;
}

#[tokio::test]
async fn one_bad_record_of_five_hundred_is_named_and_the_others_are_kept() {
    let Some(url) = server() else { return };
    faults::check_one_bad(&connect(&url, &fresh(), "").await).await;
}

#[tokio::test]
async fn another_process_meets_the_same_space_and_schema() {
    let Some(url) = server() else { return };
    let name = fresh();
    faults::check_another_collection(&connect(&url, &name, "").await, &connect(&url, &name, "").await).await;
}

#[tokio::test]
async fn a_collection_that_somebody_dropped_is_not_found() {
    let Some(url) = server() else { return };
    let name = fresh();
    let store = connect(&url, &name, "").await;
    create(&store).await;
    let request = qdrant_client::qdrant::DeleteCollection { collection_name: name, timeout: None };
    CollectionsClient::new(channel(&url).await).delete(request).await.unwrap();
    for _ in 0..2 {
        let error = store.count(CountRequest::new()).await.unwrap_err();
        assert_eq!((error.kind(), error.is_transient()), (ErrorKind::NotFound, false), "{error:?}");
    }
    create(&store).await;
}

#[tokio::test]
async fn a_collection_of_another_origin_is_left_alone() {
    let Some(url) = server() else { return };
    let name = fresh();
    let vectors = qdrant_client::qdrant::VectorParamsBuilder::new(3, qdrant_client::qdrant::Distance::Cosine);
    let request = qdrant_client::qdrant::CreateCollectionBuilder::new(&name).vectors_config(vectors).build();
    CollectionsClient::new(channel(&url).await).create(request).await.unwrap();
    let error = refused(config(&url, &name, "")).await;
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Conflict, false), "{error:?}");
}
