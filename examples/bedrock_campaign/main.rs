//! The quick start's campaign on Amazon Bedrock: `cargo run --example bedrock_campaign --features bedrock -- --help`.
//!
//! With `--fake` it needs no account: it starts the strict Bedrock of this workspace and goes through the AWS SDK to it.

#[path = "../quickstart/campaign/mod.rs"]
mod campaign;
#[path = "../../tests/support/fake_bedrock.rs"]
mod fake_bedrock;

use std::process::ExitCode;

use campaign::{Args, Result};
use clap::Parser;
use fake_bedrock::{FakeBedrock, SECRET};
use keyvisual::{
    CampaignPipeline,
    backends::bedrock::{Bedrock, BedrockConfig},
};

/// The quick start's campaign with models on Amazon Bedrock: they describe and embed the photographs, write idea and
/// prompt, and make the pictures.
///
/// Region and credentials come from the environment, as for every AWS tool. A run with the sample library and eight
/// pictures makes about 60 calls and costs less than a dollar; `--fake` costs nothing.
#[derive(Debug, Parser)]
#[command(name = "bedrock_campaign", after_help = "The results of the sample library are synthetic.")]
struct BedrockCampaign {
    /// Start a fake Bedrock and use it, instead of an account.
    #[arg(long)]
    fake: bool,

    /// The model that describes pictures and writes.
    #[arg(long, value_name = "ID", default_value = "us.amazon.nova-lite-v1:0")]
    chat: String,

    /// The model that makes vectors.
    #[arg(long, value_name = "ID", default_value = "amazon.titan-embed-image-v1")]
    embedder: String,

    /// The model that makes pictures.
    #[arg(long, value_name = "ID", default_value = "stability.stable-image-core-v1:1")]
    generator: String,

    /// The region that serves all three.
    #[arg(long, value_name = "REGION", default_value = "us-west-2")]
    region: String,

    #[command(flatten)]
    campaign: Args,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(BedrockCampaign::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: BedrockCampaign) -> Result<()> {
    let fake = args.fake.then(FakeBedrock::start);
    let mut config = BedrockConfig::new().with_region(&args.region);
    let caller = fake_bedrock::caller();
    if let Some(fake) = &fake {
        config = config.with_endpoint(fake.url()).with_keys(&caller, SECRET, None);
    }
    let bedrock = Bedrock::new(config).await?;
    let pipeline = CampaignPipeline::builder()
        .with_chat_model(bedrock.chat(&args.chat)?)
        .with_embedder(bedrock.embedder(&args.embedder)?)
        .with_image_generator(bedrock.generator(&args.generator)?)
        .with_folder(args.campaign.output.join("bedrock"))
        .build()?;
    campaign::run(&pipeline, &args.campaign).await?;
    if let Some(fake) = &fake {
        let calls = fake.calls(&caller);
        println!(
            "\nThe fake took {} calls with {} tokens in and {} out, and would have billed ${:.2}.",
            calls["calls"],
            calls["input_tokens"],
            calls["output_tokens"],
            calls["usd"].as_f64().unwrap_or_default()
        );
    }
    Ok(())
}
