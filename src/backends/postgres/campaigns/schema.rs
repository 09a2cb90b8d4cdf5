//! The tables of campaigns: made once, found again.

use super::super::{client::Client, error, params::Params, tables};
use crate::error::{Error, ErrorKind, Result};

/// The layout of the tables. Another number is another layout.
const FORMAT: i32 = 1;

/// Where the tables are, quoted for statements.
#[derive(Clone, Debug)]
pub(super) struct Names {
    schema: String,
    /// Heads by id.
    pub(super) heads: String,
    /// Entries by id and sequence number.
    pub(super) entries: String,
    /// The layout of both.
    format: String,
}

impl Names {
    /// Both parts are checked before. Two underlines keep the tables apart from those of collections.
    pub(super) fn new(schema: &str, prefix: &str) -> Self {
        let table = |name: &str| format!("\"{schema}\".\"{prefix}__{name}\"");
        Self {
            heads: table("campaigns"),
            entries: table("campaign_entries"),
            format: table("campaign_format"),
            schema: schema.into(),
        }
    }
}

/// Finds the tables, or makes them.
pub(super) async fn ensure(client: &Client, names: &Names) -> Result<()> {
    let sql = format!("SELECT format FROM {}", names.format);
    let found = match client.query(&sql, &Params::default()).await {
        Err(e) if e.kind() == ErrorKind::NotFound && e.context("sqlstate") != Some("3D000") => None,
        rows => Some(error::first(&rows?)?.try_get(0).map_err(error::native)?),
    };
    match found {
        Some(FORMAT) => Ok(()),
        Some(format) => {
            let message =
                format!("the campaigns have format {format}, this version of the crate knows {FORMAT}");
            Err(Error::new(ErrorKind::Unsupported, message))
        }
        None => make(client, names).await,
    }
}

async fn make(client: &Client, names: &Names) -> Result<()> {
    let Names { schema, heads, entries, format } = names;
    let mut connection = client.connection().await?;
    let transaction = connection.transaction().await.map_err(error::native)?;
    tables::lock(&transaction, schema).await?;
    let sql = format!(
        "CREATE TABLE IF NOT EXISTS {heads} (id text COLLATE \"C\" PRIMARY KEY, revision bigint NOT NULL, \
         last bigint NOT NULL DEFAULT 0, head text NOT NULL); \
         CREATE TABLE IF NOT EXISTS {entries} (campaign text COLLATE \"C\" REFERENCES {heads} ON DELETE CASCADE, \
         sequence bigint, at bigint NOT NULL, entry text NOT NULL, PRIMARY KEY (campaign, sequence)); \
         CREATE TABLE IF NOT EXISTS {format} (one boolean PRIMARY KEY CHECK (one), format integer NOT NULL); \
         INSERT INTO {format} VALUES (true, {FORMAT}) ON CONFLICT DO NOTHING"
    );
    transaction.batch_execute(&sql).await.map_err(error::native)?;
    transaction.commit().await.map_err(error::native)
}
