//! Pixels to files.

use std::borrow::Cow;

use image::{
    ExtendedColorType, ImageEncoder, ImageError,
    codecs::{png::PngEncoder, webp::WebPEncoder},
};
use jpeg_encoder::{Encoder, EncodingError, SamplingFactor};

use super::{Picture, ycbcr::Rows};
use crate::{
    domain::{Image, MediaType, PixelSize},
    error::{Error, ErrorKind, Result},
};

/// The file format to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// JPEG without chroma subsampling; transparent pixels come to lie on white.
    Jpeg {
        /// From 1, smallest, to 100, best. 90 shows no artefacts on a comp.
        quality: u8,
    },
    /// PNG, without loss and with transparency.
    Png,
    /// WebP, without loss and with transparency.
    WebP,
}

impl Encoding {
    /// The encoding for a media type; JPEG with quality 90.
    #[must_use]
    pub fn of(media_type: MediaType) -> Self {
        match media_type {
            MediaType::Jpeg => Self::Jpeg { quality: 90 },
            MediaType::Png => Self::Png,
            MediaType::WebP => Self::WebP,
        }
    }
}

impl Picture {
    /// Encodes the picture. The same pixels give the same bytes.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) when the picture is empty or larger than the format
    /// takes (65,535 a side for JPEG, 16,383 for WebP).
    pub fn encode(&self, encoding: Encoding) -> Result<Image> {
        let PixelSize { width, height } = self.size();
        let mut out = Vec::with_capacity(self.as_bytes().len() / 8);
        let rgba = ExtendedColorType::Rgba8;
        match encoding {
            Encoding::Jpeg { quality } => self
                .write_jpeg(quality, &mut out)
                .map_err(|error| self.refused(encoding, ErrorKind::InvalidInput, error))?,
            Encoding::Png => PngEncoder::new(&mut out)
                .write_image(self.as_bytes(), width, height, rgba)
                .map_err(|error| self.refused(encoding, kind(&error), error))?,
            Encoding::WebP => WebPEncoder::new_lossless(&mut out)
                .write_image(self.as_bytes(), width, height, rgba)
                .map_err(|error| self.refused(encoding, kind(&error), error))?,
        }
        Image::new(out)
    }

    fn write_jpeg(&self, quality: u8, out: &mut Vec<u8>) -> std::result::Result<(), EncodingError> {
        let opaque = if self.has_transparency() { Cow::Owned(self.on_white()) } else { Cow::Borrowed(self) };
        // A side of 0 is what the encoder refuses, and one beyond its 16 bits is none to it.
        let [width, height] =
            [self.size().width, self.size().height].map(|side| u16::try_from(side).unwrap_or(0));
        let mut encoder = Encoder::new(out, quality.clamp(1, 100));
        encoder.set_sampling_factor(SamplingFactor::F_1_1);
        encoder.encode_image(Rows { picture: &opaque, width, height })
    }

    fn refused(
        &self,
        encoding: Encoding,
        kind: ErrorKind,
        error: impl std::error::Error + Send + Sync + 'static,
    ) -> Error {
        let size = self.size();
        let message = format!("a picture of {size} pixels cannot be written as {encoding:?}: {error}");
        Error::new(kind, message).with_source(error)
    }

    /// The picture without transparency, laid on white.
    pub(crate) fn on_white(&self) -> Self {
        let mut opaque = self.clone();
        for pixel in opaque.pixels_mut().iter_mut().filter(|pixel| pixel[3] < 255) {
            *pixel = over_white(*pixel);
        }
        opaque
    }
}

fn kind(error: &ImageError) -> ErrorKind {
    match error {
        ImageError::Parameter(_) | ImageError::Encoding(_) | ImageError::Unsupported(_) => {
            ErrorKind::InvalidInput
        }
        _ => ErrorKind::Internal,
    }
}

fn over_white([r, g, b, alpha]: [u8; 4]) -> [u8; 4] {
    let alpha = u32::from(alpha);
    let mix = |channel: u8| ((u32::from(channel) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
    [mix(r), mix(g), mix(b), 255]
}
