//! Any picture at exactly the size that was asked for.

use fastrand::Rng;

use super::{
    Encoding, Limits, Picture, Rect, decode,
    framing::{Cropper, Wish},
    interest::Interest,
};
use crate::{
    domain::{Image, PixelSize},
    error::{Error, Result},
};

/// Shapes that differ by less than this share are not worth a search for the crop.
const SAME_SHAPE: f32 = 0.01;

/// Delivers `image` at exactly `size`: cropped to its shape round what matters in it, resampled, in the
/// same file format.
///
/// A picture that has the size already comes back as it is, byte for byte. JPEG is written with quality
/// 90. What cannot be kept at this shape is cut; nothing is added.
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
    picture.resampled(region(&picture, size)?, size)?.encode(Encoding::of(image.media_type()))
}

fn region(picture: &Picture, size: PixelSize) -> Result<Rect> {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let ratio = size.ratio() as f32;
    let (w, h) = if width / height > ratio { (height * ratio, height) } else { (width, width / ratio) };
    let mut center = (width / 2.0, height / 2.0);
    if w < width * (1.0 - SAME_SHAPE) || h < height * (1.0 - SAME_SHAPE) {
        let interest = Interest::of(picture)?;
        let wish = Wish { ratio, copy: None, against: None, largest: true };
        let crop = Cropper::new(&interest).best(wish, &mut Rng::with_seed(0));
        center = crop.region.scaled(width, height).center();
    }
    let x = (center.0 - w / 2.0).clamp(0.0, (width - w).max(0.0));
    let y = (center.1 - h / 2.0).clamp(0.0, (height - h).max(0.0));
    Ok(Rect::new(x, y, w, h))
}
