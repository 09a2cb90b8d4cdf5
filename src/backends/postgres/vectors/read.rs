//! Records by id and by pages, and how many there are.

use std::collections::HashMap;

use tokio_postgres::types::Type;

use super::{
    super::{client::Client, error, params::Params},
    collection::Collection,
    filter, row,
};
use crate::{
    domain::{Filter, Record},
    error::Result,
    roles::{ScanReply, ScanRequest},
    stores::cursor,
};

pub(super) async fn get(
    client: &Client,
    collection: &Collection,
    ids: &[String],
) -> Result<Vec<Result<Option<Record>>>> {
    let mut params = Params::default();
    // Postgres keeps no NUL, so there is no record with such an id.
    let known: Vec<String> = ids.iter().filter(|id| !id.contains('\0')).cloned().collect();
    params.bind(known, Type::TEXT_ARRAY);
    let sql = format!(
        "SELECT id, vector::real[]{} FROM {} WHERE id = ANY($1)",
        collection.column_list(),
        collection.names.table
    );
    let mut found = HashMap::new();
    for row in client.query(&sql, &params).await? {
        let id: String = row.try_get(0).map_err(error::native)?;
        found.insert(id, row::record(&row, collection));
    }
    Ok(ids.iter().map(|id| found.get(id).cloned().transpose()).collect())
}

pub(super) async fn scan(
    client: &Client,
    collection: &Collection,
    request: &ScanRequest,
    max_page: usize,
) -> Result<ScanReply> {
    let limit = request.limit_within(max_page)?;
    let scope = format!("{}/", collection.names.collection);
    let mut params = Params::default();
    let condition = filter::condition(request.filter.as_ref(), collection, &mut params)?;
    let after = match &request.cursor {
        Some(cursor) => {
            let id = cursor::read(&scope, cursor)?;
            format!("id > {} AND ", params.bind(id.to_owned(), Type::TEXT))
        }
        None => String::new(),
    };
    let sql = format!(
        "SELECT id, vector::real[]{} FROM {} WHERE {after}({condition}) ORDER BY id LIMIT {}",
        collection.column_list(),
        collection.names.table,
        limit + 1,
    );
    let rows = client.query(&sql, &params).await?;
    let (mut records, mut damaged, mut next) = (Vec::new(), Vec::new(), None);
    for row in rows.iter().take(limit) {
        let id: String = row.try_get(0).map_err(error::native)?;
        next = Some(cursor::write(&scope, &id));
        match row::record(row, collection) {
            Ok(record) => records.push(record),
            Err(error) => damaged.push((id, error)),
        }
    }
    Ok(ScanReply::new(records, next.filter(|_| rows.len() > limit)).with_damaged(damaged))
}

pub(super) async fn count(client: &Client, collection: &Collection, filter: Option<&Filter>) -> Result<u64> {
    let mut params = Params::default();
    let condition = filter::condition(filter, collection, &mut params)?;
    let sql = format!("SELECT count(*) FROM {} WHERE {condition}", collection.names.table);
    number(client, &sql, &params).await
}

/// How many pass, counted no further than `most`.
pub(super) async fn count_up_to(
    client: &Client,
    collection: &Collection,
    filter: Option<&Filter>,
    most: u64,
) -> Result<u64> {
    let mut params = Params::default();
    let condition = filter::condition(filter, collection, &mut params)?;
    let table = &collection.names.table;
    let sql =
        format!("SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {condition} LIMIT {most}) AS passing");
    number(client, &sql, &params).await
}

async fn number(client: &Client, sql: &str, params: &Params) -> Result<u64> {
    let rows = client.query(sql, params).await?;
    let number: i64 = rows.first().map_or(Ok(0), |row| row.try_get(0)).map_err(error::native)?;
    Ok(number.unsigned_abs())
}
