//! Sums over any rectangle in constant time (Crow 1984, summed-area tables).

use super::Plane;

/// A summed-area table of a plane.
#[derive(Clone, Debug)]
pub(crate) struct Integral {
    width: usize,
    height: usize,
    sums: Vec<f64>,
}

impl Integral {
    pub(crate) fn of(plane: &Plane) -> Self {
        let (width, height) = (plane.width(), plane.height());
        let mut sums = vec![0.0; (width + 1) * (height + 1)];
        for (y, row) in plane.rows().enumerate() {
            let (above, below) = sums.split_at_mut((y + 1) * (width + 1));
            let above = &above[y * (width + 1) + 1..];
            let mut sum = 0.0;
            for ((below, above), &value) in below[1..].iter_mut().zip(above).zip(row) {
                sum += f64::from(value);
                *below = above + sum;
            }
        }
        Self { width, height, sums }
    }

    /// The sum over everything.
    pub(crate) fn total(&self) -> f32 {
        self.sums.last().copied().unwrap_or_default() as f32
    }

    /// The sum over columns `x0..x1` and rows `y0..y1`, cut to the plane.
    pub(crate) fn sum(&self, x0: usize, y0: usize, x1: usize, y1: usize) -> f32 {
        let (x1, y1) = (x1.min(self.width), y1.min(self.height));
        let (x0, y0) = (x0.min(x1), y0.min(y1));
        let at = |x: usize, y: usize| self.sums[y * (self.width + 1) + x];
        (at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0)) as f32
    }

    /// The mean over columns `x0..x1` and rows `y0..y1`; zero if nothing is left of them.
    pub(crate) fn mean(&self, x0: usize, y0: usize, x1: usize, y1: usize) -> f32 {
        let (x1, y1) = (x1.min(self.width), y1.min(self.height));
        let area = x1.saturating_sub(x0) * y1.saturating_sub(y0);
        if area == 0 { 0.0 } else { self.sum(x0, y0, x1, y1) / area as f32 }
    }
}
