//! From the files to a state in memory, after a clean end or a crash alike.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use roaring::RoaringBitmap;

use super::{
    catalog::Catalog,
    error::at,
    load, rebuild,
    row::Place,
    run::Granule,
    segment::{self, Frames},
    snapshot::{Segment, Snapshot, State},
};
use crate::error::{Error, ErrorKind, Result};

/// Where a store keeps what.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) catalog: PathBuf,
    pub(super) segments: PathBuf,
    pub(super) lock: PathBuf,
}

/// A store as it was found.
pub(super) struct Found {
    pub(super) catalog: Catalog,
    pub(super) snapshot: Snapshot,
    /// The segment that takes the next row.
    pub(super) tail: Option<u32>,
    /// The number of the next segment.
    pub(super) next: u32,
}

/// Holds a store for one handle.
pub(super) struct Lock(fs::File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing is not enough: a process that is being started at this moment may hold a copy of the file.
        let _ = self.0.unlock();
    }
}

impl Layout {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            catalog: folder.join("catalog.redb"),
            segments: folder.join("segments"),
            lock: folder.join("lock"),
        }
    }

    /// Makes the folder where it is missing and takes it for this handle alone.
    pub(super) fn lock(&self, folder: &Path) -> Result<Lock> {
        fs::create_dir_all(&self.segments).map_err(at(&self.segments))?;
        let file = fs::OpenOptions::new().create(true).truncate(false).write(true).open(&self.lock);
        let file = file.map_err(at(&self.lock))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(fs::TryLockError::WouldBlock) => Err(Error::new(
                ErrorKind::Locked,
                "the vector store is open already, here or in another process: close it there or use another folder",
            )
            .with_context("path", folder.display())),
            Err(fs::TryLockError::Error(e)) => Err(at(&self.lock)(e)),
        }
    }

    /// Opens everything; cuts off and removes what was never published.
    ///
    /// Vectors stay on the disk. Codes are read back, and made anew where there are none, as in stores of versions
    /// before them, or none that can be read.
    pub(super) fn load(&self) -> Result<Found> {
        let catalog = Catalog::open(&self.catalog)?;
        let mut view = catalog.view()?;
        let published = view.segments()?;
        let mut next = published.last().map_or(0, |(number, _)| number + 1);
        for number in self.sweep(&published)? {
            next = next.max(number + 1);
        }
        let (mut state, mut tail) = (State::default(), None);
        if let Some(collection) = view.collection()?.map(Arc::new) {
            let dimensions = collection.space.dimensions;
            let (mut dead, mut doubtful) = (view.dead()?, BTreeSet::new());
            for (number, rows) in &published {
                let path = segment::path(&self.segments, *number);
                let (frames, whole) = Frames::open(&path, *number, dimensions, *rows)?;
                let found = dead.remove(number).unwrap_or_else(|| Some(RoaringBitmap::new()));
                doubtful.extend(found.is_none().then_some(*number));
                let dead = Arc::new(found.unwrap_or_default());
                state.segments.insert(*number, Segment { frames: Arc::new(frames), rows: *rows, dead });
                tail = (whole && *rows < segment::ROWS).then_some(*number);
            }
            state.collection = Some(Arc::clone(&collection));
            load::codes(&view, &mut state, dimensions, &doubtful)?;
            next = next.max(load::next_segment(&state));
            if rebuild::missing(&catalog, &view, &mut state, &collection)? {
                view = catalog.view()?;
            }
            // A granule that went into a block before it was full grows no more.
            let last =
                tail.and_then(|number| state.segments.get(&number).map(|segment| (number, segment.rows)));
            if let Some((segment, row)) = last
                && state.homes.contains_key(&Granule::of(Place { segment, row }))
            {
                tail = None;
            }
        }
        Ok(Found { catalog, snapshot: Snapshot { state, view }, tail, next })
    }

    /// Removes the segments that no commit names and returns their numbers.
    fn sweep(&self, published: &[(u32, u32)]) -> Result<Vec<u32>> {
        let mut swept = Vec::new();
        for entry in fs::read_dir(&self.segments).map_err(at(&self.segments))? {
            let path = entry.map_err(at(&self.segments))?.path();
            let Some(number) = segment::number(&path) else { continue };
            if published.binary_search_by_key(&number, |(number, _)| *number).is_err() {
                fs::remove_file(&path).map_err(at(&path))?;
                swept.push(number);
            }
        }
        Ok(swept)
    }
}
