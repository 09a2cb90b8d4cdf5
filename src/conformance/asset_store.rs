//! The contract of [`AssetStore`].

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use uuid::Uuid;

use crate::{
    error::ErrorKind,
    roles::{
        AssetStore, DeleteAssetRequest, GetAssetRequest, HeadAssetRequest, ListAssetsRequest,
        PutAssetRequest, SignAssetRequest,
    },
};

/// Everything below. The store may hold other keys; those of the suite begin with `conformance/`.
pub async fn all(store: &dyn AssetStore) {
    keeps_bytes(store).await;
    never_overwrites(store).await;
    lets_one_of_many_puts_create(store).await;
    tells_keys_apart(store).await;
    frees_keys(store).await;
    lists_in_order(store).await;
    lists_across_changes(store).await;
    refuses_bad_requests(store).await;
    signs_or_says_that_it_does_not(store).await;
}

/// Bytes come back as they were put, from none to a mebibyte.
pub async fn keeps_bytes(store: &dyn AssetStore) {
    let space = Space::new(store);
    for len in [0_usize, 1, 4_096, 1 << 20] {
        let bytes: Bytes = (0..len).map(|i| (i % 251) as u8).collect();
        let key = space.key(&format!("bytes/{len}"));
        assert_eq!(get(store, &key).await, None, "{key} was not put yet");
        assert_eq!(head(store, &key).await, None, "{key} was not put yet");
        assert!(put(store, &key, bytes.clone()).await, "the first put of {key} says that it created it");
        assert_eq!(head(store, &key).await, Some(len as u64), "the length of {key}");
        assert!(get(store, &key).await == Some(bytes), "{key} comes back as it was put");
    }
    space.clear().await;
}

/// A second put leaves what is there and says so.
pub async fn never_overwrites(store: &dyn AssetStore) {
    let space = Space::new(store);
    let key = space.key("taken");
    assert!(put(store, &key, "first").await);
    assert!(!put(store, &key, "second").await, "the second put does not say that it created the key");
    assert_eq!(get(store, &key).await.as_deref(), Some(b"first".as_slice()), "the first bytes stay");
    space.clear().await;
}

/// Of sixteen puts at once, exactly one says `created`, and its bytes are the ones that stay.
pub async fn lets_one_of_many_puts_create(store: &dyn AssetStore) {
    let space = Space::new(store);
    for round in 0..4 {
        let key = space.key(&format!("contested/{round}"));
        let contents: Vec<_> = (0..16_u8).map(|i| Bytes::from(vec![i; 10_000 + usize::from(i)])).collect();
        let created = join_all(contents.iter().map(|bytes| put(store, &key, bytes.clone()))).await;
        let winners: Vec<_> = created.iter().enumerate().filter(|(_, created)| **created).collect();
        assert_eq!(winners.len(), 1, "exactly one put of {key} creates it: {created:?}");
        let kept = get(store, &key).await;
        assert!(kept.as_ref() == Some(&contents[winners[0].0]), "the creator's bytes are under {key}");
    }
    space.clear().await;
}

/// Keys that a file system might mix up stay apart: case, a key that is also a folder, long ones.
pub async fn tells_keys_apart(store: &dyn AssetStore) {
    let space = Space::new(store);
    let long = "x".repeat(512 - space.prefix.len());
    let deep = "d/".repeat((500 - space.prefix.len()) / 2) + "e";
    let keys = ["a", "A", "a/b", "a/B", "A/b", "a.b", "a-b", "a_b", "a/b/c", ".hidden", "a..b", &long, &deep];
    for key in keys {
        assert!(put(store, &space.key(key), key.to_owned()).await, "the key {key:?} is free");
    }
    for key in keys {
        let found = get(store, &space.key(key)).await;
        assert_eq!(found.as_deref(), Some(key.as_bytes()), "the key {key:?} has its own bytes");
    }
    space.clear().await;
}

/// A deleted key is free, deleting it again succeeds, and it can be used anew.
pub async fn frees_keys(store: &dyn AssetStore) {
    let space = Space::new(store);
    let (key, neighbour) = (space.key("a/b/gone"), space.key("a/b/stays"));
    put(store, &key, "old").await;
    put(store, &neighbour, "stays").await;
    for _ in 0..2 {
        delete(store, &key).await;
        assert_eq!(get(store, &key).await, None, "{key} was deleted");
        assert_eq!(head(store, &key).await, None, "{key} was deleted");
    }
    assert_eq!(
        get(store, &neighbour).await.as_deref(),
        Some(b"stays".as_slice()),
        "{neighbour} was not deleted"
    );
    assert!(put(store, &key, "new").await, "a deleted key is free");
    assert_eq!(get(store, &key).await.as_deref(), Some(b"new".as_slice()));
    space.clear().await;
}

/// Keys come byte by byte, each once, whatever the size of a page, and only those with the prefix.
pub async fn lists_in_order(store: &dyn AssetStore) {
    let space = Space::new(store);
    let names = ["B", "a", "a-b", "a.b", "a/B", "a/b", "a/b-c", "a/b/c", "a0", "aa", "b/x", "b/y/z"];
    for name in names {
        put(store, &space.key(name), "x").await;
    }
    for prefix in ["", "a", "a/", "a/b", "b/", "b/y/z", "nothing"] {
        let mut wanted: Vec<_> =
            names.iter().filter(|name| name.starts_with(prefix)).map(|name| space.key(name)).collect();
        wanted.sort();
        for limit in [1, 2, 5, 1_000] {
            let listed = list(store, &space.key(prefix), limit).await;
            assert_eq!(listed, wanted, "prefix {prefix:?} in pages of {limit}");
        }
    }
    space.clear().await;
}

/// A key that is there all the time comes exactly once although others come and go between the pages.
pub async fn lists_across_changes(store: &dyn AssetStore) {
    let space = Space::new(store);
    for i in 0..9 {
        put(store, &space.key(&format!("k{i}")), "x").await;
    }
    let first = store.list(ListAssetsRequest::new(space.key("")).with_limit(3)).await;
    let first = first.expect("a first page");
    // The last key of the page goes, and one before it and one after it come.
    delete(store, first.keys.last().expect("a page is not empty before the end")).await;
    put(store, &space.key("k0a"), "x").await;
    put(store, &space.key("k8a"), "x").await;
    let mut all = first.keys;
    let mut next = first.next;
    while let Some(cursor) = next {
        let page = store.list(ListAssetsRequest::new(space.key("")).with_limit(3).with_cursor(cursor)).await;
        let page = page.expect("a cursor stays good when its key is gone");
        all.extend(page.keys);
        next = page.next;
    }
    for i in 0..9 {
        let key = space.key(&format!("k{i}"));
        assert_eq!(all.iter().filter(|found| **found == key).count(), 1, "{key} comes exactly once: {all:?}");
    }
    space.clear().await;
}

/// Bad keys, too many bytes and an empty page are `InvalidInput`.
pub async fn refuses_bad_requests(store: &dyn AssetStore) {
    let too_long = "x".repeat(513);
    for key in ["", "/a", "a/", "a//b", ".", "a/../b", "a/./b", "a b", "ä", "a\\b", "a\0b", "a=b", &too_long]
    {
        let refusals = [
            store.put(PutAssetRequest::new(key, Bytes::new())).await.map(|_| ()),
            store.get(GetAssetRequest::new(key)).await.map(|_| ()),
            store.head(HeadAssetRequest::new(key)).await.map(|_| ()),
            store.delete(DeleteAssetRequest::new(key)).await.map(|_| ()),
            store.sign(SignAssetRequest::new(key, Duration::from_secs(60))).await.map(|_| ()),
        ];
        for refusal in refusals {
            let kind = refusal.err().map(|error| error.kind());
            assert_eq!(kind, Some(ErrorKind::InvalidInput), "the key {key:?}");
        }
    }
    let page = store.list(ListAssetsRequest::new("").with_limit(0)).await;
    assert_eq!(page.err().map(|error| error.kind()), Some(ErrorKind::InvalidInput), "a page of 0 keys");
    if let Some(most) = store.capabilities().max_bytes.filter(|most| *most <= 64 << 20) {
        let space = Space::new(store);
        let request = PutAssetRequest::new(space.key("large"), vec![0; most as usize + 1]);
        let kind = store.put(request).await.err().map(|error| error.kind());
        assert_eq!(kind, Some(ErrorKind::InvalidInput), "one byte more than `max_bytes`");
    }
}

/// Signs a key that is there and not a free one; or says `Unsupported`.
pub async fn signs_or_says_that_it_does_not(store: &dyn AssetStore) {
    let space = Space::new(store);
    let key = space.key("signed");
    put(store, &key, "x").await;
    let hour = Duration::from_secs(3_600);
    let signed = store.sign(SignAssetRequest::new(&key, hour)).await;
    if store.capabilities().signs {
        let url = signed.expect("a key that is there can be signed").url;
        assert!(url.contains("://"), "a signed address is a URL");
        let free = store.sign(SignAssetRequest::new(space.key("free"), hour)).await;
        assert_eq!(free.err().map(|e| e.kind()), Some(ErrorKind::NotFound), "a free key cannot be signed");
    } else {
        let kind = signed.err().map(|error| error.kind());
        assert_eq!(kind, Some(ErrorKind::Unsupported), "a store that signs nothing says so");
    }
    space.clear().await;
}

/// Keys that no other run of the suite uses.
struct Space<'a> {
    store: &'a dyn AssetStore,
    prefix: String,
}

impl<'a> Space<'a> {
    fn new(store: &'a dyn AssetStore) -> Self {
        Self { store, prefix: format!("conformance/{}/", Uuid::now_v7()) }
    }

    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    async fn clear(self) {
        for key in list(self.store, &self.prefix, 1_000).await {
            delete(self.store, &key).await;
        }
        let left = list(self.store, &self.prefix, 1_000).await;
        assert!(left.is_empty(), "deleted keys are not listed: {left:?}");
    }
}

async fn put(store: &dyn AssetStore, key: &str, bytes: impl Into<Bytes>) -> bool {
    store.put(PutAssetRequest::new(key, bytes)).await.expect("put").created
}

async fn get(store: &dyn AssetStore, key: &str) -> Option<Bytes> {
    store.get(GetAssetRequest::new(key)).await.expect("get").bytes
}

async fn head(store: &dyn AssetStore, key: &str) -> Option<u64> {
    store.head(HeadAssetRequest::new(key)).await.expect("head").byte_len
}

async fn delete(store: &dyn AssetStore, key: &str) {
    store.delete(DeleteAssetRequest::new(key)).await.expect("delete");
}

async fn list(store: &dyn AssetStore, prefix: &str, limit: usize) -> Vec<String> {
    let mut keys = Vec::new();
    let mut next: Option<String> = None;
    loop {
        let request = ListAssetsRequest::new(prefix).with_limit(limit);
        let request = match next.take() {
            Some(cursor) => request.with_cursor(cursor),
            None => request,
        };
        let page = store.list(request).await.expect("list");
        assert!(page.keys.len() <= limit, "a page of {limit} has {} keys", page.keys.len());
        keys.extend(page.keys);
        match page.next {
            Some(cursor) => next = Some(cursor),
            None => return keys,
        }
    }
}
