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
async fn it_keeps_the_contract_when_every_search_is_exact() {
    check("&exact=true").await;
}

/// A graph is built from the first kilobyte on.
#[tokio::test]
async fn it_keeps_the_contract_by_the_index() {
    check("&exact_below=0&index_above=1").await;
}

#[tokio::test]
async fn it_keeps_the_contract_by_an_index_of_bytes() {
    check("&exact_below=0&index_above=1&quantization=scalar").await;
}
