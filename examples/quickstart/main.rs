//! From a brief to a contact sheet of comps, in this process: `cargo run --example quickstart -- --help`.

mod campaign;

use std::process::ExitCode;

use campaign::{Args, Result};
use clap::Parser;
use keyvisual::CampaignPipeline;

/// From a brief to a contact sheet of comps, in this process: no key, no server, no model.
///
/// Indexes a folder of photographs, finds those that fit the brief and did well, writes a prompt, makes
/// comps and puts it all into one HTML file. Nothing is approved: that is for a person to do. Running it
/// again takes up the library where it is.
#[derive(Debug, Parser)]
#[command(name = "quickstart", after_help = "The results of the sample library are synthetic.")]
struct Quickstart {
    #[command(flatten)]
    campaign: Args,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Quickstart::parse().campaign).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: &Args) -> Result<()> {
    let pipeline = CampaignPipeline::open(args.output.join("keyvisual")).await?;
    campaign::run(&pipeline, args).await
}
