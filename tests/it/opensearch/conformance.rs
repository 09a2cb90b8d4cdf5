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
async fn it_keeps_the_contract_by_the_index() {
    check("&exact_below=0").await;
}
