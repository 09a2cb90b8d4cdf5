//! usearch, in a process of its own.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::{Outcome, Settings, data::Kind};

/// What the peer took.
pub(crate) struct Peer {
    pub(crate) precision: &'static str,
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

pub(crate) fn measure(
    program: &Path,
    kind: Kind,
    settings: &Settings,
    precision: &'static str,
) -> Outcome<Peer> {
    let arguments = [kind.name(), &settings.records.to_string(), &settings.queries.to_string(), precision];
    let output =
        Command::new(program).args(arguments).args(&settings.graphs).stderr(Stdio::inherit()).output()?;
    let report: Value = serde_json::from_slice(&output.stdout)?;
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
        build_cpu: report["build_cpu"].as_f64().unwrap_or_default(),
        bytes: report["bytes_per_vector"].as_f64().unwrap_or_default(),
        runs: runs.collect::<Outcome<_>>()?,
    })
}
