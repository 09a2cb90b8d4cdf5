//! The `k` nearest rows, exactly.

use std::cmp::Ordering;

use pulp::Arch;

use super::{
    error::{damaged, native},
    row, scan,
    snapshot::{Segment, Snapshot},
};
use crate::{
    domain::{Embedding, Shortfall},
    error::{Error, ErrorKind, Result},
    roles::{Hit, SearchReply, SearchRequest},
};

/// A row that passes, with its score in single precision.
struct Candidate<'a> {
    segment: &'a Segment,
    row: u32,
    score: f32,
}

/// Answers a search. A record that may be a hit and cannot be read is an error that names it.
///
/// All passing rows are scored in single precision; those that rounding could have kept from the first `k`
/// are scored again in double precision, so order and ties do not depend on the machine.
pub(super) fn search(snapshot: &Snapshot, request: &SearchRequest, max_k: usize) -> Result<SearchReply> {
    let collection = snapshot.collection()?;
    let dimensions = collection.space.dimensions;
    if request.vector.dimensions() != dimensions {
        let message = format!(
            "the query has {} dimensions, the store's vectors of {} have {dimensions}",
            request.vector.dimensions(),
            collection.space.model,
        );
        return Err(Error::new(ErrorKind::SpaceMismatch, message));
    }
    if request.k > max_k {
        return Err(Error::invalid(format!("k is {}, a search gives at most {max_k} hits", request.k)));
    }
    if let Some(filter) = &request.filter {
        filter.validate(&collection.schema)?;
    }
    let query = request.vector.clone().unit()?;
    if request.k == 0 {
        return Ok(SearchReply::new(Vec::new(), None));
    }
    let mut candidates = score(snapshot, request, &query)?;
    let matching = candidates.len();
    keep_best(&mut candidates, request.k, 2.0 * scan::error_bound(dimensions));
    let hits = rank(&candidates, request).into_iter().map(|(id, score)| hit(snapshot, id, score));
    let hits = hits.collect::<Result<Vec<_>>>()?;
    let shortfall = (hits.len() < request.k).then(|| match snapshot.total() {
        0 => Shortfall::EmptyStore,
        _ => Shortfall::FewerMatch { matching: matching as u64 },
    });
    Ok(SearchReply::new(hits, shortfall))
}

fn score<'a>(
    snapshot: &'a Snapshot,
    request: &SearchRequest,
    query: &Embedding,
) -> Result<Vec<Candidate<'a>>> {
    snapshot.require_readable()?;
    let arch = Arch::new();
    let (mut candidates, mut scores) = (Vec::new(), Vec::new());
    for segment in snapshot.state.segments.values() {
        let rows = segment.select(request.filter.as_ref());
        if let Some(id) = segment.damaged(&rows) {
            return Err(damaged(id, "vector"));
        }
        let vectors = rows.iter().filter_map(|row| segment.vector(row)).map(Embedding::as_slice);
        scan::dots(arch, query.as_slice(), vectors, &mut scores);
        let scored = rows.iter().zip(scores.drain(..));
        candidates.extend(scored.map(|(row, score)| Candidate { segment, row, score }));
    }
    Ok(candidates)
}

/// Drops what is further than `margin` behind the k-th best.
fn keep_best(candidates: &mut Vec<Candidate<'_>>, k: usize, margin: f32) {
    if candidates.len() > k {
        let (_, kth, _) = candidates.select_nth_unstable_by(k - 1, |a, b| b.score.total_cmp(&a.score));
        let least = kth.score - margin;
        candidates.retain(|candidate| candidate.score >= least);
    }
}

/// The first `k` by exact score, ties by id.
fn rank<'a>(candidates: &[Candidate<'a>], request: &SearchRequest) -> Vec<(&'a str, f64)> {
    let query = request.vector.as_slice();
    let exact = |c: &Candidate<'a>| {
        let vector = c.segment.vector(c.row)?;
        Some((c.segment.id(c.row), scan::cosine(query, vector.as_slice())))
    };
    let mut ranked: Vec<_> = candidates.iter().filter_map(exact).collect();
    ranked.sort_unstable_by(best_first);
    ranked.truncate(request.k);
    ranked
}

fn best_first(a: &(&str, f64), b: &(&str, f64)) -> Ordering {
    b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0))
}

fn hit(snapshot: &Snapshot, id: &str, score: f64) -> Result<Hit> {
    let row = snapshot.view.records.get(id).map_err(native)?;
    let row =
        row.ok_or_else(|| Error::new(ErrorKind::Corrupt, format!("the catalog has no row for \"{id}\"")))?;
    let (_, fields) = row::decode(id, row.value())?;
    Ok(Hit::new(id, score, fields))
}
