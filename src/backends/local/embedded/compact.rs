//! Gives back the space of records that were overwritten or removed.
//!
//! The rows of a segment that still count are appended anew, in a commit like any other; then the file goes.
//! A reader that still looks at the old segment has it in memory.

use std::fs;

use redb::ReadableTable;

use super::{
    error::{at, damaged, native},
    row, segment,
    snapshot::{Segment, Snapshot},
    writer::Writer,
};
use crate::error::{Error, ErrorKind, Result};

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
        self.commit(|draft, records| {
            for row in segment.live.iter() {
                let id = segment.id(row);
                let vector = segment.vector(row).ok_or_else(|| damaged(id, "vector"))?;
                let old = records.get(id).map_err(native)?;
                let old = old
                    .ok_or_else(|| Error::new(ErrorKind::Corrupt, format!("\"{id}\" has no catalog row")))?;
                let (_, fields) = row::decode(id, old.value())?;
                drop(old);
                let place = draft.append(id, vector, &fields);
                records.insert(id, &*row::encode(id, place, &fields)?).map_err(native)?;
            }
            draft.remove(number);
            Ok(())
        })?;
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
            let half = sealed && segment.live.len() * 2 < u64::from(segment::ROWS);
            half || waste == Waste::Any && segment.dead() > 0
        };
        let sound = |segment: &Segment| segment.damaged(&segment.live).is_none();
        let mut segments = now.state.segments.iter().map(|(number, segment)| (*number, segment));
        segments.find(|(number, segment)| worth(*number, segment) && sound(segment))
    }
}
