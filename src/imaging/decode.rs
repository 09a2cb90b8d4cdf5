//! Files to pixels, with limits that hold before anything is allocated.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, metadata::Orientation};

use super::{Picture, jpeg, profile};
use crate::{
    domain::{Image, MediaType, PixelSize},
    error::{Error, ErrorKind, Result},
};

/// What a decoder may take on. The header is checked against it before a pixel is allocated.
///
/// ```
/// use keyvisual::imaging::Limits;
///
/// let thumbnails_only = Limits::default().with_max_pixels(512 * 512);
/// assert_eq!(thumbnails_only.max_pixels, 262_144);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The most bytes that a file may have: 64 MiB unless told.
    pub max_bytes: u64,
    /// The most pixels that it may unfold to: 64 million unless told, 256 MB in memory.
    pub max_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_bytes: 64 << 20, max_pixels: 64_000_000 }
    }
}

impl Limits {
    /// Sets the most bytes that a file may have.
    #[must_use]
    pub fn with_max_bytes(mut self, max_bytes: u64) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    /// Sets the most pixels that a file may unfold to.
    #[must_use]
    pub fn with_max_pixels(mut self, max_pixels: u64) -> Self {
        self.max_pixels = max_pixels;
        self
    }

    fn check_bytes(self, media_type: MediaType, bytes: &[u8]) -> Result<()> {
        let len = bytes.len() as u64;
        if len <= self.max_bytes {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "the {} file has {len} bytes, more than the limit of {}: make it smaller or raise the limit",
            name(media_type),
            self.max_bytes
        )))
    }

    fn check_size(self, media_type: MediaType, size: PixelSize) -> Result<()> {
        if size.area() == 0 {
            return Err(Error::invalid(format!("the {} header says {size} pixels: empty", name(media_type))));
        }
        if size.area() <= self.max_pixels {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "the {} header says {size} pixels, more than the limit of {}: make it smaller or raise the limit",
            name(media_type),
            self.max_pixels
        )))
    }
}

/// Reads width and height from the header of a JPEG, PNG or WebP file; nothing is decoded.
///
/// The size is the upright one: an EXIF orientation that turns the picture has swapped the sides.
///
/// # Errors
/// [`InvalidInput`](ErrorKind::InvalidInput) when it is none of the three or its header is broken.
pub fn probe(bytes: &[u8]) -> Result<PixelSize> {
    let media_type = MediaType::sniff(bytes).ok_or_else(|| {
        Error::invalid("not a JPEG, PNG or WebP picture: its first bytes are of no such file")
    })?;
    let (_, size, orientation) = open(media_type, bytes)?;
    Ok(if turns(orientation) { PixelSize::new(size.height, size.width) } else { size })
}

/// Refuses what [`decode`] would refuse, as far as that shows without decoding.
///
/// # Errors
/// [`InvalidInput`](ErrorKind::InvalidInput) when the file is beyond the limits, its header is broken, or it is
/// a JPEG that is cut off.
pub(crate) fn check(image: &Image, limits: Limits) -> Result<()> {
    inspect(image, limits).map(|_| ())
}

/// Decodes a whole picture: upright, sRGB, 8 bits a channel, with alpha.
///
/// Greyscale, 16-bit, palette and CMYK files are converted. So are the colours of a file with an ICC profile, such as
/// Display P3 or Adobe RGB; without one, or with one that is broken, the numbers are taken as sRGB.
///
/// # Errors
/// [`InvalidInput`](ErrorKind::InvalidInput) when the file is beyond the limits, cut off or broken; the
/// message says which.
pub fn decode(image: &Image, limits: Limits) -> Result<Picture> {
    let media_type = image.media_type();
    let (mut decoder, orientation) = inspect(image, limits)?;
    // 16-bit RGBA is the widest the decoders unfold to; the other half is their working space.
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(limits.max_pixels.saturating_mul(16));
    decoder.set_limits(bounds).map_err(|error| broken(media_type, error))?;
    let icc = decoder.icc_profile().ok().flatten();
    let mut decoded = DynamicImage::from_decoder(decoder).map_err(|error| broken(media_type, error))?;
    decoded.apply_orientation(orientation);
    let rgba = decoded.into_rgba8();
    let size = PixelSize::new(rgba.width(), rgba.height());
    let mut picture = Picture::from_bytes(size, rgba.into_raw()).ok_or_else(|| {
        Error::new(ErrorKind::Internal, format!("the decoder's buffer does not fit {size} pixels"))
    })?;
    if let Some(icc) = icc {
        profile::to_srgb(&mut picture, &icc);
    }
    Ok(picture)
}

/// Opens a file and holds everything against the limits that is known before decoding.
pub(super) fn inspect(image: &Image, limits: Limits) -> Result<(impl ImageDecoder + '_, Orientation)> {
    let (media_type, bytes) = (image.media_type(), image.bytes().as_ref());
    limits.check_bytes(media_type, bytes)?;
    let (decoder, size, orientation) = open(media_type, bytes)?;
    limits.check_size(media_type, size)?;
    if media_type == MediaType::Jpeg && !jpeg::is_complete(bytes) {
        return Err(Error::invalid(format!(
            "the JPEG file is cut off: its {} bytes end before the end-of-image marker",
            bytes.len()
        )));
    }
    Ok((decoder, orientation))
}

fn open<'a>(
    media_type: MediaType,
    bytes: &'a [u8],
) -> Result<(impl ImageDecoder + 'a, PixelSize, Orientation)> {
    let format = match media_type {
        MediaType::Jpeg => ImageFormat::Jpeg,
        MediaType::Png => ImageFormat::Png,
        MediaType::WebP => ImageFormat::WebP,
    };
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format)
        .into_decoder()
        .map_err(|error| broken(media_type, error))?;
    let (width, height) = decoder.dimensions();
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((decoder, PixelSize::new(width, height), orientation))
}

pub(super) fn turns(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

fn name(media_type: MediaType) -> &'static str {
    match media_type {
        MediaType::Jpeg => "JPEG",
        MediaType::Png => "PNG",
        MediaType::WebP => "WebP",
    }
}

fn broken(media_type: MediaType, error: ImageError) -> Error {
    let file = name(media_type);
    let message = match &error {
        ImageError::IoError(cause) if cause.kind() == std::io::ErrorKind::UnexpectedEof => {
            format!("the {file} file is cut off")
        }
        ImageError::Limits(_) => format!("the {file} file unfolds to more memory than its size allows"),
        other => format!("the {file} file cannot be decoded: {other}"),
    };
    Error::invalid(message).with_source(error)
}
