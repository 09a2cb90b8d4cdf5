//! What a vector store costs, and its adapter beside the bare client: `cargo bench --bench stores --all-features`.
//!
//! The same records go to every store whose server is there (`tests/servers/all.sh`): 2 000 of 256 dimensions in
//! batches of 100, or `-- --records N`. Then the same 200 queries, without a filter and with one that a tenth
//! passes.
//!
//! *Overhead.* Beside each call of the adapter the bare client sends the same requests and reads ids and scores; they take
//! turns, and the medians are compared. Bound: 5 % of the bare client's time, or 0.2 ms a request, in one of
//! three runs at least.
//!
//! It ends with an error when a bound is broken, or in CI when a server is missing.

mod data;
mod engine;
mod measure;
mod opensearch;
mod postgres;
mod qdrant;
mod s3vectors;

use std::{env, process::ExitCode};

use data::Data;
use engine::{Engine, Outcome};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Outcome<bool> {
    let data = Data::new(records()?);
    println!("{} records of {} dimensions, {} queries", data.records.len(), data::DIMENSIONS, data::QUERIES);
    println!("{}", measure::TITLE);
    let folder = tempfile::tempdir()?;
    let mut good = measure::all(&Engine::embedded(folder.path()).await?, &data).await?;
    for (variable, open) in engine::SERVERS {
        let Ok(url) = env::var(variable) else {
            eprintln!("skipped: {variable} is not set, see tests/servers/all.sh");
            good &= env::var("CI").as_deref() != Ok("true");
            continue;
        };
        good &= measure::all(&open(url).await?, &data).await?;
    }
    Ok(good)
}

/// The number after `--records`.
fn records() -> Outcome<usize> {
    let mut arguments = env::args().skip_while(|argument| argument != "--records").skip(1);
    Ok(arguments.next().map_or(Ok(2_000), |number| number.parse())?)
}
