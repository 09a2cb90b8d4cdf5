//! The redb campaign store beyond its contract: locks, damage, crashes.

use std::{fs, process::Command};

use keyvisual::{
    ErrorKind,
    backends::local::RedbCampaigns,
    domain::{Brief, CampaignHead, CampaignId, Concept, Entry},
    roles::{AppendRequest, CampaignStore, CreateCampaignRequest, EntriesRequest, GetCampaignRequest},
};
use tempfile::tempdir;

fn concept(text: &str) -> Entry {
    Entry::Concept { concept: Concept::new(text) }
}

async fn create(store: &RedbCampaigns) -> CampaignHead {
    let head = CampaignHead::new(Brief::new("Autumn coffee", "Slow mornings"));
    store.create(CreateCampaignRequest::new(head.clone())).await.unwrap();
    head
}

#[tokio::test]
async fn campaigns_outlive_the_store() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("campaigns.redb");
    let store = RedbCampaigns::open(&path).unwrap();
    let head = create(&store).await;
    store.append(AppendRequest::new(head.id.clone(), vec![concept("a"), concept("b")])).await.unwrap();
    drop(store);
    let store = RedbCampaigns::open(&path).unwrap();
    assert_eq!(store.get(GetCampaignRequest::new(head.id.clone())).await.unwrap().head, Some(head.clone()));
    let reply = store.append(AppendRequest::new(head.id, vec![concept("c")])).await.unwrap();
    assert_eq!(reply.last, 3);
}

#[tokio::test]
async fn a_second_opener_is_told_that_it_is_locked() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("campaigns.redb");
    let _first = RedbCampaigns::open(&path).unwrap();
    let error = RedbCampaigns::open(&path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked, "{error}");
    assert!(error.to_string().contains("campaigns.redb"), "{error}");
}

#[tokio::test]
async fn what_is_no_campaign_store_is_refused_and_left_as_it_is() {
    let folder = tempdir().unwrap();
    let text = "Dear marketing team, ".repeat(1_000);
    let path = folder.path().join("letter.txt");
    fs::write(&path, &text).unwrap();
    let error = RedbCampaigns::open(&path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);

    let error = RedbCampaigns::open(folder.path().join("missing/campaigns.redb")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    assert!(RedbCampaigns::open(folder.path()).is_err(), "a folder is no file");
}

/// Five at once, as when five pictures of one campaign are generated side by side.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_at_once_lose_nothing() {
    let folder = tempdir().unwrap();
    let store = std::sync::Arc::new(RedbCampaigns::open(folder.path().join("campaigns.redb")).unwrap());
    let id = create(&store).await.id;
    let writers: Vec<_> = (0..5)
        .map(|writer| {
            let (store, id) = (std::sync::Arc::clone(&store), id.clone());
            tokio::spawn(async move {
                for i in 0..10 {
                    let entry = concept(&format!("{writer}-{i}"));
                    store.append(AppendRequest::new(id.clone(), vec![entry])).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let entries = store.entries(EntriesRequest::new(id)).await.unwrap().entries;
    assert_eq!(entries.len(), 50);
    assert!(entries.iter().enumerate().all(|(place, entry)| entry.sequence == place as u64 + 1));
}

#[tokio::test]
async fn an_acknowledged_append_survives_sigkill() {
    let folder = tempdir().unwrap();
    if let Some(path) = std::env::var_os("KEYVISUAL_APPEND_FOREVER") {
        let store = RedbCampaigns::open(path).unwrap();
        let id = create(&store).await.id;
        println!("id {id}");
        for i in 1.. {
            store.append(AppendRequest::new(id.clone(), vec![concept(&i.to_string())])).await.unwrap();
            println!("appended {i}");
        }
    }
    let path = folder.path().join("campaigns.redb");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "campaign_store::an_acknowledged_append_survives_sigkill", "--nocapture"])
        .env("KEYVISUAL_APPEND_FOREVER", &path)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let lines: Vec<_> = lines.map(Result::unwrap).take_while(|line| line != "appended 30").collect();
    child.kill().unwrap();
    child.wait().unwrap();

    let id = lines.iter().find_map(|line| line.split("id ").nth(1)).unwrap();
    let store = RedbCampaigns::open(&path).unwrap();
    let entries = store.entries(EntriesRequest::new(CampaignId::new(id))).await.unwrap().entries;
    assert!(entries.len() >= 30, "{} entries are left of at least 30", entries.len());
    for (place, entry) in entries.iter().enumerate() {
        assert_eq!(entry.entry, concept(&(place + 1).to_string()));
    }
}
