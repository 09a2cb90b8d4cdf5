//! A cut-out set down on a ground.

use std::ops::Range;

use super::{Cutout, Shadow, cutout::alpha, lying, standing, turn::turn};
use crate::{
    domain::PixelSize,
    error::Result,
    imaging::{Lab, LabColor, Picture, Plane, Rect, distance, gaussian, math::smooth, wide::wide},
};

/// How and where a cut-out is set down.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pose {
    /// The width of the cut-out before it is turned, in pixels of the ground.
    pub(crate) width: f32,
    /// The middle from side to side.
    pub(crate) center: f32,
    /// The lower edge.
    pub(crate) bottom: f32,
    /// Where the light comes from: -1 left, 1 right.
    pub(crate) light: f32,
    /// Whether it comes from behind.
    pub(crate) backlit: bool,
    /// Clockwise; only what lies is turned.
    pub(crate) degrees: f32,
}

/// A cut-out at its final size and place. Shadows go onto the ground first, then the product over it.
#[derive(Debug)]
pub(crate) struct Placed {
    picture: Picture,
    alpha: Plane,
    shadow: Shadow,
    x: isize,
    y: isize,
    pub(crate) scale: f32,
    pub(crate) degrees: f32,
    pub(crate) light: f32,
}

/// Scales, turns and places a cut-out. Scales within 8 % of 1 become exactly 1 when nothing is turned, so
/// that no pixel is resampled.
pub(crate) fn place(cutout: &Cutout, pose: Pose) -> Result<Placed> {
    let own = cutout.picture.size();
    let degrees = if cutout.stands { 0.0 } else { pose.degrees };
    let mut scale = pose.width / own.width as f32;
    let picture = if degrees != 0.0 {
        turn(&cutout.picture, degrees, scale)?
    } else if (scale - 1.0).abs() <= 0.08 {
        scale = 1.0;
        cutout.picture.clone()
    } else {
        let side = |pixels: u32| ((pixels as f32 * scale).round() as u32).max(1);
        cutout.picture.resized(PixelSize::new(side(own.width), side(own.height)))?
    };
    let alpha = alpha(&picture);
    let shadow =
        if cutout.stands { standing(&alpha, pose.light, pose.backlit) } else { lying(&alpha, pose.light) };
    let x = (pose.center - picture.width() as f32 / 2.0).round() as isize;
    let y = (pose.bottom - picture.height() as f32).round() as isize;
    Ok(Placed { picture, alpha, shadow, x, y, scale, degrees, light: pose.light })
}

impl Placed {
    /// The box of the product on the ground, in pixels.
    pub(crate) fn bounds(&self) -> Rect {
        Rect::new(self.x as f32, self.y as f32, self.picture.width() as f32, self.picture.height() as f32)
    }

    /// Darkens the ground: to its own colour at 22 % of lightness, at most 88 % of the way.
    pub(crate) fn cast_shadow(&self, ground: &mut Lab) {
        let (bounds, reach) = (self.bounds(), self.shadow.bounds());
        let clip = |at: f32, side: usize| at.clamp(0.0, side as f32) as usize;
        let columns =
            clip(bounds.x + reach.x, ground.width())..clip(bounds.x + reach.right(), ground.width());
        let rows =
            clip(bounds.y + reach.y, ground.height())..clip(bounds.y + reach.bottom(), ground.height());
        let mut shadow = self.shadow.rows(columns.clone(), bounds.x);
        let mut dark = vec![0.0; columns.len()];
        for y in rows {
            if shadow.read(y as f32 - bounds.y, &mut dark) {
                let Lab { l, a, b } = ground;
                let under = [l, a, b].map(|plane| &mut plane.row_mut(y)[columns.clone()]);
                darken(under, &dark);
            }
        }
    }

    /// Lays the product over the ground, with a little of the ground's light round its edge. Opaque
    /// pixels further than that ring from the edge are copied.
    pub(crate) fn lay_over(&self, ground: &mut Picture) {
        let ring = (0.008 * self.picture.width() as f32).clamp(2.5, 5.0);
        let depth = distance::inside(&self.alpha);
        let light = self.ground_light(ground);
        for (own, at) in self.rows(ground.width(), ground.height()) {
            let (from, row) = (own.start % depth.width(), own.start / depth.width());
            let under = &mut ground.pixels_mut()[at];
            let pixels = self.picture.pixels()[own.clone()].iter().zip(&depth.values()[own]);
            for (x, (under, (&pixel, &depth))) in (from..).zip(under.iter_mut().zip(pixels)) {
                match pixel {
                    [.., 0] => {}
                    [r, g, b, 255] if depth >= ring => *under = [r, g, b, 255],
                    _ => {
                        let at = (x as f32 / GLOW - 0.5, row as f32 / GLOW - 0.5);
                        let wrap = 0.22 * 0.8 * (1.0 - smooth(depth / ring));
                        *under = mixed(
                            pixel,
                            *under,
                            wrap,
                            light.each_ref().map(|light| light.sample(at.0, at.1)),
                        );
                    }
                }
            }
        }
    }

    /// Takes the product out of a mask of a ground `width` wide: what it covers becomes black.
    pub(crate) fn cut_out_of(&self, mask: &mut [u8], width: usize) {
        for (own, at) in self.rows(width, mask.len() / width.max(1)) {
            for (mask, pixel) in mask[at].iter_mut().zip(&self.picture.pixels()[own]) {
                *mask = (*mask).min(255 - pixel[3]);
            }
        }
    }

    /// The places of its rows, as far as they lie on a ground of this size, in the product and on the ground.
    fn rows(&self, width: usize, height: usize) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        let (own_width, own_height) = (self.picture.width(), self.picture.height());
        let on_ground = |from: isize, len: usize, side: usize| {
            let (first, last) = (from.clamp(0, side as isize), (from + len as isize).clamp(0, side as isize));
            first as usize..last as usize
        };
        let columns = on_ground(self.x, own_width, width);
        let left = (columns.start as isize - self.x) as usize;
        let (top, len) = (self.y, columns.len());
        on_ground(top, own_height, height).filter(move |_| len > 0).map(move |y| {
            let own = (y as isize - top) as usize * own_width + left;
            let at = y * width + columns.start;
            (own..own + len, at..at + len)
        })
    }

    /// The blurred ground under the product, each channel 0..=1, one value for eight pixels each way.
    fn ground_light(&self, ground: &Picture) -> [Plane; 3] {
        let small = (self.picture.width().div_ceil(8), self.picture.height().div_ceil(8));
        let (last_x, last_y) = (ground.width() as isize - 1, ground.height() as isize - 1);
        let channel = |channel: usize| {
            let coarse = Plane::from_fn(small.0, small.1, |x, y| {
                let x = (self.x + GLOW as isize * x as isize + 4).clamp(0, last_x) as usize;
                let y = (self.y + GLOW as isize * y as isize + 4).clamp(0, last_y) as usize;
                f32::from(ground.pixels()[y * ground.width() + x][channel]) / 255.0
            });
            gaussian(&coarse, 0.03 * small.0 as f32)
        };
        [channel(0), channel(1), channel(2)]
    }
}

/// A pixel of the product over one of the ground, `wrap` of the light around on it.
#[inline]
fn mixed([r, g, b, a]: [u8; 4], under: [u8; 4], wrap: f32, light: [f32; 3]) -> [u8; 4] {
    let cover = f32::from(a) / 255.0;
    let channel = |own: u8, under: u8, light: f32| {
        let lit = 1.0 - (1.0 - f32::from(own) / 255.0) * (1.0 - wrap * light);
        let mixed = lit * cover + f32::from(under) / 255.0 * (1.0 - cover);
        (mixed * 255.0 + 0.5) as u8
    };
    [channel(r, under[0], light[0]), channel(g, under[1], light[1]), channel(b, under[2], light[2]), 255]
}

wide! {
    /// Mixes a row of the ground with its shade.
    fn darken<'a>(under: [&'a mut [f32]; 3], dark: &'a [f32]) {
        let [l, a, b] = under;
        for (((l, a), b), dark) in l.iter_mut().zip(a).zip(b).zip(dark) {
            let here = LabColor::new(*l, *a, *b);
            let mixed = here.mix(shaded(here), 0.88 * dark);
            (*l, *a, *b) = (mixed.l, mixed.a, mixed.b);
        }
    }
}

/// Pixels of the product for one of its light.
const GLOW: f32 = 8.0;

/// A ground in full shadow.
#[inline]
pub(crate) fn shaded(ground: LabColor) -> LabColor {
    LabColor::new(ground.l * 0.22, ground.a * 0.7, ground.b * 0.7)
}
