//! The redb file: what there is, and where.

use std::{collections::BTreeMap, path::Path};

use redb::{
    Database, ReadOnlyTable, ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition,
    WriteTransaction,
};
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

use super::{
    bytes::{Reader, Writer},
    error::native,
    row::Place,
    run::{self, Granule},
};
use crate::{
    domain::{EmbeddingSpace, Schema},
    error::{Error, ErrorKind, Result},
};

/// The pages that redb keeps in memory, for the fields of hits.
const CACHE_BYTES: usize = 2_560 << 10;
const FORMAT: u32 = 1;

const COLLECTION: TableDefinition<&str, &[u8]> = TableDefinition::new("collection");
/// By id: place and fields, as [`row`](super::row) writes them.
pub(super) const RECORDS: TableDefinition<&str, &[u8]> = TableDefinition::new("records");
/// By number: how many rows of the segment are published.
pub(super) const SEGMENTS: TableDefinition<u32, u32> = TableDefinition::new("segments");
/// By number of a segment: which of its rows no longer count, as a bitmap.
pub(super) const DEAD: TableDefinition<u32, &[u8]> = TableDefinition::new("dead");
/// By generation: how codes are made.
pub(super) const CODINGS: TableDefinition<u32, &[u8]> = TableDefinition::new("codings");
/// By segment and first row: ids and codes of rows that are in no block.
pub(super) const CHUNKS: TableDefinition<(u32, u32), &[u8]> = TableDefinition::new("chunks");
/// By number and piece: a block, cut in pieces.
pub(super) const BLOCKS: TableDefinition<(u32, u32), &[u8]> = TableDefinition::new("blocks");
/// The size of a piece. A page of redb is a power of two and has a header; what is larger than 128 KB makes glibc keep
/// megabytes that are free.
pub(super) const PIECE_BYTES: usize = (1 << 16) - 1024;
/// Room for a block while it is read: more than the 32 MB up to which glibc, once it was freed, keeps as much for later.
const ROOM_BYTES: usize = 48 << 20;

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
        // On a full disk nothing can be written, and what is there must be read all the same.
        if catalog.view().and_then(|view| view.read.open_table(BLOCKS).map_err(native)).is_err() {
            let write = catalog.write()?;
            write.open_table(COLLECTION).map_err(native)?;
            write.open_table(RECORDS).map_err(native)?;
            write.open_table(SEGMENTS).map_err(native)?;
            write.open_table(DEAD).map_err(native)?;
            write.open_table(CODINGS).map_err(native)?;
            write.open_table(CHUNKS).map_err(native)?;
            write.open_table(BLOCKS).map_err(native)?;
            write.commit().map_err(native)?;
        }
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

    /// Which rows of every segment no longer count; none where that is damaged.
    pub(super) fn dead(&self) -> Result<BTreeMap<u32, Option<RoaringBitmap>>> {
        let table = self.read.open_table(DEAD).map_err(native)?;
        let mut dead = BTreeMap::new();
        for entry in table.iter().map_err(native)? {
            let (number, bytes) = entry.map_err(native)?;
            dead.insert(number.value(), Reader::new(bytes.value()).and_then(|mut bytes| bytes.bitmap()));
        }
        Ok(dead)
    }

    /// Calls back with every coding, by generation.
    pub(super) fn codings(&self, mut each: impl FnMut(u32, &[u8])) -> Result<()> {
        let table = self.read.open_table(CODINGS).map_err(native)?;
        for entry in table.iter().map_err(native)? {
            let (generation, bytes) = entry.map_err(native)?;
            each(generation.value(), bytes.value());
        }
        Ok(())
    }

    /// Calls back with every chunk, by segment and first row.
    pub(super) fn chunks(&self, mut each: impl FnMut(Place, &[u8])) -> Result<()> {
        let table = self.read.open_table(CHUNKS).map_err(native)?;
        for entry in table.iter().map_err(native)? {
            let (place, bytes) = entry.map_err(native)?;
            let (segment, row) = place.value();
            each(Place { segment, row }, bytes.value());
        }
        Ok(())
    }

    /// Calls back with the bytes of every block, by number.
    pub(super) fn blocks(&self, mut each: impl FnMut(u32, &[u8])) -> Result<()> {
        let table = self.read.open_table(BLOCKS).map_err(native)?;
        let (mut number, mut bytes) = (None, Vec::with_capacity(ROOM_BYTES));
        for entry in table.iter().map_err(native)? {
            let (key, piece) = entry.map_err(native)?;
            if let Some(before) = number.replace(key.value().0).filter(|before| *before != key.value().0) {
                each(before, &bytes);
                bytes.clear();
            }
            bytes.extend_from_slice(piece.value());
        }
        number.into_iter().for_each(|number| each(number, &bytes));
        Ok(())
    }
}

/// The bitmap that is kept of rows that no longer count.
pub(super) fn put_dead(write: &WriteTransaction, segment: u32, rows: &RoaringBitmap) -> Result<()> {
    let mut bytes = Writer::new();
    bytes.bitmap(rows);
    write.open_table(DEAD).map_err(native)?.insert(segment, &*bytes.finish()).map_err(native)?;
    Ok(())
}

/// Keeps pieces of a block, from number `first` on, as part of a write.
pub(super) fn put_pieces(write: &WriteTransaction, number: u32, first: u32, bytes: &[u8]) -> Result<()> {
    let mut table = write.open_table(BLOCKS).map_err(native)?;
    for (piece, bytes) in (first..).zip(bytes.chunks(PIECE_BYTES)) {
        table.insert((number, piece), bytes).map_err(native)?;
    }
    Ok(())
}

/// Takes a block away as part of a write.
pub(super) fn remove_block(write: &WriteTransaction, number: u32) -> Result<()> {
    let mut table = write.open_table(BLOCKS).map_err(native)?;
    table.retain_in((number, 0)..=(number, u32::MAX), |_, _| false).map_err(native)
}

/// Takes the chunks of a granule away as part of a write.
pub(super) fn remove_chunks(write: &WriteTransaction, granule: Granule) -> Result<()> {
    let mut table = write.open_table(CHUNKS).map_err(native)?;
    let (segment, first) = (granule.segment, granule.first());
    table.retain_in((segment, first)..(segment, first + run::ROWS), |_, _| false).map_err(native)
}
