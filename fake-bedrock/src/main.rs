//! A strict wire-level Amazon Bedrock.

fn main() {}
