//! Pages of records in the order of their ids.

use std::{collections::BTreeMap, ops::Bound};

use roaring::RoaringBitmap;

use super::{error::native, row, snapshot::Snapshot};
use crate::{
    error::Result,
    roles::{ScanReply, ScanRequest},
    stores::cursor,
};

/// Answers a scan with at most `max_page` records. Records that cannot be read are named when they pass, or
/// when nobody can tell whether they do.
pub(super) fn scan(snapshot: &Snapshot, request: &ScanRequest, max_page: usize) -> Result<ScanReply> {
    let collection = snapshot.collection()?;
    let limit = request.limit_within(max_page)?;
    if let Some(filter) = &request.filter {
        filter.validate(&collection.schema)?;
    }
    let after = request.cursor.as_deref().map(|cursor| cursor::read("", cursor)).transpose()?;
    let passing = request.filter.as_ref().map(|filter| {
        let mut places = BTreeMap::<u32, RoaringBitmap>::new();
        for part in snapshot.state.parts() {
            for place in part.select(Some(filter)).iter().map(|position| part.place(position)) {
                places.entry(place.segment).or_default().insert(place.row);
            }
        }
        places
    });
    let passes = |id: &str, bytes: &[u8]| match (&passing, row::place(id, bytes)) {
        (Some(passing), Some(place)) => {
            !snapshot.state.segments.contains_key(&place.segment)
                || passing.get(&place.segment).is_some_and(|rows| rows.contains(place.row))
        }
        _ => true,
    };

    let (mut records, mut damaged, mut last) = (Vec::new(), Vec::new(), None);
    let from = after.map_or(Bound::Unbounded, Bound::Excluded);
    for entry in snapshot.view.records.range::<&str>((from, Bound::Unbounded)).map_err(native)? {
        let (id, row) = entry.map_err(native)?;
        let (id, row) = (id.value(), row.value());
        if !passes(id, row) {
            continue;
        }
        if records.len() + damaged.len() == limit {
            let next = last.as_deref().map(|id| cursor::write("", id));
            return Ok(ScanReply::new(records, next).with_damaged(damaged));
        }
        match snapshot.record(id, row) {
            Ok(record) => records.push(record),
            Err(error) => damaged.push((id.to_owned(), error)),
        }
        last = Some(id.to_owned());
    }
    Ok(ScanReply::new(records, None).with_damaged(damaged))
}
