//! Encrypted, by a certificate of one's own.

use std::{
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::Duration,
};

use keyvisual::ErrorKind;

use super::*;

struct Encrypted(Child);

impl Drop for Encrypted {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server of openssl's with a fresh certificate for 127.0.0.1; what it answers is HTML.
async fn encrypted(folder: &std::path::Path) -> (Encrypted, String) {
    let openssl = |args: &str| {
        let mut command = Command::new("openssl");
        command.args(args.split(' ')).current_dir(folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    std::fs::write(folder.join("names"), "subjectAltName=IP:127.0.0.1").unwrap();
    for step in [
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=authority",
        "req -newkey rsa:2048 -nodes -keyout key.pem -out request.pem -subj /CN=127.0.0.1",
        "x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -extfile names",
    ] {
        assert!(openssl(step).status().unwrap().success(), "{step}");
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let serve = format!("s_server -accept 127.0.0.1:{port} -cert server.pem -key key.pem -www -quiet");
    let server = Encrypted(openssl(&serve).spawn().unwrap());
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    (server, format!("https://127.0.0.1:{port}"))
}

#[tokio::test]
async fn a_certificate_is_trusted_when_it_is_named() {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("skipped: there is no openssl");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (_server, url) = encrypted(folder.path()).await;
    let error = OpenSearchStore::connect(config(&url, "library", "")).await.unwrap_err();
    assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Unavailable, false), "not trusted: {error:?}");
    let ca = format!("&ca={}", folder.path().join("ca.pem").display());
    let error = OpenSearchStore::connect(config(&url, "library", &ca)).await.unwrap_err();
    assert_eq!((error.kind(), error.was_sent()), (ErrorKind::InvalidReply, true), "trusted, HTML: {error:?}");
    let bad = config(&url, "library", "").with_ca("no certificate");
    assert_eq!(OpenSearchStore::connect(bad).await.unwrap_err().kind(), ErrorKind::InvalidInput);
}
