//! From the files to a state in memory, after a clean end or a crash alike.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use redb::ReadableTable;
use roaring::RoaringBitmap;

use super::{
    catalog::{Catalog, Collection, View},
    error::{at, native},
    row, segment,
    snapshot::{Rows, Segment, Snapshot, State},
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

    /// Reads everything; cuts off and removes what was never published.
    pub(super) fn load(&self) -> Result<Found> {
        let catalog = Catalog::open(&self.catalog)?;
        let view = catalog.view()?;
        let published = view.segments()?;
        let mut next = published.last().map_or(0, |(number, _)| number + 1);
        for number in self.sweep(&published)? {
            next = next.max(number + 1);
        }
        let (mut state, mut tail) = (State::default(), None);
        if let Some(collection) = view.collection()?.map(Arc::new) {
            state = read_catalog(&view, &published, &collection)?;
            for (number, segment) in &mut state.segments {
                let whole = self.read_vectors(*number, segment, collection.space.dimensions)?;
                let room = segment.rows.ids.len() < segment::ROWS as usize;
                tail = (whole && room).then_some(*number);
            }
            state.collection = Some(collection);
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

    /// Fills in the vectors of the rows that count. False when the file is shorter than was published.
    fn read_vectors(&self, number: u32, segment: &mut Segment, dimensions: usize) -> Result<bool> {
        let rows = Arc::make_mut(&mut segment.rows);
        #[expect(clippy::cast_possible_truncation, reason = "the catalog counts rows as u32")]
        let published = rows.ids.len() as u32;
        let path = segment::path(&self.segments, number);
        let frames = segment::read(&path, number, dimensions, published)?;
        let frame = segment::frame_bytes(dimensions);
        for row in segment.live.iter().map(|row| row as usize) {
            let bytes = frames.get(row * frame..(row + 1) * frame);
            rows.vectors[row] = bytes.and_then(|bytes| segment::decode(&rows.ids[row], bytes));
        }
        Ok(frames.len() == published as usize * frame)
    }
}

/// Ids, filter indexes and which rows count; no vectors yet.
fn read_catalog(view: &View, published: &[(u32, u32)], collection: &Collection) -> Result<State> {
    let empty = |rows: u32| Rows {
        ids: vec![Arc::from(""); rows as usize],
        vectors: vec![None; rows as usize],
        ..Rows::default()
    };
    let mut segments: BTreeMap<u32, (Rows, RoaringBitmap)> =
        published.iter().map(|(number, rows)| (*number, (empty(*rows), RoaringBitmap::new()))).collect();
    let mut unreadable = BTreeSet::new();
    for entry in view.records.iter().map_err(native)? {
        let (id, bytes) = entry.map_err(native)?;
        let id = id.value();
        let place = row::decode(id, bytes.value()).ok().and_then(|(place, fields)| {
            let (rows, live) = segments.get_mut(&place.segment)?;
            *rows.ids.get_mut(place.row as usize)? = Arc::from(id);
            rows.index.insert(place.row, &fields, &collection.schema);
            live.insert(place.row);
            Some(place)
        });
        if place.is_none() {
            unreadable.insert(id.to_owned());
        }
    }
    let segment = |(number, (rows, live))| (number, Segment { rows: Arc::new(rows), live: Arc::new(live) });
    Ok(State {
        collection: None,
        segments: segments.into_iter().map(segment).collect(),
        unreadable: Arc::new(unreadable),
    })
}
