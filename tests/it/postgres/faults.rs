//! What goes wrong on the way is a typed error, and nothing acknowledged is lost.

use std::time::Duration;

use keyvisual::{Error, ErrorKind};

use super::*;
use crate::{
    servers::Own,
    vector_store::{faults, restarts},
};

async fn refused(url: &str) -> Error {
    let error = PgVectorStore::connect(config(url, "never", "")).await.unwrap_err();
    assert!(!format!("{error:?}").contains("secret"), "no password in {error:?}");
    assert_eq!(error.operation(), Some("connect"));
    error
}

#[tokio::test]
async fn a_wrong_password_is_unauthenticated_and_not_shown() {
    let Some(url) = server() else { return };
    let role = "DO $$ BEGIN CREATE ROLE locked LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object THEN NULL; END $$";
    raw(&url).await.batch_execute(role).await.unwrap();
    for user in ["locked:secret", "locked"] {
        let error = refused(&url.replace("//postgres@", &format!("//{user}@"))).await;
        assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unauthenticated, false), "{error:?}");
    }
    connect(&url.replace("//postgres@", "//locked:right@"), "never", "").await;
}

#[tokio::test]
async fn a_user_without_rights_may_not_create() {
    let Some(url) = server() else { return };
    let role = "DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$";
    raw(&url).await.batch_execute(role).await.unwrap();
    let store = connect(&url.replace("//postgres@", "//reader@"), &fresh(), "").await;
    let error = store.create(CreateRequest::new(space(3), Schema::new())).await.unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::PermissionDenied, false), "{error}");
}

#[tokio::test]
async fn a_missing_database_is_not_found() {
    let Some(url) = server() else { return };
    let (server, _) = url.rsplit_once('/').unwrap();
    let error = refused(&format!("{server}/nowhere")).await;
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::NotFound, false), "{error:?}");
}

#[tokio::test]
async fn nobody_there_is_unavailable_and_was_not_sent() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = refused(&format!("postgres://team:secret@127.0.0.1:{port}/visuals")).await;
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unavailable, true), "{error:?}");
    assert!(!error.was_sent());
}

#[tokio::test]
async fn a_locked_table_is_a_timeout_and_the_store_goes_on() {
    let Some(url) = server() else { return };
    let name = fresh();
    let patient = connect(&url, &name, "").await;
    create(&patient).await;
    let hasty = config(&url, &name, "").with_request_timeout(Duration::from_millis(200));
    let store = PgVectorStore::connect(hasty).await.unwrap();
    put(&store, vec![record("a", 1)]).await.unwrap();
    let other = raw(&url).await;
    let lock = format!("BEGIN; LOCK TABLE keyvisual_test.t_{name} IN ACCESS EXCLUSIVE MODE");
    other.batch_execute(&lock).await.unwrap();
    for _ in 0..6 {
        let error = put(&store, vec![record("a", 2)]).await.unwrap_err();
        assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Timeout, true), "{error:?}");
        assert!(error.was_sent());
    }
    other.batch_execute("ROLLBACK").await.unwrap();
    put(&patient, vec![record("a", 3)]).await.unwrap();
    assert_eq!(scan(&patient, Filter::exists("version")).await.iter().map(version).collect::<Vec<_>>(), [3]);
    put(&store, vec![record("b", 4)]).await.unwrap();
}

/// The server ends every connection of the store again and again, as when it is shut down.
#[tokio::test]
async fn connections_that_break_lose_nothing_that_was_acknowledged() {
    let Some(url) = server() else { return };
    let name = fresh();
    let store = connect(&url, &name, &format!("&application_name={name}")).await;
    create(&store).await;
    let writes = async {
        let mut errors = Vec::new();
        for batch in 0..40_i64 {
            let records: Vec<_> = (0..50).map(|i| record(format!("{batch}/{i}"), batch)).collect();
            while let Err(error) = put(&store, records.clone()).await {
                errors.push(error);
            }
        }
        errors
    };
    let other = raw(&url).await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
    let kills = async {
        let mut killed = 0;
        while killed < 15 {
            killed += other.query(end, &[&name]).await.unwrap().len();
            tokio::task::yield_now().await;
        }
    };
    let (errors, ()) = tokio::join!(writes, kills);
    assert!(!errors.is_empty(), "something broke");
    for error in &errors {
        assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unavailable, true), "{error:?}");
    }
    let found = scan(&store, Filter::exists("version")).await;
    assert_eq!(found.len(), 2_000, "every batch is there after {} errors", errors.len());
    for record in &found {
        assert_eq!(record.id.split('/').next(), Some(version(record).to_string().as_str()));
    }
}

/// The server is shut down as by a crash in the middle of batches and recovers what it had, twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_loses_nothing_that_was_acknowledged() {
    if server().is_none() {
        return;
    }
    let own = Own::start("postgres", "5598", "QUIT");
    let url = "postgres://postgres@127.0.0.1:5598/postgres";
    let store = connect(url, "restart", "&options=-c%20synchronous_commit%3Don").await;
    restarts::check(&store, own).await;
}

#[tokio::test]
async fn a_server_without_a_free_connection_may_be_asked_again() {
    let Some(url) = server() else { return };
    let role = "DO $$ BEGIN CREATE ROLE single LOGIN CONNECTION LIMIT 1; EXCEPTION WHEN duplicate_object THEN NULL; END $$";
    raw(&url).await.batch_execute(role).await.unwrap();
    let url = url.replace("//postgres@", "//single@");
    let other = raw(&url).await;
    let error = refused(&url).await;
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unavailable, true), "{error:?}");
    assert!(!error.was_sent(), "no statement was");
    drop(other);
    while let Err(error) = PgVectorStore::connect(config(&url, "never", "")).await {
        assert!(error.is_transient(), "until the server has noticed: {error:?}");
    }
}

#[tokio::test]
async fn one_bad_record_of_five_hundred_is_named_and_the_others_are_kept() {
    let Some(url) = server() else { return };
    faults::check_one_bad(&connect(&url, &fresh(), "").await).await;
}

#[tokio::test]
async fn another_process_meets_the_same_space_and_schema() {
    let Some(url) = server() else { return };
    let name = fresh();
    faults::check_another_collection(&connect(&url, &name, "").await, &connect(&url, &name, "").await).await;
}

#[tokio::test]
async fn a_table_that_somebody_dropped_is_not_found() {
    let Some(url) = server() else { return };
    let name = fresh();
    let store = connect(&url, &name, "").await;
    create(&store).await;
    let drop = format!("DROP TABLE keyvisual_test.t_{name}");
    raw(&url).await.batch_execute(&drop).await.unwrap();
    let error = store.count(CountRequest::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::NotFound, false), "{error:?}");
}
