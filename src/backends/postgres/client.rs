//! Connections, and one statement at a time on them.

use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use tokio_postgres::{NoTls, Row};

use super::{PostgresConfig, Tls, error, params::Params, tls};
use crate::error::{Error, ErrorKind, Result};

/// A pool of connections.
pub(super) struct Client {
    pool: Pool,
    request_timeout: Duration,
}

impl Client {
    /// Makes the pool; no connection yet. Every connection begins with the statements of `session`.
    pub(super) fn new(config: &PostgresConfig, session: &str) -> Result<Self> {
        Ok(Self { pool: pool(config, session)?, request_timeout: config.request_timeout })
    }

    /// Refuses a database that does not keep every text.
    pub(super) async fn check_encoding(&self) -> Result<()> {
        let rows = self.query("SELECT current_setting('server_encoding')", &Params::default()).await?;
        let encoding: String = error::first(&rows)?.try_get(0).map_err(error::native)?;
        if encoding == "UTF8" {
            return Ok(());
        }
        let message = format!("the database is in {encoding}: ids and texts need one in UTF8");
        Err(Error::new(ErrorKind::Unsupported, message))
    }

    pub(super) async fn connection(&self) -> Result<Object> {
        self.pool.get().await.map_err(error::connection)
    }

    /// One statement with its parameters, in one round trip.
    pub(super) async fn query(&self, sql: &str, params: &Params) -> Result<Vec<Row>> {
        let connection = self.connection().await?;
        connection.query_typed(sql, &params.typed()).await.map_err(error::native)
    }

    /// Gives up after the request timeout. What was begun is rolled back; the server stops by itself too.
    pub(super) async fn within<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::time::timeout(self.request_timeout, work).await.unwrap_or_else(|_| Err(error::timeout()))
    }
}

fn pool(config: &PostgresConfig, session: &str) -> Result<Pool> {
    let mut server = config.server.clone();
    server.connect_timeout(config.connect_timeout);
    server.ssl_mode(config.tls.mode());
    if server.get_application_name().is_none() {
        server.application_name("keyvisual");
    }
    let settings = format!(
        "SET statement_timeout = {}; SET jit = off; {session}",
        config.request_timeout.as_millis().clamp(1, i32::MAX as u128),
    );
    let hook = Hook::async_fn(move |client, _| {
        let settings = settings.clone();
        Box::pin(async move { client.batch_execute(&settings).await.map_err(HookError::Backend) })
    });
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = match config.tls {
        Tls::Disable => Manager::from_config(server, NoTls, recycling),
        wanted => Manager::from_config(
            server,
            tls::connector(wanted, config.root_certificate.as_deref())?,
            recycling,
        ),
    };
    Pool::builder(manager)
        .max_size(config.pool_size)
        .wait_timeout(Some(config.connect_timeout))
        .create_timeout(Some(config.connect_timeout))
        .runtime(Runtime::Tokio1)
        .post_create(hook)
        .build()
        .map_err(|e| Error::new(ErrorKind::Internal, format!("no pool of connections: {e}")))
}
