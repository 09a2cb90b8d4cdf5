//! Which collection, and how it is indexed.

use std::{fmt, path::PathBuf, time::Duration};

use super::{
    super::{PostgresConfig, Tls, url},
    names::Names,
};
use crate::{
    error::{Error, Result},
    stores::settings::{Parameter, check_ranges, put, set},
};

/// How to reach a collection in a Postgres database. `Debug` shows no secrets.
///
/// ```
/// use keyvisual::backends::postgres::PgVectorConfig;
///
/// let config = PgVectorConfig::from_url("postgres://team:secret@db.example.com/visuals?collection=library")?
///     .with_pool_size(16)
///     .with_halfvec(true);
/// assert!(!format!("{config:?}").contains("secret"));
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone)]
pub struct PgVectorConfig {
    pub(super) database: PostgresConfig,
    pub(super) collection: String,
    pub(super) index: bool,
    pub(super) halfvec: bool,
    pub(super) m: u16,
    pub(super) ef_construction: u16,
    pub(super) ef_search: u16,
    pub(super) exact_below: u32,
}

impl PgVectorConfig {
    /// Takes a URL: those parameters that are this store's (see the table in the module's docs), and what
    /// Postgres itself knows. The collection is `library` by default, in the schema `public`.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a URL that cannot be read; the message does not repeat it.
    pub fn from_url(url: &str) -> Result<Self> {
        let own: Vec<_> = url::names(&OWN).chain(url::names(&url::COMMON)).collect();
        let (server, own) = url::parse(url, &own)?;
        let mut config = Self::new(PostgresConfig::new(server));
        for (name, value) in own {
            match url::names(&OWN).any(|known| known == name) {
                true => set(&OWN, &mut config, name, value)?,
                false => set(&url::COMMON, &mut config.database, name, value)?,
            }
        }
        Ok(config)
    }

    /// The collection `library` in a database.
    #[must_use]
    pub fn new(database: PostgresConfig) -> Self {
        Self {
            database,
            collection: "library".into(),
            index: true,
            halfvec: false,
            m: 16,
            ef_construction: 100,
            ef_search: 100,
            exact_below: 5_000,
        }
    }

    /// Sets the schema of the database, `public` by default.
    #[must_use]
    pub fn with_schema(mut self, schema: impl Into<String>) -> Self {
        self.database = self.database.with_schema(schema);
        self
    }

    /// Sets what the names of all tables begin with, `keyvisual` by default.
    #[must_use]
    pub fn with_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.database = self.database.with_prefix(prefix);
        self
    }

    /// Names the collection, `library` by default; it becomes part of the name of its table.
    #[must_use]
    pub fn with_collection(mut self, collection: impl Into<String>) -> Self {
        self.collection = collection.into();
        self
    }

    /// Sets the most connections at a time, 8 by default. Calls beyond it wait, as long as connecting may take.
    #[must_use]
    pub fn with_pool_size(mut self, connections: usize) -> Self {
        self.database = self.database.with_pool_size(connections);
        self
    }

    /// Sets how long connecting, or waiting for a free connection, may take: 10 s by default.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.database = self.database.with_connect_timeout(timeout);
        self
    }

    /// Sets how long a call may take, here and on the server: 30 s by default.
    #[must_use]
    pub fn with_request_timeout(mut self, timeout: Duration) -> Self {
        self.database = self.database.with_request_timeout(timeout);
        self
    }

    /// Sets how connections are encrypted, [`Tls::Prefer`] by default.
    #[must_use]
    pub fn with_tls(mut self, tls: Tls) -> Self {
        self.database = self.database.with_tls(tls);
        self
    }

    /// Checks the server's certificate, and that it is for this host, with the certificates in this PEM file instead of the
    /// system's.
    #[must_use]
    pub fn with_root_certificate(mut self, path: impl Into<PathBuf>) -> Self {
        self.database = self.database.with_root_certificate(path);
        self
    }

    /// Sets whether `create` makes an HNSW index; without one every search is exact.
    #[must_use]
    pub fn with_index(mut self, index: bool) -> Self {
        self.index = index;
        self
    }

    /// Indexes half-precision copies: half the memory, and up to 4 000 dimensions instead of 2 000. What is
    /// stored and scored stays in single precision.
    #[must_use]
    pub fn with_halfvec(mut self, halfvec: bool) -> Self {
        self.halfvec = halfvec;
        self
    }

    /// Sets the index's neighbours per vector (2 to 100, 16 by default) and candidates when building (4 to
    /// 1 000, at least twice `m`, 100 by default). Takes effect at `create`.
    #[must_use]
    pub fn with_hnsw(mut self, m: u16, ef_construction: u16) -> Self {
        (self.m, self.ef_construction) = (m, ef_construction);
        self
    }

    /// Sets the candidates of a search by the index, 1 to 1 000, 100 by default.
    #[must_use]
    pub fn with_ef_search(mut self, ef_search: u16) -> Self {
        self.ef_search = ef_search;
        self
    }

    /// Scores every record when at most this many pass the filter, 5 000 by default.
    #[must_use]
    pub fn with_exact_below(mut self, records: u32) -> Self {
        self.exact_below = records;
        self
    }

    /// The checked names of the tables; refuses settings that the server would refuse later.
    pub(super) fn check(&self) -> Result<Names> {
        check_ranges([
            ("m", self.m.into(), 2..=100),
            ("ef_construction", self.ef_construction.into(), 4..=1_000),
            ("ef_search", self.ef_search.into(), 1..=1_000),
        ])?;
        if self.ef_construction < 2 * self.m {
            let (m, ef) = (self.m, self.ef_construction);
            return Err(Error::invalid(format!(
                "ef_construction is {ef}, it is at least twice m, which is {m}"
            )));
        }
        self.database.check()?;
        Names::new(&self.database.schema, &self.database.prefix, &self.collection)
    }
}

impl fmt::Debug for PgVectorConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PgVectorConfig")
            .field("database", &self.database)
            .field("collection", &self.collection)
            .field("index", &self.index)
            .field("halfvec", &self.halfvec)
            .finish_non_exhaustive()
    }
}

/// The parameters of a URL that are this store's alone.
const OWN: [Parameter<PgVectorConfig>; 7] = [
    ("collection", |config, value| put(&mut config.collection, value)),
    ("index", |config, value| put(&mut config.index, value)),
    ("halfvec", |config, value| put(&mut config.halfvec, value)),
    ("m", |config, value| put(&mut config.m, value)),
    ("ef_construction", |config, value| put(&mut config.ef_construction, value)),
    ("ef_search", |config, value| put(&mut config.ef_search, value)),
    ("exact_below", |config, value| put(&mut config.exact_below, value)),
];
