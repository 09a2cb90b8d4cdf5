//! What searches and filters find, beside arithmetic that no store shares.

use super::*;
use crate::vector_store::{differential, hostile, recall};

#[tokio::test]
async fn five_hundred_filters_find_what_arithmetic_finds() {
    let Some(url) = server() else { return };
    differential::check(&connect(&url, &fresh()).await).await;
}

#[tokio::test]
async fn it_finds_the_nearest_with_and_without_filters() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh()).await;
    recall::check_of(2_000, 10, "s3vectors on S3Mock", &store, async || ()).await;
}

#[tokio::test]
async fn texts_that_look_like_statements_are_kept_and_found() {
    let Some(url) = server() else { return };
    hostile::check_texts(&connect(&url, &fresh()).await).await;
}

#[tokio::test]
async fn fields_may_have_any_name() {
    let Some(url) = server() else { return };
    hostile::check_names(&connect(&url, &fresh()).await, 700).await;
}
