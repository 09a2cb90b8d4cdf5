//! A server that stops in the middle of a batch and comes back with what it had.

use std::sync::Arc;

use keyvisual::{
    Error, ErrorKind,
    domain::Filter,
    roles::{CountRequest, VectorStore},
};
use tokio::sync::Notify;

use super::{create, put, record, scan, version};
use crate::servers::Own;

/// The server is stopped while batches are written and started with what it had, twice: nothing that was acknowledged is lost.
pub(crate) async fn check(store: &impl VectorStore, server: Own) {
    create(store).await;
    let server = Arc::new(server);
    let on_server = |act: fn(&Own)| {
        let server = Arc::clone(&server);
        async move { tokio::task::spawn_blocking(move || act(&server)).await.unwrap() }
    };
    let mut acknowledged = Vec::new();
    for round in 0..2_i64 {
        let enough = Notify::new();
        let stop = async {
            enough.notified().await;
            on_server(Own::stop).await;
        };
        let ((batches, error), ()) = tokio::join!(write_until_it_breaks(store, round, &enough), stop);
        let broken = matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::Timeout);
        assert!(broken && error.is_transient(), "{error:?}");
        acknowledged.push(batches);
        on_server(Own::start_again).await;
        while let Err(error) = store.count(CountRequest::new()).await {
            assert!(error.is_transient(), "while it comes back: {error:?}");
        }
    }
    let found = scan(store, Filter::exists("version")).await;
    for (round, batches) in (0..).zip(acknowledged) {
        for batch in 0..batches {
            let begin = format!("{round}/{batch}/");
            let there = found.iter().filter(|record| record.id.starts_with(&begin));
            assert_eq!(there.map(version).collect::<Vec<_>>(), [round; 50], "batch {batch} of {batches}");
        }
    }
}

/// How many batches were acknowledged, and the error that ended it. After some it says that it is enough.
async fn write_until_it_breaks(store: &impl VectorStore, round: i64, enough: &Notify) -> (usize, Error) {
    for batch in 0.. {
        let records = (0..50).map(|i| record(format!("{round}/{batch}/{i}"), round)).collect();
        if let Err(error) = put(store, records).await {
            enough.notify_one();
            return (batch, error);
        }
        if batch == 4 {
            enough.notify_one();
        }
    }
    unreachable!()
}
