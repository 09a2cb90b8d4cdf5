//! Names of tables, checked, so that they can stand in a statement.

use super::super::names::check;
use crate::error::{Error, Result};

/// The longest table name: names of indexes add up to eight characters, and Postgres keeps 63.
const MAX_TABLE: usize = 55;

/// Where a collection is, quoted for statements.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// The schema, bare.
    pub(super) schema: String,
    /// The collection, bare: its key in the table of collections.
    pub(super) collection: String,
    /// The table of records, bare: what index names begin with.
    pub(super) bare_table: String,
    /// The table of records.
    pub(super) table: String,
    /// The table that remembers the space and schema of every collection.
    pub(super) collections: String,
}

impl Names {
    pub(super) fn new(schema: &str, prefix: &str, collection: &str) -> Result<Self> {
        check("schema", schema)?;
        check("prefix", prefix)?;
        check("collection", collection)?;
        let bare_table = format!("{prefix}_{collection}");
        if bare_table.len() > MAX_TABLE || prefix.ends_with('_') {
            return Err(Error::invalid(format!(
                "the table would be \"{bare_table}\": prefix and collection have at most {} characters, and the prefix does not end in \"_\"",
                MAX_TABLE - 1
            )));
        }
        Ok(Self {
            table: format!("\"{schema}\".\"{bare_table}\""),
            collections: format!("\"{schema}\".\"{prefix}__collections\""),
            schema: schema.into(),
            collection: collection.into(),
            bare_table,
        })
    }
}
