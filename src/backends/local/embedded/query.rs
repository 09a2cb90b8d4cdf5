//! The `k` nearest rows.
//!
//! Codes say which rows may be among them, the vectors of those are read, most promising first, until no other can be.

use pulp::Arch;

use super::{best::Best, error::native, probe, row, snapshot::Snapshot};
use crate::{
    domain::Shortfall,
    error::{Error, ErrorKind, Result},
    roles::{Hit, SearchReply, SearchRequest},
};

/// Answers a search. A record that may be a hit and cannot be read is an error that names it.
///
/// Scores are in double precision and do not depend on the machine, nor does the order of what was read.
pub(super) fn search(
    snapshot: &Snapshot,
    request: &SearchRequest,
    max_k: usize,
    exact_below: usize,
) -> Result<SearchReply> {
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
    snapshot.require_readable()?;
    let arch = Arch::new();
    let selected = probe::select(&snapshot.state, request.filter.as_ref());
    let matching: u64 = selected.iter().map(|(_, rows)| rows.len()).sum();
    let mut best = Best::new(snapshot, &selected, arch, request.vector.as_slice(), request.k);
    if matching <= exact_below.max(request.k) as u64 {
        best.read(&mut probe::everything(&selected))?;
    } else {
        probe::likely(arch, &selected, &query, &mut best)?;
    }
    let hits = best.into_hits().into_iter().map(|(id, score)| hit(snapshot, id, score));
    let hits = hits.collect::<Result<Vec<_>>>()?;
    let shortfall = (hits.len() < request.k).then(|| match snapshot.total() {
        0 => Shortfall::EmptyStore,
        _ => Shortfall::FewerMatch { matching },
    });
    Ok(SearchReply::new(hits, shortfall))
}

fn hit(snapshot: &Snapshot, id: &str, score: f64) -> Result<Hit> {
    let row = snapshot.view.records.get(id).map_err(native)?;
    let row =
        row.ok_or_else(|| Error::new(ErrorKind::Corrupt, format!("the catalog has no row for \"{id}\"")))?;
    let (_, fields) = row::decode(id, row.value())?;
    Ok(Hit::new(id, score, fields))
}
