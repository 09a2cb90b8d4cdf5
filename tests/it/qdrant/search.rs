//! What searches and filters find, beside arithmetic that no store shares.

use super::*;
use crate::vector_store::{differential, recall};

#[tokio::test]
async fn five_hundred_filters_find_what_arithmetic_finds() {
    let Some(url) = server() else { return };
    differential::check(&connect(&url, &fresh(), "").await).await;
}

/// The engine has written its segments anew, with their indexes, from what it keeps on disk.
#[tokio::test]
async fn five_hundred_filters_find_it_in_segments_that_were_rebuilt() {
    let Some(url) = server() else { return };
    differential::check(&connect(&url, &fresh(), "&index_above=1&exact=true").await).await;
}

/// By the graph alone, which is built once when all is written: nothing is scored exactly.
async fn check_recall(kind: &str, more: &str) {
    let Some(url) = server() else { return };
    let name = fresh();
    let store = connect(&url, &name, &format!("&exact_below=0&index_above=700{more}")).await;
    let built = async || {
        let indexed = indexed(&url, &name).await;
        assert!(indexed >= 5_000, "{indexed} of 6000 vectors are in the graph");
    };
    recall::check(&format!("qdrant-edge 0.7.2 {kind}"), &store, built).await;
}

#[tokio::test]
async fn the_graph_finds_the_nearest_with_and_without_filters() {
    check_recall("vectors", "").await;
}

#[tokio::test]
async fn the_graph_of_bytes_finds_them_too() {
    check_recall("bytes", "&quantization=scalar").await;
}

/// Thirty-two bits tell little; they stand for the candidates, and the vectors decide.
#[tokio::test]
async fn the_graph_of_bits_finds_them_by_more_candidates() {
    check_recall("bits", "&quantization=binary").await;
}

#[tokio::test]
async fn of_many_with_one_score_the_first_ids_are_found() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "").await;
    create(&store).await;
    put(&store, (0..900).map(|i| record(format!("{i:03}"), 1)).collect()).await.unwrap();
    put(&store, vec![record("better", 0)]).await.unwrap();
    let query = Embedding::new(vec![1.0, 0.0, -1.0]).unwrap();
    let reply = store.search(SearchRequest::new(query, 5)).await.unwrap();
    let ids: Vec<_> = reply.hits.iter().map(|hit| hit.id.as_str()).collect();
    assert_eq!(ids, ["better", "000", "001", "002", "003"]);
}

#[tokio::test]
async fn vectors_and_numbers_come_back_to_the_last_bit() {
    let Some(url) = server() else { return };
    let name = fresh();
    let store = connect(&url, &name, "&index_above=1&quantization=scalar").await;
    let schema = Schema::new().with_filterable("float", FieldType::Float);
    store.create(CreateRequest::new(space(48), schema)).await.unwrap();
    let mut random = fastrand::Rng::with_seed(11);
    let mut make = |i| {
        let vector = Embedding::new((0..48).map(|_| random.f32() - 0.5).collect::<Vec<_>>()).unwrap();
        let number = std::iter::repeat_with(|| f64::from_bits(random.u64(..))).find(|x| x.is_finite());
        Record::new(format!("{i:04}"), vector.unit().unwrap()).with_field("float", number.unwrap())
    };
    let records: Vec<_> = (0..1_000).map(&mut make).collect();
    put(&store, records.clone()).await.unwrap();
    assert!(indexed(&url, &name).await > 0, "the segments were rebuilt");
    assert_eq!(scan(&store, Filter::exists("float")).await, records);
    for record in records.iter().step_by(7) {
        let filter = Filter::eq("float", record.fields["float"].clone());
        assert_eq!(count(&store, filter).await, 1, "{:?}", record.fields["float"]);
    }
}
