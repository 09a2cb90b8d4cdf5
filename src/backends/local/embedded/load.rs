//! Codings, blocks and runs as the catalog keeps them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use roaring::RoaringBitmap;

use super::{
    block::{Block, Settled},
    catalog::View,
    coding::Coding,
    row,
    run::{self, Granule, Run},
    snapshot::State,
};
use crate::{backends::local::embedded::error::native, error::Result};

/// Fills in codings, blocks and runs. What cannot be read, or does not fit the segments, is left out, as is what
/// belongs to `doubtful` segments: nobody knows which of their rows count.
pub(super) fn codes(
    view: &View,
    state: &mut State,
    dimensions: usize,
    doubtful: &BTreeSet<u32>,
) -> Result<()> {
    let first = Arc::new(Coding::first(dimensions));
    let mut codings = BTreeMap::from([(0, Arc::clone(&first))]);
    view.codings(|generation, bytes| {
        if let Some(coding) = Coding::from_bytes(generation, &first.rotation, bytes) {
            codings.insert(generation, Arc::new(coding));
        }
    })?;
    state.coding = codings.values().next_back().map(Arc::clone);
    blocks(view, state, &codings, doubtful)?;
    runs(view, state, &codings, doubtful)
}

fn blocks(
    view: &View,
    state: &mut State,
    codings: &BTreeMap<u32, Arc<Coding>>,
    doubtful: &BTreeSet<u32>,
) -> Result<()> {
    let mut blocks = Vec::new();
    view.blocks(|number, bytes| {
        blocks.extend(
            Block::from_bytes(bytes, |generation| codings.get(&generation).map(Arc::clone))
                .map(|b| (number, b)),
        );
    })?;
    let mut homes = BTreeMap::new();
    // A granule whose codes were made anew is in an old block too.
    for (number, block) in blocks.into_iter().rev() {
        let dead = |granule: Granule| {
            let segment = state.segments.get(&granule.segment)?;
            let known = !doubtful.contains(&granule.segment) && !homes.contains_key(&granule);
            known.then(|| Arc::clone(&segment.dead))
        };
        let live = Arc::new(block.live(dead));
        for (part, granule) in block.granules.iter().enumerate() {
            if state.segments.contains_key(&granule.segment) && !doubtful.contains(&granule.segment) {
                homes.entry(*granule).or_insert((number, part));
            }
        }
        state.blocks.insert(number, Settled { block: Arc::new(block), live });
    }
    state.homes = Arc::new(homes);
    Ok(())
}

/// The rows of chunks, as far as they follow each other, with the fields that the catalog has for them.
fn runs(
    view: &View,
    state: &mut State,
    codings: &BTreeMap<u32, Arc<Coding>>,
    doubtful: &BTreeSet<u32>,
) -> Result<()> {
    let mut runs = BTreeMap::<Granule, run::Rows>::new();
    let mut broken = BTreeSet::new();
    view.chunks(|place, bytes| {
        let granule = Granule::of(place);
        let coding = run::Rows::generation(bytes).and_then(|generation| codings.get(&generation));
        let Some(coding) = coding else { return };
        let rows = runs.entry(granule).or_insert_with(|| run::Rows::new(coding));
        if rows.len() != place.row % run::ROWS || rows.extend(bytes).is_none() {
            broken.insert(granule);
        }
    })?;
    let Some(collection) = state.collection.as_ref().map(Arc::clone) else { return Ok(()) };
    let mut unreadable = BTreeSet::new();
    for (granule, mut rows) in runs {
        let Some(segment) = state.segments.get_mut(&granule.segment) else { continue };
        let known = doubtful.contains(&granule.segment) || state.homes.contains_key(&granule);
        if known || broken.contains(&granule) || rows.len() != granule.rows(segment.rows) {
            continue;
        }
        let mut live = RoaringBitmap::new();
        live.insert_range(0..rows.len());
        for row in segment.dead.range(granule.first()..granule.first() + run::ROWS) {
            live.remove(row - granule.first());
        }
        for position in live.clone() {
            let id = rows.ids.get(position as usize);
            let found = view.records.get(id).map_err(native)?.map(|row| row::decode(id, row.value()));
            match found {
                Some(Ok((place, fields))) if place == granule.place(position) => {
                    rows.index.insert(position, &fields, &collection.schema);
                    continue;
                }
                Some(Err(_)) => drop(unreadable.insert(id.to_owned())),
                // It was written again or removed while its row in the catalog was damaged.
                _ => drop(Arc::make_mut(&mut segment.dead).insert(granule.place(position).row)),
            }
            live.remove(position);
        }
        state.runs.insert(granule, Run { rows: Arc::new(rows), live: Arc::new(live) });
    }
    state.unreadable = Arc::new(unreadable);
    Ok(())
}

/// A number for a segment that no block has ever known.
pub(super) fn next_segment(state: &State) -> u32 {
    let granules = state.blocks.values().flat_map(|settled| &settled.block.granules);
    granules.map(|granule| granule.segment + 1).max().unwrap_or_default()
}
