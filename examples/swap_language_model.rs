//! The same brief, its idea and prompt written by a chat model: one line of the builder is another.
//!
//! Any server that speaks the OpenAI protocol will do. A key and, for a server of one's own, an address
//! come from the environment:
//!
//! ```sh
//! export OPENAI_BASE_URL=http://127.0.0.1:8080/v1
//! cargo run --example swap_language_model --features openai -- --model my-model
//! ```

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use keyvisual::{
    CampaignPipeline, Generate, Result,
    backends::openai::{OpenAi, OpenAiConfig},
    chat::ChatPromptWriter,
    domain::Brief,
};

/// Writes idea and prompt with a chat model, and makes comps in this process.
///
/// OPENAI_API_KEY and OPENAI_BASE_URL say where the model is.
#[derive(Debug, Parser)]
struct Args {
    /// The model, as the server calls it.
    #[arg(long)]
    model: String,

    /// What the campaign is about.
    #[arg(long, default_value = "Slow mornings in the city: an espresso on a worn wooden table, warm light")]
    about: String,

    /// The library, a JSON file as `Library::index_json` reads it.
    #[arg(long, value_name = "FILE", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/captions.json"))]
    library: PathBuf,

    /// Where library, campaigns and pictures go.
    #[arg(long, value_name = "DIR", default_value = "keyvisual-quickstart/swapped")]
    output: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<()> {
    let openai = OpenAi::new(OpenAiConfig::from_env()?)?;
    let pipeline = CampaignPipeline::builder()
        .with_prompt_writer(ChatPromptWriter::new(openai.chat(&args.model))) // the one line
        .with_folder(&args.output)
        .build()?;

    println!("{}", pipeline.library().index_json(&args.library).await?);
    let campaign = pipeline.create(Brief::new("Swapped", &args.about)).await?;
    let concept = pipeline.concept(&campaign.id).await?;
    println!("\nidea: {}", concept.image_description);
    let references = pipeline.references(&campaign.id, 5).await?;
    for hit in &references.hits {
        println!("  {}: {}", hit.reference.name, hit.reason);
    }
    let prompt = pipeline.suggest_prompt(&campaign.id, &references.top(3)).await?;
    println!("\nprompt: {}\nwhy: {}\n", prompt.text, prompt.reasoning);

    let made = pipeline.generate(&campaign.id, Generate::new(2).with_size(1200, 628)).await?;
    for creative in &made.creatives {
        let image = pipeline.creative_picture(creative).await?;
        let file = args.output.join(format!("{}.{}", creative.id, image.media_type().extension()));
        std::fs::write(&file, image.bytes()).map_err(|error| {
            keyvisual::Error::new(
                keyvisual::ErrorKind::Io,
                format!("cannot write {}: {error}", file.display()),
            )
        })?;
        println!("{}", file.display());
    }
    let spend = pipeline.get(&campaign.id).await?.spend;
    println!(
        "{} requests, {} tokens in, {} out",
        spend.usage.requests, spend.usage.input_tokens, spend.usage.output_tokens
    );
    Ok(())
}
