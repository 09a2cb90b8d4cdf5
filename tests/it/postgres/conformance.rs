use keyvisual::conformance;

use super::{connect, server};

async fn check(more: &str) {
    let Some(url) = server() else { return };
    conformance::vector_store::all(async |name| connect(&url, &name, more).await).await;
}

#[tokio::test]
async fn it_keeps_the_contract() {
    check("").await;
}

#[tokio::test]
async fn it_keeps_the_contract_without_an_index() {
    check("&index=false").await;
}

/// The planner is kept from reading whole tables, so that every search goes by the index first.
#[tokio::test]
async fn it_keeps_the_contract_by_the_index() {
    check("&exact_below=0&options=-c%20enable_seqscan%3Doff").await;
}

#[tokio::test]
async fn it_keeps_the_contract_by_an_index_in_half_precision() {
    check("&exact_below=0&halfvec=true&options=-c%20enable_seqscan%3Doff").await;
}
