//! The canvas's shape, and windows of it.

use crate::{
    domain::{Area, PixelSize},
    imaging::Rect,
};

/// Whether a canvas is too long for anything but a strip. Skyscrapers (160x600) are: between 3.2 and 4 a tall strip
/// holds no crop either.
pub(super) fn is_banner(size: PixelSize) -> bool {
    let ratio = size.ratio() as f32;
    ratio >= 4.0 || ratio <= 1.0 / 3.2
}

/// A window of the canvas in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Slot {
    /// The whole canvas.
    pub(super) fn all(size: PixelSize) -> Self {
        Self { x: 0, y: 0, width: size.width as usize, height: size.height as usize }
    }

    /// The slot between shares of the canvas; at least one pixel each way.
    pub(super) fn of(size: PixelSize, shares: Rect) -> Self {
        let cut = |from: f32, to: f32, side: u32| {
            let at = |share: f32| (share * side as f32).round().clamp(0.0, side as f32) as usize;
            let from = at(from).min(side as usize - 1);
            (from, at(to).max(from + 1) - from)
        };
        let (x, width) = cut(shares.x, shares.right(), size.width);
        let (y, height) = cut(shares.y, shares.bottom(), size.height);
        Self { x, y, width, height }
    }

    pub(super) fn ratio(self) -> f32 {
        self.width as f32 / self.height as f32
    }

    pub(super) fn size(self) -> PixelSize {
        PixelSize::new(self.width as u32, self.height as u32)
    }

    /// The slot in shares of the canvas.
    pub(super) fn shares(self, size: PixelSize) -> Rect {
        Rect::new(self.x as f32, self.y as f32, self.width as f32, self.height as f32)
            .scaled(1.0 / size.width as f32, 1.0 / size.height as f32)
    }
}

/// A rectangle of shares as it is told.
pub(super) fn area(shares: Rect) -> Area {
    Area { x: shares.x, y: shares.y, width: shares.width, height: shares.height }
}
