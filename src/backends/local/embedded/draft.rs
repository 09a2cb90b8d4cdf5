//! A state in the making: rows are added in memory, then their frames are written out.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use pulp::Arch;
use redb::WriteTransaction;

use super::{
    catalog::{CHUNKS, Collection, DEAD, SEGMENTS, put_dead, remove_chunks},
    coding::Coding,
    error::native,
    row::Place,
    run::{Granule, Run},
    segment::{self, Frames},
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
    coding: Arc<Coding>,
    /// The segment that takes the next row.
    pub(super) tail: Option<u32>,
    /// The number of the next segment.
    pub(super) next: u32,
    pending: BTreeMap<u32, Pending>,
    /// The runs that grew, and how many rows they had before.
    grown: BTreeMap<Granule, u32>,
    /// Segments with rows that no longer count.
    retired: BTreeSet<u32>,
    /// Segments that the commit takes away.
    gone: Vec<u32>,
    rotated: Vec<f32>,
}

/// Frames to write behind the rows that are published.
struct Pending {
    rows: u32,
    frames: Vec<u8>,
}

impl Draft {
    pub(super) fn new(
        state: State,
        collection: Arc<Collection>,
        coding: Arc<Coding>,
        tail: Option<u32>,
        next: u32,
    ) -> Self {
        Self {
            state,
            collection,
            coding,
            tail,
            next,
            pending: BTreeMap::new(),
            grown: BTreeMap::new(),
            retired: BTreeSet::new(),
            gone: Vec::new(),
            rotated: Vec::new(),
        }
    }

    /// Adds a row and says where.
    pub(super) fn append(&mut self, arch: Arch, id: &str, vector: &Embedding, fields: &Fields) -> Place {
        let number = self.tail.unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        let dimensions = self.collection.space.dimensions;
        let segment = self.state.segments.entry(number).or_insert_with(|| Segment::new(dimensions));
        let place = Place { segment: number, row: segment.rows };
        segment.rows += 1;
        let granule = Granule::of(place);
        let run = self.state.runs.entry(granule).or_insert_with(|| Run::new(&self.coding));
        let rows = Arc::make_mut(&mut run.rows);
        let position = rows.len();
        self.grown.entry(granule).or_insert(position);
        rows.ids.push(id);
        rows.coding.rotate(arch, vector.as_slice(), &mut self.rotated);
        rows.codes.push(arch, &self.rotated, &rows.coding.centre);
        rows.index.insert(position, fields, &self.collection.schema);
        Arc::make_mut(&mut run.live).insert(position);
        let pending = self.pending.entry(number).or_insert(Pending { rows: place.row, frames: Vec::new() });
        segment::encode(id, vector, &mut pending.frames);
        self.tail = (place.row + 1 < segment::ROWS).then_some(number);
        place
    }

    /// Marks a row as dead.
    pub(super) fn retire(&mut self, place: Place) {
        self.state.retire(place);
        self.retired.insert(place.segment);
    }

    /// Marks what was written for an id as dead although the catalog cannot say where it is; with `written`, all but
    /// the row that was just added.
    pub(super) fn retire_damaged(&mut self, id: &str, written: bool) {
        let mut places = self.state.places(id);
        places.sort_unstable_by_key(|place| (place.segment, place.row));
        if written {
            places.pop();
        }
        places.into_iter().for_each(|place| self.retire(place));
    }

    /// Takes a segment away, all of whose rows are dead.
    pub(super) fn remove(&mut self, number: u32) {
        self.state.segments.remove(&number);
        self.state.runs.retain(|granule, _| granule.segment != number);
        if self.state.homes.keys().any(|granule| granule.segment == number) {
            Arc::make_mut(&mut self.state.homes).retain(|granule, _| granule.segment != number);
        }
        self.gone.push(number);
    }

    /// Takes a record off the list of those whose catalog row was damaged.
    pub(super) fn forget_damage(&mut self, id: &str) {
        if self.state.unreadable.contains(id) {
            Arc::make_mut(&mut self.state.unreadable).remove(id);
        }
    }

    /// Writes the new frames and waits until they and their files' names are on the disk.
    pub(super) fn flush(&mut self, folder: &Path) -> Result<()> {
        let dimensions = self.collection.space.dimensions;
        let mut new = false;
        for (number, Pending { rows, frames }) in &self.pending {
            let path = segment::path(folder, *number);
            segment::append(&path, *number, dimensions, *rows, frames)?;
            if *rows == 0 {
                new = true;
                if let Some(segment) = self.state.segments.get_mut(number) {
                    segment.frames = Arc::new(Frames::open(&path, *number, dimensions, segment.rows)?.0);
                }
            }
        }
        if new { segment::sync_folder(folder) } else { Ok(()) }
    }

    /// Tells the catalog what there is now.
    pub(super) fn note(&self, write: &WriteTransaction) -> Result<()> {
        let mut segments = write.open_table(SEGMENTS).map_err(native)?;
        for number in self.pending.keys() {
            let rows = self.state.segments.get(number).map_or(0, |segment| segment.rows);
            segments.insert(number, rows).map_err(native)?;
        }
        for (granule, from) in &self.grown {
            if let Some(run) = self.state.runs.get(granule) {
                let mut chunks = write.open_table(CHUNKS).map_err(native)?;
                let key = (granule.segment, granule.first() + from);
                chunks.insert(key, &*run.rows.to_bytes(*from)).map_err(native)?;
            }
        }
        for number in &self.retired {
            if let Some(segment) = self.state.segments.get(number) {
                put_dead(write, *number, &segment.dead)?;
            }
        }
        for number in &self.gone {
            segments.remove(number).map_err(native)?;
            write.open_table(DEAD).map_err(native)?.remove(number).map_err(native)?;
            for granule in 0..segment::ROWS / super::run::ROWS {
                remove_chunks(write, Granule { segment: *number, number: granule })?;
            }
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
