//! The `k` nearest documents: exactly where few pass, by the index where many do.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{
    OpenSearchConfig, answer, client::Client, collection::Collection, filter, read, settings::Metric,
};
use crate::{
    domain::{Embedding, Shortfall},
    error::{Error, ErrorKind, Result},
    roles::{Hit, SearchReply, SearchRequest},
};

/// The most hits of a search (`index.max_result_window`, and the limit of `k`).
pub(super) const MAX_K: usize = 10_000;

/// Answers a search. Where the index finds fewer than `k`, the documents are scored one by one instead, if the server
/// can, so a shortfall has its exact reason.
pub(super) async fn search(
    client: &Client,
    config: &OpenSearchConfig,
    collection: &Collection,
    request: &SearchRequest,
) -> Result<SearchReply> {
    let k = request.k;
    collection.space.check_length(&request.vector)?;
    collection.check_filter(request.filter.as_ref())?;
    let vector = request.vector.clone().unit()?;
    if k == 0 {
        return Ok(SearchReply::new(Vec::new(), None));
    }
    let passes = filter::query(request.filter.as_ref(), collection)?;
    let search = Search { client, config, collection, vector, passes, k };
    let filter = request.filter.as_ref();
    if !config.flavour.has_scripts() {
        let hits = search.by_index().await?;
        if hits.len() == k {
            return Ok(SearchReply::new(hits, None));
        }
        let matching = read::count(client, config, collection, filter).await?;
        let shortfall = match hits.len() as u64 {
            found if found < matching => Shortfall::Approximate,
            found => reason(client, config, collection, found).await?,
        };
        return Ok(SearchReply::new(hits, Some(shortfall)));
    }
    let limit = u64::from(config.exact_below) + 1;
    if read::count_up_to(client, config, collection, filter, limit).await? >= limit {
        let hits = search.by_index().await?;
        if hits.len() == k {
            return Ok(SearchReply::new(hits, None));
        }
    }
    let hits = search.exactly().await?;
    let shortfall = match hits.len() {
        found if found == k => None,
        found => Some(reason(client, config, collection, found as u64).await?),
    };
    Ok(SearchReply::new(hits, shortfall))
}

/// Why all that pass are fewer than were asked for.
async fn reason(
    client: &Client,
    config: &OpenSearchConfig,
    collection: &Collection,
    matching: u64,
) -> Result<Shortfall> {
    let empty = matching == 0 && read::count_up_to(client, config, collection, None, 1).await? == 0;
    Ok(if empty { Shortfall::EmptyStore } else { Shortfall::FewerMatch { matching } })
}

struct Search<'s> {
    client: &'s Client,
    config: &'s OpenSearchConfig,
    collection: &'s Collection,
    /// The query, at length 1.
    vector: Embedding,
    passes: Value,
    k: usize,
}

impl Search<'_> {
    /// By the index, with the filter inside. What is asked for as `k` is how far the index looks, and it finds as many in every
    /// shard, so `size` cuts.
    async fn by_index(&self) -> Result<Vec<Hit>> {
        let candidates = self.k.max(self.config.ef_search.into());
        let nearest = json!({
            "vector": self.vector.as_slice(),
            "k": candidates,
            "filter": self.passes,
        });
        let query = json!({ "knn": { "vector": nearest } });
        self.hits(query, self.collection.engine.metric()).await
    }

    /// By a script of the engine's own that scores every document that passes.
    async fn exactly(&self) -> Result<Vec<Hit>> {
        let metric = Metric::InnerProduct; // its scores are the same in every version
        let query = json!({ "script_score": {
            "query": { "bool": { "filter": [self.passes] } },
            "script": {
                "lang": "knn",
                "source": "knn_score",
                "params": {
                    "field": "vector",
                    "query_value": self.vector.as_slice(),
                    "space_type": metric.space_type(),
                },
            },
        }});
        self.hits(query, metric).await
    }

    async fn hits(&self, query: Value, metric: Metric) -> Result<Vec<Hit>> {
        let body = json!({
            "size": self.k,
            "track_total_hits": false,
            "_source": { "excludes": ["vector"] },
            "sort": [{ "_score": "desc" }, { "id": "asc" }],
            "query": query,
        });
        let found = answer::search(self.client, self.config.flavour, &self.config.index, body).await?;
        let mut seen = HashSet::new();
        let mut hits = Vec::with_capacity(found.hits.hits.len());
        for hit in found.hits.hits {
            let score = hit
                .score
                .ok_or_else(|| Error::new(ErrorKind::InvalidReply, "a hit comes without its score").sent())?;
            let document = hit.document()?;
            if seen.insert(document.id.clone()) {
                hits.push(Hit::new(&document.id, metric.cosine(score), document.fields(self.collection)?));
            }
        }
        Ok(hits)
    }
}
