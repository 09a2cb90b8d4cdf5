//! Pictures as chat models and embedders take them.

use base64::{display::Base64Display, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer};

use super::registry::ImageLimits;
use crate::{
    domain::{Image, MediaType, PixelSize},
    error::{Error, ErrorKind, Result},
    imaging::{self, Limits},
};

/// A picture as base64, written straight into the body.
pub(super) struct Base64<'a>(pub(super) &'a Image);

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(self.0.bytes(), &STANDARD))
    }
}

/// How many bytes a picture has as base64.
pub(super) fn base64_len(image: &Image) -> usize {
    image.bytes().len().div_ceil(3) * 4
}

/// The format as Bedrock names it, from the bytes.
pub(super) fn format(image: &Image) -> &'static str {
    match image.media_type() {
        MediaType::Jpeg => "jpeg",
        MediaType::Png => "png",
        MediaType::WebP => "webp",
    }
}

/// The size of a picture that is whole and within `limits`.
pub(super) fn check(image: &Image, limits: &ImageLimits) -> Result<PixelSize> {
    let (format, bytes) = (format(image), image.bytes().len() as u64);
    if !limits.formats.is_empty() && !limits.formats.iter().any(|taken| taken == format) {
        let taken = limits.formats.join(", ");
        let message = format!("a picture of type {format}: this model takes {taken}");
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    if let Some(most) = limits.bytes.filter(|most| bytes > *most) {
        return Err(Error::invalid(format!(
            "a picture has {bytes} bytes, the model takes at most {most}: make it smaller"
        )));
    }
    imaging::check(image, Limits::default().with_max_bytes(u64::MAX).with_max_pixels(u64::MAX))?;
    let size = imaging::probe(image.bytes())?;
    match limits.max_side.filter(|most| size.width.max(size.height) > *most) {
        Some(most) => Err(Error::invalid(format!(
            "a picture has {size} pixels, the model takes sides of at most {most}: make it smaller"
        ))),
        None => Ok(size),
    }
}
