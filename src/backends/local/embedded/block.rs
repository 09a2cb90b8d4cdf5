//! Rows in the order of their lists: what a search looks at is side by side.

use std::sync::Arc;

use roaring::RoaringBitmap;

use super::{
    bytes::{Reader, Writer},
    codes::code::{Codes, Factors},
    coding::Coding,
    ids::Ids,
    index::Index,
    row::Place,
    run::{self, Granule},
};

/// The most granules of a block: a million rows, so that making one asks for a few hundred megabytes at most.
pub(super) const GRANULES: usize = 1024;

/// A block and which of its positions still count.
#[derive(Clone)]
pub(super) struct Settled {
    pub(super) block: Arc<Block>,
    pub(super) live: Arc<RoaringBitmap>,
}

/// Rows that never change, by position.
pub(super) struct Block {
    pub(super) coding: Arc<Coding>,
    pub(super) granules: Vec<Granule>,
    /// Where each list begins, and where the last ends.
    pub(super) starts: Vec<u32>,
    /// By position, the row: the place of its granule here, times `run::ROWS`, and the row in it.
    order: Vec<u32>,
    /// By row, its position. Rows that are not here have any.
    positions: Vec<u32>,
    pub(super) ids: Ids,
    pub(super) codes: Codes,
    /// The positions of vectors that could not be read, whose codes say nothing.
    pub(super) unknown: Vec<u32>,
    pub(super) index: Index,
}

impl Block {
    pub(super) fn new(
        coding: Arc<Coding>,
        granules: Vec<Granule>,
        starts: Vec<u32>,
        order: Vec<u32>,
        mut ids: Ids,
        codes: Codes,
        index: Index,
    ) -> Self {
        let mut positions = vec![0; granules.len() * run::ROWS as usize];
        for (position, row) in (0..).zip(&order) {
            if let Some(slot) = positions.get_mut(*row as usize) {
                *slot = position;
            }
        }
        ids.shrink();
        let says_nothing = |position: &u32| codes.factors(*position as usize) == Factors::UNKNOWN;
        let unknown = (0..).take(codes.len()).filter(says_nothing).collect();
        Self { coding, granules, starts, order, positions, ids, codes, unknown, index }
    }

    pub(super) fn rows(&self) -> usize {
        self.order.len()
    }

    pub(super) fn place(&self, position: u32) -> Place {
        let row = self.order.get(position as usize).copied().unwrap_or_default();
        self.granules[(row / run::ROWS) as usize].place(row % run::ROWS)
    }

    /// Where the row of the granule at `part` is, if it is here.
    pub(super) fn position(&self, part: usize, place: Place) -> Option<u32> {
        let row = part * run::ROWS as usize + (place.row % run::ROWS) as usize;
        let position = *self.positions.get(row)?;
        (*self.order.get(position as usize)? as usize == row).then_some(position)
    }

    /// Which positions count, when `dead` tells the rows of a granule's segment that do not; none for a granule of
    /// which nothing does.
    pub(super) fn live(&self, dead: impl Fn(Granule) -> Option<Arc<RoaringBitmap>>) -> RoaringBitmap {
        let mut live = RoaringBitmap::new();
        #[expect(clippy::cast_possible_truncation, reason = "at most a million")]
        live.insert_range(0..self.rows() as u32);
        for (part, granule) in self.granules.iter().enumerate() {
            let rows = granule.first()..granule.first() + run::ROWS;
            let mut retire = |row| {
                if let Some(position) = self.position(part, Place { segment: granule.segment, row }) {
                    live.remove(position);
                }
            };
            match dead(*granule) {
                Some(dead) => dead.range(rows).for_each(&mut retire),
                None => rows.for_each(&mut retire),
            }
        }
        live
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Writer::new();
        bytes.u32(self.coding.generation);
        bytes.count(self.granules.len());
        for granule in &self.granules {
            bytes.u32(granule.segment);
            bytes.u32(granule.number);
        }
        bytes.many(&self.starts, u32::to_le_bytes);
        bytes.many(&self.order, u32::to_le_bytes);
        bytes.many(&self.codes.kept(0), u64::to_le_bytes);
        for position in 0..self.rows() {
            bytes.bytes(self.ids.get(position).as_bytes());
        }
        self.index.write(&mut bytes);
        bytes.finish()
    }

    /// The block that gave `bytes`; none when they are something else. `coding` gives the coding of a generation.
    pub(super) fn from_bytes(bytes: &[u8], coding: impl Fn(u32) -> Option<Arc<Coding>>) -> Option<Self> {
        let mut bytes = Reader::new(bytes)?;
        let coding = coding(bytes.u32()?)?;
        let mut granules = Vec::new();
        for _ in 0..bytes.count()? {
            granules.push(Granule { segment: bytes.u32()?, number: bytes.u32()? });
        }
        let starts = bytes.many(u32::from_le_bytes)?;
        let order: Vec<u32> = bytes.many(u32::from_le_bytes)?;
        let codes = Codes::from_kept(coding.words(), &bytes.many(u64::from_le_bytes)?)?;
        let mut ids = Ids::default();
        for _ in 0..order.len() {
            ids.push(bytes.text()?);
        }
        let index = Index::read(&mut bytes)?;
        let rows = granules.len() * run::ROWS as usize;
        let whole = order.iter().all(|row| (*row as usize) < rows)
            && codes.len() == order.len()
            && starts.len() == coding.lists.as_ref()?.len() + 1
            && starts.is_sorted()
            && starts.last().is_some_and(|end| *end as usize == order.len());
        whole.then(|| Self::new(coding, granules, starts, order, ids, codes, index))
    }
}
