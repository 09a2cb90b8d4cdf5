//! Keeps bytes by key: pictures, and the results of steps.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize, Serializer};

use super::{
    CallContext,
    request::{reply, request},
};
use crate::{
    domain::{Card, ContentHash, Usage},
    error::{Error, Result},
};

/// Bytes by key. What is put stays as it is until it is deleted: there is no overwriting.
///
/// A key has 1 to 512 bytes of ASCII letters, digits, `.`, `_`, `-` and `/`; no part between slashes is
/// empty, `.` or `..`. See [`check_key`].
#[cfg_attr(feature = "test-util", mockall::automock)]
#[async_trait]
pub trait AssetStore: std::fmt::Debug + Send + Sync + 'static {
    /// Which store this is, its limits and prices.
    fn card(&self) -> &Card;

    /// What the store can do.
    fn capabilities(&self) -> &AssetStoreCapabilities;

    /// Puts bytes under a key, unless something is there.
    ///
    /// # Guarantees
    /// When it returns, the bytes survive a crash. Readers see all of them or nothing.
    /// # Ordering
    /// Of two puts of one key at once, exactly one says `created`.
    /// # Partial failure
    /// None: all bytes or none.
    /// # Idempotency
    /// Putting again leaves what is there and says so.
    /// # Cancellation
    /// The key holds all bytes or is free; calling again is safe.
    /// # Errors
    /// `InvalidInput` for a bad key or too many bytes; `StorageFull`; `PermissionDenied`; transport errors.
    async fn put(&self, request: PutAssetRequest) -> Result<PutAssetReply>;

    /// Reads the bytes under a key.
    ///
    /// # Guarantees
    /// The bytes as they were put; `None` when the key is free.
    /// # Ordering
    /// Sees every put and delete that returned before.
    /// # Partial failure
    /// None.
    /// # Idempotency
    /// Reading changes nothing.
    /// # Cancellation
    /// Safe at any time.
    /// # Errors
    /// `InvalidInput` for a bad key; `Corrupt` when the bytes cannot be read back; transport errors.
    async fn get(&self, request: GetAssetRequest) -> Result<GetAssetReply>;

    /// Tells the number of bytes under a key.
    ///
    /// # Guarantees
    /// As for `get`, without reading the bytes.
    /// # Ordering
    /// As for `get`.
    /// # Partial failure
    /// None.
    /// # Idempotency
    /// Looking changes nothing.
    /// # Cancellation
    /// Safe at any time.
    /// # Errors
    /// As for `get`.
    async fn head(&self, request: HeadAssetRequest) -> Result<HeadAssetReply>;

    /// Frees a key.
    ///
    /// # Guarantees
    /// When it returns, the key is free, also after a crash.
    /// # Ordering
    /// A put after it may use the key again.
    /// # Partial failure
    /// None.
    /// # Idempotency
    /// Freeing a free key succeeds.
    /// # Cancellation
    /// The bytes are there or not; calling again is safe.
    /// # Errors
    /// `InvalidInput` for a bad key; transport errors.
    async fn delete(&self, request: DeleteAssetRequest) -> Result<DeleteAssetReply>;

    /// Lists the keys that begin with a prefix, a page at a time.
    ///
    /// # Guarantees
    /// Over all pages, a key that was there all the time comes exactly once.
    /// # Ordering
    /// Byte by byte.
    /// # Partial failure
    /// None.
    /// # Idempotency
    /// Listing changes nothing.
    /// # Cancellation
    /// Safe at any time.
    /// # Errors
    /// `InvalidInput` for a limit of 0; transport errors.
    async fn list(&self, request: ListAssetsRequest) -> Result<ListAssetsReply>;

    /// Makes an address that lets its holder read one key for a while.
    ///
    /// # Guarantees
    /// The address works for at most the time asked for.
    /// # Ordering
    /// Not applicable.
    /// # Partial failure
    /// None.
    /// # Idempotency
    /// Signing again gives another address.
    /// # Cancellation
    /// Safe at any time.
    /// # Errors
    /// `Unsupported` where the capabilities exclude it; `NotFound` for a free key; `InvalidInput` for a bad key.
    async fn sign(&self, request: SignAssetRequest) -> Result<SignAssetReply>;
}

/// Refuses a key that some store could not keep.
///
/// # Errors
/// [`InvalidInput`](crate::ErrorKind::InvalidInput) naming what is wrong with it.
pub fn check_key(key: &str) -> Result<()> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'/');
    let wrong = if key.is_empty() || key.len() > 512 {
        format!("a key has 1 to 512 bytes, this one has {}", key.len())
    } else if !key.bytes().all(allowed) {
        format!("the key {key:?} has a character other than letters, digits, '.', '_', '-' and '/'")
    } else if key.split('/').any(|part| matches!(part, "" | "." | "..")) {
        format!("the key {key:?} has a part that is empty, '.' or '..'")
    } else {
        return Ok(());
    };
    Err(Error::invalid(wrong))
}

/// What an asset store can do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AssetStoreCapabilities {
    /// Signs addresses.
    pub signs: bool,
    /// The most bytes under one key, where there is a limit.
    pub max_bytes: Option<u64>,
}

impl AssetStoreCapabilities {
    /// Signs nothing, no limit.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Signs addresses.
    #[must_use]
    pub fn with_signing(mut self) -> Self {
        self.signs = true;
        self
    }

    /// Sets the most bytes under one key.
    #[must_use]
    pub fn with_max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = Some(bytes);
        self
    }
}

/// Bytes to keep.
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PutAssetRequest {
    /// The key.
    pub key: String,
    /// The bytes; shown and serialised as their hash.
    #[serde(serialize_with = "as_hash")]
    pub bytes: Bytes,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl PutAssetRequest {
    /// Puts `bytes` under `key`.
    pub fn new(key: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { key: key.into(), bytes: bytes.into(), context: CallContext::new() }
    }
}

impl std::fmt::Debug for PutAssetRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PutAssetRequest({:?}, {} bytes)", self.key, self.bytes.len())
    }
}

fn as_hash<S: Serializer>(bytes: &Bytes, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    ContentHash::of(bytes).serialize(serializer)
}

request!(PutAssetRequest -> PutAssetReply, "put", |_r| Usage::REQUEST);

/// What became of a put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PutAssetReply {
    /// The key was free.
    pub created: bool,
    /// What the call used.
    pub usage: Usage,
}

impl PutAssetReply {
    /// The key was free, or not.
    #[must_use]
    pub fn new(created: bool) -> Self {
        Self { created, usage: Usage::NONE }
    }
}

reply!(PutAssetReply);

/// A key to read.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GetAssetRequest {
    /// The key.
    pub key: String,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl GetAssetRequest {
    /// Reads `key`.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), context: CallContext::new() }
    }
}

request!(GetAssetRequest -> GetAssetReply, "get", |_r| Usage::REQUEST);

/// The bytes.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GetAssetReply {
    /// The bytes; none when the key is free.
    pub bytes: Option<Bytes>,
    /// What the call used.
    pub usage: Usage,
}

impl GetAssetReply {
    /// The bytes, or none for a free key.
    #[must_use]
    pub fn new(bytes: Option<Bytes>) -> Self {
        Self { bytes, usage: Usage::NONE }
    }
}

impl std::fmt::Debug for GetAssetReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GetAssetReply({:?} bytes)", self.bytes.as_ref().map(Bytes::len))
    }
}

reply!(GetAssetReply);

/// A key to look at.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HeadAssetRequest {
    /// The key.
    pub key: String,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl HeadAssetRequest {
    /// Looks at `key`.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), context: CallContext::new() }
    }
}

request!(HeadAssetRequest -> HeadAssetReply, "head", |_r| Usage::REQUEST);

/// How much there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeadAssetReply {
    /// The number of bytes; none when the key is free.
    pub byte_len: Option<u64>,
    /// What the call used.
    pub usage: Usage,
}

impl HeadAssetReply {
    /// The number of bytes, or none for a free key.
    #[must_use]
    pub fn new(byte_len: Option<u64>) -> Self {
        Self { byte_len, usage: Usage::NONE }
    }
}

reply!(HeadAssetReply);

/// A key to free.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DeleteAssetRequest {
    /// The key.
    pub key: String,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl DeleteAssetRequest {
    /// Frees `key`.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), context: CallContext::new() }
    }
}

request!(DeleteAssetRequest -> DeleteAssetReply, "delete", |_r| Usage::REQUEST);

/// The key is free.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeleteAssetReply {
    /// What the call used.
    pub usage: Usage,
}

impl DeleteAssetReply {
    /// The key is free.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

reply!(DeleteAssetReply);

/// Keys to list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ListAssetsRequest {
    /// What the keys begin with; empty for all.
    pub prefix: String,
    /// Where to go on: the `next` of the page before.
    pub cursor: Option<String>,
    /// The most keys of the page, at least 1; a store may give fewer.
    pub limit: usize,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl ListAssetsRequest {
    /// The first page of at most 1 000 keys.
    pub fn new(prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), cursor: None, limit: 1_000, context: CallContext::new() }
    }

    /// Sets the most keys of the page.
    #[must_use]
    pub fn with_limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Goes on after a page.
    #[must_use]
    pub fn with_cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }
}

request!(ListAssetsRequest -> ListAssetsReply, "list", |_r| Usage::REQUEST);

/// A page of keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ListAssetsReply {
    /// The keys, in order.
    pub keys: Vec<String>,
    /// The cursor of the next page; none after the last.
    pub next: Option<String>,
    /// What the call used.
    pub usage: Usage,
}

impl ListAssetsReply {
    /// A page with the cursor of the next.
    #[must_use]
    pub fn new(keys: Vec<String>, next: Option<String>) -> Self {
        Self { keys, next, usage: Usage::NONE }
    }
}

reply!(ListAssetsReply);

/// A key to share.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SignAssetRequest {
    /// The key.
    pub key: String,
    /// How long the address shall work.
    pub expires_in: Duration,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl SignAssetRequest {
    /// An address for `key` that works for `expires_in`.
    pub fn new(key: impl Into<String>, expires_in: Duration) -> Self {
        Self { key: key.into(), expires_in, context: CallContext::new() }
    }
}

request!(SignAssetRequest -> SignAssetReply, "sign", |_r| Usage::REQUEST);

/// An address. Whoever has it can read the key, so `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignAssetReply {
    /// The address.
    pub url: String,
    /// What the call used.
    pub usage: Usage,
}

impl SignAssetReply {
    /// The address.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), usage: Usage::NONE }
    }
}

impl std::fmt::Debug for SignAssetReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignAssetReply").finish_non_exhaustive()
    }
}

reply!(SignAssetReply);
