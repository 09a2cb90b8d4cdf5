//! Contrast of text with the ground behind it (WCAG 2).

use super::{Lab, LabColor, oklab::to_linear_rgb, plane::percentile};
use crate::domain::Color;

/// The relative luminance, 0..=1.
pub(crate) fn luminance(color: LabColor) -> f32 {
    let [r, g, b] = to_linear_rgb(color).map(|light| light.clamp(0.0, 1.0));
    0.2126 * r + 0.7152 * g + 0.0722 * b
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
    pub(crate) fn of(lab: &Lab, [x0, y0, x1, y1]: [usize; 4]) -> Self {
        let mut values: Vec<f32> = (y0..y1.min(lab.height()))
            .flat_map(|y| (x0..x1.min(lab.width())).map(move |x| (x, y)))
            .map(|(x, y)| luminance(lab.at(x as isize, y as isize)))
            .collect();
        Self { low: percentile(&mut values, 0.03), high: percentile(&mut values, 0.97) }
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
