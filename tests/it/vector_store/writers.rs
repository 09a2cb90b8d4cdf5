//! Several at once: one collection, one record, one store after a call that was given up.

use std::time::Duration;

use futures_util::future::join_all;
use keyvisual::{
    ErrorKind,
    domain::{FieldType, Filter, Schema},
    roles::{CreateRequest, VectorStore},
};

use super::{count, create, put, record, scan, space, version};

/// Of many who create the collection at once, one does.
pub(crate) async fn check_one_creates<S: VectorStore>(stores: Vec<S>) {
    let create = |store| async move {
        let request = CreateRequest::new(space(3), Schema::new().with_filterable("text", FieldType::Text));
        S::create(store, request).await.unwrap().created
    };
    let created = join_all(stores.iter().map(create)).await;
    assert_eq!(created.iter().filter(|created| **created).count(), 1, "{created:?}");
}

/// Of several who create it for different spaces, all but one are refused.
pub(crate) async fn check_one_space<S: VectorStore>(stores: Vec<S>) {
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

/// Two writers of the same ids leave whole records. Gives the versions that stayed.
pub(crate) async fn check_two_writers<S: VectorStore>(first: &S, second: &S) -> Vec<i64> {
    create(first).await;
    let write = |store, backwards: bool, from: i64| async move {
        for round in from..from + 25 {
            let mut records: Vec<_> = (0..40).map(|i| record(i, round)).collect();
            if backwards {
                records.reverse();
            }
            put(store, records).await.unwrap();
        }
    };
    tokio::join!(write(first, false, 0), write(second, true, 100));
    let found = scan(second, Filter::exists("version")).await;
    let versions: Vec<_> = found.iter().map(version).collect();
    assert_eq!(versions.len(), 40);
    assert!(versions.iter().all(|v| [24, 124].contains(v)), "each writer's last: {versions:?}");
    versions
}

/// Calls that are given up after a while leave whole records. Gives, for each of those, how many of its hundred are there.
pub(crate) async fn check_given_up(store: &impl VectorStore, step: Duration) -> Vec<u64> {
    create(store).await;
    let mut dropped = Vec::new();
    for round in 0..40_i64 {
        let records: Vec<_> = (0..100).map(|i| record(format!("{round}/{i}"), round)).collect();
        let wait = step * u32::try_from(round).unwrap();
        let acknowledged = tokio::time::timeout(wait, put(store, records)).await.is_ok();
        let there = count(store, Filter::eq("version", round)).await;
        assert!(there == 100 || !acknowledged, "{there} records of round {round}");
        if !acknowledged {
            dropped.push(there);
        }
    }
    assert!(!dropped.is_empty(), "something was given up");
    scan(store, Filter::exists("version")).await.iter().for_each(|record| {
        version(record);
    });
    dropped
}
