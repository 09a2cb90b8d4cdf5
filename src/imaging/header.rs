//! What the header of a file says, and pictures that stand as their pixels do.

use std::borrow::Cow;

use image::{ImageDecoder, metadata::Orientation};

use super::{Encoding, Limits, decode, decode::inspect, decode::turns};
use crate::{
    domain::{Image, MediaType, PixelSize},
    error::Result,
};

/// What is known of a picture before it is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// Its upright size.
    pub(crate) size: PixelSize,
    /// Whether its pixels stand as the picture does; if not, an EXIF orientation turns or flips them.
    pub(crate) upright: bool,
    /// Whether it has an alpha channel, be it opaque or not.
    pub(crate) alpha: bool,
}

/// Reads the header of `image` and holds it against `limits`; nothing is decoded.
///
/// # Errors
/// [`InvalidInput`](crate::ErrorKind::InvalidInput) when the file is beyond the limits, its header is broken, or it is
/// a JPEG that is cut off.
pub(crate) fn header(image: &Image, limits: Limits) -> Result<Header> {
    let (decoder, orientation) = inspect(image, limits)?;
    let (width, height) = decoder.dimensions();
    let (width, height) = if turns(orientation) { (height, width) } else { (width, height) };
    Ok(Header {
        size: PixelSize::new(width, height),
        upright: orientation == Orientation::NoTransforms,
        alpha: decoder.color_type().has_alpha(),
    })
}

/// The picture with its pixels upright: models do not look at the EXIF orientation, and a mask drawn on the
/// upright picture would not fit.
///
/// One that is upright comes back as it is, byte for byte; a JPEG that is turned is written anew with quality 95.
///
/// # Errors
/// [`InvalidInput`](crate::ErrorKind::InvalidInput) when a turned picture cannot be decoded.
pub(crate) fn upright(image: &Image, header: Header) -> Result<Cow<'_, Image>> {
    if header.upright {
        return Ok(Cow::Borrowed(image));
    }
    let encoding = match image.media_type() {
        MediaType::Jpeg => Encoding::Jpeg { quality: 95 },
        other => Encoding::of(other),
    };
    Ok(Cow::Owned(decode(image, Limits::default())?.encode(encoding)?))
}
