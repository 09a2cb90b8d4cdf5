//! Any picture at exactly the size that was asked for.

use super::{Encoding, Limits, Rect, decode};
use crate::{
    domain::{Image, PixelSize},
    error::{Error, Result},
};

/// Delivers `image` at exactly `size`: cropped to its shape, resampled, in the same file format.
///
/// The crop is the largest of that shape. A picture that has the size already comes back as it is, byte
/// for byte. JPEG is written with quality 90.
///
/// # Errors
/// [`InvalidInput`](crate::ErrorKind::InvalidInput) when `size` is empty or the picture cannot be decoded.
pub fn fit(image: &Image, size: PixelSize) -> Result<Image> {
    if size.area() == 0 {
        return Err(Error::invalid(format!(
            "a picture of {size} pixels has no pixels: ask for at least 1x1"
        )));
    }
    let picture = decode(image, Limits::default())?;
    if picture.size() == size {
        return Ok(image.clone());
    }
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let ratio = size.ratio() as f32;
    let (crop_width, crop_height) =
        if width / height > ratio { (height * ratio, height) } else { (width, width / ratio) };
    let region = Rect::new((width - crop_width) / 2.0, (height - crop_height) / 2.0, crop_width, crop_height);
    picture.resampled(region, size)?.encode(Encoding::of(image.media_type()))
}
