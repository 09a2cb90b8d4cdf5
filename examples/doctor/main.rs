//! What is configured, what ends when, what it would cost: `cargo run --example doctor --features bedrock`.

mod args;
mod estimate;
mod survey;
mod terminal;

use std::process::ExitCode;

use clap::Parser;
use keyvisual::{
    Result,
    backends::bedrock::{Bedrock, BedrockConfig, Registry},
};

use args::Args;
use survey::Survey;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(survey) if survey.problems.is_empty() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<Survey> {
    let bedrock = Bedrock::new(config(&args)?).await?;
    let mut survey = Survey::new(&bedrock, &args.models).await;
    if args.online {
        survey.ask(&bedrock).await?;
    }
    if args.json {
        println!("{}", serde_json::to_string_pretty(&survey).unwrap_or_default());
    } else {
        print!("{}", terminal::page(&survey));
    }
    Ok(survey)
}

fn config(args: &Args) -> Result<BedrockConfig> {
    let mut config = BedrockConfig::new().with_app_name("keyvisual-doctor");
    if let Some(region) = &args.region {
        config = config.with_region(region);
    }
    if let Some(profile) = &args.profile {
        config = config.with_profile(profile);
    }
    if let Some(url) = &args.endpoint {
        config = config.with_endpoint(url);
    }
    if let Some(file) = &args.registry {
        config = config.with_registry(Registry::builtin()?.with_overrides(&std::fs::read_to_string(file)?)?);
    }
    Ok(config)
}
