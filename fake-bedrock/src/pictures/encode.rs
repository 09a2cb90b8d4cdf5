//! Pictures to base64 files.

use base64::{Engine, engine::general_purpose::STANDARD};
use keyvisual::imaging::{Encoding, Picture};

use crate::refusal::{Refusal, Result};

/// A file in `format` (jpeg, png or webp, in any case), as base64.
pub(crate) fn encode(picture: &Picture, format: &str) -> Result<String> {
    let encoding = match format.to_ascii_lowercase().as_str() {
        "jpeg" => Encoding::Jpeg { quality: 90 },
        "webp" => Encoding::WebP,
        _ => Encoding::Png,
    };
    match picture.encode(encoding) {
        Ok(image) => Ok(STANDARD.encode(image.bytes())),
        Err(error) => Err(Refusal::new(500, "InternalServerException", error.to_string())),
    }
}
