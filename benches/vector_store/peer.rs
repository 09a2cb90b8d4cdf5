//! usearch, in a process of its own.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::{
    Outcome, Settings,
    data::Kind,
    machine,
    truth::{self, Truth},
};

/// Less recall is no match for ours.
pub(crate) const MIN_RECALL: f64 = 0.99;

/// What the peer took.
pub(crate) struct Peer {
    pub(crate) precision: &'static str,
    /// Neighbours of a node of its graph.
    pub(crate) connectivity: u64,
    /// Whether it can put more into its graph.
    more: bool,
    pub(crate) build_cpu: f64,
    pub(crate) bytes: f64,
    pub(crate) runs: Vec<Run>,
}

/// One setting of its search.
pub(crate) struct Run {
    pub(crate) filter: String,
    pub(crate) expansion: u64,
    /// Queries a CPU second.
    pub(crate) rate: f64,
    /// Of the queries that it got through.
    pub(crate) hits: Vec<Vec<u64>>,
}

/// Builds `benches/peers`, a workspace of its own, and returns its program.
pub(crate) fn build() -> Outcome<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers");
    let target = folder.join("target");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet", "--target-dir"])
        .arg(&target)
        .current_dir(&folder)
        .status()?;
    if status.success() {
        Ok(target.join("release/peers"))
    } else {
        Err("benches/peers does not build".into())
    }
}

impl Run {
    /// The share of the nearest that its hits have.
    pub(crate) fn recall(&self, truth: &Truth, kind: Kind) -> f64 {
        let seen = &truth[truth::filter(&self.filter)][..self.hits.len()];
        truth::recall(seen, &self.hits, 10, truth::scorer(kind))
    }
}

impl Peer {
    /// The most recall it has without a filter.
    pub(crate) fn most(&self, truth: &Truth, kind: Kind) -> f64 {
        let runs = self.runs.iter().filter(|run| truth::filter(&run.filter) == 0);
        runs.map(|run| run.recall(truth, kind)).fold(0.0, f64::max)
    }
}

/// Builds graphs, each with more effort, until there is one in which what is near is found. In 8 bits more effort brings
/// back nothing of what rounding lost.
pub(crate) fn measure(
    program: &Path,
    kind: Kind,
    settings: &Settings,
    precision: &'static str,
    truth: &Truth,
) -> Outcome<Peer> {
    let (mut effort, mut peer) = (0, run(program, kind, settings, precision, 0)?);
    while peer.more && precision != "i8" && peer.most(truth, kind) < MIN_RECALL {
        effort += 1;
        peer = run(program, kind, settings, precision, effort)?;
    }
    Ok(peer)
}

fn run(
    program: &Path,
    kind: Kind,
    settings: &Settings,
    precision: &'static str,
    effort: usize,
) -> Outcome<Peer> {
    let (records, queries) = (settings.records.to_string(), settings.queries.to_string());
    let arguments = [kind.name(), &records, &queries, precision, &effort.to_string()];
    let arguments =
        arguments.iter().map(OsStr::new).chain(settings.graphs.iter().map(|path| path.as_os_str()));
    let report: Value = serde_json::from_slice(&machine::on_one_processor(program, arguments)?)?;
    let runs = report["runs"].as_array().into_iter().flatten().map(|run| {
        let hits: Vec<Vec<u64>> = serde_json::from_value(run["hits"].clone())?;
        Ok(Run {
            filter: run["filter"].as_str().unwrap_or_default().to_owned(),
            expansion: run["expansion"].as_u64().unwrap_or_default(),
            rate: hits.len() as f64 / run["cpu"].as_f64().unwrap_or(f64::INFINITY),
            hits,
        })
    });
    Ok(Peer {
        precision,
        connectivity: report["connectivity"].as_u64().unwrap_or_default(),
        more: report["more"].as_bool().unwrap_or_default(),
        build_cpu: report["build_cpu"].as_f64().unwrap_or_default(),
        bytes: report["bytes_per_vector"].as_f64().unwrap_or_default(),
        runs: runs.collect::<Outcome<_>>()?,
    })
}
