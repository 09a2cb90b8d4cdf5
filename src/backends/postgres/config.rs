//! Where the database is, and how long to wait.

use std::{fmt, path::PathBuf, time::Duration};

use super::{Tls, names, url};
use crate::{
    error::{Error, Result},
    stores::settings::{check_timeouts, set},
};

/// How to reach a Postgres database, and where in it the tables are. `Debug` shows no secrets.
///
/// ```
/// use keyvisual::backends::postgres::PostgresConfig;
///
/// let config = PostgresConfig::from_url("postgres://team:secret@db.example.com/visuals")?.with_pool_size(16);
/// assert!(!format!("{config:?}").contains("secret"));
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone)]
pub struct PostgresConfig {
    pub(super) server: tokio_postgres::Config,
    pub(super) schema: String,
    pub(super) prefix: String,
    pub(super) pool_size: usize,
    pub(super) connect_timeout: Duration,
    pub(super) request_timeout: Duration,
    pub(super) tls: Tls,
    pub(super) root_certificate: Option<PathBuf>,
}

impl PostgresConfig {
    /// Takes a URL: `schema`, `prefix`, `pool`, `timeout`, `sslmode` and `sslrootcert` (see the table in the module's docs), and what Postgres itself
    /// knows.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a URL that cannot be read; the message does not repeat it.
    pub fn from_url(url: &str) -> Result<Self> {
        let (server, own) = url::parse(url, &url::names(&url::COMMON).collect::<Vec<_>>())?;
        let mut config = Self::new(server);
        own.iter().try_for_each(|(name, value)| set(&url::COMMON, &mut config, name, value))?;
        Ok(config)
    }

    pub(super) fn new(server: tokio_postgres::Config) -> Self {
        Self {
            connect_timeout: server.get_connect_timeout().copied().unwrap_or(Duration::from_secs(10)),
            server,
            schema: "public".into(),
            prefix: "keyvisual".into(),
            pool_size: 8,
            request_timeout: Duration::from_secs(30),
            tls: Tls::default(),
            root_certificate: None,
        }
    }

    /// Sets the schema of the database, `public` by default.
    #[must_use]
    pub fn with_schema(mut self, schema: impl Into<String>) -> Self {
        self.schema = schema.into();
        self
    }

    /// Sets what the names of all tables begin with, `keyvisual` by default.
    #[must_use]
    pub fn with_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Sets the most connections at a time, 8 by default. Calls beyond it wait, as long as connecting may take.
    #[must_use]
    pub fn with_pool_size(mut self, connections: usize) -> Self {
        self.pool_size = connections;
        self
    }

    /// Sets how long connecting, or waiting for a free connection, may take: 10 s by default.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long a call may take, here and on the server: 30 s by default.
    #[must_use]
    pub fn with_request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// Sets how connections are encrypted, [`Tls::Prefer`] by default.
    #[must_use]
    pub fn with_tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
        self
    }

    /// Checks the server's certificate, and that it is for this host, with the certificates in this PEM file instead of the
    /// system's.
    #[must_use]
    pub fn with_root_certificate(mut self, path: impl Into<PathBuf>) -> Self {
        self.root_certificate = Some(path.into());
        self
    }

    /// Refuses settings that the server would refuse later.
    pub(super) fn check(&self) -> Result<()> {
        if self.pool_size == 0 {
            return Err(Error::invalid("a pool of 0 connections lets nothing through: give it at least 1"));
        }
        check_timeouts([self.connect_timeout, self.request_timeout])?;
        names::check("schema", &self.schema)?;
        names::check("prefix", &self.prefix)?;
        if self.prefix.ends_with('_') {
            return Err(Error::invalid("the prefix ends in \"_\", which is what follows it"));
        }
        Ok(())
    }
}

impl fmt::Debug for PostgresConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresConfig")
            .field("database", &self.server.get_dbname())
            .field("schema", &self.schema)
            .field("prefix", &self.prefix)
            .field("pool_size", &self.pool_size)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}
