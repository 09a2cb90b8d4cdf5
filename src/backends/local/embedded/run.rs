//! Rows that are in no block yet, in the order in which they came.

use std::sync::Arc;

use roaring::RoaringBitmap;

use super::{
    bytes::{Reader, Writer},
    codes::code::Codes,
    coding::Coding,
    ids::Ids,
    index::Index,
    row::Place,
};

/// The most rows of a run. A write copies the last run, so it stays small.
pub(super) const ROWS: u32 = 1024;

/// The rows `number * ROWS ..` of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Granule {
    pub(super) segment: u32,
    pub(super) number: u32,
}

impl Granule {
    pub(super) fn of(place: Place) -> Self {
        Self { segment: place.segment, number: place.row / ROWS }
    }

    /// The first row.
    pub(super) fn first(self) -> u32 {
        self.number * ROWS
    }

    /// How many rows it has when its segment has `rows`.
    pub(super) fn rows(self, rows: u32) -> u32 {
        rows.saturating_sub(self.first()).min(ROWS)
    }

    pub(super) fn place(self, position: u32) -> Place {
        Place { segment: self.segment, row: self.first() + position }
    }
}

/// A granule in memory, and which of its rows still count.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) rows: Arc<Rows>,
    pub(super) live: Arc<RoaringBitmap>,
}

/// The rows of a run, by position.
#[derive(Clone)]
pub(super) struct Rows {
    pub(super) coding: Arc<Coding>,
    pub(super) ids: Ids,
    pub(super) codes: Codes,
    pub(super) index: Index,
}

impl Run {
    pub(super) fn new(coding: &Arc<Coding>) -> Self {
        Self { rows: Arc::new(Rows::new(coding)), live: Arc::default() }
    }
}

impl Rows {
    pub(super) fn new(coding: &Arc<Coding>) -> Self {
        Self {
            coding: Arc::clone(coding),
            ids: Ids::default(),
            codes: Codes::new(coding.words()),
            index: Index::default(),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a run has at most `ROWS` rows")]
    pub(super) fn len(&self) -> u32 {
        self.ids.len() as u32
    }

    /// Ids and codes of the rows from position `from` on, as the catalog keeps them.
    pub(super) fn to_bytes(&self, from: u32) -> Vec<u8> {
        let mut bytes = Writer::new();
        bytes.u32(self.coding.generation);
        bytes.u32(self.len() - from);
        for position in from as usize..self.ids.len() {
            bytes.bytes(self.ids.get(position).as_bytes());
        }
        bytes.many(&self.codes.kept(from as usize), u64::to_le_bytes);
        bytes.finish()
    }

    /// Adds what [`to_bytes`](Self::to_bytes) gave; none when it is something else, or of another coding.
    pub(super) fn extend(&mut self, bytes: &[u8]) -> Option<()> {
        let mut bytes = Reader::new(bytes)?;
        if bytes.u32()? != self.coding.generation {
            return None;
        }
        let rows = bytes.count()?;
        for _ in 0..rows {
            self.ids.push(bytes.text()?);
        }
        let codes = Codes::from_kept(self.coding.words(), &bytes.many(u64::from_le_bytes)?)?;
        (codes.len() == rows).then(|| self.codes.extend(&codes))
    }

    /// The generation of the coding that bytes belong to.
    pub(super) fn generation(bytes: &[u8]) -> Option<u32> {
        Reader::new(bytes)?.u32()
    }
}
