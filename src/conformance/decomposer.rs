//! The contract of [`Decomposer`].

use std::collections::HashSet;

use super::kind;
use crate::{
    error::ErrorKind,
    roles::{DecomposeRequest, Decomposer},
};

/// Everything below. A provider bills about two calls.
pub async fn all(decomposer: &dyn Decomposer) {
    names_each_thing_once(decomposer).await;
    refuses_an_empty_query(decomposer).await;
}

/// A query has at least one part, none is empty, and each comes once in its list.
pub async fn names_each_thing_once(decomposer: &dyn Decomposer) {
    let query = "our green mug, a table in the woods, autumn mood";
    let reply = decomposer.decompose(DecomposeRequest::new(query)).await.expect("the parts");
    let lists = [&reply.products, &reply.backgrounds, &reply.themes];
    assert!(lists.iter().any(|list| !list.is_empty()), "the query names something: {reply:?}");
    for list in lists {
        let distinct: HashSet<_> = list.iter().map(|part| part.trim().to_lowercase()).collect();
        assert_eq!(distinct.len(), list.len(), "each thing comes once: {list:?}");
        assert!(!distinct.contains(""), "no part is empty: {list:?}");
    }
}

/// An empty query is `InvalidInput`.
pub async fn refuses_an_empty_query(decomposer: &dyn Decomposer) {
    for query in ["", " \n"] {
        let refusal = decomposer.decompose(DecomposeRequest::new(query)).await;
        assert_eq!(kind(&refusal), Some(ErrorKind::InvalidInput), "the query {query:?}");
    }
}
