//! Shadows. What ties a product to its ground is a footprint along its true lower outline; a flat
//! ellipse makes it hover.

use crate::imaging::{Plane, gaussian, gaussian_xy, math::smooth, plane::percentile};

/// The long side a shadow is worked out at; it is soft enough to be enlarged.
const LONG: usize = 420;

/// The darkness of a shadow, 0..=1, round a product.
#[derive(Debug)]
pub(crate) struct Shadow {
    plane: Plane,
    /// Pixels of the plane for each pixel of the product.
    scale: f32,
    /// Where the product's box begins in the plane.
    origin: f32,
}

impl Shadow {
    /// The darkness at `x`, `y` in pixels from the upper left of the product's box.
    pub(crate) fn at(&self, x: f32, y: f32) -> f32 {
        let (x, y) = ((x + 0.5) * self.scale + self.origin - 0.5, (y + 0.5) * self.scale + self.origin - 0.5);
        let inside = x >= 0.0 && y >= 0.0 && x < self.plane.width() as f32 && y < self.plane.height() as f32;
        if inside { self.plane.sample(x, y) } else { 0.0 }
    }

    /// How far the shadow may reach beyond the product's box, in its pixels.
    pub(crate) fn reach(&self) -> f32 {
        self.origin / self.scale
    }
}

/// The mask made small, in a frame wide enough for its shadow.
struct Stage {
    mask: Plane,
    width: usize,
    height: usize,
    origin: usize,
    scale: f32,
}

impl Stage {
    fn new(alpha: &Plane) -> Self {
        let scale = (LONG as f32 / alpha.width().max(alpha.height()) as f32).min(1.0);
        let side = |pixels: usize| ((pixels as f32 * scale).round() as usize).max(1);
        let small = alpha.resized(side(alpha.width()), side(alpha.height()));
        let (width, height) = (small.width(), small.height());
        let origin = (0.45 * width.max(height) as f32).ceil() as usize;
        let mask = Plane::from_fn(width + 2 * origin, height + 2 * origin, |x, y| {
            match (x.checked_sub(origin), y.checked_sub(origin)) {
                (Some(x), Some(y)) if x < width && y < height => small.row(y)[x],
                _ => 0.0,
            }
        });
        Self { mask, width, height, origin, scale: width as f32 / alpha.width() as f32 }
    }

    fn finish(self, plane: Plane) -> Shadow {
        // It fades out before the frame ends, so that no border shows.
        let (w, h) = (plane.width() as f32, plane.height() as f32);
        let fade = 0.25 * self.origin as f32;
        let faded = Plane::from_fn(plane.width(), plane.height(), |x, y| {
            let (x, y) = (x as f32, y as f32);
            let edge = x.min(y).min(w - 1.0 - x).min(h - 1.0 - y);
            plane.row(y as usize)[x as usize] * smooth(edge / fade.max(1.0))
        });
        Shadow { plane: faded, scale: self.scale, origin: self.origin as f32 }
    }
}

/// The shadow of a standing product. `light` is where the light comes from: -1 left, 1 right. Against the
/// light it falls forward.
pub(crate) fn standing(alpha: &Plane, light: f32, backlit: bool) -> Shadow {
    let stage = Stage::new(alpha);
    let (w, h) = (stage.width as f32, stage.height as f32);
    let ground = (stage.origin + stage.height) as f32;
    let line = footprint(&stage);
    let contact = gaussian_xy(&line, 0.010 * w, 0.006 * w).map(|v| (1.6 * v).min(1.0) * 0.80);
    let ambient = gaussian_xy(&line, 0.045 * w, 0.020 * w).map(|v| (2.2 * v).min(1.0) * 0.55);
    let bands = [(0.0, 0.35, 0.010, 0.55), (0.2, 0.7, 0.028, 0.46), (0.5, 1.0, 0.06, 0.34)];
    let mut cast = Plane::filled(line.width(), line.height(), 0.0);
    for (from, to, blur, strength) in bands {
        // A point at height z above the ground throws its shadow away from the light and to the back. Bands
        // end softly: a cut edge would be blurred into one of its own.
        let band = Plane::from_fn(line.width(), line.height(), |x, y| {
            let above = ground - y as f32;
            let z = if backlit { above / -0.22 } else { above / 0.20 };
            let t = z / h;
            if z < 0.0 || t > to {
                return 0.0;
            }
            let fade = smooth((t - from + 0.1) / 0.1) * smooth((to - t) / 0.15);
            if fade > 0.0 { fade * stage.mask.sample(x as f32 + light * z, ground - z) } else { 0.0 }
        });
        cast = cast.zip(&gaussian(&band, blur * w), |cast, band| cast.max(band * strength));
    }
    let cast = gaussian(&cast, 0.008 * w);
    let all = contact.zip(&ambient, union).zip(&cast, union);
    stage.finish(all)
}

/// The shadow of a product that lies flat, seen from above.
pub(crate) fn lying(alpha: &Plane, light: f32) -> Shadow {
    let stage = Stage::new(alpha);
    let w = stage.width as f32;
    let layers = [(0.010, 0.005, 0.48), (0.030, 0.020, 0.38), (0.07, 0.055, 0.26)];
    let mut all = Plane::filled(stage.mask.width(), stage.mask.height(), 0.0);
    for (offset, blur, strength) in layers {
        let (dx, dy) = (light.signum() * offset * w, -offset * w);
        let moved =
            Plane::from_fn(all.width(), all.height(), |x, y| stage.mask.sample(x as f32 + dx, y as f32 + dy));
        all = all.zip(&gaussian(&moved, blur * w), |all, layer| union(all, layer * strength));
    }
    stage.finish(all)
}

/// A line along the lower outline, where that is within 16 % of the product's height of the ground.
fn footprint(stage: &Stage) -> Plane {
    let (width, height) = (stage.mask.width(), stage.mask.height());
    let (w, h) = (stage.width as f32, stage.height as f32);
    let lowest: Vec<Option<usize>> =
        (0..width).map(|x| (0..height).rev().find(|&y| stage.mask.row(y)[x] >= 0.5)).collect();
    let mut bottoms: Vec<f32> = lowest.iter().flatten().map(|&y| y as f32).collect();
    let ground = percentile(&mut bottoms, 0.98);
    let near = |y: &usize| ground - *y as f32 <= 0.16 * h;
    // Smoothed together with its weight, so that gaps do not pull the line up.
    let weight = Plane::from_fn(width, 1, |x, _| f32::from(u8::from(lowest[x].as_ref().is_some_and(near))));
    let sum = Plane::from_fn(width, 1, |x, _| lowest[x].filter(near).map_or(0.0, |y| y as f32));
    let (weight, sum) = (gaussian_xy(&weight, 0.02 * w, 0.0), gaussian_xy(&sum, 0.02 * w, 0.0));
    let half = (0.012 * h).max(1.0);
    Plane::from_fn(width, height, |x, y| {
        let (weight, sum) = (weight.values()[x], sum.values()[x]);
        if weight < 0.02 {
            return 0.0;
        }
        let off = (y as f32 - sum / weight).abs();
        weight.min(1.0) * (1.0 - smooth((off - half) / half))
    })
}

fn union(a: f32, b: f32) -> f32 {
    1.0 - (1.0 - a) * (1.0 - b)
}
