//! Pixels to files.

use image::{
    ExtendedColorType, ImageEncoder, ImageError,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
};

use super::Picture;
use crate::{
    domain::{Image, MediaType},
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
        let size = self.size();
        let (width, height) = (size.width, size.height);
        let mut out = Vec::with_capacity(self.as_bytes().len() / 8);
        match encoding {
            Encoding::Jpeg { quality } => JpegEncoder::new_with_quality(&mut out, quality.clamp(1, 100))
                .write_image(&self.rgb_on_white(), width, height, ExtendedColorType::Rgb8),
            Encoding::Png => PngEncoder::new(&mut out).write_image(
                self.as_bytes(),
                width,
                height,
                ExtendedColorType::Rgba8,
            ),
            Encoding::WebP => WebPEncoder::new_lossless(&mut out).write_image(
                self.as_bytes(),
                width,
                height,
                ExtendedColorType::Rgba8,
            ),
        }
        .map_err(|error| {
            let kind = match &error {
                ImageError::Parameter(_) | ImageError::Encoding(_) | ImageError::Unsupported(_) => {
                    ErrorKind::InvalidInput
                }
                _ => ErrorKind::Internal,
            };
            Error::new(kind, format!("a picture of {size} pixels cannot be written as {encoding:?}: {error}"))
                .with_source(error)
        })?;
        Image::new(out)
    }

    /// The picture without transparency, laid on white.
    pub(crate) fn on_white(&self) -> Self {
        let mut opaque = self.clone();
        for pixel in opaque.pixels_mut().iter_mut().filter(|pixel| pixel[3] < 255) {
            *pixel = over_white(*pixel);
        }
        opaque
    }

    fn rgb_on_white(&self) -> Vec<u8> {
        let mut rgb = Vec::with_capacity(self.pixels().len() * 3);
        for pixel in self.pixels() {
            rgb.extend_from_slice(&over_white(*pixel)[..3]);
        }
        rgb
    }
}

fn over_white([r, g, b, alpha]: [u8; 4]) -> [u8; 4] {
    let alpha = u32::from(alpha);
    let mix = |channel: u8| ((u32::from(channel) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
    [mix(r), mix(g), mix(b), 255]
}
