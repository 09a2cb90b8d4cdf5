//! Contrast of text with the ground behind it (WCAG 2).

use super::{Lab, LabColor, Plane, oklab::to_linear_rgb, plane::percentile, wide::wide};
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
/// The luminances in a window of a raster, row by row.
fn luminances<'a>(lab: &'a Lab, window: [usize; 4]) -> Vec<f32> {
    let [x0, y0, x1, y1] = window;
    let (x1, y1) = (x1.min(lab.width()), y1.min(lab.height()));
    let x0 = x0.min(x1);
    let mut values = vec![0.0; (x1 - x0) * y1.saturating_sub(y0)];
    for (y, values) in (y0..y1).zip(values.chunks_exact_mut((x1 - x0).max(1))) {
        let [l, a, b] = [&lab.l, &lab.a, &lab.b].map(|plane| &plane.row(y)[x0..x1]);
        for (((value, l), a), b) in values.iter_mut().zip(l).zip(a).zip(b) {
            *value = luminance(LabColor::new(*l, *a, *b));
        }
    }
    values
}
}

/// The luminance of every pixel.
pub(crate) fn luminance_of(lab: &Lab) -> Plane {
    let values = luminances(lab, [0, 0, lab.width(), lab.height()]);
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
    /// The ground in a window of a raster: columns `x0..x1`, rows `y0..y1`.
    pub(crate) fn of(lab: &Lab, window: [usize; 4]) -> Self {
        Self::new(luminances(lab, window))
    }

    /// The ground in a window of luminances.
    pub(crate) fn within(luminances: &Plane, [x0, y0, x1, y1]: [usize; 4]) -> Self {
        let (x1, y1) = (x1.min(luminances.width()), y1.min(luminances.height()));
        let rows = (y0..y1).flat_map(|y| &luminances.row(y)[x0.min(x1)..x1]);
        Self::new(rows.copied().collect())
    }

    fn new(mut values: Vec<f32>) -> Self {
        let high = percentile(&mut values, 0.97);
        Self { low: percentile(&mut values, 0.03), high }
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
