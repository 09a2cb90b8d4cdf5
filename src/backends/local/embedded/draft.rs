//! A state in the making: rows are added in memory, then their frames are written out.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use super::{
    catalog::Collection,
    row::Place,
    segment,
    snapshot::{Segment, State},
};
use crate::{
    domain::{Embedding, Fields},
    error::Result,
};

/// The next state and what must be on the disk before it may be published.
pub(super) struct Draft {
    pub(super) state: State,
    pub(super) collection: Arc<Collection>,
    /// The segment that takes the next row.
    pub(super) tail: Option<u32>,
    /// The number of the next segment.
    pub(super) next: u32,
    pending: BTreeMap<u32, Pending>,
    /// Segments that the commit takes away.
    pub(super) gone: Vec<u32>,
}

/// Frames to write behind the rows that are published.
struct Pending {
    rows: u32,
    frames: Vec<u8>,
}

impl Draft {
    pub(super) fn new(state: State, collection: Arc<Collection>, tail: Option<u32>, next: u32) -> Self {
        Self { state, collection, tail, next, pending: BTreeMap::new(), gone: Vec::new() }
    }

    /// Adds a row and says where.
    pub(super) fn append(&mut self, id: &str, vector: &Embedding, fields: &Fields) -> Place {
        let number = self.tail.unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        let segment = self.state.segments.entry(number).or_default();
        let rows = Arc::make_mut(&mut segment.rows);
        #[expect(clippy::cast_possible_truncation, reason = "a segment has at most `segment::ROWS` rows")]
        let row = rows.ids.len() as u32;
        rows.ids.push(Arc::from(id));
        rows.vectors.push(Some(vector.clone()));
        rows.index.insert(row, fields, &self.collection.schema);
        Arc::make_mut(&mut segment.live).insert(row);
        let pending = self.pending.entry(number).or_insert(Pending { rows: row, frames: Vec::new() });
        segment::encode(id, vector, &mut pending.frames);
        self.tail = (row + 1 < segment::ROWS).then_some(number);
        Place { segment: number, row }
    }

    /// Marks a row as dead.
    pub(super) fn retire(&mut self, place: Place) {
        if let Some(segment) = self.state.segments.get_mut(&place.segment) {
            Arc::make_mut(&mut segment.live).remove(place.row);
        }
    }

    /// Takes a segment away.
    pub(super) fn remove(&mut self, number: u32) {
        self.state.segments.remove(&number);
        self.gone.push(number);
    }

    /// Takes a record off the list of those whose catalog row was damaged.
    pub(super) fn forget_damage(&mut self, id: &str) {
        if self.state.unreadable.contains(id) {
            Arc::make_mut(&mut self.state.unreadable).remove(id);
        }
    }

    /// Number and rows of the segments that grew.
    pub(super) fn grown(&self) -> impl Iterator<Item = (u32, u32)> {
        let rows = |number: &u32| self.state.segments.get(number).map_or(0, |s: &Segment| s.rows.ids.len());
        #[expect(clippy::cast_possible_truncation, reason = "a segment has at most `segment::ROWS` rows")]
        self.pending.keys().map(move |number| (*number, rows(number) as u32))
    }

    /// Writes the new frames and waits until they and their files' names are on the disk.
    pub(super) fn flush(&self, folder: &Path) -> Result<()> {
        let dimensions = self.collection.space.dimensions;
        for (number, Pending { rows, frames }) in &self.pending {
            segment::append(&segment::path(folder, *number), *number, dimensions, *rows, frames)?;
        }
        if self.pending.values().any(|pending| pending.rows == 0) {
            segment::sync_folder(folder)?;
        }
        Ok(())
    }

    /// Gives back the space of frames that will not be published, as far as the disk lets it.
    pub(super) fn discard(&self, folder: &Path) {
        let dimensions = self.collection.space.dimensions;
        for (number, pending) in &self.pending {
            segment::cut(&segment::path(folder, *number), dimensions, pending.rows);
        }
    }
}
