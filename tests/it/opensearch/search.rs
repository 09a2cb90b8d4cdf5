//! What searches and filters find, beside arithmetic that no store shares.

use super::*;
use crate::vector_store::{differential, hostile, recall};

#[tokio::test]
async fn five_hundred_filters_find_what_arithmetic_finds() {
    let Some(url) = server() else { return };
    differential::check(&connect(&url, &fresh(), "").await).await;
}

#[tokio::test]
async fn by_the_index_too_every_hit_passes_and_as_many_are_found() {
    let Some(url) = server() else { return };
    differential::check_members(&connect(&url, &fresh(), "&exact_below=0").await).await;
}

/// By the index alone; the server merges the index into one segment in between, the hardest case.
async fn check_recall(kind: &str, more: &str, merged: bool) {
    let Some(url) = server() else { return };
    let name = fresh();
    let store = connect(&url, &name, &format!("&exact_below=0{more}")).await;
    let kind = format!("opensearch {} {kind}", store.card().version.as_deref().unwrap_or_default());
    let merge = format!("{url}/{name}/_forcemerge?max_num_segments=1");
    let loaded = async || {
        if merged {
            raw("POST", merge, Value::Null).await;
        }
    };
    recall::check(&kind, &store, loaded).await;
}

#[tokio::test]
async fn the_index_finds_the_nearest_with_and_without_filters() {
    check_recall("lucene", "", false).await;
}

#[tokio::test]
async fn the_index_in_one_segment_finds_them_too() {
    check_recall("lucene, one segment", "", true).await;
}

#[tokio::test]
async fn several_shards_give_no_more_and_no_fewer_than_asked_for() {
    check_recall("lucene, three shards", "&shards=3", false).await;
}

#[tokio::test]
async fn texts_that_look_like_queries_are_kept_and_found() {
    let Some(url) = server() else { return };
    hostile::check_texts(&connect(&url, &fresh(), "").await).await;
}

/// A term of the index has at most 32 766 bytes.
#[tokio::test]
async fn fields_may_have_any_name_and_long_values() {
    let Some(url) = server() else { return };
    hostile::check_names(&connect(&url, &fresh(), "").await, 100_000).await;
}

#[tokio::test]
async fn names_with_dots_do_not_meet() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "").await;
    let names = ["a", "a.b", "a.b.c", "_id", "_source", "id", "vector", "is.f0", "kept"];
    let schema =
        names.iter().fold(Schema::new(), |schema, name| schema.with_filterable(*name, FieldType::Text));
    store.create(CreateRequest::new(space(3), schema.with_stored("note.x", FieldType::Text))).await.unwrap();
    let empty = || Record::new("x", Embedding::new(vec![1.0, 2.0, 3.0]).unwrap());
    let full = names.iter().fold(empty(), |record, name| record.with_field(*name, *name));
    put(&store, vec![full.clone().with_field("note.x", "kept")]).await.unwrap();
    for name in names {
        assert_eq!(count(&store, Filter::eq(name, name)).await, 1, "{name}");
        assert_eq!(count(&store, Filter::eq(name, "kept")).await, u64::from(name == "kept"), "{name}");
    }
    assert_eq!(scan(&store, Filter::exists("a.b")).await[0].fields.len(), names.len() + 1);
}

/// What looks like the digest of a long text is a text of its own.
#[tokio::test]
async fn a_text_that_looks_like_a_digest_is_not_taken_for_one() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "").await;
    create(&store).await;
    let long = "x".repeat(5_000);
    put(&store, vec![record("long", 1).with_field("text", long.as_str())]).await.unwrap();
    let raw = raw("POST", format!("{url}/_search"), json!({ "query": { "term": { "id": "long" } } })).await;
    let hits = raw["hits"]["hits"].as_array().unwrap();
    let digest = hits.iter().find_map(|hit| hit["_source"]["is"]["f1"].as_str()).unwrap();
    assert!(digest.starts_with("sha256:"), "{digest}");
    put(&store, vec![record("digest", 1).with_field("text", digest)]).await.unwrap();
    for (text, id) in [(long.as_str(), "long"), (digest, "digest")] {
        let found = scan(&store, Filter::eq("text", text)).await;
        assert_eq!(found.iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), [id]);
        assert_eq!(found[0].fields["text"], text.into());
    }
}
