//! Bodies, written in one go.

use base64::{display::Base64Display, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer};

use crate::{
    domain::Image,
    error::{Error, ErrorKind, Result},
};

/// A picture as base64, written straight into the body.
pub(super) struct Base64<'a>(pub(super) &'a Image);

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(self.0.bytes(), &STANDARD))
    }
}

/// How many bytes a picture has as base64.
pub(super) fn image_len(image: &Image) -> usize {
    image.bytes().len().div_ceil(3) * 4
}

/// The most bytes a text has as JSON.
pub(super) fn text_len(text: &str) -> usize {
    let escaped = text.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | ..b' ')).count();
    // As long as `\u0007`.
    text.len() + 5 * escaped
}

/// The bytes to send, in `room` bytes: a buffer that grows would be copied, pictures and all.
pub(super) fn write(body: &impl Serialize, room: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(room);
    serde_json::to_writer(&mut bytes, body).map_err(|e| {
        Error::new(ErrorKind::Internal, format!("the request cannot be written: {e}")).with_source(e)
    })?;
    Ok(bytes)
}
