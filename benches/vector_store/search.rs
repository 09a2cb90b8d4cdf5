//! Searching, in a process of its own.

use std::{ffi::OsStr, path::Path};

use futures_util::{StreamExt, stream};
use keyvisual::{
    domain::{Embedding, Filter},
    roles::{SearchRequest, VectorStore},
};
use serde_json::{Value, json};

use crate::{
    Outcome,
    data::{Data, Kind, SHARES},
    machine,
    write::open,
};

/// The first argument of a process that searches.
pub(crate) const MODE: &str = "search";
/// Searches that wait for the store's thread, so that it works without a break.
const IN_FLIGHT: usize = 4;
/// The least CPU seconds that a figure is made of.
const LEAST: f64 = 1.0;

/// What searching took.
pub(crate) struct Found {
    pub(crate) bytes: f64,
    /// By filter: its name, `k`, the queries a CPU second, and the hits of every query.
    pub(crate) runs: Vec<(String, u64, f64, Vec<Vec<u64>>)>,
}

/// Searches in another process.
pub(crate) fn measure(folder: &Path, kind: Kind, queries: u64) -> Outcome<Found> {
    let (folder, queries) = (folder.display().to_string(), queries.to_string());
    let arguments = [MODE, &folder, kind.name(), &queries];
    let printed = machine::on_one_processor(&std::env::current_exe()?, arguments.iter().map(OsStr::new))?;
    let mut found = Found { bytes: f64::NAN, runs: Vec::new() };
    for line in printed.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let mut run: Value = serde_json::from_slice(line)?;
        if let Some(bytes) = run["bytes"].as_f64() {
            found.bytes = bytes;
            continue;
        }
        let hits = serde_json::from_value(run["hits"].take())?;
        let (name, k) = (run["filter"].as_str().unwrap_or_default(), run["k"].as_u64().unwrap_or_default());
        found.runs.push((name.to_owned(), k, run["rate"].as_f64().unwrap_or_default(), hits));
    }
    Ok(found)
}

pub(crate) fn child(arguments: &[String]) -> Outcome<()> {
    let [folder, kind, queries] = arguments else { return Err("expected: folder kind queries".into()) };
    let data = Data::new(Kind::parse(kind).ok_or("no such kind")?, 1);
    let queries = (0..queries.parse()?).map(|number| Embedding::new(data.query(number)));
    let queries: Vec<Embedding> = queries.collect::<Result<_, _>>()?;
    // One thread searches; another is there for what the store does beside it.
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(2).build()?;
    runtime.block_on(async {
        let before = machine::memory();
        let store = open(Path::new(folder)).await?;
        store.settle().await?;
        let mut bytes = 0.0_f64;
        for filter in std::iter::once(None).chain(SHARES.iter().map(Some)) {
            for k in [10, 100] {
                let request = |query: &Embedding| {
                    let request = SearchRequest::new(query.clone(), k);
                    match filter {
                        Some(share) => request.with_filter(Filter::eq(share.field, 0_i64)),
                        None => request,
                    }
                };
                let mut hits: Vec<Vec<u64>> = Vec::new();
                for query in &queries {
                    let reply = store.search(request(query)).await?;
                    hits.push(reply.hits.iter().map(|hit| hit.id.parse()).collect::<Result<_, _>>()?);
                }
                bytes = bytes.max(machine::memory() - before);
                let (started, mut rounds) = (machine::cpu(), 0);
                while machine::cpu() - started < LEAST {
                    let searches = queries.iter().map(|query| store.search(request(query)));
                    let mut searches = stream::iter(searches).buffered(IN_FLIGHT);
                    while let Some(reply) = searches.next().await {
                        reply?;
                    }
                    rounds += 1;
                }
                let rate = (rounds * queries.len()) as f64 / (machine::cpu() - started);
                let name = filter.map_or("none", |share| share.name);
                // Said at once: what is kept here would count as the store's.
                println!("{}", json!({ "filter": name, "k": k, "rate": rate, "hits": hits }));
            }
        }
        println!("{}", json!({ "bytes": bytes }));
        Ok(())
    })
}
