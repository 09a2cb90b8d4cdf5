//! A cut-out set down on a ground.

use super::{Cutout, Shadow, cutout::alpha, lying, standing};
use crate::{
    domain::PixelSize,
    error::Result,
    imaging::{Lab, LabColor, Picture, Plane, Rect, distance, gaussian, math::smooth},
};

/// A cut-out at its final size and place. Shadows go onto the ground first, then the product over it.
#[derive(Debug)]
pub(crate) struct Placed {
    picture: Picture,
    alpha: Plane,
    shadow: Shadow,
    x: isize,
    y: isize,
}

/// Scales a cut-out to `width` pixels with its lower edge at `bottom` and its middle at `center`.
/// Scales within 8 % of 1 become exactly 1, so that no pixel is resampled.
pub(crate) fn place(cutout: &Cutout, width: f32, center: f32, bottom: f32, light: f32) -> Result<Placed> {
    let own = cutout.picture.size();
    let scale = width / own.width as f32;
    let picture = if (scale - 1.0).abs() <= 0.08 {
        cutout.picture.clone()
    } else {
        let side = |pixels: u32| ((pixels as f32 * scale).round() as u32).max(1);
        cutout.picture.resized(PixelSize::new(side(own.width), side(own.height)))?
    };
    let alpha = alpha(&picture);
    let shadow = if cutout.stands { standing(&alpha, light) } else { lying(&alpha, light) };
    let x = (center - picture.width() as f32 / 2.0).round() as isize;
    let y = (bottom - picture.height() as f32).round() as isize;
    Ok(Placed { picture, alpha, shadow, x, y })
}

impl Placed {
    /// The box of the product on the ground, in pixels.
    pub(crate) fn bounds(&self) -> Rect {
        Rect::new(self.x as f32, self.y as f32, self.picture.width() as f32, self.picture.height() as f32)
    }

    /// Darkens the ground: to its own colour at 22 % of lightness, at most 88 % of the way.
    pub(crate) fn cast_shadow(&self, ground: &mut Lab) {
        let reach = self.shadow.reach();
        let bounds = self.bounds();
        let clip = |at: f32, side: usize| at.clamp(0.0, side as f32) as usize;
        let columns = clip(bounds.x - reach, ground.width())..clip(bounds.right() + reach, ground.width());
        for y in clip(bounds.y - reach, ground.height())..clip(bounds.bottom() + reach, ground.height()) {
            let start = y * ground.width();
            for x in columns.clone() {
                let dark = self.shadow.at(x as f32 - bounds.x, y as f32 - bounds.y);
                if dark > 0.001 {
                    let here = ground.at(x as isize, y as isize);
                    let shaded = LabColor::new(here.l * 0.22, here.a * 0.7, here.b * 0.7);
                    let mixed = here.mix(shaded, 0.88 * dark);
                    ground.l.values_mut()[start + x] = mixed.l;
                    ground.a.values_mut()[start + x] = mixed.a;
                    ground.b.values_mut()[start + x] = mixed.b;
                }
            }
        }
    }

    /// Lays the product over the ground, with a little of the ground's light round its edge. Opaque
    /// pixels further than that ring from the edge are copied.
    pub(crate) fn lay_over(&self, ground: &mut Picture) {
        let (width, height) = (ground.width() as isize, ground.height() as isize);
        let ring = (0.008 * self.picture.width() as f32).clamp(2.5, 5.0);
        let depth = distance::inside(&self.alpha);
        let light = self.ground_light(ground);
        for (i, &[r, g, b, a]) in self.picture.pixels().iter().enumerate() {
            let (px, py) = (i % self.picture.width(), i / self.picture.width());
            let (x, y) = (self.x + px as isize, self.y + py as isize);
            if a == 0 || x < 0 || y < 0 || x >= width || y >= height {
                continue;
            }
            let under = &mut ground.pixels_mut()[(y * width + x) as usize];
            let wrap = 0.22 * 0.8 * (1.0 - smooth(depth.values()[i] / ring));
            if a == 255 && wrap == 0.0 {
                *under = [r, g, b, 255];
                continue;
            }
            let cover = f32::from(a) / 255.0;
            for ((under, own), light) in under.iter_mut().zip([r, g, b]).zip(&light) {
                let own = f32::from(own) / 255.0;
                let lit = 1.0 - (1.0 - own) * (1.0 - wrap * light.values()[i]);
                let mixed = lit * cover + f32::from(*under) / 255.0 * (1.0 - cover);
                *under = (mixed * 255.0).round() as u8;
            }
        }
    }

    /// The blurred ground under the product, each channel 0..=1.
    fn ground_light(&self, ground: &Picture) -> [Plane; 3] {
        let (width, height) = (self.picture.width(), self.picture.height());
        let small = (width.div_ceil(8), height.div_ceil(8));
        let (last_x, last_y) = (ground.width() as isize - 1, ground.height() as isize - 1);
        let channel = |channel: usize| {
            let coarse = Plane::from_fn(small.0, small.1, |x, y| {
                let x = (self.x + 8 * x as isize + 4).clamp(0, last_x) as usize;
                let y = (self.y + 8 * y as isize + 4).clamp(0, last_y) as usize;
                f32::from(ground.pixels()[y * ground.width() + x][channel]) / 255.0
            });
            gaussian(&coarse, 0.03 * small.0 as f32).resized(width, height)
        };
        [channel(0), channel(1), channel(2)]
    }
}
