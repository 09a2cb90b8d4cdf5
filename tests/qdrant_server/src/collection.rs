//! One shard of the engine, with what it was made from.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use prost::Message as _;
use qdrant_client::qdrant::CreateCollection;
use qdrant_edge::{EdgeShard, OperationError, UpdateOperation};
use tonic::Status;

use crate::{Failure, convert};

/// Holds the request that made the collection. It is written last: a folder without it is no collection.
const REQUEST: &str = "create.binpb";

pub(crate) struct Collection {
    pub(crate) request: CreateCollection,
    /// Its own for good: an engine that is dropped late writes where no later collection of the name is.
    folder: PathBuf,
    shard: EdgeShard,
    /// The engine wants one writer at a time, and none while it optimises.
    writer: Mutex<()>,
    /// A write came that the optimisers have not seen.
    stale: AtomicBool,
}

impl Collection {
    /// Makes a collection in a new folder under `data`.
    pub(crate) fn create(data: &Path, request: CreateCollection) -> Result<Self, Status> {
        let config = convert::config(&request)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let folder = data.join(format!("{}.{}", request.collection_name, now.as_nanos()));
        let make = || -> Result<EdgeShard, Failure> {
            std::fs::create_dir_all(&folder)?;
            let shard = EdgeShard::new(&folder, config)?;
            shard.flush();
            std::fs::write(folder.join(REQUEST), request.encode_to_vec())?;
            Ok(shard)
        };
        let shard = make().map_err(|e| Status::internal(e.to_string()))?;
        Ok(Self { request, folder, shard, writer: Mutex::default(), stale: AtomicBool::new(false) })
    }

    pub(crate) fn load(folder: &Path) -> Result<Option<Self>, Failure> {
        let path = folder.join(REQUEST);
        if !path.exists() {
            return Ok(None);
        }
        let request = CreateCollection::decode(std::fs::read(path)?.as_slice())?;
        let shard = EdgeShard::load(folder, None)?;
        let folder = folder.to_owned();
        Ok(Some(Self { request, folder, shard, writer: Mutex::default(), stale: AtomicBool::new(false) }))
    }

    /// Makes its folder one that is no collection, and takes it away unless somebody still uses it: the engine flushes when
    /// it is dropped, into a folder that must be there.
    pub(crate) fn forget(self: Arc<Self>) -> bool {
        let folder = self.folder.clone();
        let forgotten = std::fs::remove_file(folder.join(REQUEST)).is_ok();
        if Arc::into_inner(self).is_some() {
            let _ = std::fs::remove_dir_all(folder);
        }
        forgotten
    }

    fn writer(&self) -> MutexGuard<'_, ()> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the optimisers have seen every write.
    pub(crate) fn is_optimized(&self) -> bool {
        !self.stale.load(Ordering::SeqCst)
    }

    /// Asks the engine.
    pub(crate) async fn read<T: Send + 'static>(
        self: Arc<Self>,
        ask: impl FnOnce(&EdgeShard) -> Result<T, OperationError> + Send + 'static,
    ) -> Result<T, Status> {
        blocking(move || ask(&self.shard)).await
    }

    /// Changes something, flushed when this returns; then the optimisers have their turn.
    pub(crate) async fn write(self: Arc<Self>, operation: UpdateOperation) -> Result<(), Status> {
        let collection = Arc::clone(&self);
        blocking(move || {
            let _writer = collection.writer();
            collection.shard.update(operation)?;
            collection.shard.flush();
            Ok(())
        })
        .await?;
        if !self.stale.swap(true, Ordering::SeqCst) {
            tokio::task::spawn_blocking(move || self.optimize());
        }
        Ok(())
    }

    fn optimize(&self) {
        loop {
            let _writer = self.writer();
            let done = self.shard.optimize();
            if let Err(error) = &done {
                eprintln!("optimising failed: {error}");
            }
            if !matches!(done, Ok(true)) {
                self.stale.store(false, Ordering::SeqCst);
                return;
            }
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, OperationError> + Send + 'static,
) -> Result<T, Status> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(|e| convert::status(&e)),
        Err(panic) => Err(Status::internal(format!("the engine panicked: {panic}"))),
    }
}
