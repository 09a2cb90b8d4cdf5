//! Which of the brand's colours a product stands on.

use fastrand::Rng;

use crate::{
    domain::Palette,
    imaging::{LabColor, math::smooth, product::Cutout},
};

/// The paper's tone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Light,
    Mid,
    Dark,
}

impl Tone {
    pub(super) const ALL: [Self; 3] = [Self::Light, Self::Mid, Self::Dark];

    pub(super) fn color(self, palette: &Palette) -> LabColor {
        let [primary, dark, light] = [palette.primary, palette.dark, palette.light].map(LabColor::of);
        match self {
            // A fifth of the primary would turn it salmon.
            Self::Light => light.mix(primary, 0.05),
            Self::Mid => primary.mix(light, 0.10),
            Self::Dark => dark,
        }
    }
}

/// How well a product stands out from a tone, 0..=1: by the share of its outline that is further from it than .18,
/// a step of lightness that shows. Dark on dark is no packshot.
pub(super) fn relief(product: &Cutout, tone: LabColor) -> f32 {
    let apart = product.outline.iter().filter(|color| color.distance(tone) > 0.18).count();
    smooth((apart as f32 / product.outline.len().max(1) as f32 - 0.70) / 0.25)
}

/// A tone by chance among those the product stands out from; the best of the others when it is none.
pub(super) fn choose(product: &Cutout, palette: &Palette, rng: &mut Rng) -> Tone {
    let worth = Tone::ALL.map(|tone| {
        let relief = relief(product, tone.color(palette));
        (0.02 + relief) * (0.3 + rng.f32())
    });
    let best = (0..worth.len()).max_by(|&a, &b| worth[a].total_cmp(&worth[b]));
    Tone::ALL[best.unwrap_or_default()]
}
