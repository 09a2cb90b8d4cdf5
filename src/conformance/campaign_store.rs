//! The contract of [`CampaignStore`].

use futures_util::future::join_all;

use super::{kind, sample};
use crate::{
    domain::{Brief, CampaignHead, CampaignId, Concept, Entry, LogEntry},
    error::ErrorKind,
    roles::{
        AppendRequest, CampaignStore, CreateCampaignRequest, DeleteCampaignRequest, EntriesRequest,
        GetCampaignRequest, ListCampaignsRequest, ReplaceCampaignRequest,
    },
};

/// Everything below. The store may hold other campaigns; those of the suite are deleted.
pub async fn all(store: &dyn CampaignStore) {
    keeps_heads(store).await;
    creates_an_id_once(store).await;
    replaces_by_revision(store).await;
    lets_one_of_many_writers_replace(store).await;
    keeps_entries(store).await;
    numbers_appends_at_once_without_gaps(store).await;
    gives_entries_by_pages(store).await;
    lists_by_id(store).await;
    deletes_with_entries(store).await;
    refuses_bad_requests(store).await;
}

/// A head comes back as it was written; an unknown id is none.
pub async fn keeps_heads(store: &dyn CampaignStore) {
    let head = create(store, "heads").await;
    assert_eq!(get(store, &head.id).await.as_ref(), Some(&head), "the head comes back as it was written");
    assert_eq!(get(store, &CampaignId::fresh()).await, None, "an unknown id has no head");
    delete(store, &head.id).await;
}

/// Of eight creations of one id at once, one succeeds; the others are `Conflict`.
pub async fn creates_an_id_once(store: &dyn CampaignStore) {
    let id = CampaignId::fresh();
    let heads: Vec<_> = (0..8)
        .map(|i| CampaignHead { id: id.clone(), ..CampaignHead::new(brief(&format!("writer {i}"))) })
        .collect();
    let results =
        join_all(heads.iter().map(|head| store.create(CreateCampaignRequest::new(head.clone())))).await;
    let winners: Vec<_> = results.iter().enumerate().filter(|(_, result)| result.is_ok()).collect();
    assert_eq!(winners.len(), 1, "exactly one creation succeeds: {results:?}");
    assert_eq!(get(store, &id).await.as_ref(), Some(&heads[winners[0].0]), "the winner's head is kept");
    for result in results.iter().filter(|result| result.is_err()) {
        assert_eq!(kind(result), Some(ErrorKind::Conflict), "the id is taken");
    }
    delete(store, &id).await;
}

/// A head is replaced at the revision that was read, and not at another.
pub async fn replaces_by_revision(store: &dyn CampaignStore) {
    let head = create(store, "before").await;
    let changed = CampaignHead { brief: brief("after"), ..head.clone() };
    let reply = store.replace(ReplaceCampaignRequest::new(changed.clone())).await.expect("replace");
    assert_eq!(reply.revision, 2, "the revision is counted up");
    let kept = CampaignHead { revision: 2, ..changed.clone() };
    assert_eq!(get(store, &head.id).await.as_ref(), Some(&kept), "the new head is kept with its revision");

    let stale = store.replace(ReplaceCampaignRequest::new(changed)).await;
    assert_eq!(kind(&stale), Some(ErrorKind::Conflict), "revision 1 is stale");
    assert_eq!(get(store, &head.id).await, Some(kept), "a refused replacement changes nothing");

    let unknown = CampaignHead::new(brief("unknown"));
    let unknown = store.replace(ReplaceCampaignRequest::new(unknown)).await;
    assert_eq!(kind(&unknown), Some(ErrorKind::NotFound), "an unknown id cannot be replaced");
    delete(store, &head.id).await;
}

/// Of eight replacements of one revision at once, one succeeds.
pub async fn lets_one_of_many_writers_replace(store: &dyn CampaignStore) {
    let head = create(store, "contested").await;
    let heads: Vec<_> =
        (0..8).map(|i| CampaignHead { brief: brief(&format!("writer {i}")), ..head.clone() }).collect();
    let results =
        join_all(heads.iter().map(|head| store.replace(ReplaceCampaignRequest::new(head.clone())))).await;
    let winners: Vec<_> = results.iter().enumerate().filter(|(_, result)| result.is_ok()).collect();
    assert_eq!(winners.len(), 1, "exactly one replacement succeeds: {results:?}");
    let kept = get(store, &head.id).await.map(|head| head.brief);
    assert_eq!(kept.as_ref(), Some(&heads[winners[0].0].brief), "the winner's brief is kept");
    delete(store, &head.id).await;
}

/// Every kind of entry comes back as it was appended, numbered from 1; heads do not change.
pub async fn keeps_entries(store: &dyn CampaignStore) {
    let head = create(store, "entries").await;
    let entries = sample::entries(&head.id);
    assert_eq!(append(store, &head.id, entries[..1].to_vec()).await, 1);
    assert_eq!(append(store, &head.id, Vec::new()).await, 1, "no entries change nothing");
    assert_eq!(append(store, &head.id, entries[1..].to_vec()).await, entries.len() as u64);
    let log = log(store, &head.id, 1_000).await;
    for (place, (kept, entry)) in log.iter().zip(&entries).enumerate() {
        assert_eq!(kept.sequence, place as u64 + 1, "sequence numbers count from 1 without gaps");
        assert_eq!(&kept.entry, entry, "the entry comes back as it was appended");
    }
    assert_eq!(log.len(), entries.len(), "nothing is lost and nothing is added");
    assert_eq!(get(store, &head.id).await, Some(head.clone()), "appending does not touch the head");
    delete(store, &head.id).await;
}

/// Twenty appends of three entries at once get disjoint, consecutive numbers, and none is lost.
pub async fn numbers_appends_at_once_without_gaps(store: &dyn CampaignStore) {
    let head = create(store, "writers").await;
    let batches: Vec<Vec<_>> =
        (0..20).map(|writer| (0..3).map(|i| concept(&format!("{writer}-{i}"))).collect()).collect();
    let lasts = join_all(batches.iter().map(|batch| append(store, &head.id, batch.clone()))).await;
    let log = log(store, &head.id, 1_000).await;
    let numbers: Vec<_> = log.iter().map(|entry| entry.sequence).collect();
    assert_eq!(numbers, (1..=60).collect::<Vec<_>>(), "60 entries are there, without gaps");
    for (batch, last) in batches.iter().zip(lasts) {
        let kept: Vec<_> = log[last as usize - 3..last as usize].iter().map(|entry| &entry.entry).collect();
        assert!(kept.iter().copied().eq(batch), "a batch stays together and in order: {kept:?}");
    }
    delete(store, &head.id).await;
}

/// Entries come after a number, in pages of any size.
pub async fn gives_entries_by_pages(store: &dyn CampaignStore) {
    let head = create(store, "pages").await;
    append(store, &head.id, (0..7).map(|i| concept(&i.to_string())).collect()).await;
    for limit in [1, 2, 7, 100] {
        let numbers: Vec<_> = log(store, &head.id, limit).await.iter().map(|entry| entry.sequence).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7], "pages of {limit}");
    }
    for (after, count) in [(5, 2), (7, 0), (u64::MAX, 0)] {
        let page = store.entries(EntriesRequest::new(head.id.clone()).with_after(after)).await;
        let page = page.expect("a page");
        assert_eq!((page.entries.len(), page.more), (count, false), "after {after}");
    }
    delete(store, &head.id).await;
}

/// Campaigns come by id, each once, in pages of any size.
pub async fn lists_by_id(store: &dyn CampaignStore) {
    let mut heads = Vec::new();
    for i in 0..5 {
        heads.push(create(store, &format!("listed {i}")).await);
    }
    let before = CampaignId::new(heads[0].id.as_str().split_at(8).0);
    for limit in [1, 2, 100] {
        let mut listed = Vec::new();
        let mut after = before.clone();
        while listed.len() < heads.len() {
            let page = store.list(ListCampaignsRequest::new(limit).with_after(after.clone())).await;
            let page = page.expect("a page");
            assert!(page.heads.len() <= limit, "a page of {limit} has {} heads", page.heads.len());
            let Some(last) = page.heads.last() else { break };
            assert!(page.heads.is_sorted_by(|a, b| a.id < b.id) && page.heads[0].id > after, "by id");
            after = last.id.clone();
            listed.extend(page.heads.into_iter().filter(|head| heads.contains(head)));
        }
        assert_eq!(listed, heads, "each campaign comes once, pages of {limit}");
    }
    for head in heads {
        delete(store, &head.id).await;
    }
}

/// A deleted campaign is gone with its entries; one made anew under its id begins at 1.
pub async fn deletes_with_entries(store: &dyn CampaignStore) {
    let head = create(store, "deleted").await;
    let other = create(store, "stays").await;
    for id in [&head.id, &other.id] {
        append(store, id, vec![concept("one"), concept("two")]).await;
    }
    assert!(delete(store, &head.id).await, "it was there");
    assert!(!delete(store, &head.id).await, "deleting it again says that it was not there");
    assert_eq!(get(store, &head.id).await, None);
    let late = store.append(AppendRequest::new(head.id.clone(), vec![concept("late")])).await;
    assert_eq!(kind(&late), Some(ErrorKind::NotFound), "an append that comes later");
    let entries = store.entries(EntriesRequest::new(head.id.clone())).await;
    assert_eq!(kind(&entries), Some(ErrorKind::NotFound), "its entries are gone");
    store.create(CreateCampaignRequest::new(head.clone())).await.expect("the id is free again");
    assert_eq!(append(store, &head.id, vec![concept("anew")]).await, 1, "numbers begin at 1 again");
    assert_eq!(log(store, &other.id, 100).await.len(), 2, "the other campaign keeps its entries");
    delete(store, &head.id).await;
    delete(store, &other.id).await;
}

/// Unknown ids are `NotFound`, pages of 0 `InvalidInput`.
pub async fn refuses_bad_requests(store: &dyn CampaignStore) {
    let id = CampaignId::fresh();
    let unknown = store.append(AppendRequest::new(id.clone(), vec![concept("x")])).await;
    assert_eq!(kind(&unknown), Some(ErrorKind::NotFound), "append to an unknown id");
    let unknown = store.entries(EntriesRequest::new(id.clone())).await;
    assert_eq!(kind(&unknown), Some(ErrorKind::NotFound), "entries of an unknown id");
    let head = create(store, "limits").await;
    let page = store.entries(EntriesRequest::new(head.id.clone()).with_limit(0)).await;
    assert_eq!(kind(&page), Some(ErrorKind::InvalidInput), "a page of 0 entries");
    let page = store.list(ListCampaignsRequest::new(0)).await;
    assert_eq!(kind(&page), Some(ErrorKind::InvalidInput), "a page of 0 campaigns");
    delete(store, &head.id).await;
}

fn brief(name: &str) -> Brief {
    Brief::new(name, "Slow mornings in the city, \"warm\" light — ☕").with_objective("clicks")
}

fn concept(text: &str) -> Entry {
    Entry::Concept { concept: Concept::new(text) }
}

async fn create(store: &dyn CampaignStore, name: &str) -> CampaignHead {
    let head = CampaignHead::new(brief(name));
    store.create(CreateCampaignRequest::new(head.clone())).await.expect("create");
    head
}

async fn get(store: &dyn CampaignStore, id: &CampaignId) -> Option<CampaignHead> {
    store.get(GetCampaignRequest::new(id.clone())).await.expect("get").head
}

async fn append(store: &dyn CampaignStore, id: &CampaignId, entries: Vec<Entry>) -> u64 {
    store.append(AppendRequest::new(id.clone(), entries)).await.expect("append").last
}

async fn delete(store: &dyn CampaignStore, id: &CampaignId) -> bool {
    store.delete(DeleteCampaignRequest::new(id.clone())).await.expect("delete").existed
}

async fn log(store: &dyn CampaignStore, id: &CampaignId, limit: usize) -> Vec<LogEntry> {
    let mut log: Vec<LogEntry> = Vec::new();
    loop {
        let after = log.last().map_or(0, |entry| entry.sequence);
        let request = EntriesRequest::new(id.clone()).with_after(after).with_limit(limit);
        let page = store.entries(request).await.expect("entries");
        assert!(page.entries.len() <= limit, "a page of {limit} has {} entries", page.entries.len());
        log.extend(page.entries);
        if !page.more {
            return log;
        }
    }
}
