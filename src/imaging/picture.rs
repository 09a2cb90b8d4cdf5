//! The decoded picture.

use std::fmt;

use crate::domain::PixelSize;

/// A decoded picture: RGBA, 8 bits a channel, sRGB, alpha not premultiplied, rows from the top.
///
/// Pictures without transparency have alpha 255 everywhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    size: PixelSize,
    bytes: Vec<u8>,
}

impl Picture {
    /// A picture of one colour.
    #[must_use]
    pub fn filled(size: PixelSize, pixel: [u8; 4]) -> Self {
        Self { size, bytes: pixel.repeat(size.width as usize * size.height as usize) }
    }

    /// A picture whose pixel at column `x` and row `y` is `pixel(x, y)`.
    #[must_use]
    pub fn from_fn(size: PixelSize, mut pixel: impl FnMut(u32, u32) -> [u8; 4]) -> Self {
        let mut picture = Self::filled(size, [0; 4]);
        let width = size.width.max(1);
        for (y, row) in (0..).zip(picture.pixels_mut().chunks_exact_mut(width as usize)) {
            for (x, out) in (0..).zip(row) {
                *out = pixel(x, y);
            }
        }
        picture
    }

    /// Takes RGBA bytes; `None` when there are not exactly four for each pixel.
    pub(crate) fn from_bytes(size: PixelSize, bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() as u64 == size.area() * 4).then_some(Self { size, bytes })
    }

    /// Takes RGBA bytes, cut or filled with zeros to four for each pixel.
    pub(crate) fn from_rows(size: PixelSize, mut bytes: Vec<u8>) -> Self {
        bytes.resize(size.area() as usize * 4, 0);
        Self { size, bytes }
    }

    /// Width and height.
    #[must_use]
    pub fn size(&self) -> PixelSize {
        self.size
    }

    pub(crate) fn width(&self) -> usize {
        self.size.width as usize
    }

    pub(crate) fn height(&self) -> usize {
        self.size.height as usize
    }

    /// All pixels, row by row, as `[red, green, blue, alpha]`.
    #[must_use]
    pub fn pixels(&self) -> &[[u8; 4]] {
        self.bytes.as_chunks().0
    }

    /// All pixels, to change.
    #[must_use]
    pub fn pixels_mut(&mut self) -> &mut [[u8; 4]] {
        self.bytes.as_chunks_mut().0
    }

    /// The pixel at column `x` and row `y`, if there is one.
    #[must_use]
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; 4]> {
        let inside = x < self.size.width && y < self.size.height;
        inside.then(|| self.pixels()[y as usize * self.width() + x as usize])
    }

    /// All bytes, four for each pixel.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn as_bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// Whether any pixel lets the ground shine through.
    #[must_use]
    pub fn has_transparency(&self) -> bool {
        // What many pixels have in common: leaving at the first one would mean looking at each alone.
        let common =
            |pixels: &[[u8; 4]]| pixels.iter().fold(u32::MAX, |all, pixel| all & u32::from_ne_bytes(*pixel));
        self.pixels().chunks(256).any(|pixels| common(pixels).to_ne_bytes()[3] < 255)
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({})", self.size)
    }
}
