//! One campaign on any number of vector stores, the references side by side.
//!
//! ```sh
//! cargo run --example swap_vector_store -- embedded:keyvisual-swap/one embedded:keyvisual-swap/two
//! cargo run --example swap_vector_store --features opensearch,postgres,qdrant,s3vectors -- \
//!     embedded:keyvisual-swap/three \
//!     'opensearch+http://127.0.0.1:9200/visuals?replicas=0' \
//!     'postgres://postgres@127.0.0.1/visuals?collection=library' \
//!     qdrant://127.0.0.1:6334/visuals \
//!     's3vectors://visuals/library?region=eu-central-1'
//! ```

#[path = "quickstart/campaign/mod.rs"]
#[allow(dead_code, reason = "only the library and the brief of the quick start's campaign")]
mod campaign;

use std::{path::PathBuf, process::ExitCode};

use campaign::{Result, args, brief, progress, sample};
use clap::Parser;
use keyvisual::{
    CampaignPipeline, StoreRegistry,
    domain::{CampaignId, References},
};

/// Columns of the terminal, and of a rank and a similarity in it.
const WIDTH: usize = 110;
const RANK: usize = 4;
const SIMILARITY: usize = 9;

/// The contract's tolerance.
const TOLERANCE: f64 = 1e-5;

/// Indexes the sample library into every store and finds the references of one campaign in each.
///
/// Ends with an error code when the stores do not find the same pictures in the same order.
#[derive(Debug, Parser)]
struct Args {
    /// Stores, such as embedded:PATH, opensearch+https://HOST/INDEX, postgres://USER@HOST/DATABASE?collection=NAME,
    /// qdrant://HOST:PORT/COLLECTION or s3vectors://BUCKET/INDEX?region=REGION.
    #[arg(required = true, value_name = "URL")]
    stores: Vec<String>,

    /// Where pictures and campaigns go.
    #[arg(long, value_name = "DIR", default_value = "keyvisual-swap/campaigns")]
    output: PathBuf,

    /// The references to find.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=100))]
    references: u16,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Args::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: &Args) -> Result<bool> {
    let mut campaign = None;
    let mut found = Vec::new();
    for (letter, url) in ('A'..).zip(&args.stores) {
        let references = on(url, args, &mut campaign).await;
        let references = references.map_err(|error| format!("store {letter}, {}: {error}", redacted(url)))?;
        println!("{letter}  {}", redacted(url));
        found.push(references);
    }
    println!("\n{}\n", table(&found));
    let agree = found.iter().all(|references| same(&found[0], references));
    println!("{}", if agree { "The stores agree." } else { "The stores do not agree." });
    Ok(agree)
}

/// The references that the store at `url` finds. The first store begins the campaign, the others take it up.
async fn on(url: &str, args: &Args, campaign: &mut Option<CampaignId>) -> Result<References> {
    let pipeline = CampaignPipeline::builder()
        .with_vector_store(StoreRegistry::builtin().open(url).await?) // the one line
        .with_folder(&args.output)
        .build()?;
    progress::index(pipeline.library().index_list(sample::items(&args::data("library"))?)).await?;
    let id = match campaign {
        Some(id) => id,
        None => {
            let brief = brief::read(&args::data("brief.json"))?.keep(&pipeline).await?;
            campaign.insert(pipeline.create(brief).await?.id)
        }
    };
    Ok(pipeline.references(id, usize::from(args.references)).await?)
}

/// The same pictures at the same ranks, as similar as one store's arithmetic is to another's.
fn same(one: &References, other: &References) -> bool {
    one.hits.len() == other.hits.len()
        && one.hits.iter().zip(&other.hits).all(|(a, b)| {
            a.reference.id == b.reference.id && (a.similarity - b.similarity).abs() <= TOLERANCE
        })
}

/// A line per rank, a column per store.
fn table(found: &[References]) -> String {
    let column = ((WIDTH - RANK) / found.len()).saturating_sub(2).clamp(SIMILARITY + 8, 48);
    let name = column - SIMILARITY;
    let line =
        |rank: String, cells: Vec<String>| format!("{rank:RANK$}{}", cells.join("  ")).trim_end().to_owned();
    let title = |letter: char| format!("{letter:<name$}{:>SIMILARITY$}", "similar");
    let mut lines = vec![line(String::new(), ('A'..).take(found.len()).map(title).collect())];
    for place in 0..found.iter().map(|references| references.hits.len()).max().unwrap_or(0) {
        let cells = found.iter().map(|references| match references.hits.get(place) {
            Some(hit) => {
                format!("{:<name$}{:>SIMILARITY$.5}", short(&hit.reference.name, name), hit.similarity)
            }
            None => " ".repeat(column),
        });
        lines.push(line(format!("{:>2}", place + 1), cells.collect()));
    }
    lines.join("\n")
}

/// The name of a file without its extension, at most `width` characters.
fn short(name: &str, width: usize) -> String {
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    match name.char_indices().nth(width) {
        Some(_) => name.chars().take(width - 1).chain(['…']).collect(),
        None => name.to_owned(),
    }
}

/// A URL without user, password and parameters other than the collection; the scheme alone where an `@` may hide more.
fn redacted(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if path.contains('@') {
        return format!("{scheme}://...");
    }
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let collection = query.split('&').find(|pair| pair.starts_with("collection="));
    format!("{scheme}://{host}{path}{}", collection.map(|pair| format!("?{pair}")).unwrap_or_default())
}
