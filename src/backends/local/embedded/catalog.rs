//! The redb file: what there is, and where.

use std::path::Path;

use redb::{
    Database, ReadOnlyTable, ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition,
    WriteTransaction,
};
use serde::{Deserialize, Serialize};

use super::error::native;
use crate::{
    domain::{EmbeddingSpace, Schema},
    error::{Error, ErrorKind, Result},
};

/// The pages that redb keeps in memory, for the fields of hits.
const CACHE_BYTES: usize = 32 << 20;
const FORMAT: u32 = 1;

const COLLECTION: TableDefinition<&str, &[u8]> = TableDefinition::new("collection");
/// By id: place and fields, as [`row`](super::row) writes them.
pub(super) const RECORDS: TableDefinition<&str, &[u8]> = TableDefinition::new("records");
/// By number: how many rows of the segment are published.
pub(super) const SEGMENTS: TableDefinition<u32, u32> = TableDefinition::new("segments");

/// What `create` fixed for good.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Collection {
    format: u32,
    pub(super) space: EmbeddingSpace,
    pub(super) schema: Schema,
}

impl Collection {
    pub(super) fn new(space: EmbeddingSpace, schema: Schema) -> Self {
        Self { format: FORMAT, space, schema }
    }
}

/// The open redb file.
pub(super) struct Catalog(Database);

impl Catalog {
    /// Opens the file, making it where it is missing. It opens quickly after a crash.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let mut builder = Database::builder();
        builder.set_cache_size(CACHE_BYTES);
        let catalog =
            builder.create(path).map(Self).map_err(|e| native(e).with_context("path", path.display()))?;
        let write = catalog.write()?;
        write.open_table(COLLECTION).map_err(native)?;
        write.open_table(RECORDS).map_err(native)?;
        write.open_table(SEGMENTS).map_err(native)?;
        write.commit().map_err(native)?;
        Ok(catalog)
    }

    /// Begins a write that is on the disk when it is committed.
    pub(super) fn write(&self) -> Result<WriteTransaction> {
        let mut write = self.0.begin_write().map_err(native)?;
        write.set_quick_repair(true);
        Ok(write)
    }

    /// What is committed now, whatever is written later.
    pub(super) fn view(&self) -> Result<View> {
        let read = self.0.begin_read().map_err(native)?;
        let records = read.open_table(RECORDS).map_err(native)?;
        Ok(View { read, records })
    }
}

/// Keeps the collection as part of a write.
pub(super) fn put_collection(write: &WriteTransaction, collection: &Collection) -> Result<()> {
    let json = serde_json::to_vec(collection)
        .map_err(|e| Error::new(ErrorKind::Internal, "the collection is no JSON").with_source(e))?;
    let mut table = write.open_table(COLLECTION).map_err(native)?;
    table.insert("collection", &*json).map_err(native)?;
    Ok(())
}

/// One committed state of the catalog.
pub(super) struct View {
    read: ReadTransaction,
    pub(super) records: ReadOnlyTable<&'static str, &'static [u8]>,
}

impl View {
    pub(super) fn collection(&self) -> Result<Option<Collection>> {
        let table = self.read.open_table(COLLECTION).map_err(native)?;
        let Some(json) = table.get("collection").map_err(native)? else { return Ok(None) };
        let collection: Collection = serde_json::from_slice(json.value()).map_err(|e| {
            Error::new(ErrorKind::Corrupt, format!("space and schema cannot be read back: {e}"))
                .with_source(e)
        })?;
        if collection.format != FORMAT {
            let message = format!("the store has format {}, this version reads {FORMAT}", collection.format);
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        Ok(Some(collection))
    }

    /// Number and published rows of every segment, by number.
    pub(super) fn segments(&self) -> Result<Vec<(u32, u32)>> {
        let table = self.read.open_table(SEGMENTS).map_err(native)?;
        let mut segments = Vec::new();
        for entry in table.iter().map_err(native)? {
            let (number, rows) = entry.map_err(native)?;
            segments.push((number.value(), rows.value()));
        }
        Ok(segments)
    }
}
