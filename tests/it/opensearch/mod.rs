//! The store on OpenSearch against a real server. Start it with `tests/servers/all.sh`.

mod conformance;

use keyvisual::backends::opensearch::{OpenSearchConfig, OpenSearchStore};

/// The server's address, or none after a line that says so. In CI a missing server is a failure.
pub(super) fn server() -> Option<String> {
    let variable = "KEYVISUAL_OPENSEARCH_URL";
    let url = std::env::var(variable).ok();
    if url.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{variable} must be set in CI");
        eprintln!("skipped: {variable} is not set, see tests/servers/all.sh");
    }
    url
}

/// Settings for the index `name`, with more parameters.
fn config(url: &str, name: &str, more: &str) -> OpenSearchConfig {
    OpenSearchConfig::from_url(&format!("opensearch+{url}/{name}?replicas=0{more}")).unwrap()
}

pub(super) async fn connect(url: &str, name: &str, more: &str) -> OpenSearchStore {
    OpenSearchStore::connect(config(url, name, more)).await.unwrap()
}
