//! Credentials of AWS that come from elsewhere: how often they are fetched, and how long that may take.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use keyvisual::ErrorKind;
use wiremock::ResponseTemplate;

use super::*;

/// Set in a process of its own, whose AWS settings name a program that makes credentials.
const ADDRESS: &str = "KEYVISUAL_SIGN_FOR";

/// Runs the test `name` again, with credentials made by the shell's `program`.
fn again(name: &str, address: &str, program: &str) {
    let folder = tempfile::tempdir().unwrap();
    let (script, settings) = (folder.path().join("keys.sh"), folder.path().join("config"));
    std::fs::write(&script, program).unwrap();
    let profile = format!("[default]\nregion = eu-west-1\ncredential_process = sh {}\n", script.display());
    std::fs::write(&settings, profile).unwrap();
    let done = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("opensearch::identity::{name}"), "--nocapture"])
        .current_dir(folder.path())
        .env(ADDRESS, address)
        .env("AWS_CONFIG_FILE", &settings)
        .env("AWS_SHARED_CREDENTIALS_FILE", folder.path().join("none"))
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_ACCESS_KEY_ID")
        .status()
        .unwrap();
    assert!(done.success());
}

/// The process itself: settings that sign by what the environment has.
fn signed() -> Option<OpenSearchConfig> {
    let address = std::env::var(ADDRESS).ok()?;
    Some(config(&address, "library", "").with_aws(None))
}

/// A program that counts its runs and makes credentials that end then.
fn counted(end: &str) -> String {
    format!(
        r#"echo run >>runs
echo '{{"Version": 1, "AccessKeyId": "AKID", "SecretAccessKey": "x", "SessionToken": "t", "Expiration": "{end}"}}'"#
    )
}

/// Eight first calls at once, and eight later.
async fn sixteen_calls(config: OpenSearchConfig) -> usize {
    let store = OpenSearchStore::connect(config).await.unwrap();
    for _ in 0..2 {
        for found in join_all((0..8).map(|_| store.count(CountRequest::new()))).await {
            assert_eq!(found.unwrap_err().kind(), ErrorKind::NotFound);
        }
    }
    std::fs::read_to_string("runs").unwrap().lines().count()
}

#[tokio::test]
async fn credentials_are_fetched_once_until_they_end() {
    if let Some(config) = signed() {
        assert_eq!(sixteen_calls(config).await, 1);
        return;
    }
    let server = wire::answering(ResponseTemplate::new(404)).await;
    let address = server.uri();
    let run = move || {
        again("credentials_are_fetched_once_until_they_end", &address, &counted("2999-01-01T00:00:00Z"))
    };
    tokio::task::spawn_blocking(run).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 17);
    assert!(requests.iter().all(|request| request.headers["x-amz-security-token"] == "t"));
}

#[tokio::test]
async fn credentials_that_are_about_to_end_are_fetched_anew() {
    if let Some(config) = signed() {
        assert_eq!(sixteen_calls(config).await, 17);
        return;
    }
    let server = wire::answering(ResponseTemplate::new(404)).await;
    let (address, soon) = (server.uri(), jiff::Timestamp::now() + jiff::SignedDuration::from_secs(50));
    let run = move || {
        again("credentials_that_are_about_to_end_are_fetched_anew", &address, &counted(&soon.to_string()))
    };
    tokio::task::spawn_blocking(run).await.unwrap();
}

/// A program that hangs is no call that hangs.
#[tokio::test]
async fn fetching_credentials_counts_as_part_of_the_request() {
    if let Some(config) = signed() {
        let began = Instant::now();
        let error =
            OpenSearchStore::connect(config.with_request_timeout(Duration::from_secs(3))).await.unwrap_err();
        assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Timeout, true), "{error}");
        assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
        return;
    }
    let server = wire::answering(ResponseTemplate::new(404)).await;
    let address = server.uri();
    let run =
        move || again("fetching_credentials_counts_as_part_of_the_request", &address, "exec sleep 20\n");
    tokio::task::spawn_blocking(run).await.unwrap();
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}
