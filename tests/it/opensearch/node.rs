//! A node of one's own, on its own port, to be throttled and killed.

use std::{path::Path, process::Command};

use keyvisual::{Error, ErrorKind};
use tokio::sync::Notify;

use super::*;

struct Node(&'static str);

impl Node {
    /// Starts the node, with the data it had.
    fn start(&self) -> String {
        script(self.0, "start");
        format!("http://127.0.0.1:{}", self.0)
    }
}

/// Runs the server's script; stopped is killed, as by a crash.
fn script(port: &str, action: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/opensearch.sh");
    let mut command = Command::new(script);
    command.args([action, port]).env("KEYVISUAL_KEEP", "1").env("STOP_SIGNAL", "KILL");
    assert!(command.status().unwrap().success(), "{action} of the node");
}

impl Drop for Node {
    fn drop(&mut self) {
        script(self.0, "stop");
    }
}

#[tokio::test]
async fn a_throttled_server_says_so_and_takes_the_record_later() {
    if server().is_none() {
        return;
    }
    let node = Node("9212");
    let url = node.start();
    let store = connect(&url, &fresh(), "").await;
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
    let node = Node("9213");
    let url = node.start();
    let store = connect(&url, &fresh(), "&timeout=5").await;
    create(&store).await;
    let mut acknowledged = Vec::new();
    let mut errors: Vec<Error> = Vec::new();
    for round in 0..2_i64 {
        let enough = Notify::new();
        let kill = async {
            enough.notified().await;
            tokio::task::spawn_blocking(|| script("9213", "stop")).await.unwrap();
        };
        let (writes, ()) = tokio::join!(write_until_it_breaks(&store, round, &enough), kill);
        acknowledged.extend(writes.0);
        errors.push(writes.1);
        node.start();
        while let Err(error) = store.count(CountRequest::new()).await {
            assert!(error.is_transient(), "while it comes back: {error:?}");
        }
    }
    for error in &errors {
        let broken = matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::Timeout);
        assert!(broken && error.is_transient(), "{error:?}");
    }
    let found = scan(&store, Filter::exists("version")).await;
    let there: std::collections::HashSet<_> = found.iter().map(|record| record.id.clone()).collect();
    let lost: Vec<_> = acknowledged.iter().filter(|id| !there.contains(*id)).collect();
    eprintln!("{} acknowledged, {} there, errors: {errors:?}", acknowledged.len(), there.len());
    assert!(!acknowledged.is_empty() && lost.is_empty(), "lost: {lost:?}");
    found.iter().for_each(|record| {
        version(record);
    });
}

/// The ids that were acknowledged, and the error that ended it. After some batches it says that it is enough.
async fn write_until_it_breaks(store: &OpenSearchStore, round: i64, enough: &Notify) -> (Vec<String>, Error) {
    let mut acknowledged = Vec::new();
    for batch in 0.. {
        let ids: Vec<_> = (0..50).map(|i| format!("{round}/{batch}/{i}")).collect();
        let records = ids.iter().map(|id| record(id, round)).collect();
        match store.upsert(UpsertRequest::new(records)).await {
            Ok(reply) => {
                let kept = ids.into_iter().zip(reply.results).filter(|(_, result)| result.is_ok());
                acknowledged.extend(kept.map(|(id, _)| id));
            }
            Err(error) => {
                enough.notify_one();
                return (acknowledged, error);
            }
        }
        if batch == 4 {
            enough.notify_one();
        }
    }
    unreachable!()
}
