//! Several at once: one collection, one record, one connection after a call that was given up.

use std::time::Duration;

use futures_util::future::join_all;
use keyvisual::ErrorKind;

use super::*;

#[tokio::test]
async fn of_many_who_create_at_once_one_does() {
    let Some(url) = server() else { return };
    let name = fresh();
    let stores = join_all((0..8).map(|_| connect(&url, &name, "&schema=keyvisual_test_create"))).await;
    let create = |store| async move {
        let request = CreateRequest::new(space(3), Schema::new().with_filterable("text", FieldType::Text));
        PgVectorStore::create(store, request).await.unwrap().created
    };
    let created = join_all(stores.iter().map(create)).await;
    assert_eq!(created.iter().filter(|created| **created).count(), 1, "{created:?}");
}

#[tokio::test]
async fn of_two_who_create_different_spaces_one_is_refused() {
    let Some(url) = server() else { return };
    let name = fresh();
    let stores = join_all((0..6).map(|_| connect(&url, &name, ""))).await;
    let create = stores
        .iter()
        .zip(3..)
        .map(|(store, dimensions)| store.create(CreateRequest::new(space(dimensions), Schema::new())));
    let replies = join_all(create).await;
    assert_eq!(replies.iter().filter(|reply| reply.is_ok()).count(), 1, "{replies:?}");
    for error in replies.into_iter().filter_map(Result::err) {
        assert_eq!(error.kind(), ErrorKind::SpaceMismatch, "{error}");
    }
}

#[tokio::test]
async fn two_writers_of_the_same_ids_leave_whole_records() {
    let Some(url) = server() else { return };
    let name = fresh();
    let (first, second) = (connect(&url, &name, "").await, connect(&url, &name, "").await);
    create(&first).await;
    let write = |store, backwards: bool, from: i64| async move {
        for round in from..from + 25 {
            let mut records: Vec<_> = (0..40).map(|i| record(i, round)).collect();
            if backwards {
                records.reverse();
            }
            put(store, records).await.unwrap();
        }
    };
    tokio::join!(write(&first, false, 0), write(&second, true, 100));
    let found = scan(&second, Filter::exists("version")).await;
    let versions: Vec<_> = found.iter().map(version).collect();
    assert_eq!(versions.len(), 40);
    assert!(versions.iter().all(|v| *v == versions[0]), "one batch was the last: {versions:?}");
    assert!([24, 124].contains(&versions[0]), "{versions:?}");
}

#[tokio::test]
async fn a_call_that_was_given_up_is_there_as_a_whole_or_not_at_all() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "&pool=2").await;
    create(&store).await;
    let (mut finished, mut dropped) = (0, 0);
    for round in 0..40_i64 {
        let records: Vec<_> = (0..100).map(|i| record(format!("{round}/{i}"), round)).collect();
        let wait = Duration::from_micros(500 * round.unsigned_abs());
        let acknowledged = tokio::time::timeout(wait, put(&store, records)).await.is_ok();
        let there = count(&store, Filter::eq("version", round)).await;
        assert!(there == 100 || (there == 0 && !acknowledged), "{there} records of round {round}");
        if acknowledged { finished += 1 } else { dropped += 1 }
    }
    assert!(dropped > 0, "{finished} finished, {dropped} dropped");
}
