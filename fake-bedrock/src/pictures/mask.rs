//! Where a picture is painted anew.

use keyvisual::{domain::PixelSize, imaging::Picture};

use super::resample;

/// A weight for each pixel: 255 is painted anew, 0 stays.
#[derive(Clone, Debug)]
pub(crate) struct Mask(Vec<u8>);

impl Mask {
    /// The grey levels of a picture, brought to `size`: white is painted anew.
    pub(crate) fn white(picture: &Picture, size: PixelSize) -> Self {
        let picture = resample(picture, size);
        Self(picture.pixels().iter().map(|&pixel| grey(pixel)).collect())
    }

    /// The same with black painted anew.
    pub(crate) fn black(picture: &Picture, size: PixelSize) -> Self {
        Self::white(picture, size).inverted()
    }

    /// What is transparent is painted anew; of an opaque picture, all.
    pub(crate) fn transparency(picture: &Picture) -> Self {
        if !picture.has_transparency() {
            return Self(vec![255; picture.pixels().len()]);
        }
        Self(picture.pixels().iter().map(|pixel| 255 - pixel[3]).collect())
    }

    /// An ellipse whose place depends on the words that look for something.
    pub(crate) fn found(size: PixelSize, words: &str) -> Self {
        let hash = words.bytes().fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
        let middle = |bits: u32, side: u32| side as f32 * (0.35 + 0.3 * (bits % 64) as f32 / 64.0);
        let (x, y) = (middle(hash, size.width), middle(hash >> 8, size.height));
        let (rx, ry) = (size.width as f32 / 4.0, size.height as f32 / 4.0);
        let places = (0..size.height).flat_map(|row| (0..size.width).map(move |column| (column, row)));
        let inside = |(column, row): (u32, u32)| {
            let (dx, dy) = ((column as f32 - x) / rx, (row as f32 - y) / ry);
            if dx * dx + dy * dy <= 1.0 { 255 } else { 0 }
        };
        Self(places.map(inside).collect())
    }

    /// What stayed is painted anew, and the other way round.
    pub(crate) fn inverted(mut self) -> Self {
        self.0.iter_mut().for_each(|weight| *weight = 255 - *weight);
        self
    }

    /// Lays `painted` over `base` where the mask says so.
    pub(crate) fn apply(&self, base: &mut Picture, painted: &Picture) {
        let pixels = base.pixels_mut().iter_mut().zip(painted.pixels()).zip(&self.0);
        for ((pixel, new), &weight) in pixels {
            match weight {
                0 => {}
                255 => *pixel = *new,
                _ => *pixel = mix(*pixel, *new, weight),
            }
        }
    }

    /// The mask as a picture: white is painted anew.
    pub(crate) fn picture(&self, size: PixelSize) -> Picture {
        let mut picture = Picture::filled(size, [0, 0, 0, 255]);
        for (pixel, weight) in picture.pixels_mut().iter_mut().zip(&self.0) {
            *pixel = [*weight, *weight, *weight, 255];
        }
        picture
    }
}

/// Brightness of a pixel.
pub(crate) fn grey([red, green, blue, _]: [u8; 4]) -> u8 {
    ((u32::from(red) * 77 + u32::from(green) * 150 + u32::from(blue) * 29) >> 8) as u8
}

/// `old` where the weight is 0, `new` where it is 255.
#[inline]
pub(crate) fn mix(old: [u8; 4], new: [u8; 4], weight: u8) -> [u8; 4] {
    let (new_share, old_share) = (u32::from(weight), u32::from(255 - weight));
    let channel =
        |old: u8, new: u8| ((u32::from(old) * old_share + u32::from(new) * new_share + 127) / 255) as u8;
    [channel(old[0], new[0]), channel(old[1], new[1]), channel(old[2], new[2]), channel(old[3], new[3])]
}
