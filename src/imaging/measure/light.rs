//! Light in words: how bright, how much contrast, how warm.

use crate::imaging::{Lab, LabColor, Plane};

/// What is said of the light. Nothing is said of what is neither one nor the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Light {
    pub(crate) brightness: Option<Brightness>,
    pub(crate) contrast: Option<Contrast>,
    pub(crate) key: Option<Key>,
    pub(crate) warmth: Option<Warmth>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Brightness {
    Dark,
    Dim,
    Bright,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contrast {
    High,
    Low,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    High,
    Low,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Warmth {
    Warm,
    Cool,
}

impl Light {
    /// Measures where `opacity` is above one half. Thresholds were set by eye on 24 photographs.
    pub(crate) fn of(lab: &Lab, opacity: &Plane) -> Self {
        let colors: Vec<LabColor> = lab
            .colors()
            .zip(opacity.values())
            .filter_map(|(color, opacity)| (*opacity > 0.5).then_some(color))
            .collect();
        if colors.is_empty() {
            return Self::default();
        }
        let share = |test: &dyn Fn(&&LabColor) -> bool| {
            colors.iter().filter(test).count() as f64 / colors.len() as f64
        };
        let brightness = mean(colors.iter().map(|color| (color.l, 1.0))).and_then(brightness);
        Self {
            brightness,
            contrast: contrast(&colors, brightness == Some(Brightness::Dark)),
            key: if share(&|color| color.l < 0.22) > 0.5 {
                Some(Key::Low)
            } else if share(&|color| color.l > 0.92) > 0.3 {
                Some(Key::High)
            } else {
                None
            },
            warmth: warmth(&colors),
        }
    }
}

fn brightness(lightness: f64) -> Option<Brightness> {
    match lightness {
        l if l < 0.35 => Some(Brightness::Dark),
        l if l < 0.49 => Some(Brightness::Dim),
        l if l >= 0.68 => Some(Brightness::Bright),
        _ => None,
    }
}

fn contrast(colors: &[LabColor], dark: bool) -> Option<Contrast> {
    let lightness = Plane::from_values(colors.len(), 1, colors.iter().map(|color| color.l).collect());
    let spread = lightness.percentile(0.95) - lightness.percentile(0.05);
    match spread {
        s if s >= 0.70 || (dark && s > 0.30) => Some(Contrast::High),
        s if s < 0.40 => Some(Contrast::Low),
        _ => None,
    }
}

/// Of all pixels by their light, and of the nearly grey ones, which show the colour of the light best.
fn warmth(colors: &[LabColor]) -> Option<Warmth> {
    let warmth = |color: &LabColor| 0.9 * color.b + 0.45 * color.a;
    let all = mean(colors.iter().map(|color| (warmth(color), color.l)))?;
    let greys = colors.iter().filter(|color| color.chroma() < 0.07);
    let grey = mean(greys.map(|color| (warmth(color), 1.0)));
    match (all + grey.unwrap_or(all)) / 2.0 {
        w if w > 0.022 => Some(Warmth::Warm),
        w if w < -0.008 => Some(Warmth::Cool),
        _ => None,
    }
}

/// The mean of values with weights.
fn mean(values: impl Iterator<Item = (f32, f32)>) -> Option<f64> {
    let (sum, weight) = values.fold((0.0, 0.0), |(sum, weight), (value, w)| {
        (sum + f64::from(value) * f64::from(w), weight + f64::from(w))
    });
    (weight > 0.0).then(|| sum / weight)
}
