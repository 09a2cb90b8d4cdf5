//! The store as an application holds it.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;

use super::{
    super::blocking::blocking,
    catalog::Collection,
    config::EmbeddedConfig,
    page, query,
    queue::{Command, Queue},
    recover::Layout,
    segment,
    snapshot::Snapshot,
    writer::{Operation, Published, Writer},
};
use crate::{
    domain::{Card, Record},
    error::{Error, ErrorKind, Result},
    roles::{
        CountReply, CountRequest, CreateReply, CreateRequest, DeleteReply, DeleteRequest, GetReply,
        GetRequest, ScanReply, ScanRequest, SearchReply, SearchRequest, UpsertReply, UpsertRequest,
        VectorStore, VectorStoreCapabilities,
    },
};

const MAX_BATCH: usize = 1000;
const MAX_K: usize = 10_000;
const MAX_DIMENSIONS: usize = 16_384;
/// On a full disk one failed write may follow another.
const LOOKS: usize = 8;

/// Keeps vectors with their fields in one folder, for one process at a time, and searches them.
///
/// - **Durable.** A write that was acknowledged is on the disk, whatever happens to the process after.
///   Writes that come at the same time share their syncs.
/// - **Readers never wait for writers.** Each call sees one committed state as a whole. A call that
///   begins after a write was acknowledged sees it.
/// - **Searches read little.** In memory every vector is a code of one bit a dimension. Codes give each score with a
///   bound that one in 700 is above; vectors are read from the disk, most promising first, until no bound
///   reaches the `k`-th best. From 8,192 records on codes lie in lists, and lists are left out that hold nothing near enough,
///   going by how far neighbours lay beyond the borders of lists in a sample. Scores are cosines in double precision, ties
///   among what was read go by id.
/// - **Exact where few pass.** While at most [`exact_below`](EmbeddedConfig::exact_below) records pass the filter, all are read
///   and scored; with `usize::MAX` every search is exact. Beyond, a record may be missed: its bound may be wrong, or its list
///   left out.
/// - **Small in memory.** A code takes a bit a dimension and 16 bytes, at least 64; ids and the values of filterable fields are in
///   memory, too. Vectors and other fields are read from the disk, through the cache of the system.
/// - **In the background** lists are trained at 8,192 records and each time there are eight times as many, and rows move into
///   them. Writes do not wait for it, and what they wrote is found at once; [`settle`](Self::settle) waits until it is done. A
///   store that was written by a version without codes gets them when it is opened, which reads all its vectors once.
/// - **Damage is found.** Vectors and fields have checksums, looked at when they are read from the disk. A damaged
///   record is [`Corrupt`](ErrorKind::Corrupt) at its place in `get` and `damaged` in `scan`; a search that
///   would read its vector is an error that names it, which every search does once a code had to be made without it.
///   Writing the record again or deleting it ends that, and everything else stays readable. Damaged codes are made again
///   from the vectors.
/// - **Space comes back.** A segment of which less than half counts is rewritten in the background;
///   [`compact`](Self::compact) rewrites the others.
///
/// Dropping the store waits for the commit under way, then the folder can be opened again.
///
/// ```
/// use keyvisual::backends::local::EmbeddedStore;
/// use keyvisual::domain::{Embedding, EmbeddingSpace, FieldType, Filter, Record, Schema};
/// use keyvisual::roles::{CreateRequest, SearchRequest, UpsertRequest, VectorStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> keyvisual::Result<()> {
/// # let folder = tempfile::tempdir()?;
/// let store = EmbeddedStore::open(folder.path().join("vectors")).await?;
/// let schema = Schema::new().with_filterable("season", FieldType::Text);
/// store.create(CreateRequest::new(EmbeddingSpace::new("acme/embed", "1", 2), schema)).await?;
///
/// let autumn = Record::new("a", Embedding::new(vec![1.0, 0.0])?).with_field("season", "autumn");
/// let winter = Record::new("w", Embedding::new(vec![0.0, 1.0])?).with_field("season", "winter");
/// store.upsert(UpsertRequest::new(vec![autumn, winter])).await?;
///
/// let query = SearchRequest::new(Embedding::new(vec![3.0, 4.0])?, 1);
/// let reply = store.search(query.with_filter(Filter::eq("season", "autumn"))).await?;
/// assert_eq!(reply.hits[0].id, "a");
/// assert!((reply.hits[0].score - 0.6).abs() < 1e-6);
/// # Ok(())
/// # }
/// ```
pub struct EmbeddedStore {
    folder: PathBuf,
    published: Arc<Published>,
    queue: Arc<Queue>,
    exact_below: usize,
    card: Card,
    capabilities: VectorStoreCapabilities,
}

impl EmbeddedStore {
    /// Opens a folder, making it where it is missing, and reads codes, ids and filterable fields into memory.
    ///
    /// # Errors
    /// [`Locked`](ErrorKind::Locked) when it is open already, here or in another process;
    /// [`Corrupt`](ErrorKind::Corrupt) when the catalog cannot be read; [`Unsupported`](ErrorKind::Unsupported) when a
    /// newer version of this crate wrote it; what the file system says.
    pub async fn open(folder: impl Into<PathBuf>) -> Result<Self> {
        Self::open_with(folder, EmbeddedConfig::new()).await
    }

    /// As [`open`](Self::open), with settings.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub async fn open_with(folder: impl Into<PathBuf>, config: EmbeddedConfig) -> Result<Self> {
        let folder = folder.into();
        blocking(move || Self::open_blocking(folder, config)).await
    }

    /// As [`open_with`](Self::open_with), on the thread of the caller.
    pub(crate) fn open_blocking(folder: PathBuf, config: EmbeddedConfig) -> Result<Self> {
        let writer = open(&folder).map_err(|e| e.with_operation("open"))?;
        let capabilities = VectorStoreCapabilities::new(MAX_BATCH, MAX_K, MAX_DIMENSIONS);
        Ok(Self {
            folder,
            published: Arc::clone(&writer.published),
            queue: Arc::new(Queue::new(writer)),
            exact_below: config.exact_below,
            card: Card::local("embedded", "1"),
            capabilities: if config.exact_below == usize::MAX {
                capabilities
            } else {
                capabilities.approximate()
            },
        })
    }

    /// Rewrites every segment that holds records that were overwritten or removed, and returns how many
    /// bytes that gave back. Reading and writing go on meanwhile. Segments with damaged records stay.
    ///
    /// The catalog keeps its size; what was freed in it is used again.
    ///
    /// # Errors
    /// [`StorageFull`](ErrorKind::StorageFull) when there is no room for one more segment; what the file system says.
    pub async fn compact(&self) -> Result<u64> {
        self.queue.submit(Command::Compact).await.map_err(|e| e.with_operation("compact"))
    }

    /// Waits until what was written is where searches find it soonest: lists are trained, rows are in blocks.
    ///
    /// That goes on in the background anyway, and records are found before it too, only not as quickly.
    ///
    /// # Errors
    /// What kept it from being done; the next write tries again.
    pub async fn settle(&self) -> Result<()> {
        self.queue.rest().await.map_err(|e| e.with_operation("settle"))
    }

    /// Looks at one committed state. If its catalog was closed by a failed write, looks at the next.
    async fn read<T: Send + 'static>(
        &self,
        operation: &'static str,
        look: impl Fn(&Snapshot) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (published, queue) = (Arc::clone(&self.published), Arc::clone(&self.queue));
        let look = move || {
            for _ in 0..LOOKS {
                match look(&published.now()) {
                    Err(error) if error.kind() == ErrorKind::Unavailable => queue.wait(),
                    result => return result,
                }
            }
            look(&published.now())
        };
        blocking(look).await.map_err(|e| e.with_operation(operation))
    }

    async fn write(&self, operation: &'static str, operations: Vec<Operation>) -> Result<()> {
        let write = self.queue.submit(|answer| Command::Write(operations, answer));
        write.await.map_err(|e| e.with_operation(operation))
    }
}

fn open(folder: &Path) -> Result<Writer> {
    let layout = Layout::new(folder);
    let lock = layout.lock(folder)?;
    let found = layout.load()?;
    segment::sync_folder(folder)?;
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        segment::sync_folder(parent)?;
    }
    Ok(Writer::new(layout, lock, found))
}

/// The record as it is kept: checked, and its vector at length 1.
fn prepare(mut record: Record, collection: &Collection) -> Result<Operation> {
    collection.schema.validate(&record)?;
    collection.space.check_length(&record.vector).map_err(|e| e.with_context("id", &record.id))?;
    record.vector = record.vector.unit().map_err(|e| e.with_context("id", &record.id))?;
    Ok(Operation::Upsert(record))
}

impl Drop for EmbeddedStore {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl fmt::Debug for EmbeddedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedStore").field("folder", &self.folder).finish_non_exhaustive()
    }
}

#[async_trait]
impl VectorStore for EmbeddedStore {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &VectorStoreCapabilities {
        &self.capabilities
    }

    async fn create(&self, request: CreateRequest) -> Result<CreateReply> {
        let dimensions = request.space.dimensions;
        let refused = match dimensions {
            0 => Some(Error::invalid("a space of 0 dimensions holds no vectors")),
            1..=MAX_DIMENSIONS => None,
            _ => Some(Error::new(
                ErrorKind::Unsupported,
                format!(
                    "the store takes vectors of at most {MAX_DIMENSIONS} dimensions, not of {dimensions}"
                ),
            )),
        };
        if let Some(error) = refused {
            return Err(error.with_operation("create"));
        }
        let collection = Collection::new(request.space, request.schema);
        let created = self.queue.submit(|answer| Command::Create(collection, answer)).await;
        created.map(CreateReply::new).map_err(|e| e.with_operation("create"))
    }

    async fn upsert(&self, request: UpsertRequest) -> Result<UpsertReply> {
        self.capabilities.check_batch(request.records.len()).map_err(|e| e.with_operation("upsert"))?;
        let prepare = |snapshot: &Snapshot, records: Vec<Record>| {
            let collection = snapshot.collection()?;
            Ok(records.into_iter().map(|record| prepare(record, collection)).collect::<Vec<_>>())
        };
        let snapshot = self.published.now();
        let prepared = blocking(move || prepare(&snapshot, request.records)).await;
        let (mut operations, mut results) = (Vec::new(), Vec::new());
        for prepared in prepared.map_err(|e| e.with_operation("upsert"))? {
            results.push(prepared.map(|operation| operations.push(operation)));
        }
        if !operations.is_empty() {
            self.write("upsert", operations).await?;
        }
        Ok(UpsertReply::new(results))
    }

    async fn search(&self, request: SearchRequest) -> Result<SearchReply> {
        let exact_below = self.exact_below;
        self.read("search", move |snapshot| query::search(snapshot, &request, MAX_K, exact_below)).await
    }

    async fn get(&self, request: GetRequest) -> Result<GetReply> {
        self.capabilities.check_batch(request.ids.len()).map_err(|e| e.with_operation("get"))?;
        let get = move |snapshot: &Snapshot| {
            snapshot.collection()?;
            let mut results = Vec::with_capacity(request.ids.len());
            for id in &request.ids {
                match snapshot.get(id) {
                    Err(error) if error.kind() == ErrorKind::Unavailable => return Err(error),
                    result => results.push(result),
                }
            }
            Ok(GetReply::new(results))
        };
        self.read("get", get).await
    }

    async fn delete(&self, request: DeleteRequest) -> Result<DeleteReply> {
        self.capabilities.check_batch(request.ids.len()).map_err(|e| e.with_operation("delete"))?;
        self.published.now().collection().map_err(|e| e.with_operation("delete"))?;
        let results = vec![Ok(()); request.ids.len()];
        if !results.is_empty() {
            self.write("delete", request.ids.into_iter().map(Operation::Delete).collect()).await?;
        }
        Ok(DeleteReply::new(results))
    }

    async fn scan(&self, request: ScanRequest) -> Result<ScanReply> {
        self.read("scan", move |snapshot| page::scan(snapshot, &request, MAX_BATCH)).await
    }

    async fn count(&self, request: CountRequest) -> Result<CountReply> {
        let count = move |snapshot: &Snapshot| snapshot.count(request.filter.as_ref()).map(CountReply::new);
        self.read("count", count).await
    }
}
