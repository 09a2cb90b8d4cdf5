//! Records by id and by pages, and how many there are.

use std::collections::HashMap;

use opensearch::http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    OpenSearchConfig,
    answer::{self, Hit},
    client::{Body, Client},
    collection::Collection,
    error, filter,
    search::MAX_K,
    serverless::MOST_FOUND,
    write::MAX_ID,
};
use crate::{
    domain::{Filter, Record},
    error::{Error, ErrorKind, Result},
    roles::{ScanReply, ScanRequest},
    stores::cursor,
};

/// The answer to a read by names.
#[derive(Deserialize)]
struct Read {
    docs: Vec<Value>,
}

/// The records of `ids`, as last written. By their names documents are found as soon as they are written; by a search,
/// where the server names them, as soon as searches see them.
pub(super) async fn get(
    client: &Client,
    config: &OpenSearchConfig,
    collection: &Collection,
    ids: &[String],
) -> Result<Vec<Result<Option<Record>>>> {
    let mut known: Vec<&str> =
        ids.iter().map(String::as_str).filter(|id| (1..=MAX_ID).contains(&id.len())).collect();
    known.sort_unstable();
    known.dedup();
    if known.is_empty() {
        return Ok(ids.iter().map(|_| Ok(None)).collect());
    }
    let found = match config.flavour.names_documents() {
        true => by_name(client, config, collection, &known).await?,
        false => by_search(client, config, collection, &known).await?,
    };
    Ok(ids.iter().map(|id| found.get(id).cloned().transpose()).collect())
}

async fn by_name(
    client: &Client,
    config: &OpenSearchConfig,
    collection: &Collection,
    ids: &[&str],
) -> Result<HashMap<String, Result<Record>>> {
    let path = format!("/{}/_mget", config.index);
    let answer: Read = client.call(Method::Post, &path, &[], Body::Json(json!({ "ids": ids }))).await?;
    let mut found = HashMap::new();
    for document in answer.docs {
        let id = document["_id"].as_str().unwrap_or_default().to_owned();
        if document["found"] == true {
            let hit: Hit = serde_json::from_value(document)
                .map_err(|e| error::reply(format!("the document \"{id}\" has no content: {e}")))?;
            found.insert(id, hit.document().and_then(|document| document.record(collection)));
        } else if !document["error"].is_null() {
            let error = error::item(500, &document["error"]);
            if error.kind() == ErrorKind::NotFound {
                return Err(Error::no_collection());
            }
            found.insert(id, Err(error));
        }
    }
    Ok(found)
}

async fn by_search(
    client: &Client,
    config: &OpenSearchConfig,
    collection: &Collection,
    ids: &[&str],
) -> Result<HashMap<String, Result<Record>>> {
    let body = json!({
        "size": MOST_FOUND,
        "query": { "terms": { "id": ids } },
        "sort": [{ "written": "desc" }],
    });
    let hits = answer::search(client, config.flavour, &config.index, body).await?.hits.hits;
    if hits.len() == MOST_FOUND {
        let message = "there are too many older documents of these records: read fewer at once";
        return Err(Error::new(ErrorKind::Conflict, message));
    }
    let mut found = HashMap::new();
    for hit in hits {
        let document = hit.document()?;
        found.entry(document.id.clone()).or_insert_with(|| document.record(collection));
    }
    Ok(found)
}

/// A page of records by id, after the id in the cursor. No point in time is held open, so a cursor stays good, also for
/// another process and after the server was restarted.
pub(super) async fn scan(
    client: &Client,
    config: &OpenSearchConfig,
    collection: &Collection,
    request: &ScanRequest,
) -> Result<ScanReply> {
    let limit = request.limit_within(config.max_batch.min(MAX_K - 1))?; // and one to see whether there are more
    let scope = format!("{}/", config.index);
    let mut conditions = vec![filter::query(request.filter.as_ref(), collection)?];
    if let Some(cursor) = &request.cursor {
        conditions.push(json!({ "range": { "id": { "gt": cursor::read(&scope, cursor)? } } }));
    }
    let mut sort = vec![json!({ "id": "asc" })];
    if !config.flavour.names_documents() {
        sort.push(json!({ "written": "desc" }));
    }
    let body = json!({
        "size": limit + 1,
        "track_total_hits": false,
        "query": { "bool": { "filter": conditions } },
        "sort": sort,
    });
    let hits = answer::search(client, config.flavour, &config.index, body).await?.hits.hits;
    let more = hits.len() > limit;
    let (mut records, mut damaged) = (Vec::new(), Vec::new());
    let mut last: Option<String> = None;
    for hit in hits.into_iter().take(limit) {
        let id = hit.source["id"].as_str().unwrap_or(&hit.name).to_owned();
        if last.as_ref() == Some(&id) {
            continue; // an older document of the same record
        }
        match hit.document().and_then(|document| document.record(collection)) {
            Ok(record) => records.push(record),
            Err(error) => damaged.push((id.clone(), error)),
        }
        last = Some(id);
    }
    let next = last.filter(|_| more).map(|id| cursor::write(&scope, &id));
    Ok(ScanReply::new(records, next).with_damaged(damaged))
}

pub(super) async fn count(
    client: &Client,
    config: &OpenSearchConfig,
    collection: &Collection,
    filter: Option<&Filter>,
) -> Result<u64> {
    count_with(client, config, collection, filter, json!(true)).await
}

/// How many pass, counted no further than `most`.
pub(super) async fn count_up_to(
    client: &Client,
    config: &OpenSearchConfig,
    collection: &Collection,
    filter: Option<&Filter>,
    most: u64,
) -> Result<u64> {
    count_with(client, config, collection, filter, json!(most)).await
}

async fn count_with(
    client: &Client,
    config: &OpenSearchConfig,
    collection: &Collection,
    filter: Option<&Filter>,
    exactness: Value,
) -> Result<u64> {
    let query = filter::query(filter, collection)?;
    let body = json!({ "size": 0, "track_total_hits": exactness, "query": query });
    answer::search(client, config.flavour, &config.index, body).await?.total()
}
