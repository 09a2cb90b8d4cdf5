//! What readers see: one committed state, kept whole for as long as somebody looks at it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use roaring::RoaringBitmap;

use super::{
    catalog::{Collection, View},
    error::{damaged, native, no_collection},
    index::Index,
    row::{self, Place},
};
use crate::{
    domain::{Embedding, Filter, Record},
    error::Result,
};

/// A state in memory with the view of the catalog that belongs to it.
pub(super) struct Snapshot {
    pub(super) state: State,
    pub(super) view: View,
}

/// What is in memory. Cloning shares everything; a write copies only what it touches.
#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) collection: Option<Arc<Collection>>,
    pub(super) segments: BTreeMap<u32, Segment>,
    /// Ids whose row in the catalog is damaged: nobody knows their fields or where their vectors are.
    pub(super) unreadable: Arc<BTreeSet<String>>,
}

/// A segment: rows that never change, and which of them still count.
#[derive(Clone, Default)]
pub(super) struct Segment {
    pub(super) rows: Arc<Rows>,
    pub(super) live: Arc<RoaringBitmap>,
}

/// The rows of a segment, by row.
#[derive(Clone, Default)]
pub(super) struct Rows {
    pub(super) ids: Vec<Arc<str>>,
    /// None for a vector that fails its checksum, and for rows that were dead when the store was opened.
    pub(super) vectors: Vec<Option<Embedding>>,
    pub(super) index: Index,
}

impl Segment {
    pub(super) fn select(&self, filter: Option<&Filter>) -> RoaringBitmap {
        filter.map_or_else(|| (*self.live).clone(), |filter| self.rows.index.select(filter, &self.live))
    }

    /// How many rows no longer count.
    pub(super) fn dead(&self) -> u64 {
        (self.rows.ids.len() as u64).saturating_sub(self.live.len())
    }

    /// A record that counts and whose vector cannot be read, among `rows`.
    pub(super) fn damaged(&self, rows: &RoaringBitmap) -> Option<&str> {
        rows.iter().find(|row| self.vector(*row).is_none()).map(|row| self.id(row))
    }

    pub(super) fn vector(&self, row: u32) -> Option<&Embedding> {
        self.rows.vectors.get(row as usize)?.as_ref()
    }

    pub(super) fn id(&self, row: u32) -> &str {
        self.rows.ids.get(row as usize).map_or("", |id| id)
    }
}

impl Snapshot {
    pub(super) fn collection(&self) -> Result<&Collection> {
        self.state.collection.as_deref().ok_or_else(no_collection)
    }

    /// How many records there are.
    pub(super) fn total(&self) -> u64 {
        let live: u64 = self.state.segments.values().map(|segment| segment.live.len()).sum();
        live + self.state.unreadable.len() as u64
    }

    /// Refuses what must look at the fields of every record while some cannot be read.
    pub(super) fn require_readable(&self) -> Result<()> {
        self.state.unreadable.first().map_or(Ok(()), |id| Err(damaged(id, "catalog row")))
    }

    pub(super) fn count(&self, filter: Option<&Filter>) -> Result<u64> {
        let Some(filter) = filter else {
            self.collection()?;
            return Ok(self.total());
        };
        filter.validate(&self.collection()?.schema)?;
        self.require_readable()?;
        Ok(self.state.segments.values().map(|segment| segment.select(Some(filter)).len()).sum())
    }

    pub(super) fn get(&self, id: &str) -> Result<Option<Record>> {
        match self.view.records.get(id).map_err(native)? {
            Some(row) => self.record(id, row.value()).map(Some),
            None => Ok(None),
        }
    }

    /// The record of a row of the catalog.
    pub(super) fn record(&self, id: &str, row: &[u8]) -> Result<Record> {
        let (place, fields) = row::decode(id, row)?;
        let vector = self.vector(place).ok_or_else(|| damaged(id, "vector"))?;
        let mut record = Record::new(id, vector.clone());
        record.fields = fields;
        Ok(record)
    }

    fn vector(&self, place: Place) -> Option<&Embedding> {
        self.state.segments.get(&place.segment)?.vector(place.row)
    }
}
