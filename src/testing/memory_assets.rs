//! Bytes in a map.

use std::{collections::BTreeMap, sync::Mutex};

use async_trait::async_trait;
use bytes::Bytes;

use super::fakes::test_card;
#[allow(clippy::wildcard_imports, reason = "every request and reply of one role")]
use crate::roles::*;
use crate::{
    domain::Card,
    error::{Error, ErrorKind, Result},
    sync::lock,
};

/// A simple asset store in memory: it keeps the contract, and nothing when it is dropped. It signs nothing.
#[derive(Debug)]
pub struct MemoryAssetStore {
    card: Card,
    capabilities: AssetStoreCapabilities,
    assets: Mutex<BTreeMap<String, Bytes>>,
}

impl MemoryAssetStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self {
            card: test_card("MemoryAssetStore"),
            capabilities: AssetStoreCapabilities::new(),
            assets: Mutex::default(),
        }
    }
}

impl Default for MemoryAssetStore {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl AssetStore for MemoryAssetStore {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &AssetStoreCapabilities {
        &self.capabilities
    }

    async fn put(&self, request: PutAssetRequest) -> Result<PutAssetReply> {
        check_key(&request.key)?;
        let mut assets = lock(&self.assets);
        let created = !assets.contains_key(&request.key);
        assets.entry(request.key).or_insert(request.bytes);
        Ok(PutAssetReply::new(created))
    }

    async fn get(&self, request: GetAssetRequest) -> Result<GetAssetReply> {
        check_key(&request.key)?;
        Ok(GetAssetReply::new(lock(&self.assets).get(&request.key).cloned()))
    }

    async fn head(&self, request: HeadAssetRequest) -> Result<HeadAssetReply> {
        check_key(&request.key)?;
        Ok(HeadAssetReply::new(lock(&self.assets).get(&request.key).map(|bytes| bytes.len() as u64)))
    }

    async fn delete(&self, request: DeleteAssetRequest) -> Result<DeleteAssetReply> {
        check_key(&request.key)?;
        lock(&self.assets).remove(&request.key);
        Ok(DeleteAssetReply::new())
    }

    async fn list(&self, request: ListAssetsRequest) -> Result<ListAssetsReply> {
        if request.limit == 0 {
            return Err(Error::invalid("a page of 0 keys was asked for"));
        }
        let assets = lock(&self.assets);
        let after = request.cursor.as_deref().unwrap_or_default();
        let mut keys =
            assets.keys().filter(|key| key.starts_with(&request.prefix) && key.as_str() > after).cloned();
        let page: Vec<_> = keys.by_ref().take(request.limit).collect();
        let next = keys.next().and(page.last().cloned());
        Ok(ListAssetsReply::new(page, next))
    }

    async fn sign(&self, request: SignAssetRequest) -> Result<SignAssetReply> {
        check_key(&request.key)?;
        Err(Error::new(ErrorKind::Unsupported, "a store in memory has no addresses to sign"))
    }
}
