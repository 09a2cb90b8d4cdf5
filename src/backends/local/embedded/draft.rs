//! A state in the making: rows get places, and beside each other are described, coded and written out.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::Path,
    sync::Arc,
};

use pulp::Arch;
use redb::WriteTransaction;

use super::{
    catalog::{CHUNKS, Collection, DEAD, SEGMENTS, put_dead, remove_chunks},
    codes::code::Codes,
    coding::Coding,
    error::native,
    row::Place,
    run::{self, Granule, Run},
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
    /// Segments that grew, and how many rows they had before.
    extended: BTreeMap<u32, u32>,
    /// The runs that grew, and how many rows they had before.
    grown: BTreeMap<Granule, u32>,
    /// Segments with rows that no longer count.
    retired: BTreeSet<u32>,
    /// Segments that the commit takes away.
    gone: Vec<u32>,
}

/// Rows beside each other, in one run.
pub(super) struct Piece {
    first: Place,
    coding: Arc<Coding>,
    /// Which of the rows of the commit.
    rows: Range<usize>,
}

impl Piece {
    /// The places of its rows.
    pub(super) fn places(&self) -> impl Iterator<Item = Place> {
        let Place { segment, row } = self.first;
        (row..).zip(self.rows.clone()).map(move |(row, _)| Place { segment, row })
    }
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
            extended: BTreeMap::new(),
            grown: BTreeMap::new(),
            retired: BTreeSet::new(),
            gone: Vec::new(),
        }
    }

    /// Finds places for so many rows.
    pub(super) fn reserve(&mut self, rows: usize) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut from = 0;
        while from < rows {
            let number = self.tail.unwrap_or_else(|| {
                self.next += 1;
                self.next - 1
            });
            let dimensions = self.collection.space.dimensions;
            let segment = self.state.segments.entry(number).or_insert_with(|| Segment::new(dimensions));
            self.extended.entry(number).or_insert(segment.rows);
            let first = Place { segment: number, row: segment.rows };
            let granule = Granule::of(first);
            let run = self.state.runs.entry(granule).or_insert_with(|| Run::new(&self.coding));
            self.grown.entry(granule).or_insert(run.rows.len());
            let room = (run::ROWS - first.row % run::ROWS) as usize;
            let until = rows.min(from + room);
            #[expect(clippy::cast_possible_truncation, reason = "at most the rows of a run")]
            let more = (until - from) as u32;
            segment.rows += more;
            self.tail = (segment.rows < segment::ROWS).then_some(number);
            pieces.push(Piece { first, coding: Arc::clone(&run.rows.coding), rows: from..until });
            from = until;
        }
        pieces
    }

    /// Notes what is at a reserved place; in the order of places.
    pub(super) fn describe(&mut self, place: Place, id: &str, fields: &Fields) {
        let Some(run) = self.state.runs.get_mut(&Granule::of(place)) else { return };
        let rows = Arc::make_mut(&mut run.rows);
        let position = rows.len();
        rows.ids.push(id);
        rows.index.insert(position, fields, &self.collection.schema);
        Arc::make_mut(&mut run.live).insert(position);
    }

    /// Adds the codes of pieces.
    pub(super) fn add_codes(&mut self, pieces: &[Piece], codes: &[Codes]) {
        for (piece, codes) in pieces.iter().zip(codes) {
            if let Some(run) = self.state.runs.get_mut(&Granule::of(piece.first)) {
                Arc::make_mut(&mut run.rows).codes.extend(codes);
            }
        }
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

    /// Opens the files of new segments, which [`write`] made.
    pub(super) fn open(&mut self, folder: &Path) -> Result<()> {
        let dimensions = self.collection.space.dimensions;
        let new: Vec<u32> =
            self.extended.iter().filter(|(_, rows)| **rows == 0).map(|(number, _)| *number).collect();
        for number in &new {
            if let Some(segment) = self.state.segments.get_mut(number) {
                let path = segment::path(folder, *number);
                segment.frames = Arc::new(Frames::open(&path, *number, dimensions, segment.rows)?.0);
            }
        }
        if new.is_empty() { Ok(()) } else { segment::sync_folder(folder) }
    }

    /// Tells the catalog what there is now.
    pub(super) fn note(&self, write: &WriteTransaction) -> Result<()> {
        let mut segments = write.open_table(SEGMENTS).map_err(native)?;
        for number in self.extended.keys() {
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
            for granule in 0..segment::ROWS / run::ROWS {
                remove_chunks(write, Granule { segment: *number, number: granule })?;
            }
        }
        Ok(())
    }

    /// Gives back the space of frames that will not be published, as far as the disk lets it.
    pub(super) fn discard(&self, folder: &Path) {
        let dimensions = self.collection.space.dimensions;
        for (number, rows) in &self.extended {
            segment::cut(&segment::path(folder, *number), dimensions, *rows);
        }
    }
}

/// A row to be written: its id and its vector.
pub(super) type Row<'a> = (&'a str, &'a Embedding);

/// Writes the frames of rows and waits until they are on the disk.
pub(super) fn write(folder: &Path, dimensions: usize, pieces: &[Piece], rows: &[Row<'_>]) -> Result<()> {
    for pieces in pieces.chunk_by(|a, b| a.first.segment == b.first.segment) {
        let Some(Piece { first: Place { segment, row }, .. }) = pieces.first() else { continue };
        let rows = pieces.iter().flat_map(|piece| rows[piece.rows.clone()].iter().copied());
        segment::append(&segment::path(folder, *segment), *segment, dimensions, *row, rows)?;
    }
    Ok(())
}

/// The codes of rows, piece by piece.
pub(super) fn code(arch: Arch, pieces: &[Piece], rows: &[Row<'_>]) -> Vec<Codes> {
    let mut rotated = Vec::new();
    let code = |Piece { coding, rows: range, .. }: &Piece| {
        let mut codes = Codes::with_capacity(range.len(), coding.words());
        for (_, vector) in &rows[range.clone()] {
            coding.rotate(arch, vector.as_slice(), &mut rotated);
            codes.push(arch, &rotated, &coding.centre);
        }
        codes
    };
    pieces.iter().map(code).collect()
}
