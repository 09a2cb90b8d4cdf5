//! OKLab, the colour space all colour work is done in (Björn Ottosson, "A perceptual color space for
//! image processing", 2020).

use std::sync::LazyLock;

use super::{Picture, Plane, math, wide::wide};
use crate::domain::{Color, PixelSize};

/// A colour in OKLab: lightness 0..=1, green-red and blue-yellow about -0.4..=0.4.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct LabColor {
    pub(crate) l: f32,
    pub(crate) a: f32,
    pub(crate) b: f32,
}

impl LabColor {
    pub(crate) const fn new(l: f32, a: f32, b: f32) -> Self {
        Self { l, a, b }
    }

    pub(crate) fn of(color: Color) -> Self {
        from_srgb([color.r, color.g, color.b])
    }

    /// Distance from grey.
    #[inline]
    pub(crate) fn chroma(self) -> f32 {
        math::hypot(self.a, self.b)
    }

    /// The hue angle in radians, -pi..=pi.
    #[inline]
    pub(crate) fn hue(self) -> f32 {
        math::atan2(self.b, self.a)
    }

    /// `self` at `t` = 0, `other` at 1.
    #[inline]
    pub(crate) fn mix(self, other: Self, t: f32) -> Self {
        let at = |from: f32, to: f32| from + (to - from) * t;
        Self::new(at(self.l, other.l), at(self.a, other.a), at(self.b, other.b))
    }

    #[inline]
    pub(crate) fn distance(self, other: Self) -> f32 {
        let (l, a, b) = (self.l - other.l, self.a - other.a, self.b - other.b);
        (l * l + a * a + b * b).sqrt()
    }
}

/// A raster of OKLab colours: three planes of one size.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lab {
    pub(crate) l: Plane,
    pub(crate) a: Plane,
    pub(crate) b: Plane,
}

impl Lab {
    pub(crate) fn filled(width: usize, height: usize, color: LabColor) -> Self {
        Self {
            l: Plane::filled(width, height, color.l),
            a: Plane::filled(width, height, color.a),
            b: Plane::filled(width, height, color.b),
        }
    }

    /// The colours of a picture; its alpha is not looked at.
    pub(crate) fn of(picture: &Picture) -> Self {
        read(picture)
    }

    #[inline]
    pub(crate) fn width(&self) -> usize {
        self.l.width()
    }

    #[inline]
    pub(crate) fn height(&self) -> usize {
        self.l.height()
    }

    #[inline]
    pub(crate) fn at(&self, x: isize, y: isize) -> LabColor {
        LabColor::new(self.l.at(x, y), self.a.at(x, y), self.b.at(x, y))
    }

    /// All colours in turn, row by row.
    #[inline]
    pub(crate) fn colors(&self) -> impl Iterator<Item = LabColor> {
        let (l, a, b) = (self.l.values(), self.a.values(), self.b.values());
        l.iter().zip(a).zip(b).map(|((&l, &a), &b)| LabColor::new(l, a, b))
    }

    /// Replaces every colour by `f` of its index and itself.
    #[inline(always)]
    pub(crate) fn update(&mut self, mut f: impl FnMut(usize, LabColor) -> LabColor) {
        let (l, a, b) = (self.l.values_mut(), self.a.values_mut(), self.b.values_mut());
        for (i, ((l, a), b)) in l.iter_mut().zip(a).zip(b).enumerate() {
            let color = f(i, LabColor::new(*l, *a, *b));
            (*l, *a, *b) = (color.l, color.a, color.b);
        }
    }

    pub(crate) fn each(&self, f: impl Fn(&Plane) -> Plane) -> Self {
        Self { l: f(&self.l), a: f(&self.a), b: f(&self.b) }
    }

    /// The mean of all colours.
    pub(crate) fn mean(&self) -> LabColor {
        LabColor::new(self.l.mean(), self.a.mean(), self.b.mean())
    }

    /// The opaque picture; colours outside sRGB are cut channel by channel.
    pub(crate) fn to_picture(&self) -> Picture {
        let size = PixelSize::new(self.width() as u32, self.height() as u32);
        Picture::from_rows(size, write(self))
    }
}

/// Pixels that are converted at a time.
const BLOCK: usize = 256;

wide! {
    fn read<'a>(picture: &'a Picture) -> Lab {
        let (width, height) = (picture.width(), picture.height());
        let mut lab = Lab::filled(width, height, LabColor::default());
        let (l, a, b) = (lab.l.values_mut(), lab.a.values_mut(), lab.b.values_mut());
        let linear: &[f32; 256] = &LINEAR;
        for (((pixels, l), a), b) in picture
            .pixels()
            .chunks(BLOCK)
            .zip(l.chunks_mut(BLOCK))
            .zip(a.chunks_mut(BLOCK))
            .zip(b.chunks_mut(BLOCK))
        {
            read_pixels(pixels, linear, l, a, b);
        }
        lab
    }
}

/// The colours of at most [`BLOCK`] pixels: several roots are drawn at once, and nothing leaves the cache.
#[inline(always)]
fn read_pixels(pixels: &[[u8; 4]], linear: &[f32; 256], l: &mut [f32], a: &mut [f32], b: &mut [f32]) {
    let mut light = [[0.0_f32; BLOCK]; 3];
    let [reds, greens, blues] = &mut light;
    for (((pixel, red), green), blue) in pixels.iter().zip(reds).zip(greens).zip(blues) {
        *red = linear[usize::from(pixel[0])];
        *green = linear[usize::from(pixel[1])];
        *blue = linear[usize::from(pixel[2])];
    }
    let [reds, greens, blues] = &light;
    for (((((l, a), b), red), green), blue) in l.iter_mut().zip(a).zip(b).zip(reds).zip(greens).zip(blues) {
        let color = from_linear_rgb([*red, *green, *blue]);
        (*l, *a, *b) = (color.l, color.a, color.b);
    }
}

/// The colours of a row of pixels.
#[inline(always)]
pub(super) fn read_row(pixels: &[[u8; 4]], l: &mut [f32], a: &mut [f32], b: &mut [f32]) {
    let blocks =
        pixels.chunks(BLOCK).zip(l.chunks_mut(BLOCK)).zip(a.chunks_mut(BLOCK)).zip(b.chunks_mut(BLOCK));
    for (((pixels, l), a), b) in blocks {
        read_pixels(pixels, &LINEAR, l, a, b);
    }
}

wide! {
    fn write<'a>(lab: &'a Lab) -> Vec<u8> {
        let encoded: &[u8; ENTRIES] = &ENCODED;
        let mut bytes = Vec::with_capacity(4 * lab.l.values().len());
        let mut places = [[0_i32; BLOCK]; 3];
        let mut block = [[255_u8; 4]; BLOCK];
        let colors = lab.l.values().chunks(BLOCK).zip(lab.a.values().chunks(BLOCK)).zip(lab.b.values().chunks(BLOCK));
        for ((l, a), b) in colors {
            let [reds, greens, blues] = &mut places;
            for (((((l, a), b), red), green), blue) in l.iter().zip(a).zip(b).zip(reds).zip(greens).zip(blues) {
                let [r, g, b] = to_linear_rgb(LabColor::new(*l, *a, *b));
                (*red, *green, *blue) = (place(r), place(g), place(b));
            }
            let [reds, greens, blues] = &places;
            for (((pixel, red), green), blue) in block.iter_mut().zip(reds).zip(greens).zip(blues) {
                pixel[0] = encoded[*red as usize % ENTRIES];
                pixel[1] = encoded[*green as usize % ENTRIES];
                pixel[2] = encoded[*blue as usize % ENTRIES];
            }
            bytes.extend_from_slice(block[..l.len()].as_flattened());
        }
        bytes
    }
}

/// Linear light of the 256 sRGB steps (IEC 61966-2-1).
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|step| {
        let s = step as f64 / 255.0;
        (if s <= 0.04045 { s / 12.92 } else { libm::pow((s + 0.055) / 1.055, 2.4) }) as f32
    })
});

/// Steps of the square root of linear light, so fine that every 8-bit step survives there and back: one is at most a
/// tenth of a step. Of the light itself it would take eight times as many, more than the nearest cache holds.
const STEPS: usize = 2_400;
/// The next power of two, so that a place needs no check.
const ENTRIES: usize = 4_096;

static ENCODED: LazyLock<[u8; ENTRIES]> = LazyLock::new(|| {
    let encode = |light: f64| {
        if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * libm::pow(light, 1.0 / 2.4) - 0.055 }
    };
    let light = |i: usize| (i.min(STEPS) as f64 / STEPS as f64) * (i.min(STEPS) as f64 / STEPS as f64);
    std::array::from_fn(|i| (encode(light(i)) * 255.0).round() as u8)
});

/// The linear light, 0..=1, of an sRGB step.
#[inline(always)]
pub(crate) fn to_linear(step: u8) -> f32 {
    LINEAR[usize::from(step)]
}

/// The sRGB step nearest to a linear light.
#[inline(always)]
pub(crate) fn from_linear(light: f32) -> u8 {
    ENCODED[place(light) as usize % ENTRIES]
}

/// Where a linear light stands in the table.
#[inline(always)]
fn place(light: f32) -> i32 {
    (light.clamp(0.0, 1.0).sqrt() * STEPS as f32 + 0.5) as i32
}

#[inline(always)]
pub(crate) fn from_srgb(rgb: [u8; 3]) -> LabColor {
    from_linear_rgb(rgb.map(to_linear))
}

/// The colour of linear red, green and blue, none of them negative.
#[inline(always)]
pub(crate) fn from_linear_rgb(rgb: [f32; 3]) -> LabColor {
    let [long, medium, short] = cone_response(rgb);
    from_roots([math::cbrt(long), math::cbrt(medium), math::cbrt(short)])
}

#[inline(always)]
fn cone_response([r, g, b]: [f32; 3]) -> [f32; 3] {
    [
        0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b,
        0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b,
        0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b,
    ]
}

#[inline(always)]
fn from_roots([l, m, s]: [f32; 3]) -> LabColor {
    LabColor {
        l: 0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        a: 1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        b: 0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    }
}

/// Linear red, green and blue, not cut to 0..=1.
#[inline(always)]
pub(crate) fn to_linear_rgb(color: LabColor) -> [f32; 3] {
    let l = color.l + 0.396_337_78 * color.a + 0.215_803_76 * color.b;
    let m = color.l - 0.105_561_346 * color.a - 0.063_854_17 * color.b;
    let s = color.l - 0.089_484_18 * color.a - 1.291_485_5 * color.b;
    let (l, m, s) = (l * l * l, m * m * m, s * s * s);
    [
        4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
        -1.268_438 * l + 2.609_757_4 * m - 0.341_319_4 * s,
        -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
    ]
}

#[inline(always)]
pub(crate) fn to_srgb(color: LabColor) -> [u8; 3] {
    to_linear_rgb(color).map(from_linear)
}
