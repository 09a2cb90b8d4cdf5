//! Encryption, by a certificate made on the spot and a front that takes encrypted connections alone.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use keyvisual::{
    Error, ErrorKind,
    backends::postgres::{PgCampaignStore, PostgresConfig, Tls},
};

use super::*;

/// Ends with the test.
struct Front {
    process: Child,
    port: String,
}

impl Front {
    /// Before the server of `url`, with the certificate in `folder`.
    fn before(url: &str, folder: &Path) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/tls_front.py");
        let port = url.rsplit_once(':').unwrap().1.split('/').next().unwrap();
        let mut process = Command::new("python3")
            .args([script, "server.pem", "server.key", port])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { process, port: line.trim().to_owned() }
    }

    fn url(&self, host: &str) -> String {
        format!("postgres://postgres@{host}:{}/postgres", self.port)
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Two authorities, and the certificate of 127.0.0.1 by the first.
fn certificates(folder: &Path) {
    let script = "set -e; new='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'; \
        for ca in ca other; do \
          openssl req -x509 $new -keyout $ca.key -out $ca.pem -subj /CN=$ca -days 2 \
            -addext basicConstraints=critical,CA:TRUE; \
        done; \
        openssl req $new -keyout server.key -out server.csr -subj /CN=server; \
        echo subjectAltName=IP:127.0.0.1 >san; \
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile san -out server.pem";
    let made = Command::new("bash").args(["-c", script]).current_dir(folder).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

async fn open(url: &str, more: &str) -> Result<PgVectorStore, Error> {
    let name = fresh();
    let store = PgVectorStore::connect(PgVectorConfig::from_url(&format!(
        "{url}?schema=keyvisual_test&prefix=t&collection={name}{more}"
    ))?)
    .await?;
    create(&store).await;
    put(&store, (0..100).map(|i| record(i, i)).collect()).await?;
    assert_eq!(count(&store, Filter::exists("version")).await, 100);
    Ok(store)
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_encrypted_and_certificates_checked_as_the_mode_says() {
    let Some(url) = server() else { return };
    let folder = tempfile::tempdir().unwrap();
    certificates(folder.path());
    let front = Front::before(&url, folder.path());
    let root = |name: &str| format!("&sslrootcert={}", folder.path().join(name).display());
    let (here, named) = (front.url("127.0.0.1"), front.url("localhost"));

    for more in ["", "&sslmode=prefer", "&sslmode=require"] {
        open(&here, more).await.unwrap();
        open(&named, more).await.unwrap();
    }
    for mode in ["require", "verify-full"] {
        open(&here, &format!("&sslmode={mode}{}", root("ca.pem"))).await.unwrap();
    }
    let refused = [
        (&here, "&sslmode=verify-full".to_owned()),
        (&here, format!("&sslmode=verify-full{}", root("other.pem"))),
        (&here, format!("&sslmode=require{}", root("other.pem"))),
        (&named, format!("&sslmode=verify-full{}", root("ca.pem"))),
    ];
    for (url, more) in refused {
        let error = open(url, &more).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.is_transient()),
            (ErrorKind::Unauthenticated, false),
            "{more}: {error:?}"
        );
        assert!(error.message().contains("certificate") && !error.was_sent(), "{more}: {error:?}");
    }
    let error = open(&here, "&sslmode=disable").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable, "the front takes nothing plain: {error:?}");

    let config = PostgresConfig::from_url(&format!("{here}?schema=keyvisual_test&prefix=tls")).unwrap();
    let config = config.with_tls(Tls::VerifyFull).with_root_certificate(folder.path().join("ca.pem"));
    PgCampaignStore::connect(config).await.unwrap();
}

#[tokio::test]
async fn a_server_without_encryption_is_refused_where_it_is_wanted() {
    let Some(url) = server() else { return };
    for mode in ["require", "verify-full"] {
        let error =
            PgVectorStore::connect(config(&url, "never", &format!("&sslmode={mode}"))).await.unwrap_err();
        assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unsupported, false), "{error:?}");
    }
    for mode in ["disable", "prefer"] {
        PgVectorStore::connect(config(&url, "never", &format!("&sslmode={mode}"))).await.unwrap();
    }
}

#[tokio::test]
async fn a_root_certificate_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (empty, missing) = (folder.path().join("empty.pem"), folder.path().join("missing.pem"));
    std::fs::write(&empty, "no certificate").unwrap();
    for path in [empty, missing] {
        let config = PostgresConfig::from_url("postgres://team:secret@127.0.0.1:1/visuals").unwrap();
        let error = PgCampaignStore::connect(config.with_root_certificate(&path)).await.unwrap_err();
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::InvalidInput, false), "{error:?}");
    }
    for mode in ["verify-ca", "allow", "on"] {
        let url = format!("postgres://team:secret@127.0.0.1:1/visuals?sslmode={mode}");
        assert_eq!(PostgresConfig::from_url(&url).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}
