//! The embedded store against usearch: `cargo bench --bench vector_store -- [--records 100000] [--queries 300]
//! [--kinds clustered,anisotropic,near-duplicate] [--folder DIR] [--peer PROGRAM | --no-peer] [--graphs DIR]`.
//!
//! For each kind of data ([`data`]): what writing costs against the disk's own rate, how long opening takes after a
//! clean end and after a kill, what a vector takes in memory, and for each share of passing records the recall and the
//! queries per CPU second on one processor, ours and those of `benches/peers`, which is built here and runs as a process.
//! Searches run in a process of their own, so that memory is the store's and nothing else's. At a million records the
//! peer builds for half an hour: with `--graphs` it keeps its graphs in a folder, and a later run searches in them.
//! Where it does not find what is near in the graph that it builds by itself, it builds one with more effort.
//!
//! Bounds are for its quickest setting with our recall. What it does at less, when that is still enough, is shown as well.
//!
//! It ends with an error when a bound of [`report`] is broken.

mod data;
mod machine;
mod peer;
mod report;
mod search;
mod truth;
mod write;

use std::{error::Error, path::PathBuf, process::ExitCode};

use data::Kind;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What the command line says.
struct Settings {
    records: u64,
    queries: u64,
    kinds: Vec<Kind>,
    folder: PathBuf,
    /// The peer's program; none to leave it out.
    peer: Option<PathBuf>,
    /// Where the peer keeps its graphs; none to build them anew.
    graphs: Option<PathBuf>,
}

impl Settings {
    fn read(arguments: &[String]) -> Outcome<Self> {
        let value = |name: &str| {
            let at = arguments.iter().position(|argument| argument == name)?;
            arguments.get(at + 1).cloned()
        };
        let kinds = value("--kinds").map_or(Ok(Kind::ALL.to_vec()), |names| {
            names.split(',').map(|name| Kind::parse(name).ok_or(format!("{name} is no kind"))).collect()
        })?;
        let peer = match value("--peer") {
            Some(program) => Some(program.into()),
            None if arguments.iter().any(|argument| argument == "--no-peer") => None,
            None => Some(peer::build()?),
        };
        Ok(Self {
            records: value("--records").map_or(Ok(100_000), |number| number.parse())?,
            queries: value("--queries").map_or(Ok(300), |number| number.parse())?,
            kinds,
            folder: value("--folder").map_or_else(std::env::temp_dir, PathBuf::from),
            peer,
            graphs: value("--graphs").map(PathBuf::from),
        })
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.first().map(String::as_str) {
        Some(search::MODE) => search::child(&arguments[1..]).map(|()| true),
        Some(write::MODE) => write::child(&arguments[1..]).map(|()| true),
        _ => Settings::read(&arguments).and_then(|settings| run(&settings)),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(settings: &Settings) -> Outcome<bool> {
    let mut good = true;
    for kind in &settings.kinds {
        println!("\n{} {} vectors of {} dimensions", settings.records, kind.name(), data::DIMENSIONS);
        let folder = tempfile::tempdir_in(&settings.folder)?;
        let written = write::write(folder.path(), *kind, settings.records)?;
        let opened = write::reopen(folder.path(), *kind, settings.records)?;
        let found = search::measure(folder.path(), *kind, settings.queries)?;
        drop(folder);
        let truth = truth::find(*kind, settings.records, settings.queries);
        let peers = settings.peer.as_ref().map_or(Ok(Vec::new()), |program| {
            let precisions = ["f32", "i8"].into_iter();
            precisions
                .map(|precision| peer::measure(program, *kind, settings, precision, &truth))
                .collect::<Outcome<_>>()
        })?;
        good &= report::print(*kind, settings.records, &written, &opened, &found, &truth, &peers);
    }
    Ok(good)
}
