//! usearch on the data of `benches/vector_store`, measured in one thread.
//!
//! Arguments: kind, records, queries, precision (`f32` or `i8`), how much is put into the graph (0 for what usearch does
//! by itself) and, if it is to be kept for a later run, the folder of its graph. Prints one JSON object: what building
//! took, what a vector takes in memory, whether more can be put into the graph, and for each search setting the CPU
//! seconds and the hits, for the caller to judge.

#[path = "../../vector_store/data.rs"]
mod data;

use std::{fs, path::Path};

use data::{DIMENSIONS, Data, Kind, SHARES};
use serde_json::{Value, json};
use usearch::{Index, IndexOptions, MetricKind, ScalarKind};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Neighbours of a node and how far building looks around for them, from usearch's own setting on.
const EFFORTS: [(usize, usize); 2] = [(16, 128), (32, 512)];
/// How far searches look around, from the least for `K` hits on; recall decides which one counts.
const EXPANSIONS: [usize; 7] = [K, 16, 24, 32, 64, 160, 512];
const K: usize = 10;
/// Settings that take longer than this for all queries end the search for a better one.
const PATIENCE: f64 = 5.0;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [kind, records, queries, precision, effort, folder @ ..] = &arguments[..] else {
        return Err("expected: kind records queries precision effort [folder]".into());
    };
    let data = Data::new(Kind::parse(kind).ok_or("no such kind")?, 1);
    let (records, queries): (u64, u64) = (records.parse()?, queries.parse()?);
    let quantization = if precision == "i8" { ScalarKind::I8 } else { ScalarKind::F32 };
    let effort: usize = effort.parse()?;
    let (connectivity, expansion_add) = *EFFORTS.get(effort).ok_or("no such effort")?;
    let options = IndexOptions {
        dimensions: DIMENSIONS,
        metric: MetricKind::IP,
        quantization,
        connectivity,
        expansion_add,
        ..Default::default()
    };
    let index = Index::new(&options)?;
    let kept = folder.first().map(|folder| format!("{folder}/{kind}-{records}-{precision}-{connectivity}"));
    let build = match kept {
        Some(kept) if Path::new(&kept).exists() => {
            index.load(&kept)?;
            fs::read_to_string(kept + ".seconds")?.parse()?
        }
        Some(kept) => {
            let build = build(&index, &data, records)?;
            fs::write(kept.clone() + ".seconds", build.to_string())?;
            index.save(&(kept.clone() + ".part"))?;
            fs::rename(kept.clone() + ".part", kept)?;
            build
        }
        None => build(&index, &data, records)?,
    };
    eprintln!("usearch {precision}, {connectivity} neighbours: built in {build:.1} CPU seconds");
    let runs = search(&index, &data, records, queries)?;
    let memory = index.memory_usage() as f64 / records as f64;
    let report = json!({
        "connectivity": connectivity,
        "build_cpu": build,
        "bytes_per_vector": memory,
        "more": effort + 1 < EFFORTS.len(),
        "runs": runs,
    });
    println!("{report}");
    Ok(())
}

/// Adds all records; returns the CPU seconds that the index took for it.
fn build(index: &Index, data: &Data, records: u64) -> Outcome<f64> {
    index.reserve(records as usize)?;
    let mut build = 0.0;
    let batch = 10_000;
    for from in (0..records).step_by(batch) {
        let made: Vec<_> = (from..records.min(from + batch as u64)).map(|i| (i, data.record(i))).collect();
        let started = cpu();
        for (number, record) in &made {
            index.add(*number, &record.vector)?;
        }
        build += cpu() - started;
    }
    Ok(build)
}

/// Every filter with every expansion that patience allows.
fn search(index: &Index, data: &Data, records: u64, queries: u64) -> Outcome<Vec<Value>> {
    let mut passing = vec![vec![false; records as usize]; SHARES.len()];
    for number in 0..records {
        for (passing, value) in passing.iter_mut().zip(data.record(number).values) {
            passing[number as usize] = value == 0;
        }
    }
    let queries: Vec<_> = (0..queries).map(|i| data.query(i)).collect();
    let mut runs = Vec::new();
    for filter in std::iter::once(None).chain((0..SHARES.len()).map(Some)) {
        for expansion in EXPANSIONS {
            index.change_expansion_search(expansion);
            let (mut hits, started) = (Vec::new(), cpu());
            for query in &queries {
                let found = match filter {
                    None => index.search(query, K)?,
                    Some(share) => index.filtered_search(query, K, |key| passing[share][key as usize])?,
                };
                hits.push(found.keys);
                if cpu() - started > PATIENCE {
                    break;
                }
            }
            let seconds = cpu() - started;
            let name = filter.map_or("none", |share| SHARES[share].name);
            runs.push(json!({ "filter": name, "expansion": expansion, "cpu": seconds, "hits": hits }));
            if seconds > PATIENCE {
                break;
            }
        }
    }
    Ok(runs)
}

/// The CPU seconds of this process.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or_default() / 1e9
}
