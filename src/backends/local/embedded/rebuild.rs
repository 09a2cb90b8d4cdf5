//! Codes of rows that have none: in a store of a version before them, and where they were damaged.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use pulp::Arch;
use redb::ReadableTable;

use super::{
    catalog::{CHUNKS, Catalog, Collection, View, put_dead},
    coding::Coding,
    error::native,
    row,
    run::{self, Granule, Run},
    segment::floats,
    snapshot::State,
};
use crate::{domain::Fields, error::Result};

type Found = BTreeMap<u32, (String, Fields)>;

/// Makes runs of all granules that are in none and in no block, and keeps them. False when there were no such.
///
/// It reads the whole catalog, and the vectors of those granules.
pub(super) fn missing(
    catalog: &Catalog,
    view: &View,
    state: &mut State,
    collection: &Collection,
) -> Result<bool> {
    let mut granules: BTreeMap<Granule, Found> = BTreeMap::new();
    for (number, segment) in &state.segments {
        let all = (0..segment.rows.div_ceil(run::ROWS))
            .map(|granule| Granule { segment: *number, number: granule });
        let known = |granule: &Granule| state.runs.contains_key(granule) || state.homes.contains_key(granule);
        granules.extend(all.filter(|granule| !known(granule)).map(|granule| (granule, Found::new())));
    }
    if granules.is_empty() {
        return Ok(false);
    }
    tracing::info!(granules = granules.len(), "codes of vectors are made, as the store has none of them");
    let mut unreadable = BTreeSet::new();
    for entry in view.records.iter().map_err(native)? {
        let (id, bytes) = entry.map_err(native)?;
        let id = id.value();
        match row::decode(id, bytes.value()) {
            Ok((place, fields)) => {
                if let Some(found) = granules.get_mut(&Granule::of(place)) {
                    found.insert(place.row % run::ROWS, (id.to_owned(), fields));
                } else if !state.segments.contains_key(&place.segment) {
                    unreadable.insert(id.to_owned());
                }
            }
            Err(_) => {
                unreadable.insert(id.to_owned());
            }
        }
    }
    let Some(coding) = state.coding.as_ref().map(Arc::clone) else { return Ok(false) };
    let touched: BTreeSet<u32> = granules.keys().map(|granule| granule.segment).collect();
    for (granule, found) in &granules {
        build(state, collection, &coding, *granule, found)?;
    }
    if unreadable.is_empty() {
        keep(catalog, state, &granules, &touched)?;
    }
    // What a damaged row of the catalog belongs to is not known; while it is there, nothing here is kept.
    let all = Arc::make_mut(&mut state.unreadable);
    all.extend(unreadable);
    Ok(true)
}

/// Reads the vectors of a granule and makes a run of it.
fn build(
    state: &mut State,
    collection: &Collection,
    coding: &Arc<Coding>,
    granule: Granule,
    found: &Found,
) -> Result<()> {
    let Some(segment) = state.segments.get_mut(&granule.segment) else { return Ok(()) };
    let (arch, mut buffer, mut rotated) = (Arch::new(), Vec::new(), Vec::new());
    let mut rows = run::Rows::new(coding);
    let mut live = roaring::RoaringBitmap::new();
    let dead = Arc::make_mut(&mut segment.dead);
    for position in 0..granule.rows(segment.rows) {
        let row = granule.place(position).row;
        let Some((id, fields)) = found.get(&position) else {
            rows.ids.push("");
            rows.codes.push_unknown();
            dead.insert(row);
            continue;
        };
        rows.ids.push(id);
        dead.remove(row);
        live.insert(position);
        rows.index.insert(position, fields, &collection.schema);
        match segment.frames.read(id, row, &mut buffer)? {
            Some(numbers) => {
                let vector: Vec<f32> = floats(numbers).collect();
                coding.rotate(arch, &vector, &mut rotated);
                rows.codes.push(arch, &rotated, &coding.centre);
            }
            None => rows.codes.push_unknown(),
        }
    }
    state.runs.insert(granule, Run { rows: Arc::new(rows), live: Arc::new(live) });
    Ok(())
}

fn keep(
    catalog: &Catalog,
    state: &State,
    granules: &BTreeMap<Granule, Found>,
    touched: &BTreeSet<u32>,
) -> Result<()> {
    let write = catalog.write()?;
    for granule in granules.keys() {
        super::catalog::remove_chunks(&write, *granule)?;
        if let Some(run) = state.runs.get(granule) {
            let mut chunks = write.open_table(CHUNKS).map_err(native)?;
            chunks.insert((granule.segment, granule.first()), &*run.rows.to_bytes(0)).map_err(native)?;
        }
    }
    for number in touched {
        if let Some(segment) = state.segments.get(number) {
            put_dead(&write, *number, &segment.dead)?;
        }
    }
    write.commit().map_err(native)
}
