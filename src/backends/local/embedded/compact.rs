//! Gives back the space of records that were overwritten or removed.
//!
//! The rows of a segment that still count are appended anew, in a commit like any other; then the file goes.
//! A reader that still looks at the old segment has its file open.

use std::fs;

use roaring::RoaringBitmap;

use super::{
    error::{at, damaged, native},
    row::{self, Place},
    segment,
    snapshot::{Segment, Snapshot},
    writer::Writer,
};
use crate::{
    domain::{Embedding, Fields},
    error::{ErrorKind, Result},
};

/// A segment of fewer rows than this is not worth a file.
const FEW: u64 = 1024;

/// Which segments are worth rewriting.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Waste {
    /// Those of which less than half counts, but not the one that is still written to.
    Half,
    /// All of which anything does not count.
    Any,
}

impl Writer {
    /// Rewrites one segment and returns the bytes its file had; none when no segment is worth it.
    ///
    /// Segments with a record that cannot be read stay as they are.
    pub(super) fn compact_one(&mut self, waste: Waste) -> Result<Option<u64>> {
        let now = self.published.now();
        let Some((number, segment)) = self.wasteful(&now, waste) else { return Ok(None) };
        if self.tail == Some(number) {
            self.tail = None;
        }
        let moved = rows(&now, number, segment).and_then(|found| {
            let rows: Vec<_> = found.iter().map(|row| (row.id, &row.vector)).collect();
            self.commit(&rows, |draft, records, places| {
                for (Moved { from, id, fields, .. }, place) in found.iter().zip(places) {
                    draft.retire(*from);
                    draft.describe(place, id, fields);
                    records.insert(*id, &*row::encode(id, place, fields)?).map_err(native)?;
                }
                draft.remove(number);
                Ok(())
            })
        });
        match moved {
            Err(error) if error.kind() == ErrorKind::Corrupt => {
                self.unmovable.insert(number);
                return Ok(Some(0));
            }
            moved => moved?,
        }
        let path = segment::path(&self.layout.segments, number);
        let bytes = fs::metadata(&path).map_or(0, |file| file.len());
        if let Err(error) = fs::remove_file(&path) {
            tracing::warn!(path = %path.display(), %error, "a segment that is no longer needed stays until the store is opened again");
        }
        Ok(Some(bytes))
    }

    /// The size of all segments on the disk.
    pub(super) fn bytes(&self) -> Result<u64> {
        let folder = &self.layout.segments;
        let sizes = fs::read_dir(folder).map_err(at(folder))?.map(|entry| Ok(entry?.metadata()?.len()));
        sizes.sum::<std::io::Result<u64>>().map_err(at(folder))
    }

    fn wasteful<'a>(&self, now: &'a Snapshot, waste: Waste) -> Option<(u32, &'a Segment)> {
        let worth = |number: u32, segment: &Segment| {
            let sealed = self.tail != Some(number);
            let half = sealed && segment.live() * 2 < u64::from(segment.rows).max(FEW);
            half || waste == Waste::Any && !segment.dead.is_empty()
        };
        let mut segments = now.state.segments.iter().map(|(number, segment)| (*number, segment));
        segments.find(|(number, segment)| worth(*number, segment) && !self.unmovable.contains(number))
    }
}

/// A row on its way to another segment.
struct Moved<'a> {
    from: Place,
    id: &'a str,
    vector: Embedding,
    fields: Fields,
}

/// Every row of a segment that counts. One that cannot be read is an error.
fn rows<'a>(now: &'a Snapshot, number: u32, segment: &Segment) -> Result<Vec<Moved<'a>>> {
    let row = |row| {
        let from = Place { segment: number, row };
        let (part, position) = now.state.find(from)?;
        let id = part.ids().get(position as usize);
        Some(now.get(id).and_then(|record| {
            let record = record.ok_or_else(|| damaged(id, "catalog row"))?;
            Ok(Moved { from, id, vector: record.vector, fields: record.fields })
        }))
    };
    live(segment).iter().filter_map(row).collect()
}

fn live(segment: &Segment) -> RoaringBitmap {
    let mut live = RoaringBitmap::new();
    live.insert_range(0..segment.rows);
    live - &*segment.dead
}
