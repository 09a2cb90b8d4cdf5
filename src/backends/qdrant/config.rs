//! Where the server is, which collection, and how it is made and searched.

use std::{fmt, path::PathBuf, time::Duration};

use super::url;
use crate::{
    error::{Error, Result},
    stores::settings::{check_ranges, check_timeouts},
};

/// How to reach a collection on a Qdrant server. `Debug` shows no secrets.
///
/// ```
/// use keyvisual::backends::qdrant::{QdrantConfig, Quantization};
///
/// let config = QdrantConfig::from_url("qdrants://search.example.com/library?api_key=secret")?
///     .with_quantization(Quantization::Scalar)
///     .with_replicas(2, 2);
/// assert!(!format!("{config:?}").contains("secret"));
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone)]
pub struct QdrantConfig {
    /// Host and port.
    pub(super) authority: String,
    pub(super) tls: bool,
    pub(super) ca: Option<PathBuf>,
    pub(super) api_key: Option<String>,
    pub(super) collection: String,
    pub(super) connect_timeout: Duration,
    pub(super) request_timeout: Duration,
    pub(super) shards: Option<u32>,
    pub(super) replicas: u32,
    pub(super) acknowledged: Option<u32>,
    pub(super) m: u16,
    pub(super) ef_construction: u16,
    pub(super) ef_search: u16,
    pub(super) exact_below: u32,
    pub(super) index_above: Option<u32>,
    pub(super) exact: bool,
    pub(super) quantization: Quantization,
    pub(super) rescore: bool,
    pub(super) oversampling: Option<f64>,
    pub(super) on_disk: bool,
}

/// What the graph compares instead of the vectors themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quantization {
    /// The vectors themselves.
    #[default]
    None,
    /// One byte per number: a quarter of the memory.
    Scalar,
    /// One bit per number: a 32nd of the memory, for vectors of 1 000 and more dimensions.
    Binary,
}

impl QdrantConfig {
    /// Takes `qdrant://HOST:PORT/COLLECTION`, or `qdrants://` for TLS, with the parameters in the table of the
    /// module's docs. The port is that of gRPC, 6334 by default, and the collection `library`.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a URL that cannot be read; the message does not repeat it.
    pub fn from_url(url: &str) -> Result<Self> {
        url::parse(url)
    }

    pub(super) fn new(authority: String, tls: bool) -> Self {
        Self {
            authority,
            tls,
            ca: None,
            api_key: None,
            collection: "library".into(),
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
            shards: None,
            replicas: 1,
            acknowledged: None,
            m: 16,
            ef_construction: 100,
            ef_search: 128,
            exact_below: 5_000,
            index_above: None,
            exact: false,
            quantization: Quantization::None,
            rescore: true,
            oversampling: None,
            on_disk: false,
        }
    }

    /// Names the collection, `library` by default.
    #[must_use]
    pub fn with_collection(mut self, collection: impl Into<String>) -> Self {
        self.collection = collection.into();
        self
    }

    /// Sets the API key or token. It goes with every call, readable on the way unless TLS is on.
    #[must_use]
    pub fn with_api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Speaks TLS, and trusts the certificates that the operating system trusts.
    #[must_use]
    pub fn with_tls(mut self, tls: bool) -> Self {
        self.tls = tls;
        self
    }

    /// Speaks TLS, and trusts only the certificates in a PEM file.
    #[must_use]
    pub fn with_ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        (self.tls, self.ca) = (true, Some(path.into()));
        self
    }

    /// Sets how long connecting may take, at most a day, 10 s by default.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long a call may take, at most a day, 30 s by default. The server is told.
    #[must_use]
    pub fn with_request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// Sets how many shards `create` makes; by default the server decides.
    #[must_use]
    pub fn with_shards(mut self, shards: u32) -> Self {
        self.shards = Some(shards);
        self
    }

    /// Sets how many copies of each shard `create` makes, and how many of them must have a write before it is
    /// acknowledged: 1 and 1 by default. Reads see every earlier write only if all must have it. Takes effect at `create`.
    #[must_use]
    pub fn with_replicas(mut self, replicas: u32, acknowledged: u32) -> Self {
        (self.replicas, self.acknowledged) = (replicas, Some(acknowledged));
        self
    }

    /// Sets the graph's neighbours per vector (4 to 512, 16 by default) and candidates when building (4 to 4 096,
    /// 100 by default). Takes effect at `create`.
    #[must_use]
    pub fn with_hnsw(mut self, m: u16, ef_construction: u16) -> Self {
        (self.m, self.ef_construction) = (m, ef_construction);
        self
    }

    /// Sets the candidates of a search by the graph, 1 to 10 000, 128 by default.
    #[must_use]
    pub fn with_ef_search(mut self, ef_search: u16) -> Self {
        self.ef_search = ef_search;
        self
    }

    /// Has the server score every record of a segment when it expects fewer than this many to pass the filter,
    /// 5 000 by default. Takes effect at `create`.
    #[must_use]
    pub fn with_exact_below(mut self, records: u32) -> Self {
        self.exact_below = records;
        self
    }

    /// Has the server build graphs for segments with more than this many KiB of vectors; by default it decides.
    /// Takes effect at `create`.
    #[must_use]
    pub fn with_index_above(mut self, kib: u32) -> Self {
        self.index_above = Some(kib);
        self
    }

    /// Scores every record that passes, in every search.
    #[must_use]
    pub fn with_exact(mut self, exact: bool) -> Self {
        self.exact = exact;
        self
    }

    /// Sets what the graph compares. Takes effect at `create`.
    #[must_use]
    pub fn with_quantization(mut self, quantization: Quantization) -> Self {
        self.quantization = quantization;
        self
    }

    /// Sets how many times `k` candidates are taken from quantized vectors (at least 1; by default 2 of scalar ones, and
    /// of binary ones 2 048 / dimensions, from 8 to 64), and whether they are scored again by the vectors themselves, as
    /// they are by default. Without that a score is an estimate.
    #[must_use]
    pub fn with_oversampling(mut self, oversampling: f64, rescore: bool) -> Self {
        (self.oversampling, self.rescore) = (Some(oversampling), rescore);
        self
    }

    /// Keeps the vectors on disk, and in memory what is in use. Takes effect at `create`.
    #[must_use]
    pub fn with_vectors_on_disk(mut self, on_disk: bool) -> Self {
        self.on_disk = on_disk;
        self
    }

    /// How many replicas must have a write: all, unless it is said.
    pub(super) fn acknowledged(&self) -> u32 {
        self.acknowledged.unwrap_or(self.replicas)
    }

    /// Refuses settings that the server would refuse later.
    pub(super) fn check(&self) -> Result<()> {
        check_ranges([
            ("m", self.m.into(), 4..=512),
            ("ef_construction", self.ef_construction.into(), 4..=4_096),
            ("ef_search", self.ef_search.into(), 1..=10_000),
            ("shards", self.shards.unwrap_or(1), 1..=10_000),
            ("replicas", self.replicas, 1..=1_000),
            ("acknowledged", self.acknowledged(), 1..=self.replicas),
        ])?;
        check_timeouts([self.connect_timeout, self.request_timeout])?;
        if self.oversampling.is_some_and(|times| !(1.0..=1_000.0).contains(&times)) {
            return Err(Error::invalid("oversampling is from 1 to 1000"));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let name = &self.collection;
        if name.is_empty() || name.len() > 200 || name.starts_with('.') || !name.chars().all(plain) {
            return Err(Error::invalid(
                "a collection's name has 1 to 200 letters, digits, _, - and ., and does not begin with a dot",
            ));
        }
        Ok(())
    }
}

impl fmt::Debug for QdrantConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QdrantConfig")
            .field("authority", &self.authority)
            .field("tls", &self.tls)
            .field("collection", &self.collection)
            .field("replicas", &self.replicas)
            .field("exact", &self.exact)
            .field("quantization", &self.quantization)
            .finish_non_exhaustive()
    }
}
