//! Any number of items through calls that take a limited batch.

use std::future::Future;

use futures_util::{Stream, StreamExt, stream};

use crate::{
    domain::{Embedding, Record},
    error::{Error, ErrorKind, Result},
    roles::{
        CallContext, DeleteRequest, EmbedInput, EmbedRequest, Embedder, GetRequest, Purpose, UpsertRequest,
        VectorStore,
    },
};

/// How many batches that do not depend on each other are under way at once.
const BATCHES: usize = 4;

/// Embeds any number of inputs: one result per input, in order, as they come.
///
/// Batches are as large as the embedder takes, four at a time. The error of a whole batch stands at each of its
/// places, and the others go on.
pub fn embed_all<E: Embedder + Clone>(
    embedder: E,
    inputs: Vec<EmbedInput>,
    purpose: Purpose,
    context: CallContext,
) -> impl Stream<Item = Result<Embedding>> + Send + Unpin + use<E> {
    let most = embedder.capabilities().max_batch;
    in_batches(inputs, most, BATCHES, move |inputs| {
        let (embedder, context) = (embedder.clone(), context.clone());
        async move {
            let request = EmbedRequest::new(inputs, purpose).with_context(context);
            embedder.embed(request).await.map(|reply| reply.results)
        }
    })
}

/// Writes any number of records: one result per record, in order, as they come.
///
/// One batch after the other, so that of two records with one id the later stays.
pub fn upsert_all<S: VectorStore + Clone>(
    store: S,
    records: Vec<Record>,
    context: CallContext,
) -> impl Stream<Item = Result<()>> + Send + Unpin + use<S> {
    let most = store.capabilities().max_batch;
    in_batches(records, most, 1, move |records| {
        let (store, context) = (store.clone(), context.clone());
        async move {
            store.upsert(UpsertRequest::new(records).with_context(context)).await.map(|reply| reply.results)
        }
    })
}

/// Reads any number of records: one place per id, in order, as they come; `None` for an id that is not there.
pub fn get_all<S: VectorStore + Clone>(
    store: S,
    ids: Vec<String>,
    context: CallContext,
) -> impl Stream<Item = Result<Option<Record>>> + Send + Unpin + use<S> {
    let most = store.capabilities().max_batch;
    in_batches(ids, most, BATCHES, move |ids| {
        let (store, context) = (store.clone(), context.clone());
        async move { store.get(GetRequest::new(ids).with_context(context)).await.map(|reply| reply.results) }
    })
}

/// Removes any number of records: one result per id, in order, as they come.
pub fn delete_all<S: VectorStore + Clone>(
    store: S,
    ids: Vec<String>,
    context: CallContext,
) -> impl Stream<Item = Result<()>> + Send + Unpin + use<S> {
    let most = store.capabilities().max_batch;
    in_batches(ids, most, 1, move |ids| {
        let (store, context) = (store.clone(), context.clone());
        async move { store.delete(DeleteRequest::new(ids).with_context(context)).await.map(|reply| reply.results) }
    })
}

fn in_batches<I, T, F>(
    items: Vec<I>,
    most: usize,
    at_once: usize,
    call: impl Fn(Vec<I>) -> F + Send + 'static,
) -> impl Stream<Item = Result<T>> + Send + Unpin
where
    I: Send + 'static,
    T: Send + 'static,
    F: Future<Output = Result<Vec<Result<T>>>> + Send + 'static,
{
    let mut items = items.into_iter();
    let batches = std::iter::from_fn(move || {
        let batch: Vec<_> = items.by_ref().take(most.max(1)).collect();
        (!batch.is_empty()).then_some(batch)
    });
    let results = stream::iter(batches).map(move |batch| {
        let count = batch.len();
        let answer = call(batch);
        async move {
            match answer.await {
                Ok(results) => exactly(results, count),
                Err(error) => (0..count).map(|_| Err(error.clone())).collect(),
            }
        }
    });
    Box::pin(results.buffered(at_once).flat_map(stream::iter))
}

/// One result for each of `count` places; a place that was not answered has an error.
pub(super) fn exactly<T>(mut results: Vec<Result<T>>, count: usize) -> Vec<Result<T>> {
    let answered = results.len();
    results.truncate(count);
    let missing =
        || Error::new(ErrorKind::InvalidReply, format!("the reply has {answered} results of {count}")).sent();
    results.resize_with(count, || Err(missing()));
    results
}
