//! Values and names are data, whatever they look like.

use keyvisual::ErrorKind;

use super::*;
use crate::vector_store::hostile;

#[tokio::test]
async fn texts_that_look_like_statements_are_kept_and_found() {
    let Some(url) = server() else { return };
    hostile::check_texts(&connect(&url, &fresh(), "").await).await;
}

#[tokio::test]
async fn fields_may_have_any_name_and_long_values() {
    let Some(url) = server() else { return };
    hostile::check_names(&connect(&url, &fresh(), "").await, 100_000).await;
}

#[tokio::test]
async fn names_that_look_like_paths_are_fields_of_their_own() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "").await;
    let names = ["a", "a.b", "a[]", "a[0]", "\"a\"", "-", "-61", "", "0", "id", "fields", "\0", "ä"];
    let schema = names.iter().fold(Schema::new(), |s, name| s.with_filterable(*name, FieldType::Integer));
    store.create(CreateRequest::new(space(3), schema)).await.unwrap();
    let records = names.iter().enumerate().map(|(i, name)| {
        let vector = Embedding::new(vec![1.0, 2.0, 3.0]).unwrap();
        Record::new(format!("{i:02}"), vector).with_field(*name, i as i64)
    });
    put(&store, records.collect()).await.unwrap();
    for (i, name) in names.iter().enumerate() {
        for filter in [Filter::exists(*name), Filter::eq(*name, i as i64), Filter::at_least(*name, i as i64)]
        {
            let found: Vec<_> = scan(&store, filter.clone()).await.into_iter().map(|r| r.id).collect();
            assert_eq!(found, [format!("{i:02}")], "{filter:?}");
        }
    }
}

#[tokio::test]
async fn a_nul_is_kept_like_any_character() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "").await;
    create(&store).await;
    put(&store, vec![record("a\0", 1).with_field("text", "nul \0"), record("a", 2)]).await.unwrap();
    assert_eq!(count(&store, Filter::eq("text", "nul \0")).await, 1);
    assert_eq!(scan(&store, Filter::exists("version")).await.iter().map(version).collect::<Vec<_>>(), [2, 1]);
}

#[tokio::test]
async fn filters_may_be_wide_and_deep() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "").await;
    create(&store).await;
    put(&store, (0..100).map(|i| record(i, i)).collect()).await.unwrap();
    assert_eq!(count(&store, Filter::any_of("version", 90..100_000_i64)).await, 10);
    let wide = Filter::Or((0..5_000_i64).map(|i| Filter::eq("version", i)).collect());
    assert_eq!(count(&store, wide).await, 100);
    let deep = (0..32).fold(Filter::eq("version", 7_i64), |filter, i| match i % 3 {
        0 => !filter,
        1 => Filter::And(vec![filter]),
        _ => Filter::Or(vec![filter]),
    });
    let wanted = if (0..32).filter(|i| i % 3 == 0).count() % 2 == 0 { 1 } else { 99 };
    assert_eq!(count(&store, deep.clone()).await, wanted);
    let error = store.count(CountRequest::new().with_filter(!deep)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
}
