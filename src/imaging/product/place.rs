//! A cut-out set down on a ground.

use super::{Cutout, Shadow, cutout::alpha, lying, standing, turn::turn};
use crate::{
    domain::PixelSize,
    error::Result,
    imaging::{Lab, LabColor, Picture, Plane, Rect, distance, gaussian, math::smooth},
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
        for y in rows {
            let dark = self.shadow.row(y as f32 - bounds.y, columns.clone().map(|x| x as f32 - bounds.x));
            let span = y * ground.width() + columns.start..y * ground.width() + columns.end;
            let (l, a, b) = (ground.l.values_mut(), ground.a.values_mut(), ground.b.values_mut());
            let under = l[span.clone()].iter_mut().zip(&mut a[span.clone()]).zip(&mut b[span]);
            for (((l, a), b), dark) in under.zip(dark) {
                if dark > 0.001 {
                    let here = LabColor::new(*l, *a, *b);
                    let mixed = here.mix(shaded(here), 0.88 * dark);
                    (*l, *a, *b) = (mixed.l, mixed.a, mixed.b);
                }
            }
        }
    }

    /// Lays the product over the ground, with a little of the ground's light round its edge. Opaque
    /// pixels further than that ring from the edge are copied.
    pub(crate) fn lay_over(&self, ground: &mut Picture) {
        let ring = (0.008 * self.picture.width() as f32).clamp(2.5, 5.0);
        let depth = distance::inside(&self.alpha);
        let light = self.ground_light(ground);
        let width = ground.width();
        for (i, at) in self.on(ground.width(), ground.height()) {
            let [r, g, b, a] = self.picture.pixels()[i];
            let under = &mut ground.pixels_mut()[at];
            let wrap = 0.22 * 0.8 * (1.0 - smooth(depth.values()[i] / ring));
            if a == 255 && wrap == 0.0 {
                *under = [r, g, b, 255];
                continue;
            }
            let cover = f32::from(a) / 255.0;
            let (x, y) = ((at % width) as f32 - self.x as f32, (at / width) as f32 - self.y as f32);
            for ((under, own), light) in under.iter_mut().zip([r, g, b]).zip(&light) {
                let own = f32::from(own) / 255.0;
                let around = light.sample(x / GLOW - 0.5, y / GLOW - 0.5);
                let lit = 1.0 - (1.0 - own) * (1.0 - wrap * around);
                let mixed = lit * cover + f32::from(*under) / 255.0 * (1.0 - cover);
                *under = (mixed * 255.0).round() as u8;
            }
        }
    }

    /// Takes the product out of a mask of a ground `width` wide: what it covers becomes black.
    pub(crate) fn cut_out_of(&self, mask: &mut [u8], width: usize) {
        for (i, at) in self.on(width, mask.len() / width.max(1)) {
            mask[at] = mask[at].min(255 - self.picture.pixels()[i][3]);
        }
    }

    /// The places of its visible pixels, in the product and on a ground of this size.
    fn on(&self, width: usize, height: usize) -> impl Iterator<Item = (usize, usize)> {
        let own = self.picture.width();
        self.picture.pixels().iter().enumerate().filter_map(move |(i, pixel)| {
            let x = usize::try_from(self.x + (i % own) as isize).ok().filter(|x| *x < width)?;
            let y = usize::try_from(self.y + (i / own) as isize).ok().filter(|y| *y < height)?;
            (pixel[3] > 0).then_some((i, y * width + x))
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

/// Pixels of the product for one of its light.
const GLOW: f32 = 8.0;

/// A ground in full shadow.
pub(crate) fn shaded(ground: LabColor) -> LabColor {
    LabColor::new(ground.l * 0.22, ground.a * 0.7, ground.b * 0.7)
}
