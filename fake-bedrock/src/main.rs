//! Starts the server, says where it listens in one line of JSON, and ends with its standard input.

use std::{io::Read, process::ExitCode};

use clap::Parser;
use fake_bedrock::{Server, Settings};
use jiff::civil::Date;

/// A strict wire-level Amazon Bedrock on this machine.
#[derive(Parser)]
#[command(version)]
struct Args {
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The day by which models have reached the end of their lives; today unless told.
    #[arg(long)]
    now: Option<Date>,
    /// Serves models past the end of their lives to everybody, as by private arrangement.
    #[arg(long)]
    private_access: bool,
    /// Goes on when standard input closes.
    #[arg(long)]
    stay: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let mut settings = Settings::new().with_private_access(args.private_access);
    if let Some(now) = args.now {
        settings = settings.with_now(now);
    }
    let server = match Server::bind(args.port, settings).await {
        Ok(server) => server,
        Err(error) => {
            eprintln!("cannot listen on port {}: {error}", args.port);
            return ExitCode::FAILURE;
        }
    };
    println!("{}", serde_json::json!({ "url": server.url() }));
    if !args.stay {
        std::thread::spawn(end_with_stdin);
    }
    tokio::select! {
        result = server.serve() => match result {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("the server stopped: {error}");
                ExitCode::FAILURE
            }
        },
        _ = tokio::signal::ctrl_c() => ExitCode::SUCCESS,
    }
}

/// Whoever started this process holds the other end: when it dies, so does the server.
fn end_with_stdin() {
    let mut stdin = std::io::stdin().lock();
    let mut heard = [0; 64];
    while matches!(stdin.read(&mut heard), Ok(1..)) {}
    std::process::exit(0);
}
