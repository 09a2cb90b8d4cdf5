//! Searching, in a process of its own.

use std::{path::Path, process::Command};

use keyvisual::{
    domain::{Embedding, Filter},
    roles::{SearchRequest, VectorStore},
};
use serde_json::{Value, json};

use crate::{
    Outcome,
    data::{Data, Kind, SHARES},
    machine,
    write::{open, runtime},
};

/// The first argument of a process that searches.
pub(crate) const MODE: &str = "search";
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
    let output = Command::new(std::env::current_exe()?)
        .args([MODE, &folder.display().to_string(), kind.name(), &queries.to_string()])
        .stderr(std::process::Stdio::inherit())
        .output()?;
    let report: Value = serde_json::from_slice(&output.stdout)?;
    let runs = report["runs"].as_array().into_iter().flatten().map(|run| {
        let hits = serde_json::from_value(run["hits"].clone())?;
        let name = run["filter"].as_str().unwrap_or_default().to_owned();
        Ok((name, run["k"].as_u64().unwrap_or_default(), run["rate"].as_f64().unwrap_or_default(), hits))
    });
    Ok(Found { bytes: report["bytes"].as_f64().unwrap_or_default(), runs: runs.collect::<Outcome<_>>()? })
}

pub(crate) fn child(arguments: &[String]) -> Outcome<()> {
    let [folder, kind, queries] = arguments else { return Err("expected: folder kind queries".into()) };
    let data = Data::new(Kind::parse(kind).ok_or("no such kind")?, 1);
    let queries = (0..queries.parse()?).map(|number| Embedding::new(data.query(number)));
    let queries: Vec<Embedding> = queries.collect::<Result<_, _>>()?;
    let report = runtime()?.block_on(async {
        let before = machine::memory();
        let store = open(Path::new(folder)).await?;
        store.settle().await?;
        let (mut runs, mut bytes) = (Vec::new(), 0.0_f64);
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
                    for query in &queries {
                        store.search(request(query)).await?;
                    }
                    rounds += 1;
                }
                let rate = (rounds * queries.len()) as f64 / (machine::cpu() - started);
                let name = filter.map_or("none", |share| share.name);
                runs.push(json!({ "filter": name, "k": k, "rate": rate, "hits": hits }));
            }
        }
        Outcome::Ok(json!({ "bytes": bytes, "runs": runs }))
    })?;
    println!("{report}");
    Ok(())
}
