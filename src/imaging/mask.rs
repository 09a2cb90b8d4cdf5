//! Masks: one channel that says where to paint.

use image::{
    ExtendedColorType, ImageEncoder,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};

use super::{Limits, decode};
use crate::{
    domain::{Image, MediaType, PixelSize},
    error::{Error, ErrorKind, Result},
};

/// JPEG rings around edges: what lies this near to black or white was meant to be it.
const RINGING: u8 = 16;

/// Where to paint: 255 paints anew, 0 keeps, what lies between is a between. Rows from the top.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Mask {
    size: PixelSize,
    grey: Vec<u8>,
}

impl Mask {
    /// A mask of one byte for each pixel, rows from the top.
    pub(crate) fn from_grey(size: PixelSize, grey: Vec<u8>) -> Self {
        Self { size, grey }
    }

    /// Reads the mask of a picture of `size` pixels: any opaque JPEG, PNG or WebP, by its lightness. The black and
    /// white of a JPEG are made pure.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a mask of another size, and for one with transparent pixels:
    /// with some tools they mean "paint", with others "keep".
    pub(crate) fn read(mask: &Image, size: PixelSize) -> Result<Self> {
        let pixels = decode(mask, Limits::default())?;
        if pixels.size() != size {
            let found = pixels.size();
            return Err(Error::invalid(format!(
                "the mask has {found} pixels, its picture {size}: make it the same size"
            )));
        }
        if pixels.has_transparency() {
            return Err(Error::invalid(
                "the mask has transparent pixels: make it opaque, white where to paint and black where to keep",
            ));
        }
        let pure = |grey| match (mask.media_type(), grey) {
            (MediaType::Jpeg, ..=RINGING) => 0,
            (MediaType::Jpeg, grey) if grey >= 255 - RINGING => 255,
            _ => grey,
        };
        Ok(Self { size, grey: pixels.pixels().iter().map(|pixel| pure(lightness(*pixel))).collect() })
    }

    /// Only black and white: from the middle up it is white.
    pub(crate) fn hard(self) -> Self {
        self.each(|grey| if grey < 128 { 0 } else { 255 })
    }

    /// Black where to paint, white where to keep.
    pub(crate) fn inverted(self) -> Self {
        self.each(|grey| 255 - grey)
    }

    /// A PNG of one grey channel.
    ///
    /// # Errors
    /// [`Internal`](ErrorKind::Internal) when it cannot be written.
    pub(crate) fn to_png(&self) -> Result<Image> {
        let mut out = Vec::new();
        // What differs from the row above is next to nothing: no need to try every filter on every row.
        PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Up)
            .write_image(&self.grey, self.size.width, self.size.height, ExtendedColorType::L8)
            .map_err(|error| {
                let size = self.size;
                Error::new(ErrorKind::Internal, format!("a mask of {size} pixels cannot be written: {error}"))
                    .with_source(error)
            })?;
        Image::new(out)
    }

    /// A PNG that is transparent where to paint and opaque black where to keep.
    ///
    /// # Errors
    /// As [`Picture::encode`](super::Picture::encode).
    #[cfg(feature = "openai")]
    pub(crate) fn to_transparent_png(&self) -> Result<Image> {
        let rgba = self.grey.iter().flat_map(|grey| [0, 0, 0, 255 - grey]).collect();
        let picture = super::Picture::from_bytes(self.size, rgba)
            .ok_or_else(|| Error::new(ErrorKind::Internal, "a mask has one byte for each pixel"))?;
        picture.encode(super::Encoding::Png)
    }

    fn each(mut self, change: impl Fn(u8) -> u8) -> Self {
        self.grey.iter_mut().for_each(|grey| *grey = change(*grey));
        self
    }
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mask({})", self.size)
    }
}

/// How light a pixel looks, by the weights of ITU-R BT.601.
fn lightness([r, g, b, _]: [u8; 4]) -> u8 {
    let sum = 299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b);
    ((sum + 500) / 1_000) as u8
}
