//! What every vector store must show.

use std::{sync::Arc, time::Duration};

use keyvisual::backends::local::EmbeddedStore;

use crate::vector_store::{differential, faults, hostile, recall, writers};

async fn check(run: impl AsyncFnOnce(Arc<EmbeddedStore>)) {
    let folder = tempfile::tempdir().unwrap();
    run(Arc::new(EmbeddedStore::open(folder.path()).await.unwrap())).await;
}

#[tokio::test]
async fn five_hundred_filters_find_what_arithmetic_finds() {
    check(async |store| differential::check(&store).await).await;
}

#[tokio::test]
async fn it_finds_the_nearest_with_and_without_filters() {
    check(async |store| recall::check("embedded", &store, async || ()).await).await;
}

#[tokio::test]
async fn texts_that_look_like_statements_are_kept_and_found() {
    check(async |store| hostile::check_texts(&store).await).await;
}

#[tokio::test]
async fn fields_may_have_any_name_and_long_values() {
    check(async |store| hostile::check_names(&store, 100_000).await).await;
}

#[tokio::test]
async fn of_many_who_create_at_once_one_does() {
    check(async |store| writers::check_one_creates(vec![store; 8]).await).await;
}

#[tokio::test]
async fn of_two_who_create_different_spaces_one_is_refused() {
    check(async |store| writers::check_one_space(vec![store; 6]).await).await;
}

#[tokio::test]
async fn two_writers_of_the_same_ids_leave_whole_records() {
    check(async |store| drop(writers::check_two_writers(&store, &store).await)).await;
}

#[tokio::test]
async fn a_call_that_was_given_up_leaves_whole_records() {
    check(async |store| drop(writers::check_given_up(&store, Duration::from_micros(200)).await)).await;
}

#[tokio::test]
async fn one_bad_record_of_five_hundred_is_named_and_the_others_are_kept() {
    check(async |store| faults::check_one_bad(&store).await).await;
}

#[tokio::test]
async fn another_space_or_schema_is_refused_and_so_is_a_vector_of_it() {
    check(async |store| faults::check_another_collection(&store, &store).await).await;
}
