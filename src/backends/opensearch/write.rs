//! Records written and removed, a batch at a time.

use std::collections::HashMap;

use super::{
    OpenSearchConfig,
    batch::Batch,
    client::Client,
    collection::Collection,
    document,
    serverless::{self, Recent},
};
use crate::{
    domain::Record,
    error::{Error, ErrorKind, Result, Retryability},
};

/// The longest name of a document; an id that is longer was never written.
pub(super) const MAX_ID: usize = 512;

/// A record that goes with the batch, and the places in the request that it answers for.
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) document: Vec<u8>,
    pub(super) written: u64,
    places: Vec<usize>,
}

/// Writes the records that can be kept, in one batch.
pub(super) async fn upsert(
    client: &Client,
    config: &OpenSearchConfig,
    collection: &Collection,
    recent: &Recent,
    records: Vec<Record>,
) -> Result<Vec<Result<()>>> {
    let (mut results, entries) = plan(config, collection, recent, records)?;
    let done = match config.flavour.names_documents() {
        true => {
            let mut batch = Batch::default();
            for entry in &entries {
                batch.index(Some(&entry.id), &entry.document);
            }
            batch.send(client, config).await?.into_iter().map(|outcome| outcome.result).collect()
        }
        false => serverless::write(client, config, recent, &entries).await?,
    };
    for (entry, result) in entries.iter().zip(done) {
        let result = result.map_err(|e: Error| e.with_context("id", &entry.id));
        for place in &entry.places {
            results[*place] = result.clone();
        }
    }
    Ok(results)
}

/// What is sent of a request: of two records with one id the later, and what fits into a batch.
fn plan(
    config: &OpenSearchConfig,
    collection: &Collection,
    recent: &Recent,
    records: Vec<Record>,
) -> Result<(Vec<Result<()>>, Vec<Entry>)> {
    let mut results = Vec::with_capacity(records.len());
    let mut latest: HashMap<String, (Record, Vec<usize>)> = HashMap::new();
    for (place, record) in records.into_iter().enumerate() {
        let prepared = collection.prepare(record);
        results.push(prepared.map(|record| match latest.get_mut(&record.id) {
            Some((kept, places)) => {
                *kept = record;
                places.push(place);
            }
            None => {
                latest.insert(record.id.clone(), (record, vec![place]));
            }
        }));
    }
    let mut latest: Vec<_> = latest.into_values().collect();
    latest.sort_unstable_by_key(|(_, places)| places.last().copied());
    let named = config.flavour.names_documents();
    let (mut entries, mut bytes) = (Vec::with_capacity(latest.len()), 0);
    for (record, places) in latest {
        let written = if named { 0 } else { recent.stamp() };
        let document = document::encode(&record, collection, (!named).then_some(written))?;
        let size = Batch::size(named.then_some(&record.id), &document);
        if bytes + size > config.max_body {
            let error = too_long(size, config.max_body).with_context("id", &record.id);
            for place in places {
                results[place] = Err(error.clone());
            }
            continue;
        }
        bytes += size;
        entries.push(Entry { id: record.id, document, written, places });
    }
    Ok((results, entries))
}

/// A record that is too long for any batch, or for what is left of this one: then the next one takes it.
fn too_long(size: usize, most: usize) -> Error {
    if size > most {
        return Error::invalid(format!(
            "the record is {size} bytes long, a batch of this store at most {most}"
        ));
    }
    let message = format!("the batch is full, at {most} bytes: this record was not sent, send it in another");
    Error::new(ErrorKind::InvalidInput, message).with_retryability(Retryability::Transient)
}

/// Removes what is there of `ids`.
pub(super) async fn delete(
    client: &Client,
    config: &OpenSearchConfig,
    recent: &Recent,
    ids: &[String],
) -> Result<Vec<Result<()>>> {
    let mut results = vec![Ok(()); ids.len()];
    let there = |id: &str| (1..=MAX_ID).contains(&id.len());
    if !config.flavour.names_documents() {
        let ids: Vec<_> = ids.iter().filter(|id| there(id)).cloned().collect();
        serverless::remove(client, config, recent, &ids).await?;
        return Ok(results);
    }
    let places: Vec<_> = ids.iter().enumerate().filter(|(_, id)| there(id)).collect();
    let mut batch = Batch::default();
    for (_, id) in &places {
        batch.delete(id);
    }
    for ((place, id), outcome) in places.into_iter().zip(batch.send(client, config).await?) {
        results[place] = outcome.result.map_err(|e| e.with_context("id", id));
    }
    Ok(results)
}
