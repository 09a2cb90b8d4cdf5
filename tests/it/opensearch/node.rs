//! A node of one's own, on its own port, to be throttled and killed.

use keyvisual::ErrorKind;

use super::*;
use crate::{servers::Own, vector_store::restarts};

#[tokio::test]
async fn a_throttled_server_says_so_and_takes_the_record_later() {
    if server().is_none() {
        return;
    }
    let _node = Own::start("opensearch", "9212", "KILL");
    let url = "http://127.0.0.1:9212";
    let store = connect(url, &fresh(), "").await;
    create(&store).await;
    let limit = |bytes: Value| {
        let settings = json!({ "transient": { "network.breaker.inflight_requests.limit": bytes } });
        raw("PUT", format!("{url}/_cluster/settings"), settings)
    };
    limit("1b".into()).await;
    let error = put(&store, vec![record("a", 1)]).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.is_transient(), error.was_sent()),
        (ErrorKind::RateLimited, true, true),
        "{error}"
    );
    limit(Value::Null).await;
    put(&store, vec![record("a", 1)]).await.unwrap();
    assert_eq!(count(&store, Filter::exists("version")).await, 1);
}

/// The node is killed in the middle of batches and comes back with its data, twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_in_the_middle_of_a_batch_loses_nothing_that_was_acknowledged() {
    if server().is_none() {
        return;
    }
    let node = Own::start("opensearch", "9213", "KILL");
    restarts::check(&connect("http://127.0.0.1:9213", &fresh(), "&timeout=5").await, node).await;
}
