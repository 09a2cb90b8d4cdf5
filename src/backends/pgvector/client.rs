//! Connections, and one statement at a time on them.

use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use tokio_postgres::{NoTls, Row};

use super::{PgVectorConfig, error, params::Params};
use crate::error::{Error, ErrorKind, Result};

/// The first pgvector whose index goes on until enough records pass a filter.
const ITERATIVE: (u32, u32) = (0, 8);

/// The first pgvector with half precision.
const HALFVEC: (u32, u32) = (0, 7);

/// A pool of connections to a server that has pgvector.
pub(super) struct Client {
    pool: Pool,
    request_timeout: Duration,
    /// The version of pgvector, as the server says it.
    pub(super) version: String,
}

impl Client {
    pub(super) async fn connect(config: &PgVectorConfig) -> Result<Self> {
        let pool = pool(config)?;
        let mut client = Self { pool, request_timeout: config.request_timeout, version: String::new() };
        client.version = client.within(client.look()).await?;
        if config.index && config.halfvec && !client.at_least(HALFVEC) {
            let message = format!("pgvector {} has no halfvec: 0.7 is the first that has", client.version);
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        Ok(client)
    }

    /// The version of pgvector that is there, or that `create` will find.
    async fn look(&self) -> Result<String> {
        let sql = "SELECT COALESCE((SELECT extversion FROM pg_extension WHERE extname = 'vector'), \
                   (SELECT default_version FROM pg_available_extensions WHERE name = 'vector')), \
                   current_setting('server_encoding')";
        let rows = self.query(sql, &Params::default()).await?;
        let row =
            rows.first().ok_or_else(|| Error::new(ErrorKind::InvalidReply, "an answer without a row"))?;
        let version: Option<String> = row.try_get(0).map_err(error::native)?;
        let encoding: String = row.try_get(1).map_err(error::native)?;
        if encoding != "UTF8" {
            let message = format!("the database is in {encoding}: ids and texts need one in UTF8");
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        let missing = "the server has no extension \"vector\": install pgvector on it";
        version.ok_or_else(|| Error::new(ErrorKind::Unsupported, missing))
    }

    /// Whether a filtered search by the index gives all it can.
    pub(super) fn iterative(&self) -> bool {
        self.at_least(ITERATIVE)
    }

    fn at_least(&self, wanted: (u32, u32)) -> bool {
        let mut parts = self.version.split('.').map(|part| part.parse().unwrap_or(0));
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= wanted
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

fn pool(config: &PgVectorConfig) -> Result<Pool> {
    let mut server = config.server.clone();
    server.connect_timeout(config.connect_timeout);
    if server.get_application_name().is_none() {
        server.application_name("keyvisual");
    }
    let settings = format!(
        "SET statement_timeout = {}; SET hnsw.ef_search = {}; SET hnsw.iterative_scan = relaxed_order; SET jit = off",
        config.request_timeout.as_millis().clamp(1, i32::MAX as u128),
        config.ef_search,
    );
    let hook = Hook::async_fn(move |client, _| {
        let settings = settings.clone();
        Box::pin(async move { client.batch_execute(&settings).await.map_err(HookError::Backend) })
    });
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    Pool::builder(Manager::from_config(server, NoTls, recycling))
        .max_size(config.pool_size)
        .wait_timeout(Some(config.connect_timeout))
        .create_timeout(Some(config.connect_timeout))
        .runtime(Runtime::Tokio1)
        .post_create(hook)
        .build()
        .map_err(|e| Error::new(ErrorKind::Internal, format!("no pool of connections: {e}")))
}
