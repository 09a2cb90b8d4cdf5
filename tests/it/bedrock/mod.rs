//! The Bedrock backend against a strict server of its interface, one for the whole test binary.

mod chat;
mod client;
mod codes;
mod embedder;
mod faults;
mod images;
mod online;
mod registry;

use base64::{Engine, engine::general_purpose::STANDARD};
use keyvisual::{
    backends::bedrock::{Bedrock, BedrockConfig},
    domain::Image,
};

#[allow(unreachable_pub, reason = "examples and benches include it too")]
#[path = "../../support/fake_bedrock.rs"]
mod fake_bedrock;

pub(crate) use fake_bedrock::{FakeBedrock, SECRET, caller};

/// How `caller` reaches the shared server, in the region that serves every model of Stability.
pub(crate) fn config(caller: &str) -> BedrockConfig {
    BedrockConfig::new()
        .with_region("us-west-2")
        .with_keys(caller, SECRET, None)
        .with_endpoint(FakeBedrock::shared().url())
}

/// The shared server as `caller` sees it from us-west-2.
pub(crate) async fn bedrock(caller: &str) -> Bedrock {
    Bedrock::new(config(caller)).await.unwrap()
}

/// The shared server as `caller` sees it from `region`.
pub(crate) async fn bedrock_in(caller: &str, region: &str) -> Bedrock {
    Bedrock::new(config(caller).with_region(region)).await.unwrap()
}

/// A PNG of four pixels, whose bytes do not change with the encoder.
pub(crate) fn dot() -> Image {
    const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAHUlEQVR4AQESAO3/AMhaKP/IWij/AMhaKP/IWij/UXAJJRCKKYsAAAAASUVORK5CYII=";
    Image::new(STANDARD.decode(PNG).unwrap()).unwrap()
}
