//! The transactions: heads by id, entries by id and sequence number.

use std::{fs::File, ops::Bound, path::Path};

use redb::{Database, ReadableDatabase, ReadableTable, Table, TableDefinition, WriteTransaction};
use serde::{Serialize, de::DeserializeOwned};

use super::error::{native, opening, unreadable};
use crate::{
    domain::{CampaignHead, CampaignId, Entry, LogEntry, Timestamp},
    error::{Error, ErrorKind, Result},
};

const HEADS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("heads");
const ENTRIES: TableDefinition<'_, (&str, u64), &[u8]> = TableDefinition::new("entries");

/// Opens the file with both tables in it.
pub(super) fn open(path: &Path, cache_bytes: usize) -> Result<Database> {
    let new = !path.try_exists()?;
    let database = Database::builder().set_cache_size(cache_bytes).create(path).map_err(opening)?;
    write(&database, |transaction| {
        transaction.open_table(HEADS).map_err(native)?;
        transaction.open_table(ENTRIES).map_err(native)?;
        Ok(())
    })?;
    // redb syncs the file; that its name survives a crash too takes the folder.
    if new && cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(database)
}

pub(super) fn create(database: &Database, head: &CampaignHead) -> Result<()> {
    write(database, |transaction| {
        let mut heads = transaction.open_table(HEADS).map_err(native)?;
        if heads.get(head.id.as_str()).map_err(native)?.is_some() {
            return Err(Error::new(
                ErrorKind::Conflict,
                format!("there is a campaign with id \"{}\"", head.id),
            ));
        }
        put(&mut heads, head.id.as_str(), head)
    })
}

pub(super) fn get(database: &Database, id: &CampaignId) -> Result<Option<CampaignHead>> {
    let heads = database.begin_read().map_err(native)?.open_table(HEADS).map_err(native)?;
    read(&heads, id.as_str())
}

pub(super) fn replace(database: &Database, mut head: CampaignHead) -> Result<u64> {
    write(database, |transaction| {
        let mut heads = transaction.open_table(HEADS).map_err(native)?;
        let stored = known(&heads, &head.id)?;
        if stored.revision != head.revision {
            return Err(Error::new(
                ErrorKind::Conflict,
                format!(
                    "campaign \"{}\" is at revision {}, not {}: read it again",
                    head.id, stored.revision, head.revision
                ),
            ));
        }
        head.revision += 1;
        put(&mut heads, head.id.as_str(), &head)?;
        Ok(head.revision)
    })
}

pub(super) fn append(database: &Database, id: &CampaignId, new: Vec<Entry>) -> Result<u64> {
    write(database, |transaction| {
        known(&transaction.open_table(HEADS).map_err(native)?, id)?;
        let mut entries = transaction.open_table(ENTRIES).map_err(native)?;
        let mut last = match entries.range(all(id)).map_err(native)?.next_back() {
            Some(entry) => entry.map_err(native)?.0.value().1,
            None => 0,
        };
        let at = Timestamp::now();
        for entry in new {
            last += 1;
            put(&mut entries, (id.as_str(), last), &LogEntry::new(last, at, entry))?;
        }
        Ok(last)
    })
}

pub(super) fn entries(
    database: &Database,
    id: &CampaignId,
    after: u64,
    limit: usize,
) -> Result<(Vec<LogEntry>, bool)> {
    let transaction = database.begin_read().map_err(native)?;
    known(&transaction.open_table(HEADS).map_err(native)?, id)?;
    let table = transaction.open_table(ENTRIES).map_err(native)?;
    let begin = Bound::Excluded((id.as_str(), after));
    let range =
        table.range::<(&str, u64)>((begin, Bound::Included((id.as_str(), u64::MAX)))).map_err(native)?;
    page(range, limit)
}

pub(super) fn list(
    database: &Database,
    after: Option<&CampaignId>,
    limit: usize,
) -> Result<(Vec<CampaignHead>, bool)> {
    let table = database.begin_read().map_err(native)?.open_table(HEADS).map_err(native)?;
    let begin = after.map_or(Bound::Unbounded, |id| Bound::Excluded(id.as_str()));
    page(table.range::<&str>((begin, Bound::Unbounded)).map_err(native)?, limit)
}

pub(super) fn delete(database: &Database, id: &CampaignId) -> Result<bool> {
    write(database, |transaction| {
        let existed =
            transaction.open_table(HEADS).map_err(native)?.remove(id.as_str()).map_err(native)?.is_some();
        transaction.open_table(ENTRIES).map_err(native)?.retain_in(all(id), |_, _| false).map_err(native)?;
        Ok(existed)
    })
}

/// One transaction, on the disk when it returns; nothing is kept when `work` fails.
fn write<T>(database: &Database, work: impl FnOnce(&WriteTransaction) -> Result<T>) -> Result<T> {
    let mut transaction = database.begin_write().map_err(native)?;
    // The state of the allocator is kept with each commit, so that opening after a crash reads no whole file.
    transaction.set_quick_repair(true);
    let value = work(&transaction)?;
    transaction.commit().map_err(native)?;
    Ok(value)
}

fn all(id: &CampaignId) -> std::ops::RangeInclusive<(&str, u64)> {
    (id.as_str(), 0)..=(id.as_str(), u64::MAX)
}

fn known(heads: &impl ReadableTable<&'static str, &'static [u8]>, id: &CampaignId) -> Result<CampaignHead> {
    read(heads, id.as_str())?.ok_or_else(|| Error::not_found("campaign", id))
}

fn read<T: DeserializeOwned>(
    table: &impl ReadableTable<&'static str, &'static [u8]>,
    key: &str,
) -> Result<Option<T>> {
    let value = table.get(key).map_err(native)?;
    value.map(|value| serde_json::from_slice(value.value()).map_err(unreadable)).transpose()
}

fn put<'k, K: redb::Key>(
    table: &mut Table<'_, K, &'static [u8]>,
    key: K::SelfType<'k>,
    value: &impl Serialize,
) -> Result<()> {
    let json = serde_json::to_vec(value).map_err(|e| {
        Error::new(ErrorKind::Internal, format!("cannot be written as JSON: {e}")).with_source(e)
    })?;
    table.insert(key, json.as_slice()).map_err(native)?;
    Ok(())
}

fn page<K: redb::Key + 'static, T: DeserializeOwned>(
    range: redb::Range<'_, K, &'static [u8]>,
    limit: usize,
) -> Result<(Vec<T>, bool)> {
    let mut values = Vec::new();
    for entry in range {
        if values.len() == limit {
            return Ok((values, true));
        }
        let (_, value) = entry.map_err(native)?;
        values.push(serde_json::from_slice(value.value()).map_err(unreadable)?);
    }
    Ok((values, false))
}
