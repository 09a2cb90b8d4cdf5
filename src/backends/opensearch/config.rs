//! Where the server is, who asks, which index, and how it searches.

use std::{fmt, time::Duration};

use opensearch::http::Url;

use super::{
    Engine, Flavour, Refresh,
    auth::{Auth, Aws},
    url,
};
use crate::{
    aws::Keys,
    error::{Error, Result},
    stores::settings::{check_ranges, check_timeouts},
};

/// Below the most that a server counts (2^31 - 1).
const MOST_COUNTED: u32 = 1_000_000_000;

/// How to reach an index on an OpenSearch server. `Debug` shows no secrets.
///
/// ```
/// use keyvisual::backends::opensearch::{Engine, OpenSearchConfig};
///
/// let config = OpenSearchConfig::from_url("opensearch+https://team:secret@search.example.com/library")?
///     .with_engine(Engine::Faiss)
///     .with_replicas(2);
/// assert!(!format!("{config:?}").contains("secret"));
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone)]
pub struct OpenSearchConfig {
    pub(super) address: Url,
    pub(super) index: String,
    pub(super) auth: Auth,
    pub(super) flavour: Flavour,
    pub(super) ca: Option<Vec<u8>>,
    pub(super) request_timeout: Duration,
    pub(super) engine: Engine,
    pub(super) m: u16,
    pub(super) ef_construction: u16,
    pub(super) ef_search: u16,
    pub(super) exact_below: u32,
    pub(super) shards: u16,
    pub(super) replicas: u16,
    pub(super) refresh: Refresh,
    pub(super) max_batch: usize,
    pub(super) max_body: usize,
}

impl OpenSearchConfig {
    /// Takes a URL: the index is its path, `library` by default; the parameters are in a table in the module's docs.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a URL that cannot be read; the message does not repeat it.
    pub fn from_url(url: &str) -> Result<Self> {
        url::parse(url)
    }

    pub(super) fn new(address: Url) -> Self {
        Self {
            address,
            index: "library".into(),
            auth: Auth::None,
            flavour: Flavour::Cluster,
            ca: None,
            request_timeout: Duration::from_secs(30),
            engine: Engine::Lucene,
            m: 16,
            ef_construction: 128,
            ef_search: 200,
            exact_below: 5_000,
            shards: 1,
            replicas: 1,
            refresh: Refresh::Now,
            max_batch: 250,
            max_body: 10_000_000,
        }
    }

    /// Names the index, `library` by default. Writes go through an alias with `-writes` behind this name.
    #[must_use]
    pub fn with_index(mut self, index: impl Into<String>) -> Self {
        self.index = index.into();
        self
    }

    /// Asks as a user of the server's own.
    #[must_use]
    pub fn with_basic_auth(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.auth = Auth::Basic { user: user.into(), password: password.into() };
        self
    }

    /// Signs requests (SigV4, service `es`, in front of a Serverless collection `aoss`) with the credentials that every AWS tool
    /// finds: environment, profile, SSO, web identity or the instance. Without a region here, it comes from there too.
    #[must_use]
    pub fn with_aws(mut self, region: Option<String>) -> Self {
        self.auth = Auth::Aws(Aws { region, ..self.auth.aws() });
        self
    }

    /// Signs requests with these access keys, for the region of [`with_aws`](Self::with_aws).
    #[must_use]
    pub fn with_keys(
        mut self,
        id: impl Into<String>,
        secret: impl Into<String>,
        session: Option<String>,
    ) -> Self {
        let keys = Keys::new(id, secret, session);
        self.auth = Auth::Aws(Aws { keys: Some(keys), ..self.auth.aws() });
        self
    }

    /// Says which kind of OpenSearch it is, a cluster by default. Serverless has one engine, faiss, and no choice of shards.
    #[must_use]
    pub fn with_flavour(mut self, flavour: Flavour) -> Self {
        self.flavour = flavour;
        if flavour == Flavour::Serverless {
            self.engine = Engine::Faiss;
        }
        self
    }

    /// Trusts these certificates (PEM, one or more) beside those of the system.
    #[must_use]
    pub fn with_ca(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca = Some(pem.into());
        self
    }

    /// Sets how long one request may take, from fetching credentials to the last byte of its answer: 30 s by default, a day at
    /// most.
    #[must_use]
    pub fn with_request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// Sets the engine of the index, Lucene by default. Takes effect at `create`.
    #[must_use]
    pub fn with_engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// Sets the index's neighbours per vector (2 to 100, 16 by default) and candidates when building (2 to 4 096, 128 by
    /// default). Takes effect at `create`.
    #[must_use]
    pub fn with_hnsw(mut self, m: u16, ef_construction: u16) -> Self {
        (self.m, self.ef_construction) = (m, ef_construction);
        self
    }

    /// Sets the candidates of a search by the index, per shard: 1 to 10 000, 200 by default.
    #[must_use]
    pub fn with_ef_search(mut self, ef_search: u16) -> Self {
        self.ef_search = ef_search;
        self
    }

    /// Scores every record when at most this many pass the filter, 5 000 by default, 1 000 000 000 at most. Serverless cannot.
    #[must_use]
    pub fn with_exact_below(mut self, records: u32) -> Self {
        self.exact_below = records;
        self
    }

    /// Sets the number of shards, 1 by default, which is good for some millions of vectors. Takes effect at `create`.
    #[must_use]
    pub fn with_shards(mut self, shards: u16) -> Self {
        self.shards = shards;
        self
    }

    /// Sets the copies beside the first, 1 by default; 0 on a single node. Takes effect at `create`.
    #[must_use]
    pub fn with_replicas(mut self, replicas: u16) -> Self {
        self.replicas = replicas;
        self
    }

    /// Sets when a write is acknowledged: by default when searches see it.
    #[must_use]
    pub fn with_refresh(mut self, refresh: Refresh) -> Self {
        self.refresh = refresh;
        self
    }

    /// Sets the most records or ids in a request, 250 by default.
    #[must_use]
    pub fn with_max_batch(mut self, records: usize) -> Self {
        self.max_batch = records;
        self
    }

    /// Sets the most bytes of a batch, 10 000 000 by default: small domains on AWS take 10 MiB, others 100 MiB.
    #[must_use]
    pub fn with_max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Refuses settings that the server would refuse later.
    pub(super) fn check(&self) -> Result<()> {
        check_ranges([
            ("m", self.m.into(), 2..=100),
            ("ef_construction", self.ef_construction.into(), 2..=4_096),
            ("ef_search", self.ef_search.into(), 1..=10_000),
            ("shards", self.shards.into(), 1..=1_024),
            ("replicas", self.replicas.into(), 0..=100),
            ("exact_below", self.exact_below, 0..=MOST_COUNTED),
        ])?;
        check_timeouts([self.request_timeout])?;
        if !(1..=10_000).contains(&self.max_batch) || self.max_body == 0 {
            return Err(Error::invalid("a batch has 1 to 10000 records and at least a byte"));
        }
        if let Auth::Aws(aws) = &self.auth {
            aws.check()?;
        }
        if self.flavour == Flavour::Serverless {
            if self.engine != Engine::Faiss {
                return Err(Error::invalid("a Serverless collection has the engine faiss and no other"));
            }
            if !matches!(self.auth, Auth::Aws(_)) {
                return Err(Error::invalid("a Serverless collection takes requests signed for AWS only"));
            }
        }
        check_index(&self.index)
    }

    /// Where writes go: an alias, so that a batch for an index that is gone does not make one with a guessed mapping.
    pub(super) fn write_target(&self) -> String {
        match self.flavour.has_aliases() {
            true => format!("{}-writes", self.index),
            false => self.index.clone(),
        }
    }
}

/// Stricter than the server: what needs no encoding in a path, and leaves room for the alias.
fn check_index(index: &str) -> Result<()> {
    let fits = (1..=200).contains(&index.len())
        && index.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && index.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c));
    if fits {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "{index:?} cannot name an index: write lower-case letters, digits, \"-\", \"_\" and \".\", a letter or digit first, at most 200"
    )))
}

impl fmt::Debug for OpenSearchConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenSearchConfig")
            .field("address", &self.address.as_str())
            .field("index", &self.index)
            .field("auth", &self.auth)
            .field("flavour", &self.flavour)
            .field("engine", &self.engine)
            .field("refresh", &self.refresh)
            .field("request_timeout", &self.request_timeout)
            .finish_non_exhaustive()
    }
}
