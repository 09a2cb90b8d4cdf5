//! Several at once: one collection, one record, one store after a call that was given up.

use std::time::Duration;

use futures_util::future::join_all;

use super::*;
use crate::vector_store::writers;

#[tokio::test]
async fn of_many_who_create_at_once_one_does() {
    let Some(url) = server() else { return };
    let name = fresh();
    writers::check_one_creates(join_all((0..8).map(|_| connect(&url, &name, ""))).await).await;
}

#[tokio::test]
async fn of_two_who_create_different_spaces_one_is_refused() {
    let Some(url) = server() else { return };
    let name = fresh();
    writers::check_one_space(join_all((0..6).map(|_| connect(&url, &name, ""))).await).await;
}

#[tokio::test]
async fn two_writers_of_the_same_ids_leave_whole_records() {
    let Some(url) = server() else { return };
    let name = fresh();
    let (first, second) = (connect(&url, &name, "").await, connect(&url, &name, "").await);
    writers::check_two_writers(&first, &second).await;
}

#[tokio::test]
async fn a_call_that_was_given_up_leaves_whole_records() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "").await;
    writers::check_given_up(&store, Duration::from_micros(300)).await;
}
