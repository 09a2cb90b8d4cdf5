//! Batches, each in one transaction.

use futures_util::future::try_join_all;
use tokio_postgres::types::{ToSql, Type};

use super::{
    super::{client::Client, error, params::Params},
    collection::Collection,
    row,
};
use crate::{domain::Record, error::Result, stores::latest::latest};

/// Writes the records that can be kept. Rows are locked in the order of their ids, so that two batches do not
/// wait for each other in a circle.
pub(super) async fn upsert(
    client: &Client,
    collection: &Collection,
    records: Vec<Record>,
) -> Result<Vec<Result<()>>> {
    let (results, latest) = latest(records, |record| collection.prepare(record));
    if latest.is_empty() {
        return Ok(results);
    }
    let rows: Vec<_> = latest.values().map(|record| row::encode(record, collection)).collect();
    let mut connection = client.connection().await?;
    let transaction = connection.transaction().await.map_err(error::native)?;
    let types = types(collection);
    let statement =
        transaction.prepare_typed_cached(&statement(collection), &types).await.map_err(error::native)?;
    let writes = rows.iter().map(|row| {
        let params: Vec<&(dyn ToSql + Sync)> =
            row.iter().map(|value| &**value as &(dyn ToSql + Sync)).collect();
        let (transaction, statement) = (&transaction, &statement);
        async move { transaction.execute(statement, &params).await }
    });
    try_join_all(writes).await.map_err(error::native)?;
    transaction.commit().await.map_err(error::native)?;
    Ok(results)
}

fn types(collection: &Collection) -> Vec<Type> {
    let fields = collection.columns().map(|(_, _, of)| row::type_of(of).1);
    [Type::TEXT, Type::FLOAT4_ARRAY].into_iter().chain(fields).collect()
}

fn statement(collection: &Collection) -> String {
    let places: String = collection.columns().enumerate().map(|(at, _)| format!(", ${}", at + 3)).collect();
    let changes: String =
        collection.columns().map(|(column, ..)| format!(", {column} = EXCLUDED.{column}")).collect();
    format!(
        "INSERT INTO {} (id, vector{}) VALUES ($1, $2::real[]::vector{places}) \
         ON CONFLICT (id) DO UPDATE SET vector = EXCLUDED.vector{changes}",
        collection.names.table,
        collection.column_list(),
    )
}

/// Removes what is there of `ids`.
pub(super) async fn delete(client: &Client, collection: &Collection, ids: Vec<String>) -> Result<()> {
    let table = &collection.names.table;
    let mut params = Params::default();
    let ids: Vec<_> = ids.into_iter().filter(|id| !id.contains('\0')).collect();
    params.bind(ids, Type::TEXT_ARRAY);
    let sql = format!(
        "DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE id = ANY($1) ORDER BY id FOR UPDATE)"
    );
    client.query(&sql, &params).await.map(|_| ())
}
