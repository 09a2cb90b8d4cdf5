//! TLS with a certificate that only a file vouches for.

use keyvisual::ErrorKind;

use super::{process::Process, *};

#[tokio::test]
async fn a_server_is_trusted_by_the_certificate_in_a_file_and_by_that_alone() {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    let Some(server) = Process::start(folder.path(), &["--tls", ca.to_str().unwrap()]) else { return };
    let url = format!("qdrants://{}/library?ca={}", server.address, ca.display());
    create(&QdrantStore::connect(QdrantConfig::from_url(&url).unwrap()).await.unwrap()).await;

    let strange = config(&server.url(), "library", "").with_tls(true);
    let error = QdrantStore::connect(strange).await.unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unavailable, false), "{error:?}");
    assert!(!error.was_sent());
}
