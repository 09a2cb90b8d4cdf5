//! Tables are made one caller at a time.

use tokio_postgres::{Transaction, types::Type};

use super::error;
use crate::error::Result;

/// Held while tables are made, so that of two callers one makes them and the other finds them.
const LOCK: i64 = 0x6b65_7976_6973; // "keyvis"

/// Waits until nobody else makes tables, until the end of the transaction, and makes the schema where it is missing.
pub(super) async fn lock(transaction: &Transaction<'_>, schema: &str) -> Result<()> {
    let lock = "SELECT pg_advisory_xact_lock($1)";
    transaction.execute_typed(lock, &[(&LOCK, Type::INT8)]).await.map_err(error::native)?;
    // Looked for first, as a user who may make tables in it may not make one.
    let exists = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
    let found = transaction.query_typed(exists, &[(&schema, Type::TEXT)]).await.map_err(error::native)?;
    if found.is_empty() {
        let sql = format!("CREATE SCHEMA \"{schema}\"");
        transaction.batch_execute(&sql).await.map_err(error::native)?;
    }
    Ok(())
}
