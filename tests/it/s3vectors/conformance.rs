use keyvisual::conformance;

use super::{connect, front::Front, server};

#[tokio::test]
async fn it_keeps_the_contract() {
    let Some(url) = server() else { return };
    let front = Front::before(&url);
    conformance::vector_store::all(async |name| connect(front.url(), &name).await).await;
}
