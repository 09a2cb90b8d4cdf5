//! The one writer: frames first, then the catalog, then the readers.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError, RwLock},
    thread::{self, Scope, ScopedJoinHandle},
};

use pulp::Arch;
use redb::Table;

use super::{
    catalog::{Catalog, Collection, RECORDS, put_collection},
    coding::Coding,
    draft::{self, Draft, Piece, Row},
    error::native,
    recover::{Found, Layout, Lock},
    row::{self, Place},
    snapshot::{Snapshot, State},
    tend::Change,
};
use crate::{
    domain::Record,
    error::{Error, ErrorKind, Result},
};

/// One thing to do to one record, checked already.
pub(super) enum Operation {
    Upsert(Record),
    Delete(String),
}

/// What readers look at; the writer replaces it after every commit.
pub(super) struct Published(RwLock<Arc<Snapshot>>);

impl Published {
    pub(super) fn now(&self) -> Arc<Snapshot> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn set(&self, snapshot: Snapshot) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}

pub(super) type Records<'t> = Table<'t, &'static str, &'static [u8]>;

/// Owns the files of a store.
pub(super) struct Writer {
    pub(super) layout: Layout,
    pub(super) published: Arc<Published>,
    /// None after a failed commit, until the store was read again.
    catalog: Option<Catalog>,
    pub(super) tail: Option<u32>,
    next: u32,
    pub(super) arch: Arch,
    /// Segments that could not be rewritten, because something in them cannot be read.
    pub(super) unmovable: BTreeSet<u32>,
    _lock: Lock,
}

/// Where a commit failed decides what is still known about the disk.
enum Failure {
    /// The catalog is as it was.
    Before(Error),
    /// The commit may have gone through or not.
    During(Error),
}

impl Writer {
    pub(super) fn new(layout: Layout, lock: Lock, found: Found) -> Self {
        let Found { catalog, snapshot, tail, next } = found;
        let published = Arc::new(Published(RwLock::new(Arc::new(snapshot))));
        let (arch, unmovable) = (Arch::new(), BTreeSet::new());
        Self { layout, published, catalog: Some(catalog), tail, next, arch, unmovable, _lock: lock }
    }

    /// Fixes space and schema; false when they were fixed before.
    pub(super) fn create(&mut self, collection: Collection) -> Result<bool> {
        if let Some(found) = &self.published.now().state.collection {
            found.space.require(&collection.space)?;
            found.schema.require(&collection.schema)?;
            return Ok(false);
        }
        let catalog = self.catalog()?;
        let commit = || {
            let write = catalog.write()?;
            put_collection(&write, &collection)?;
            write.commit().map_err(native)?;
            catalog.view()
        };
        match commit() {
            Ok(view) => {
                let coding = Some(Arc::new(Coding::first(collection.space.dimensions)));
                let state = State { collection: Some(Arc::new(collection)), coding, ..State::default() };
                self.published.set(Snapshot { state, view });
                Ok(true)
            }
            Err(error) => Err(self.read_again(error)),
        }
    }

    /// Does everything or nothing.
    pub(super) fn write(&mut self, operations: &[Operation]) -> Result<()> {
        let rows = operations.iter().filter_map(|operation| match operation {
            Operation::Upsert(Record { id, vector, .. }) => Some((&**id, vector)),
            Operation::Delete(_) => None,
        });
        self.commit(&rows.collect::<Vec<_>>(), |draft, records, places| {
            for operation in operations {
                let (id, written) = match operation {
                    Operation::Upsert(Record { id, .. }) => (id, true),
                    Operation::Delete(id) => (id, false),
                };
                let old = match operation {
                    Operation::Upsert(Record { fields, .. }) => {
                        let place = places.next().ok_or_else(no_place)?;
                        draft.describe(place, id, fields);
                        records.insert(&**id, &*row::encode(id, place, fields)?)
                    }
                    Operation::Delete(_) => records.remove(&**id),
                };
                match old.map_err(native)?.map(|old| row::place(id, old.value())) {
                    Some(Some(place)) => draft.retire(place),
                    Some(None) => draft.retire_damaged(id, written),
                    None => {}
                }
                draft.forget_damage(id);
            }
            Ok(())
        })
    }

    /// Makes a draft with `rows`, lets `change` work on it and say what is at their places, puts it on the disk and
    /// publishes it.
    pub(super) fn commit(
        &mut self,
        rows: &[Row<'_>],
        change: impl FnOnce(&mut Draft, &mut Records<'_>, &mut dyn Iterator<Item = Place>) -> Result<()>,
    ) -> Result<()> {
        self.catalog()?;
        let now = self.published.now();
        let found = now.state.collection.as_ref().zip(now.state.coding.as_ref());
        let (collection, coding) =
            found.map(|(c, k)| (Arc::clone(c), Arc::clone(k))).ok_or_else(Error::no_collection)?;
        let mut draft = Draft::new(now.state.clone(), collection, coding, self.tail, self.next);
        let result = self.try_commit(&mut draft, rows, change);
        self.next = draft.next;
        match result {
            Ok(snapshot) => {
                self.tail = draft.tail;
                self.published.set(snapshot);
                Ok(())
            }
            Err(failure) => {
                // After a failed sync nobody knows what the file holds behind its published rows.
                self.tail = None;
                match failure {
                    Failure::Before(error) => {
                        draft.discard(&self.layout.segments);
                        // What did not fit may have been the catalog's, which gives nothing up any more then.
                        let disk = [ErrorKind::StorageFull, ErrorKind::Io, ErrorKind::Unavailable];
                        Err(if disk.contains(&error.kind()) { self.read_again(error) } else { error })
                    }
                    Failure::During(error) => Err(self.read_again(error)),
                }
            }
        }
    }

    fn try_commit(
        &self,
        draft: &mut Draft,
        rows: &[Row<'_>],
        change: impl FnOnce(&mut Draft, &mut Records<'_>, &mut dyn Iterator<Item = Place>) -> Result<()>,
    ) -> Result<Snapshot, Failure> {
        let catalog = self.catalog.as_ref().ok_or_else(|| Failure::Before(super::error::closed()))?;
        let write = catalog.write().map_err(Failure::During)?;
        let mut records = write.open_table(RECORDS).map_err(|e| Failure::During(native(e)))?;
        let (folder, dimensions, arch) =
            (&*self.layout.segments, draft.collection.space.dimensions, self.arch);
        let pieces = &draft.reserve(rows.len());
        let codes = thread::scope(|scope| {
            if rows.is_empty() {
                change(draft, &mut records, &mut std::iter::empty())?;
                return Ok(Vec::new());
            }
            let written = beside(scope, move || draft::write(folder, dimensions, pieces, rows))?;
            let codes = beside(scope, move || Ok(draft::code(arch, pieces, rows)))?;
            change(draft, &mut records, &mut pieces.iter().flat_map(Piece::places))?;
            written.join().unwrap_or_else(|_| Err(panicked()))?;
            codes.join().unwrap_or_else(|_| Err(panicked()))
        });
        drop(records);
        let codes = codes.map_err(Failure::Before)?;
        draft.open(folder).map_err(Failure::Before)?;
        draft.add_codes(pieces, &codes);
        draft.note(&write).map_err(Failure::During)?;
        write.commit().map_err(|e| Failure::During(native(e)))?;
        let view = catalog.view().map_err(Failure::During)?;
        Ok(Snapshot { state: std::mem::take(&mut draft.state), view })
    }

    /// Puts what was prepared beside the writes in its place.
    pub(super) fn settle(&mut self, change: Change) -> Result<()> {
        self.catalog()?;
        let mut state = self.published.now().state.clone();
        let catalog = self.catalog.as_ref().ok_or_else(super::error::closed)?;
        let commit = || {
            let write = catalog.write()?;
            change.apply(&mut state, &write)?;
            write.commit().map_err(native)?;
            catalog.view()
        };
        match commit() {
            Ok(view) => {
                self.published.set(Snapshot { state, view });
                Ok(())
            }
            Err(error) => Err(self.read_again(error)),
        }
    }

    /// The catalog, opened again if a commit failed before.
    fn catalog(&mut self) -> Result<&Catalog> {
        if self.catalog.is_none() {
            let Found { catalog, snapshot, tail, next } = self.layout.load()?;
            self.published.set(snapshot);
            self.catalog = Some(catalog);
            self.tail = tail;
            self.next = self.next.max(next);
        }
        self.catalog.as_ref().ok_or_else(super::error::closed)
    }

    /// Looks at the disk after a commit that may or may not have gone through, and passes its error on.
    fn read_again(&mut self, error: Error) -> Error {
        self.catalog = None;
        if let Err(again) = self.catalog() {
            tracing::warn!(error = %again, "the catalog cannot be opened again after a failed write; the next write tries once more");
        }
        error
    }
}

/// Starts `work` on a thread of its own.
fn beside<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> Result<T> + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, Result<T>>> {
    thread::Builder::new().spawn_scoped(scope, work).map_err(|e| {
        Error::new(ErrorKind::Io, format!("the system gives no thread to write with: {e}")).with_source(e)
    })
}

fn panicked() -> Error {
    Error::new(ErrorKind::Internal, "a thread of the write panicked")
}

fn no_place() -> Error {
    Error::new(ErrorKind::Internal, "a row was not given a place")
}
