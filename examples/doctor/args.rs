//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Shows what is known of the models on Amazon Bedrock: from where they are called, how often, until when and for how
/// much. No model is called and nothing is billed; nothing is asked of Bedrock, unless `--online` asks for the account's own lists.
///
/// Fails when a model named with `--models` is past its end or cannot be called from the region.
#[derive(Debug, Parser)]
#[command(name = "doctor")]
pub(crate) struct Args {
    /// The region, otherwise that of the environment or the profile.
    #[arg(long)]
    pub(crate) region: Option<String>,

    /// The profile of the shared configuration files.
    #[arg(long)]
    pub(crate) profile: Option<String>,

    /// The models the application uses, as it calls them; all of the registry otherwise.
    #[arg(long, value_name = "ID,ID", value_delimiter = ',')]
    pub(crate) models: Vec<String>,

    /// Asks Bedrock for its lists of models and inference profiles, and shows where the registry differs.
    #[arg(long)]
    pub(crate) online: bool,

    /// The address of Bedrock, such as a VPC endpoint or a fake.
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Option<String>,

    /// What the application knows better, in the form of `models.json`.
    #[arg(long, value_name = "FILE")]
    pub(crate) registry: Option<PathBuf>,

    /// Prints JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
