//! One statement per call, so that each is done as a whole or not at all.

use serde::{Serialize, de::DeserializeOwned};
use tokio_postgres::{Row, types::Type};

use super::{
    super::{client::Client, error, params::Params},
    schema::Names,
};
use crate::{
    domain::{CampaignHead, CampaignId, Entry, LogEntry, Timestamp},
    error::{Error, ErrorKind, Result},
};

/// The most heads or entries of a page.
const PAGE: usize = 1_000;

/// A page, and whether there are more.
type Page<T> = (Vec<T>, bool);

pub(super) async fn create(client: &Client, names: &Names, head: &CampaignHead) -> Result<()> {
    let mut params = Params::default();
    let id = params.bind(head.id.as_str().to_owned(), Type::TEXT);
    let revision = params.bind(number(head.revision), Type::INT8);
    let json = params.bind(write(head)?, Type::TEXT);
    let sql = format!(
        "INSERT INTO {} (id, revision, head) VALUES ({id}, {revision}, {json}) ON CONFLICT DO NOTHING RETURNING 1",
        names.heads
    );
    if client.query(&sql, &params).await?.is_empty() {
        let message = format!("there is a campaign with id \"{}\"", head.id);
        return Err(Error::new(ErrorKind::Conflict, message));
    }
    Ok(())
}

pub(super) async fn get(client: &Client, names: &Names, id: &CampaignId) -> Result<Option<CampaignHead>> {
    let mut params = Params::default();
    let place = params.bind(id.as_str().to_owned(), Type::TEXT);
    let sql = format!("SELECT head FROM {} WHERE id = {place}", names.heads);
    client.query(&sql, &params).await?.first().map(|row| read(row, 0)).transpose()
}

/// Writes the head where the revision is still the one that was read.
pub(super) async fn replace(client: &Client, names: &Names, mut head: CampaignHead) -> Result<u64> {
    let read = head.revision;
    head.revision += 1;
    let mut params = Params::default();
    let id = params.bind(head.id.as_str().to_owned(), Type::TEXT);
    let old = params.bind(number(read), Type::INT8);
    let new = params.bind(number(head.revision), Type::INT8);
    let json = params.bind(write(&head)?, Type::TEXT);
    let sql = format!(
        "UPDATE {} SET revision = {new}, head = {json} WHERE id = {id} AND revision = {old} RETURNING 1",
        names.heads
    );
    if !client.query(&sql, &params).await?.is_empty() {
        return Ok(head.revision);
    }
    let stored = get(client, names, &head.id).await?.ok_or_else(|| unknown(&head.id))?;
    let message =
        format!("campaign \"{}\" is at revision {}, not {read}: read it again", head.id, stored.revision);
    Err(Error::new(ErrorKind::Conflict, message))
}

/// Numbers the entries and writes them. The head's row is locked by the count, so that writers wait for each other.
pub(super) async fn append(client: &Client, names: &Names, id: &CampaignId, new: &[Entry]) -> Result<u64> {
    let mut params = Params::default();
    let place = params.bind(id.as_str().to_owned(), Type::TEXT);
    let count = params.bind(number(new.len() as u64), Type::INT8);
    let at = params.bind(Timestamp::now().as_millis(), Type::INT8);
    let entries = params.bind(new.iter().map(write).collect::<Result<Vec<_>>>()?, Type::TEXT_ARRAY);
    let Names { heads, entries: table, .. } = names;
    let sql = format!(
        "WITH head AS (UPDATE {heads} SET last = last + {count} WHERE id = {place} RETURNING last), \
         kept AS (INSERT INTO {table} (campaign, sequence, at, entry) \
         SELECT {place}, head.last - {count} + new.place, {at}, new.entry \
         FROM head, unnest({entries}) WITH ORDINALITY AS new(entry, place)) SELECT last FROM head"
    );
    let rows = client.query(&sql, &params).await?;
    let last: i64 = rows.first().ok_or_else(|| unknown(id))?.try_get(0).map_err(error::native)?;
    Ok(last.unsigned_abs())
}

pub(super) async fn entries(
    client: &Client,
    names: &Names,
    id: &CampaignId,
    after: u64,
    limit: usize,
) -> Result<Page<LogEntry>> {
    let limit = limit.min(PAGE);
    let mut params = Params::default();
    let place = params.bind(id.as_str().to_owned(), Type::TEXT);
    let after = params.bind(number(after), Type::INT8);
    let sql = format!(
        "SELECT sequence, at, entry FROM {} WHERE campaign = {place} AND sequence > {after} ORDER BY sequence LIMIT {}",
        names.entries,
        limit + 1
    );
    let rows = client.query(&sql, &params).await?;
    if rows.is_empty() && get(client, names, id).await?.is_none() {
        return Err(unknown(id));
    }
    page(&rows, limit, |row| {
        let sequence: i64 = row.try_get(0).map_err(error::native)?;
        let at: i64 = row.try_get(1).map_err(error::native)?;
        Ok(LogEntry::new(sequence.unsigned_abs(), Timestamp::from_millis(at)?, read(row, 2)?))
    })
}

pub(super) async fn list(
    client: &Client,
    names: &Names,
    after: Option<&CampaignId>,
    limit: usize,
) -> Result<Page<CampaignHead>> {
    let limit = limit.min(PAGE);
    let mut params = Params::default();
    let after = params.bind(after.map(|id| id.as_str().to_owned()).unwrap_or_default(), Type::TEXT);
    let sql = format!("SELECT head FROM {} WHERE id > {after} ORDER BY id LIMIT {}", names.heads, limit + 1);
    page(&client.query(&sql, &params).await?, limit, |row| read(row, 0))
}

pub(super) async fn delete(client: &Client, names: &Names, id: &CampaignId) -> Result<bool> {
    let mut params = Params::default();
    let place = params.bind(id.as_str().to_owned(), Type::TEXT);
    let sql = format!("DELETE FROM {} WHERE id = {place} RETURNING 1", names.heads);
    Ok(!client.query(&sql, &params).await?.is_empty())
}

fn page<T>(rows: &[Row], limit: usize, read: impl Fn(&Row) -> Result<T>) -> Result<Page<T>> {
    let values = rows.iter().take(limit).map(read).collect::<Result<_>>()?;
    Ok((values, rows.len() > limit))
}

fn unknown(id: &CampaignId) -> Error {
    Error::not_found("campaign", id)
}

/// Numbers count from 1 by one, so the end of the type is beyond all of them.
fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn read<T: DeserializeOwned>(row: &Row, at: usize) -> Result<T> {
    let json: &str = row.try_get(at).map_err(error::native)?;
    serde_json::from_str(json).map_err(|e| {
        Error::new(ErrorKind::Corrupt, format!("a stored value cannot be read back: {e}")).with_source(e)
    })
}

fn write(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| {
        Error::new(ErrorKind::Internal, format!("cannot be written as JSON: {e}")).with_source(e)
    })
}
