//! A rectangle in pixels or in shares of a picture.

/// A rectangle. In this crate's public replies in shares of the picture it lies on, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Rect {
    /// The left edge.
    pub x: f32,
    /// The top edge.
    pub y: f32,
    /// The width.
    pub width: f32,
    /// The height.
    pub height: f32,
}

impl Rect {
    /// All of a picture, in shares.
    pub(crate) const WHOLE: Self = Self::new(0.0, 0.0, 1.0, 1.0);

    pub(crate) const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }

    pub(crate) fn right(self) -> f32 {
        self.x + self.width
    }

    pub(crate) fn bottom(self) -> f32 {
        self.y + self.height
    }

    pub(crate) fn area(self) -> f32 {
        self.width * self.height
    }

    pub(crate) fn center(self) -> (f32, f32) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// The rectangle with every number multiplied: by `sx` across and `sy` down.
    pub(crate) fn scaled(self, sx: f32, sy: f32) -> Self {
        Self::new(self.x * sx, self.y * sy, self.width * sx, self.height * sy)
    }

    /// The part that both share; of size zero if there is none.
    pub(crate) fn intersection(self, other: Self) -> Self {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let width = (self.right().min(other.right()) - x).max(0.0);
        Self::new(x, y, width, (self.bottom().min(other.bottom()) - y).max(0.0))
    }
}
