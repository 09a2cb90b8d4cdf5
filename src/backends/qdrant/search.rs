//! The `k` nearest points that pass.

use qdrant_client::qdrant::{
    CountPoints, Filter as Conditions, QuantizationSearchParams, Query, QueryPoints, ScoredPoint,
    SearchParams, VectorInput, query, vector_input,
};

use super::{QdrantConfig, Quantization, client::Client, collection::Collection, error, filter, payload};
use crate::{
    domain::{Embedding, Shortfall},
    error::Result,
    roles::{Hit, SearchReply, SearchRequest},
};

pub(super) const MAX_K: usize = 10_000;

/// The most points of one answer, when many have the score of the last hit.
const MAX_POINTS: usize = 4 * MAX_K;

/// Answers a search. Where the graph finds fewer than there are, all that pass are scored, so a shortfall always has
/// its exact reason.
pub(super) async fn search(
    client: &Client,
    collection: &Collection,
    config: &QdrantConfig,
    request: SearchRequest,
) -> Result<SearchReply> {
    let k = request.k;
    collection.space.check_length(&request.vector)?;
    let search = Search {
        client,
        config,
        filter: filter::conditions(request.filter.as_ref(), &collection.schema)?,
        vector: request.vector.unit()?,
    };
    if k == 0 {
        return Ok(SearchReply::new(Vec::new(), None));
    }
    let mut hits = search.nearest(collection, k, config.exact).await?;
    if hits.len() == k {
        return Ok(SearchReply::new(hits, None));
    }
    let matching = count(client, config, search.filter.clone()).await?;
    if matching > hits.len() as u64 && !config.exact {
        hits = search.nearest(collection, k, true).await?;
    }
    let shortfall = match hits.len() {
        found if found == k => None,
        0 if count(client, config, None).await? == 0 => Some(Shortfall::EmptyStore),
        found => Some(Shortfall::FewerMatch { matching: found as u64 }),
    };
    Ok(SearchReply::new(hits, shortfall))
}

/// How many points pass, exactly.
pub(super) async fn count(client: &Client, config: &QdrantConfig, filter: Option<Conditions>) -> Result<u64> {
    let request = client.request(CountPoints {
        collection_name: config.collection.clone(),
        filter,
        exact: Some(true),
        ..CountPoints::default()
    });
    let reply = client.call(client.points().count(request)).await?;
    Ok(reply.result.ok_or_else(|| error::incomplete("count"))?.count)
}

/// Bits that find a hit: a candidate has one for each dimension.
const BITS: f64 = 2_048.0;

struct Search<'s> {
    client: &'s Client,
    config: &'s QdrantConfig,
    filter: Option<Conditions>,
    vector: Embedding,
}

impl Search<'_> {
    /// The best, ties by id. One more than `k` is asked for: only if it has the score of the last hit, others with that
    /// score may be missing, and more are asked for.
    async fn nearest(&self, collection: &Collection, k: usize, exact: bool) -> Result<Vec<Hit>> {
        let mut limit = k + 1;
        loop {
            let points = self.ask(collection, limit, exact).await?;
            let tied = points.len() == limit && points[limit - 1].score == points[k - 1].score;
            if !tied || limit == MAX_POINTS {
                return hits(points, collection, k);
            }
            limit = (limit * 4).min(MAX_POINTS);
        }
    }

    async fn ask(&self, collection: &Collection, limit: usize, exact: bool) -> Result<Vec<ScoredPoint>> {
        let dense = vector_input::Variant::Dense(self.vector.as_slice().to_vec().into());
        let nearest = VectorInput { variant: Some(dense) };
        let request = self.client.request(QueryPoints {
            collection_name: self.config.collection.clone(),
            query: Some(Query { variant: Some(query::Variant::Nearest(nearest)) }),
            filter: self.filter.clone(),
            params: Some(self.params(collection.space.dimensions, exact)),
            limit: Some(limit as u64),
            with_payload: Some(true.into()),
            with_vectors: Some(false.into()),
            ..QueryPoints::default()
        });
        Ok(self.client.call(self.client.points().query(request)).await?.result)
    }

    fn params(&self, dimensions: usize, exact: bool) -> SearchParams {
        let times = match self.config.quantization {
            Quantization::None => None,
            Quantization::Scalar => Some(2.0),
            // The fewer bits, the less they tell.
            Quantization::Binary => Some((BITS / dimensions as f64).clamp(8.0, 64.0)),
        };
        let quantization = times.map(|times| QuantizationSearchParams {
            ignore: Some(exact),
            rescore: Some(self.config.rescore),
            oversampling: Some(self.config.oversampling.unwrap_or(times)),
        });
        SearchParams {
            hnsw_ef: Some(self.config.ef_search.into()),
            exact: Some(exact),
            quantization,
            ..SearchParams::default()
        }
    }
}

fn hits(points: Vec<ScoredPoint>, collection: &Collection, k: usize) -> Result<Vec<Hit>> {
    let hit = |point: &ScoredPoint| {
        let score = f64::from(point.score).clamp(-1.0, 1.0);
        let id = payload::id(point.id.as_ref(), &point.payload)?;
        Ok(Hit::new(id, score, payload::fields(&point.payload, &collection.schema)?))
    };
    let mut hits = points.iter().map(hit).collect::<Result<Vec<_>>>()?;
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    hits.truncate(k);
    Ok(hits)
}
