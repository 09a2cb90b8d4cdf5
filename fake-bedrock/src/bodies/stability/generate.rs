//! Text to picture: SD3.5 Large, Core, Ultra.

use keyvisual::{domain::PixelSize, imaging::Picture};
use serde_json::Value;

use crate::{
    pictures::{Brush, paint},
    refusal::Result,
};

pub(super) fn picture(_name: &str, body: &Value, seed: u64) -> Result<Picture> {
    let brush = brush(body, seed);
    Ok(paint(size(body["aspect_ratio"].as_str().unwrap_or("1:1")), &brush))
}

/// What a picture depends on: all words, and the seed.
fn brush(body: &Value, seed: u64) -> Brush {
    let words = ["prompt", "negative_prompt", "style_preset"].map(|field| body[field].as_str().unwrap_or(""));
    Brush::new(&words, seed)
}

/// About one megapixel, in steps of 64.
fn size(aspect_ratio: &str) -> PixelSize {
    let (width, height) = match aspect_ratio {
        "16:9" => (1_344, 768),
        "21:9" => (1_536, 640),
        "2:3" => (832, 1_216),
        "3:2" => (1_216, 832),
        "4:5" => (896, 1_088),
        "5:4" => (1_088, 896),
        "9:16" => (768, 1_344),
        "9:21" => (640, 1_536),
        _ => (1_024, 1_024),
    };
    PixelSize::new(width, height)
}
