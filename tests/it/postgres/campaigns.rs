//! The campaign store: the contract, many writers, connections that break.

use futures_util::future::join_all;
use keyvisual::{
    ErrorKind,
    backends::postgres::{PgCampaignStore, PostgresConfig},
    conformance,
    domain::{Brief, CampaignHead, CampaignId, Concept, Entry},
};

use super::*;

/// A store whose tables no other test has.
async fn open(url: &str, name: &str, more: &str) -> PgCampaignStore {
    let url = format!("{url}?schema=keyvisual_test&prefix={name}&pool=4{more}");
    PgCampaignStore::connect(PostgresConfig::from_url(&url).unwrap()).await.unwrap()
}

fn concept(text: impl ToString) -> Entry {
    Entry::Concept { concept: Concept::new(text.to_string()) }
}

async fn campaign(store: &PgCampaignStore) -> CampaignHead {
    let head = CampaignHead::new(Brief::new("Autumn coffee", "Slow mornings"));
    store.create(CreateCampaignRequest::new(head.clone())).await.unwrap();
    head
}

async fn texts(store: &PgCampaignStore, id: &CampaignId) -> Vec<String> {
    let (mut texts, mut request) = (Vec::new(), EntriesRequest::new(id.clone()));
    loop {
        let page = store.entries(request.clone()).await.unwrap();
        for entry in page.entries {
            assert_eq!(entry.sequence, texts.len() as u64 + 1, "numbers without gaps");
            let Entry::Concept { concept } = entry.entry else { panic!("another kind of entry") };
            texts.push(concept.image_description);
        }
        if !page.more {
            return texts;
        }
        request = request.with_after(texts.len() as u64);
    }
}

#[tokio::test]
async fn it_keeps_the_contract() {
    let Some(url) = server() else { return };
    conformance::campaign_store::all(&open(&url, &fresh(), "").await).await;
}

#[tokio::test]
async fn of_many_who_open_at_once_all_find_one_set_of_tables() {
    let Some(url) = server() else { return };
    let name = fresh();
    let stores = join_all((0..8).map(|_| open(&url, &name, ""))).await;
    let head = campaign(&stores[0]).await;
    for store in &stores {
        let found = store.get(GetCampaignRequest::new(head.id.clone())).await.unwrap().head;
        assert_eq!(found.as_ref(), Some(&head));
    }
}

/// Each of 24 writers has a store of its own, as processes do.
#[tokio::test]
async fn of_24_writers_of_one_revision_one_wins() {
    let Some(url) = server() else { return };
    let name = fresh();
    let stores = join_all((0..24).map(|_| open(&url, &name, "&pool=1"))).await;
    let mut head = campaign(&stores[0]).await;
    for round in 1..=5_u64 {
        let replace = stores.iter().enumerate().map(|(i, store)| {
            let mut new = head.clone();
            new.brief = Brief::new(format!("writer {i}"), "Slow mornings");
            store.replace(ReplaceCampaignRequest::new(new))
        });
        let results = join_all(replace).await;
        let winners: Vec<_> = (0..24).filter(|i| results[*i].is_ok()).collect();
        assert_eq!(winners.len(), 1, "{results:?}");
        for error in results.into_iter().filter_map(Result::err) {
            assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Conflict, false), "{error}");
        }
        head = stores[7].get(GetCampaignRequest::new(head.id.clone())).await.unwrap().head.unwrap();
        assert_eq!(
            (head.revision, head.brief.name.as_str()),
            (round + 1, format!("writer {}", winners[0]).as_str())
        );
    }
}

/// The server ends every connection of the store again and again, as when it is shut down.
#[tokio::test]
async fn connections_that_break_lose_nothing_that_was_acknowledged() {
    let Some(url) = server() else { return };
    let name = fresh();
    let store = open(&url, &name, &format!("&application_name={name}")).await;
    let id = campaign(&store).await.id;
    let writes = async {
        let (mut kept, mut errors) = (Vec::new(), Vec::new());
        for i in 0..300 {
            let batch = vec![concept(format!("{i}a")), concept(format!("{i}b"))];
            match store.append(AppendRequest::new(id.clone(), batch)).await {
                Ok(reply) => kept.push((i, reply.last)),
                Err(error) => errors.push(error),
            }
        }
        (kept, errors)
    };
    let other = raw(&url).await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
    let kills = async {
        let mut killed = 0;
        while killed < 10 {
            killed += other.query(end, &[&name]).await.unwrap().len();
            tokio::task::yield_now().await;
        }
    };
    let ((kept, errors), ()) = tokio::join!(writes, kills);
    assert!(!errors.is_empty(), "something broke");
    for error in &errors {
        assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unavailable, true), "{error:?}");
    }
    let texts = texts(&store, &id).await;
    for (i, last) in &kept {
        let place = usize::try_from(*last).unwrap();
        assert_eq!(
            texts[place - 2..place],
            [format!("{i}a"), format!("{i}b")],
            "what was acknowledged is there"
        );
    }
    assert!(texts.len() >= 2 * kept.len() && texts.len() <= 600 && texts.len() % 2 == 0, "{}", texts.len());
}

#[tokio::test]
async fn another_layout_is_not_touched() {
    let Some(url) = server() else { return };
    let name = fresh();
    campaign(&open(&url, &name, "").await).await;
    let raw = raw(&url).await;
    raw.batch_execute(&format!("UPDATE keyvisual_test.{name}__campaign_format SET format = 2"))
        .await
        .unwrap();
    let config = PostgresConfig::from_url(&format!("{url}?schema=keyvisual_test&prefix={name}")).unwrap();
    let error = PgCampaignStore::connect(config).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Unsupported, Some("connect")), "{error}");
}

#[tokio::test]
async fn a_value_that_somebody_changed_is_corrupt() {
    let Some(url) = server() else { return };
    let name = fresh();
    let store = open(&url, &name, "").await;
    let head = campaign(&store).await;
    let raw = raw(&url).await;
    raw.batch_execute(&format!("UPDATE keyvisual_test.{name}__campaigns SET head = '{{}}'")).await.unwrap();
    let error = store.get(GetCampaignRequest::new(head.id)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
}

#[tokio::test]
async fn settings_that_cannot_be_are_refused() {
    for more in ["pool=0", "timeout=0", "schema=A", "prefix=a_", "collection=x", "halfvec=true"] {
        let url = format!("postgres://team:secret@127.0.0.1:1/visuals?{more}");
        let error = match PostgresConfig::from_url(&url) {
            Ok(config) => PgCampaignStore::connect(config).await.unwrap_err(),
            Err(error) => error,
        };
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{more}: {error}");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
}
