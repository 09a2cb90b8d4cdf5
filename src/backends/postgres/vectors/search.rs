//! The `k` nearest rows: exactly where few pass, by the index where many do.

use tokio_postgres::{Row, types::Type};

use super::{
    super::{client::Client, error, params::Params},
    collection::{Collection, Index},
    filter, read, row,
};
use crate::{
    domain::{Embedding, Shortfall},
    error::Result,
    roles::{Hit, SearchReply, SearchRequest},
};

/// How a store searches.
pub(super) struct Tuning {
    pub(super) exact_below: u32,
    pub(super) ef_search: u16,
    /// The index goes on until enough records pass a filter.
    pub(super) iterative: bool,
}

/// Answers a search. Where the index finds fewer than `k`, the rows are scored one by one instead, so a
/// shortfall always has its exact reason.
pub(super) async fn search(
    client: &Client,
    collection: &Collection,
    request: SearchRequest,
    tuning: &Tuning,
) -> Result<SearchReply> {
    let k = request.k;
    collection.space.check_length(&request.vector)?;
    collection.check_filter(request.filter.as_ref())?;
    let query = request.vector.clone().unit()?;
    if k == 0 {
        return Ok(SearchReply::new(Vec::new(), None));
    }
    if collection.index != Index::None && tuning.iterative {
        let limit = u64::from(tuning.exact_below) + 1;
        let passing = read::count_up_to(client, collection, request.filter.as_ref(), limit).await?;
        if passing == limit {
            let hits = by_index(client, collection, &request, &query, tuning.ef_search).await?;
            if hits.len() == k {
                return Ok(SearchReply::new(hits, None));
            }
        }
    }
    let hits = exactly(client, collection, &request, &query).await?;
    let shortfall = match hits.len() {
        found if found == k => None,
        0 if read::count_up_to(client, collection, None, 1).await? == 0 => Some(Shortfall::EmptyStore),
        found => Some(Shortfall::FewerMatch { matching: found as u64 }),
    };
    Ok(SearchReply::new(hits, shortfall))
}

async fn exactly(
    client: &Client,
    collection: &Collection,
    request: &SearchRequest,
    query: &Embedding,
) -> Result<Vec<Hit>> {
    let mut params = Params::default();
    let query = params.bind(query.as_slice().to_vec(), Type::FLOAT4_ARRAY);
    let condition = filter::condition(request.filter.as_ref(), collection, &mut params)?;
    let sql = format!(
        "SELECT id, 1 - (vector <=> {query}::real[]::vector) AS score{} FROM {} WHERE {condition} ORDER BY score DESC, id LIMIT {}",
        collection.column_list(),
        collection.names.table,
        request.k,
    );
    hits(client.query(&sql, &params).await?, collection)
}

/// The index gives candidates in about the right order; they are scored from the vectors themselves and sorted.
async fn by_index(
    client: &Client,
    collection: &Collection,
    request: &SearchRequest,
    query: &Embedding,
    ef_search: u16,
) -> Result<Vec<Hit>> {
    let mut params = Params::default();
    let query = params.bind(query.as_slice().to_vec(), Type::FLOAT4_ARRAY);
    let condition = filter::condition(request.filter.as_ref(), collection, &mut params)?;
    let distance = match collection.index {
        Index::HalfVec => {
            let dimensions = collection.space.dimensions;
            format!("vector::halfvec({dimensions}) <=> {query}::real[]::halfvec({dimensions})")
        }
        _ => format!("vector <=> {query}::real[]::vector"),
    };
    let columns = collection.column_list();
    let sql = format!(
        "WITH candidates AS MATERIALIZED (SELECT id, 1 - (vector <=> {query}::real[]::vector) AS score{columns} \
         FROM {} WHERE {condition} ORDER BY {distance} LIMIT {}) \
         SELECT id, score{columns} FROM candidates ORDER BY score DESC, id LIMIT {}",
        collection.names.table,
        request.k.max(usize::from(ef_search)),
        request.k,
    );
    hits(client.query(&sql, &params).await?, collection)
}

fn hits(rows: Vec<Row>, collection: &Collection) -> Result<Vec<Hit>> {
    rows.iter()
        .map(|row| {
            let id: String = row.try_get(0).map_err(error::native)?;
            let score: f64 = row.try_get(1).map_err(error::native)?;
            Ok(Hit::new(id, score.clamp(-1.0, 1.0), row::fields(row, collection)?))
        })
        .collect()
}
