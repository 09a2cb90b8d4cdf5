//! A scrim: what makes copy readable where the picture under it is of middle lightness.

use super::{
    Lab, LabColor, Plane, Rect,
    contrast::{Ground, HEADLINE, TEXT},
    framing::Side,
    math::ease,
};
use crate::domain::{Color, Palette};

/// From this lightness on a light scrim is no milk.
const BRIGHT: f32 = 0.74;

/// A veil of brand colour under copy, and the text that is read on it.
pub(super) struct Scrim {
    pub(super) color: Color,
    tint: LabColor,
    pub(super) text: Color,
    dark: bool,
    most: f32,
}

impl Scrim {
    fn light(palette: &Palette) -> Self {
        let tint = LabColor::of(palette.light);
        Self { color: palette.light, tint, text: palette.dark, dark: false, most: 0.38 }
    }

    fn dark(palette: &Palette) -> Self {
        let tint = LabColor::of(palette.dark);
        Self { color: palette.dark, tint, text: palette.light, dark: true, most: 0.85 }
    }

    /// The scrim for a window of a canvas, and the least strength that gives its text the contrast of text, or the most
    /// if that is enough for a headline. None if it is not.
    pub(super) fn least(canvas: &Lab, window: [usize; 4], palette: &Palette) -> Option<(Self, f32)> {
        let patch = cut(canvas, window);
        let bright = patch.l.mean() > BRIGHT;
        let scrims = [bright.then(|| Self::light(palette)), Some(Self::dark(palette))];
        scrims.into_iter().flatten().find_map(|scrim| scrim.strength(&patch).map(|alpha| (scrim, alpha)))
    }

    /// The least strength that does on a patch of the canvas.
    fn strength(&self, patch: &Lab) -> Option<f32> {
        let contrast_at = |alpha: f32| {
            let mut patch = patch.clone();
            patch.update(|_, color| self.over(color, alpha));
            Ground::of(&patch, [0, 0, patch.width(), patch.height()]).contrast(self.text)
        };
        if contrast_at(self.most) < HEADLINE {
            return None;
        }
        let (mut low, mut high) = (0.0, self.most);
        for _ in 0..8 {
            let middle = (low + high) / 2.0;
            if contrast_at(middle) >= TEXT { high = middle } else { low = middle }
        }
        Some(high)
    }

    /// Dark: half multiplied, which keeps the picture's own colour. Light: a plain mix.
    fn over(&self, color: LabColor, alpha: f32) -> LabColor {
        let full = if self.dark {
            LabColor::new(
                color.l * 0.34 + 0.55 * self.tint.l,
                color.a * 0.36 + 0.75 * self.tint.a,
                color.b * 0.36 + 0.75 * self.tint.b,
            )
        } else {
            self.tint
        };
        color.mix(full, alpha)
    }

    /// Lays it over a canvas.
    pub(super) fn lay(&self, canvas: &mut Lab, fade: Fade, alpha: f32) {
        let (columns, width, height) = (canvas.width(), canvas.width() as f32, canvas.height() as f32);
        canvas.update(|i, color| {
            let (x, y) = ((i % columns) as f32 + 0.5, (i / columns) as f32 + 0.5);
            let strength = alpha * fade.at(x / width, y / height);
            if strength > 0.0 { self.over(color, strength) } else { color }
        });
    }
}

/// How a scrim runs in from a side of the canvas: full over a rectangle, fading out beyond it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fade {
    side: Side,
    /// The far edge of the rectangle, in shares of the canvas from that side.
    far: f32,
}

impl Fade {
    /// From the side where it covers the least of what is looked at, and of the canvas; `interest` is the map of it.
    pub(super) fn over(rect: Rect, interest: &Plane) -> Self {
        let fades = [
            Self { side: Side::Left, far: rect.right() },
            Self { side: Side::Right, far: 1.0 - rect.x },
            Self { side: Side::Top, far: rect.bottom() },
            Self { side: Side::Bottom, far: 1.0 - rect.y },
        ];
        let (width, height) = (interest.width() as f32, interest.height() as f32);
        let covered = |fade: &Self| {
            let row = |y: usize| {
                let at = |x: usize| fade.at((x as f32 + 0.5) / width, (y as f32 + 0.5) / height);
                let values = interest.row(y).iter().enumerate();
                values.map(|(x, interest)| at(x) * (0.1 + interest)).sum::<f32>()
            };
            (0..interest.height()).map(row).sum::<f32>()
        };
        let least = fades.map(|fade| (covered(&fade), fade)).into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
        least.map_or(fades[0], |(_, fade)| fade)
    }

    /// Its strength at a point of shares, 0..=1.
    fn at(&self, x: f32, y: f32) -> f32 {
        let t = match self.side {
            Side::Left => x,
            Side::Right => 1.0 - x,
            Side::Top => y,
            Side::Bottom => 1.0 - y,
        };
        1.0 - ease((t - 0.95 * self.far) / (0.5 * self.far))
    }
}

/// A window at no more than about 128 pixels a side: enough for percentiles.
fn cut(lab: &Lab, [x0, y0, x1, y1]: [usize; 4]) -> Lab {
    let (w, h) = (x1.saturating_sub(x0).max(1), y1.saturating_sub(y0).max(1));
    let step = w.max(h).div_ceil(128);
    lab.each(|plane| {
        Plane::from_fn(w.div_ceil(step), h.div_ceil(step), |x, y| {
            plane.at((x0 + x * step) as isize, (y0 + y * step) as isize)
        })
    })
}
