//! Colours by name.

use std::sync::LazyLock;

use crate::{
    domain::Color,
    imaging::{LabColor, math::hypot},
};

/// How many names there are.
pub(crate) const COUNT: usize = 39;

/// Each name with the sRGB colour that stands for it. Chosen by hand for photographs.
const ANCHORS: [(&str, u32); COUNT] = [
    ("black", 0x10_10_10),
    ("charcoal", 0x3a_3a_3c),
    ("grey", 0x80_80_80),
    ("light grey", 0xbd_bd_bd),
    ("white", 0xf6_f6_f4),
    ("off-white", 0xe2_de_d8),
    ("cream", 0xf1_e6_d0),
    ("beige", 0xd2_bf_9f),
    ("tan", 0xb5_8b_5e),
    ("brown", 0x6e_44_27),
    ("dark brown", 0x3a2416),
    ("rust", 0xa5_45_1f),
    ("terracotta", 0xc5_6a_4a),
    ("orange", 0xea_80_22),
    ("amber", 0xd9_9a_2b),
    ("yellow", 0xf2_d1_3c),
    ("olive", 0x6f_6b_2b),
    ("moss green", 0x4f_5f_2e),
    ("green", 0x3f_8f_3f),
    ("dark green", 0x1f_3f_2a),
    ("pale green", 0xb5_cf_ae),
    ("teal", 0x1f_7f_80),
    ("turquoise", 0x3c_c4_c0),
    ("dark teal", 0x15_55_5a),
    ("pale turquoise", 0xa5_dc_d6),
    ("pale blue", 0xb7_d0_e2),
    ("sky blue", 0x6f_b0_e0),
    ("blue", 0x2a_62_b8),
    ("navy", 0x1c_2a_4d),
    ("slate blue", 0x5c_70_8a),
    ("purple", 0x6a_3f_93),
    ("lilac", 0xb9_a3_d3),
    ("pink", 0xee_9f_bc),
    ("rose", 0xd9_6f_8c),
    ("magenta", 0xcf_3f_8c),
    ("peach", 0xf0_bf_9f),
    ("red", 0xcf_24_20),
    ("dark red", 0x7a_16_14),
    ("crimson", 0xa5_17_3a),
];

static LAB: LazyLock<[LabColor; COUNT]> = LazyLock::new(|| {
    ANCHORS.map(|(_, rgb)| {
        let [_, r, g, b] = rgb.to_be_bytes();
        LabColor::of(Color::rgb(r, g, b))
    })
});

/// One of the 39 names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ColorName(usize);

impl ColorName {
    /// The name nearest to a colour.
    pub(crate) fn of(color: LabColor) -> Self {
        let mut nearest = (f32::INFINITY, 0);
        for (index, anchor) in LAB.iter().enumerate() {
            let distance = distance(color, *anchor);
            if distance < nearest.0 {
                nearest = (distance, index);
            }
        }
        Self(nearest.1)
    }

    /// The name written as `text`, in lower case.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        ANCHORS.iter().position(|(name, _)| *name == text).map(Self)
    }

    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..COUNT).map(Self)
    }

    pub(crate) fn as_str(self) -> &'static str {
        ANCHORS[self.0].0
    }

    /// Its place among the names.
    pub(crate) fn index(self) -> usize {
        self.0
    }

    /// How far apart two names look.
    pub(crate) fn distance(self, other: Self) -> f32 {
        distance(LAB[self.0], LAB[other.0])
    }
}

/// Hue counts most: people call a pale and a deep red both red, but not a grey of equal lightness.
fn distance(one: LabColor, other: LabColor) -> f32 {
    let lightness = 0.9 * (one.l - other.l);
    let chroma = 1.9 * (one.chroma() - other.chroma());
    let hue = 2.2 * hypot(one.a - other.a, one.b - other.b);
    lightness * lightness + 0.5 * chroma * chroma + hue * hue
}
