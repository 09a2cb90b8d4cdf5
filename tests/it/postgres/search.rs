//! What searches and filters find, beside arithmetic that no store shares.

use super::*;
use crate::vector_store::{differential, recall};

#[tokio::test]
async fn five_hundred_filters_find_what_arithmetic_finds() {
    let Some(url) = server() else { return };
    differential::check(&connect(&url, &fresh(), "").await).await;
}

/// By the index alone: nothing is scored exactly, and the planner may not read the whole table.
async fn check_recall(kind: &str, more: &str) {
    let Some(url) = server() else { return };
    let name = fresh();
    let more = format!("&exact_below=0&options=-c%20enable_seqscan%3Doff{more}");
    let store = connect(&url, &name, &more).await;
    let kind = format!("pgvector {} {kind}", store.card().version.as_deref().unwrap_or_default());
    let analyze = format!("ANALYZE keyvisual_test.t_{name}");
    recall::check(&kind, &store, async || raw(&url).await.batch_execute(&analyze).await.unwrap()).await;
}

#[tokio::test]
async fn the_index_finds_the_nearest_with_and_without_filters() {
    check_recall("vector", "").await;
}

#[tokio::test]
async fn the_index_in_half_precision_finds_them_too() {
    check_recall("halfvec", "&halfvec=true").await;
}
