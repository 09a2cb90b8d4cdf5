//! The `k` nearest vectors, and why there are fewer.

use aws_sdk_s3vectors::types::QueryOutputVector;

use super::{
    client::Client,
    collection::Collection,
    error,
    filter::{self, Condition},
    metadata, read,
};
use crate::{
    domain::{Filter, Shortfall},
    error::Result,
    roles::{Hit, SearchReply, SearchRequest},
};

/// Hits asked for beyond `k`: the service puts equal distances in any order, and `k` may cut through them.
const TIES: usize = 32;

pub(super) async fn search(
    client: &Client,
    collection: &Collection,
    request: SearchRequest,
    max_k: usize,
) -> Result<SearchReply> {
    let SearchRequest { vector, k, filter, .. } = request;
    collection.space.check_length(&vector)?;
    let condition = filter::condition(filter.as_ref(), collection)?;
    let query = vector.unit()?;
    if k == 0 {
        return Ok(SearchReply::new(Vec::new(), None));
    }
    let condition = match condition {
        Condition::All => None,
        Condition::Some(said) => Some(said),
        Condition::None => {
            let reason = shortfall(client, collection, filter.as_ref(), 0).await?;
            return Ok(SearchReply::new(Vec::new(), Some(reason)));
        }
    };
    let wanted = (k + TIES).min(max_k);
    let (mut hits, mut token) = (Vec::new(), None);
    while hits.len() < wanted {
        let page = client.query(query.as_slice(), wanted, condition.as_ref(), token.take()).await?;
        for vector in &page.vectors {
            let hit = hit(vector, collection)?;
            // The service was asked for these; should it read a condition differently, a wrong hit is still no hit.
            if filter.as_ref().is_none_or(|filter| filter.matches(&hit.fields)) {
                hits.push(hit);
            }
        }
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    hits.truncate(k);
    let reason = match hits.len() {
        found if found == k => None,
        found => Some(shortfall(client, collection, filter.as_ref(), found as u64).await?),
    };
    Ok(SearchReply::new(hits, reason))
}

fn hit(vector: &QueryOutputVector, collection: &Collection) -> Result<Hit> {
    let distance = vector.distance.ok_or_else(|| error::reply("a hit came without its distance"))?;
    let fields = metadata::read(&vector.key, vector.metadata.as_ref(), collection)?;
    Ok(Hit::new(&vector.key, (1.0 - f64::from(distance)).clamp(-1.0, 1.0), fields))
}

/// Looks at one page of the index. Where that is all of it, the reason is exact.
async fn shortfall(
    client: &Client,
    collection: &Collection,
    filter: Option<&Filter>,
    found: u64,
) -> Result<Shortfall> {
    let (matching, next) = read::count_page(client, collection, filter, None).await?;
    if next.is_some() || matching != found {
        return Ok(Shortfall::Approximate);
    }
    if found == 0 && (filter.is_none() || read::count_page(client, collection, None, None).await?.0 == 0) {
        return Ok(Shortfall::EmptyStore);
    }
    Ok(Shortfall::FewerMatch { matching })
}
