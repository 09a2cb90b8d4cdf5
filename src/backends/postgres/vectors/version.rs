//! Which pgvector the server has.

use super::super::{client::Client, error, params::Params};
use crate::error::{Error, ErrorKind, Result};

/// The version of pgvector that is there, or that `create` will find.
pub(super) struct Version(String);

impl Version {
    pub(super) async fn look(client: &Client) -> Result<Self> {
        let sql = "SELECT COALESCE((SELECT extversion FROM pg_extension WHERE extname = 'vector'), \
                   (SELECT default_version FROM pg_available_extensions WHERE name = 'vector'))";
        let rows = client.query(sql, &Params::default()).await?;
        let version: Option<String> = error::first(&rows)?.try_get(0).map_err(error::native)?;
        let missing = "the server has no extension \"vector\": install pgvector on it";
        version.map(Self).ok_or_else(|| Error::new(ErrorKind::Unsupported, missing))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a filtered search by the index gives all it can.
    pub(super) fn iterative(&self) -> bool {
        self.at_least((0, 8))
    }

    /// Whether it has half precision.
    pub(super) fn halfvec(&self) -> bool {
        self.at_least((0, 7))
    }

    fn at_least(&self, wanted: (u32, u32)) -> bool {
        let mut parts = self.0.split('.').map(|part| part.parse().unwrap_or(0));
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= wanted
    }
}
