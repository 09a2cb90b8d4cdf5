//! One batch of a copy: read, written, tallied.

use super::{
    batch::exactly,
    copy_report::CopyFailure,
    tally::{PAGE, Tally},
};
use crate::{
    domain::Record,
    error::{Error, ErrorKind, Result},
    roles::{CallContext, CountRequest, CreateRequest, ScanRequest, UpsertRequest, VectorStore},
};

/// What a batch came to, and where the next begins; none after the last.
pub(super) struct Step {
    pub(super) total: u64,
    pub(super) tally: Tally,
    pub(super) failed: Vec<CopyFailure>,
    pub(super) cursor: Option<String>,
}

pub(super) struct Copier<F, T> {
    from: F,
    to: T,
    collection: CreateRequest,
    cursor: Option<String>,
    total: Option<u64>,
}

impl<F: VectorStore, T: VectorStore> Copier<F, T> {
    pub(super) fn new(from: F, to: T, collection: CreateRequest, cursor: Option<String>) -> Self {
        Self { from, to, collection, cursor, total: None }
    }

    /// The cursor moves on only when the whole batch was dealt with.
    pub(super) async fn step(&mut self) -> Result<Step> {
        let total = match self.total {
            Some(total) => total,
            None => *self.total.insert(self.begin().await?),
        };
        let (records, mut failed, cursor) = self.read().await?;
        let tally = self.write(records, &mut failed).await?;
        self.cursor.clone_from(&cursor);
        Ok(Step { total, tally, failed, cursor })
    }

    /// Compares spaces and schemas before anything is written: only `create` can tell. A source without a
    /// collection is an error and does not get one.
    async fn begin(&self) -> Result<u64> {
        let count = self.from.count(CountRequest::new().with_context(self.context())).await;
        let count = count.map_err(|error| error.with_context("store", "source"))?.count;
        let same = self.from.create(self.collection.clone()).await;
        same.map_err(|error| error.with_context("store", "source"))?;
        let made = self.to.create(self.collection.clone()).await;
        made.map_err(|error| error.with_context("store", "target"))?;
        Ok(count)
    }

    /// As many records as the target takes at once, over as many pages as that needs.
    async fn read(&self) -> Result<(Vec<Record>, Vec<CopyFailure>, Option<String>)> {
        let most = self.to.capabilities().max_batch.clamp(1, PAGE);
        let (mut records, mut failed, mut cursor) = (Vec::new(), Vec::new(), self.cursor.clone());
        loop {
            let mut request = ScanRequest::new(most - records.len()).with_context(self.context());
            request.cursor = cursor;
            let page = self.from.scan(request).await?;
            records.extend(page.records);
            failed.extend(page.damaged.into_iter().map(|(id, error)| failure(id, error, "scan")));
            cursor = page.next;
            if cursor.is_none() || records.len() >= most || failed.len() >= most {
                return Ok((records, failed, cursor));
            }
        }
    }

    /// A target bounds a batch in bytes too: what it did not look at goes again, as long as each round gets some in.
    async fn write(&self, mut records: Vec<Record>, failed: &mut Vec<CopyFailure>) -> Result<Tally> {
        let mut sum = Tally::default();
        while !records.is_empty() {
            let request = UpsertRequest::new(records.clone()).with_context(self.context());
            let results = exactly(self.to.upsert(request).await?.results, records.len());
            let (before, mut left, mut reason) = (sum.count, Vec::new(), None);
            for (record, result) in records.into_iter().zip(results) {
                match result.and_then(|()| Tally::of(&record)) {
                    Ok(tally) => sum = sum.plus(tally),
                    Err(error) if error.is_transient() && !error.was_sent() => {
                        reason.get_or_insert_with(|| error.with_context("id", &record.id));
                        left.push(record);
                    }
                    Err(error) if is_about_the_record(&error) => {
                        failed.push(failure(record.id, error, "upsert"));
                    }
                    Err(error) => return Err(error.with_context("id", record.id)),
                }
            }
            if let Some(error) = reason.filter(|_| sum.count == before) {
                return Err(error);
            }
            records = left;
        }
        Ok(sum)
    }

    fn context(&self) -> CallContext {
        self.collection.context.clone()
    }
}

fn failure(id: String, error: Error, operation: &'static str) -> CopyFailure {
    CopyFailure { id, error: error.with_operation(operation) }
}

/// Whether another record may fare better; if not, the run is better stopped and resumed.
fn is_about_the_record(error: &Error) -> bool {
    use ErrorKind::{InvalidInput, SpaceMismatch, Unsupported};
    !error.is_transient() && matches!(error.kind(), InvalidInput | SpaceMismatch | Unsupported)
}
