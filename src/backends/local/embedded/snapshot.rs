//! What readers see: one committed state, kept whole for as long as somebody looks at it.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use roaring::RoaringBitmap;

use super::{
    block::{Block, Settled},
    catalog::{Collection, View},
    codes::code::Codes,
    coding::Coding,
    error::{damaged, native},
    ids::Ids,
    index::Index,
    row::{self, Place},
    run::{self, Granule, Run},
    segment::Frames,
};
use crate::{
    domain::{Filter, Record},
    error::{Error, ErrorKind, Result},
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
    /// How what is written next is coded. There is one as soon as there is a collection.
    pub(super) coding: Option<Arc<Coding>>,
    pub(super) segments: BTreeMap<u32, Segment>,
    pub(super) runs: BTreeMap<Granule, Run>,
    pub(super) blocks: BTreeMap<u32, Settled>,
    /// The block of every granule that is in one, and which of its granules it is.
    pub(super) homes: Arc<BTreeMap<Granule, (u32, usize)>>,
    /// Ids whose row in the catalog is damaged: nobody knows their fields or where their vectors are.
    pub(super) unreadable: Arc<BTreeSet<String>>,
}

/// A file of vectors, and which of its rows no longer count.
#[derive(Clone)]
pub(super) struct Segment {
    pub(super) frames: Arc<Frames>,
    pub(super) rows: u32,
    pub(super) dead: Arc<RoaringBitmap>,
}

impl Segment {
    /// A segment whose file is not there yet.
    pub(super) fn new(dimensions: usize) -> Self {
        Self { frames: Arc::new(Frames::missing(dimensions)), rows: 0, dead: Arc::default() }
    }

    pub(super) fn live(&self) -> u64 {
        u64::from(self.rows).saturating_sub(self.dead.len())
    }
}

/// A run or a block, as a search looks at it.
#[derive(Clone, Copy)]
pub(super) enum Part<'a> {
    Run(Granule, &'a run::Rows, &'a Arc<RoaringBitmap>),
    Block(&'a Block, &'a Arc<RoaringBitmap>),
}

/// A run or a block, and which of its positions pass.
pub(super) type Selected<'a> = (Part<'a>, Cow<'a, RoaringBitmap>);

impl<'a> Part<'a> {
    pub(super) fn index(self) -> (&'a Index, &'a RoaringBitmap) {
        match self {
            Part::Run(_, rows, live) => (&rows.index, live),
            Part::Block(block, live) => (&block.index, live),
        }
    }

    /// The positions that pass.
    pub(super) fn select(self, filter: Option<&Filter>) -> Cow<'a, RoaringBitmap> {
        let (index, live) = self.index();
        let Some(filter) = filter else { return Cow::Borrowed(live) };
        // Where every row counts, what passes may be there as it is kept.
        let kept = index.kept(filter).filter(|_| live.len() == self.ids().len() as u64);
        kept.map_or_else(|| Cow::Owned(index.select(filter, live)), Cow::Borrowed)
    }

    pub(super) fn ids(self) -> &'a Ids {
        match self {
            Part::Run(_, rows, _) => &rows.ids,
            Part::Block(block, _) => &block.ids,
        }
    }

    pub(super) fn codes(self) -> &'a Codes {
        match self {
            Part::Run(_, rows, _) => &rows.codes,
            Part::Block(block, _) => &block.codes,
        }
    }

    pub(super) fn coding(self) -> &'a Arc<Coding> {
        match self {
            Part::Run(_, rows, _) => &rows.coding,
            Part::Block(block, _) => &block.coding,
        }
    }

    pub(super) fn place(self, position: u32) -> Place {
        match self {
            Part::Run(granule, ..) => granule.place(position),
            Part::Block(block, _) => block.place(position),
        }
    }
}

impl State {
    pub(super) fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let blocks = self.blocks.values().map(|settled| Part::Block(&settled.block, &settled.live));
        blocks.chain(self.runs.iter().map(|(granule, run)| Part::Run(*granule, &run.rows, &run.live)))
    }

    /// How many rows count.
    pub(super) fn live(&self) -> u64 {
        self.parts().map(|part| part.index().1.len()).sum()
    }

    /// Where the row at a place is: its part, and its position there.
    pub(super) fn find(&self, place: Place) -> Option<(Part<'_>, u32)> {
        let granule = Granule::of(place);
        if let Some(run) = self.runs.get(&granule) {
            return Some((Part::Run(granule, &run.rows, &run.live), place.row % run::ROWS));
        }
        let (number, part) = self.homes.get(&granule)?;
        let settled = self.blocks.get(number)?;
        let position = settled.block.position(*part, place)?;
        Some((Part::Block(&settled.block, &settled.live), position))
    }

    /// Lets the row at a place count no more.
    pub(super) fn retire(&mut self, place: Place) {
        let granule = Granule::of(place);
        if let Some(segment) = self.segments.get_mut(&place.segment) {
            Arc::make_mut(&mut segment.dead).insert(place.row);
        }
        if let Some(run) = self.runs.get_mut(&granule) {
            Arc::make_mut(&mut run.live).remove(place.row % run::ROWS);
        } else if let Some((number, part)) = self.homes.get(&granule)
            && let Some(settled) = self.blocks.get_mut(number)
            && let Some(position) = settled.block.position(*part, place)
        {
            Arc::make_mut(&mut settled.live).remove(position);
        }
    }

    /// The places of rows that count and were written for `id`, by looking at every row.
    pub(super) fn places(&self, id: &str) -> Vec<Place> {
        let of = |part: Part<'_>| {
            let (_, live) = part.index();
            let found = part.ids().position(id).filter_map(|position| u32::try_from(position).ok());
            found
                .filter(|position| live.contains(*position))
                .map(|position| part.place(position))
                .collect::<Vec<_>>()
        };
        self.parts().flat_map(of).collect()
    }
}

impl Snapshot {
    pub(super) fn collection(&self) -> Result<&Collection> {
        self.state.collection.as_deref().ok_or_else(Error::no_collection)
    }

    /// How many records there are.
    pub(super) fn total(&self) -> u64 {
        self.state.live() + self.state.unreadable.len() as u64
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
        Ok(self.state.parts().map(|part| part.select(Some(filter)).len()).sum())
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
        let vector = self.frames(place)?.vector(id, place.row)?.ok_or_else(|| damaged(id, "vector"))?;
        let mut record = Record::new(id, vector);
        record.fields = fields;
        Ok(record)
    }

    /// The file that has the vector at a place.
    pub(super) fn frames(&self, place: Place) -> Result<&Frames> {
        let segment = self.state.segments.get(&place.segment);
        segment.map(|segment| &*segment.frames).ok_or_else(|| {
            Error::new(
                ErrorKind::Corrupt,
                format!("the catalog names a segment {} that is not there", place.segment),
            )
        })
    }
}
