//! One channel of numbers.

use super::rank::{percentile, percentiles};

/// A raster of one `f32` a pixel, row by row from the top. Never empty in either direction.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plane {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

impl Plane {
    /// A plane of one value; an empty side counts as one pixel.
    pub(crate) fn filled(width: usize, height: usize, value: f32) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        Self { width, height, values: vec![value; width * height] }
    }

    /// A plane whose value at column `x` and row `y` is `value(x, y)`.
    pub(crate) fn from_fn(width: usize, height: usize, mut value: impl FnMut(usize, usize) -> f32) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            values.extend((0..width).map(|x| value(x, y)));
        }
        Self { width, height, values }
    }

    /// Takes `values`, cut or filled with zeros to `width` x `height`.
    pub(crate) fn from_values(width: usize, height: usize, mut values: Vec<f32>) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        values.resize(width * height, 0.0);
        Self { width, height, values }
    }

    #[inline]
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    #[inline]
    pub(crate) fn height(&self) -> usize {
        self.height
    }

    #[inline]
    pub(crate) fn values(&self) -> &[f32] {
        &self.values
    }

    #[inline]
    pub(crate) fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    #[inline]
    pub(crate) fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..][..self.width]
    }

    #[inline]
    pub(crate) fn row_mut(&mut self, y: usize) -> &mut [f32] {
        &mut self.values[y * self.width..][..self.width]
    }

    #[inline]
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.values.chunks_exact(self.width)
    }

    /// The value at `x`, `y`, or at the nearest pixel when that lies outside.
    #[inline]
    pub(crate) fn at(&self, x: isize, y: isize) -> f32 {
        let x = x.clamp(0, self.width as isize - 1) as usize;
        let y = y.clamp(0, self.height as isize - 1) as usize;
        self.values[y * self.width + x]
    }

    /// The value between pixels, bilinear; `x` and `y` count from the centre of the first pixel.
    #[inline]
    pub(crate) fn sample(&self, x: f32, y: f32) -> f32 {
        let (x0, y0) = (x.floor(), y.floor());
        let (fx, fy) = (x - x0, y - y0);
        let (x0, y0) = (x0 as isize, y0 as isize);
        let top = self.at(x0, y0) * (1.0 - fx) + self.at(x0 + 1, y0) * fx;
        let bottom = self.at(x0, y0 + 1) * (1.0 - fx) + self.at(x0 + 1, y0 + 1) * fx;
        top * (1.0 - fy) + bottom * fy
    }

    #[inline]
    pub(crate) fn map(&self, f: impl FnMut(f32) -> f32) -> Self {
        Self { values: self.values.iter().copied().map(f).collect(), ..*self }
    }

    /// Combines two planes of one size, value by value.
    #[inline]
    pub(crate) fn zip(&self, other: &Self, mut f: impl FnMut(f32, f32) -> f32) -> Self {
        debug_assert_eq!((self.width, self.height), (other.width, other.height));
        Self { values: self.values.iter().zip(&other.values).map(|(&a, &b)| f(a, b)).collect(), ..*self }
    }

    pub(crate) fn mean(&self) -> f32 {
        // Eight sums side by side: one alone waits for itself.
        let (eights, rest) = self.values.as_chunks::<8>();
        let mut sums = [0.0_f64; 8];
        for eight in eights {
            sums.iter_mut().zip(eight).for_each(|(sum, &value)| *sum += f64::from(value));
        }
        let sum = sums.iter().sum::<f64>() + rest.iter().map(|&value| f64::from(value)).sum::<f64>();
        (sum / self.values.len() as f64) as f32
    }

    /// The value that the share `p` (0..=1) of all values does not exceed.
    pub(crate) fn percentile(&self, p: f32) -> f32 {
        percentile(&self.values, p)
    }

    /// Stretched so that percentile 1 becomes 0 and percentile 99 becomes 1; all zeros if flat.
    pub(crate) fn normalized(&self) -> Self {
        let [low, high] = percentiles(&self.values, [0.01, 0.99]);
        if high - low < 1e-6 {
            return Self::filled(self.width, self.height, 0.0);
        }
        self.map(|v| ((v - low) / (high - low)).clamp(0.0, 1.0))
    }
}
