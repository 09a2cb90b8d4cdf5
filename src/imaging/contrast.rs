//! Contrast of text with the ground behind it (WCAG 2).

use super::{Lab, LabColor, Plane, oklab::to_linear_rgb, rank::percentiles, wide::wide};
use crate::domain::Color;

/// The contrast that text takes, and the least for a headline.
pub(crate) const TEXT: f32 = 4.5;
pub(crate) const HEADLINE: f32 = 3.0;

/// The relative luminance, 0..=1.
#[inline(always)]
pub(crate) fn luminance(color: LabColor) -> f32 {
    let [r, g, b] = to_linear_rgb(color);
    0.2126 * r.clamp(0.0, 1.0) + 0.7152 * g.clamp(0.0, 1.0) + 0.0722 * b.clamp(0.0, 1.0)
}

wide! {
    /// The luminances in a window of a raster, row by row: every `step`-th each way.
    fn luminances<'a>(lab: &'a Lab, window: [usize; 4], step: usize) -> Vec<f32> {
        let [x0, y0, x1, y1] = window;
        let (x1, y1) = (x1.min(lab.width()), y1.min(lab.height()));
        let x0 = x0.min(x1);
        let mut values = Vec::with_capacity((x1 - x0).div_ceil(step) * y1.saturating_sub(y0).div_ceil(step));
        for y in (y0..y1).step_by(step) {
            let (l, a, b) = (&lab.l.row(y)[x0..x1], &lab.a.row(y)[x0..x1], &lab.b.row(y)[x0..x1]);
            let colors = l.iter().step_by(step).zip(a.iter().step_by(step)).zip(b.iter().step_by(step));
            values.extend(colors.map(|((l, a), b)| luminance(LabColor::new(*l, *a, *b))));
        }
        values
    }
}

/// The luminance of every pixel.
pub(crate) fn luminance_of(lab: &Lab) -> Plane {
    let values = luminances(lab, [0, 0, lab.width(), lab.height()], 1);
    Plane::from_values(lab.width(), lab.height(), values)
}

/// The contrast ratio of two luminances, 1..=21. Text takes 4.5, a headline 3.
pub(crate) fn ratio(a: f32, b: f32) -> f32 {
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The luminances that text must stand out from: the 3rd and the 97th percentile of a ground.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ground {
    pub(crate) low: f32,
    pub(crate) high: f32,
}

impl Ground {
    /// The ground in a window of a raster: columns `x0..x1`, rows `y0..y1`. Of a large one about 128 pixels a side are
    /// looked at, which is enough for percentiles.
    pub(crate) fn of(lab: &Lab, window: [usize; 4]) -> Self {
        let [x0, y0, x1, y1] = window;
        let long = x1.saturating_sub(x0).max(y1.saturating_sub(y0));
        Self::new(luminances(lab, window, long.div_ceil(128).max(1)))
    }

    /// The ground in a window of luminances.
    pub(crate) fn within(luminances: &Plane, [x0, y0, x1, y1]: [usize; 4]) -> Self {
        let (x1, y1) = (x1.min(luminances.width()), y1.min(luminances.height()));
        let rows = (y0..y1).flat_map(|y| &luminances.row(y)[x0.min(x1)..x1]);
        Self::new(rows.copied().collect())
    }

    fn new(values: Vec<f32>) -> Self {
        let [low, high] = percentiles(&values, [0.03, 0.97]);
        Self { low, high }
    }

    /// The contrast of a text colour with the worst of this ground.
    pub(crate) fn contrast(self, text: Color) -> f32 {
        let text = luminance(LabColor::of(text));
        if text < self.low {
            ratio(text, self.low)
        } else if text > self.high {
            ratio(text, self.high)
        } else {
            1.0
        }
    }
}
