//! The server is stopped in the middle of a batch and comes back with what it had.

use std::process::{Command, Stdio};

use keyvisual::{ErrorKind, domain::Filter};

use super::*;
use crate::vector_store::{create, put, record, scan, version};

/// A server of the test's own.
struct Server {
    port: u16,
}

impl Server {
    /// `keep` is 1 to start with the data of the run before.
    fn script(&self, action: &str, keep: &str) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/s3mock.sh");
        let port = self.port.to_string();
        let mut run = Command::new("bash");
        run.args([script, action, &port]).env("KEYVISUAL_KEEP", keep).stdout(Stdio::null());
        assert!(run.status().unwrap().success(), "{action} of S3Mock");
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port + 2)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.script("stop", "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_a_server_that_is_stopped_in_a_batch() {
    if server().is_none() {
        return;
    }
    let server = Server { port: 9590 };
    server.script("start", "");
    let store = connect(&server.url(), "restart").await;
    create(&store).await;
    let some_are_written = tokio::sync::Notify::new();
    let stop = async {
        some_are_written.notified().await;
        tokio::task::block_in_place(|| server.script("stop", ""));
    };
    let write = async {
        let mut acknowledged = 0;
        loop {
            let records = (0..100).map(|i| record(format!("{acknowledged}/{i}"), acknowledged)).collect();
            match put(&store, records).await {
                Ok(()) => {
                    acknowledged += 1;
                    if acknowledged == 5 {
                        some_are_written.notify_one();
                    }
                }
                Err(error) => return (acknowledged, error),
            }
        }
    };
    let ((acknowledged, error), ()) = tokio::join!(write, stop);
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unavailable, true), "{error:?}");

    server.script("start", "1");
    for round in 0..acknowledged {
        let found = scan(&store, Filter::eq("version", round)).await;
        assert_eq!(found.len(), 100, "batch {round} of {acknowledged}");
        assert!(found.iter().all(|record| version(record) == round));
    }
    put(&store, (0..100).map(|i| record(format!("{acknowledged}/{i}"), acknowledged)).collect())
        .await
        .unwrap();
    assert_eq!(scan(&store, Filter::eq("version", acknowledged)).await.len(), 100);
}
