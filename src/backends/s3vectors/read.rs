//! Records by id and by pages, and how many there are.

use std::collections::HashMap;

use aws_sdk_s3vectors::types::{ListOutputVector, VectorData};
use aws_smithy_types::Document;

use super::{
    client::{Client, Parts},
    collection::Collection,
    error, limits, metadata, write,
};
use crate::{
    domain::{Embedding, Filter, Record},
    error::{Error, ErrorKind, Result},
    roles::{ScanReply, ScanRequest},
    stores::cursor,
};

pub(super) async fn get(
    client: &Client,
    collection: &Collection,
    ids: &[String],
) -> Result<Vec<Result<Option<Record>>>> {
    let keys = write::keys(ids);
    let mut found = HashMap::new();
    if !keys.is_empty() {
        for vector in client.get(keys).await? {
            // Some servers of this interface name a missing vector, without its data.
            let Some(data) = vector.data else { continue };
            let record = record(&vector.key, &data, vector.metadata.as_ref(), collection);
            found.insert(vector.key, record);
        }
    }
    Ok(ids.iter().map(|id| found.get(id).cloned().transpose()).collect())
}

/// One page of the service, with those of its records that pass: there may be none, and more on the next.
pub(super) async fn scan(
    client: &Client,
    collection: &Collection,
    request: &ScanRequest,
) -> Result<ScanReply> {
    let limit = request.limit_within(limits::PAGE_OF_RECORDS)?;
    check_filter(request.filter.as_ref(), collection)?;
    let scope = format!("{}/{}/", client.address.bucket, client.address.index);
    let token =
        request.cursor.as_ref().map(|cursor| cursor::read(&scope, cursor).map(str::to_owned)).transpose()?;
    let page = client.list(limit, token, Parts { data: true, metadata: true }).await?;
    let (mut records, mut damaged) = (Vec::new(), Vec::new());
    for vector in page.vectors {
        match listed(&vector, collection) {
            Ok(record) => {
                if request.filter.as_ref().is_none_or(|filter| filter.matches(&record.fields)) {
                    records.push(record);
                }
            }
            Err(error) => damaged.push((vector.key, error)),
        }
    }
    records.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    let next = page.next_token.map(|token| cursor::write(&scope, &token));
    Ok(ScanReply::new(records, next).with_damaged(damaged))
}

/// Goes through the whole index, as the service does not count.
pub(super) async fn count(client: &Client, collection: &Collection, filter: Option<&Filter>) -> Result<u64> {
    check_filter(filter, collection)?;
    let (mut count, mut token) = (0, None);
    loop {
        let (passing, next) = count_page(client, collection, filter, token).await?;
        count += passing;
        if next.is_none() {
            return Ok(count);
        }
        token = next;
    }
}

/// How many pass on one page, and where the next begins.
pub(super) async fn count_page(
    client: &Client,
    collection: &Collection,
    filter: Option<&Filter>,
    token: Option<String>,
) -> Result<(u64, Option<String>)> {
    let parts = Parts { data: false, metadata: filter.is_some() };
    let page = client.list(limits::PAGE_OF_RECORDS, token, parts).await?;
    let mut passing = 0;
    for vector in &page.vectors {
        let passes = match filter {
            Some(filter) => {
                filter.matches(&metadata::read(&vector.key, vector.metadata.as_ref(), collection)?)
            }
            None => true,
        };
        passing += u64::from(passes);
    }
    Ok((passing, page.next_token))
}

fn check_filter(filter: Option<&Filter>, collection: &Collection) -> Result<()> {
    filter.map_or(Ok(()), |filter| filter.validate(&collection.schema))
}

fn listed(vector: &ListOutputVector, collection: &Collection) -> Result<Record> {
    let data = vector.data.as_ref().ok_or_else(|| error::reply("a vector came without its data"))?;
    record(&vector.key, data, vector.metadata.as_ref(), collection)
}

fn record(
    id: &str,
    data: &VectorData,
    metadata: Option<&Document>,
    collection: &Collection,
) -> Result<Record> {
    let numbers = data.as_float32().map_err(|_| error::reply("a vector is not in single precision"))?;
    let vector = Embedding::new(numbers.clone()).and_then(|vector| {
        collection.space.check_length(&vector)?;
        vector.unit()
    });
    let vector = vector.map_err(|e| Error::new(ErrorKind::Corrupt, e.message()).with_context("id", id))?;
    let mut record = Record::new(id, vector);
    record.fields = metadata::read(id, metadata, collection)?;
    Ok(record)
}
