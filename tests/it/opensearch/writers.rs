//! Several at once: one collection, one record, one store after a call that was given up.

use std::time::Duration;

use futures_util::future::join_all;

use super::*;
use crate::vector_store::writers;

async fn stores(url: &str, count: usize) -> Vec<OpenSearchStore> {
    let name = fresh();
    join_all((0..count).map(|_| connect(url, &name, ""))).await
}

#[tokio::test]
async fn of_many_who_create_at_once_one_does() {
    let Some(url) = server() else { return };
    writers::check_one_creates(stores(&url, 8).await).await;
}

#[tokio::test]
async fn of_two_who_create_different_spaces_one_is_refused() {
    let Some(url) = server() else { return };
    writers::check_one_space(stores(&url, 6).await).await;
}

#[tokio::test]
async fn two_writers_of_the_same_ids_leave_whole_records() {
    let Some(url) = server() else { return };
    let stores = stores(&url, 2).await;
    writers::check_two_writers(&stores[0], &stores[1]).await;
}

#[tokio::test]
async fn a_call_that_was_given_up_leaves_whole_records() {
    let Some(url) = server() else { return };
    let left = writers::check_given_up(&connect(&url, &fresh(), "").await, Duration::from_millis(4)).await;
    eprintln!("records that are there of batches of 100 that were given up: {left:?}");
}
