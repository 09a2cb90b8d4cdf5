//! Shadows. What ties a product to its ground is a footprint along its true lower outline; a flat
//! ellipse makes it hover.

use crate::imaging::{
    Plane, Rect, gaussian, gaussian_xy,
    math::{mix, smooth},
    rank::percentile,
};

/// The long side a product is worked out at for its shadow, which is soft enough to be enlarged.
const LONG: usize = 200;

/// The darkness of a shadow, 0..=1, round a product.
#[derive(Debug)]
pub(crate) struct Shadow {
    plane: Plane,
    /// Pixels of the plane for each pixel of the product.
    scale: f32,
    /// Where the plane begins, in its pixels from the upper left of the product's box.
    origin: (f32, f32),
}

impl Shadow {
    /// The darkness of rows of `columns`, in pixels from the upper left of the product's box.
    pub(crate) fn rows(&self, columns: std::ops::Range<usize>, from: f32) -> Rows<'_> {
        let last = (self.plane.width() - 1) as f32;
        let places = columns.map(|x| {
            let x = (x as f32 - from + 0.5) * self.scale - self.origin.0 - 0.5;
            // The last pixel is reached from the one before, so that there always is a next one.
            let left = (x.clamp(0.0, last) as usize).min(self.plane.width().saturating_sub(2));
            (left as u32, (x.clamp(0.0, last) - left as f32))
        });
        Rows { shadow: self, places: places.collect(), between: vec![0.0; self.plane.width().max(2)] }
    }

    /// The box outside of which there is no shadow, in pixels from the upper left of the product's box.
    pub(crate) fn bounds(&self) -> Rect {
        let all =
            Rect::new(self.origin.0, self.origin.1, self.plane.width() as f32, self.plane.height() as f32);
        all.scaled(1.0 / self.scale, 1.0 / self.scale)
    }
}

/// Reads the darkness row by row.
pub(crate) struct Rows<'a> {
    shadow: &'a Shadow,
    /// For each column the pixel of the plane to its left, and how far it is from there to the next.
    places: Vec<(u32, f32)>,
    between: Vec<f32>,
}

impl Rows<'_> {
    /// Writes row `y` over `out`; false where it has no shadow.
    pub(crate) fn read(&mut self, y: f32, out: &mut [f32]) -> bool {
        let Shadow { plane, scale, origin } = self.shadow;
        let y = (y + 0.5) * scale - origin.1 - 0.5;
        if y < 0.0 || y >= plane.height() as f32 {
            return false;
        }
        let upper = (y as usize).min(plane.height() - 1);
        let (above, below) = (plane.row(upper), plane.row((upper + 1).min(plane.height() - 1)));
        let mut most = 0.0_f32;
        for ((between, above), below) in self.between.iter_mut().zip(above).zip(below) {
            *between = mix(*above, *below, y - upper as f32);
            most = most.max(*between);
        }
        if most <= 0.001 {
            return false;
        }
        for (out, &(left, share)) in out.iter_mut().zip(&self.places) {
            let pair = &self.between[left as usize..][..2];
            *out = mix(pair[0], pair[1], share);
        }
        true
    }
}

/// The mask made small, and the frame beside it that the shadow may fall into.
struct Stage {
    mask: Plane,
    /// The frame's left and top from the mask's.
    left: isize,
    top: isize,
    width: usize,
    height: usize,
    scale: f32,
}

impl Stage {
    /// A frame that goes beyond the mask by shares of its longer side; `above` counts from its lower edge.
    fn new(alpha: &Plane, aside: f32, above: f32, below: f32) -> Self {
        let scale = (LONG as f32 / alpha.width().max(alpha.height()) as f32).min(1.0);
        let side = |pixels: usize| ((pixels as f32 * scale).round() as usize).max(1);
        let mask = alpha.resized(side(alpha.width()), side(alpha.height()));
        let (w, h) = (mask.width(), mask.height());
        let long = w.max(h) as f32;
        let reach = |share: f32| (share * long).ceil() as isize;
        Self {
            left: -reach(aside),
            top: h as isize - reach(above),
            width: w + 2 * reach(aside) as usize,
            height: (reach(above) + reach(below)) as usize,
            scale: w as f32 / alpha.width() as f32,
            mask,
        }
    }

    /// A plane of the frame; `value` gets pixels of the mask.
    fn plane(&self, mut value: impl FnMut(f32, f32) -> f32) -> Plane {
        Plane::from_fn(self.width, self.height, |x, y| {
            value((x as isize + self.left) as f32, (y as isize + self.top) as f32)
        })
    }

    /// The mask between pixels; nothing lies beyond it.
    fn cover(&self, x: f32, y: f32) -> f32 {
        let (w, h) = (self.mask.width() as f32, self.mask.height() as f32);
        if x < -0.5 || y < -0.5 || x > w - 0.5 || y > h - 0.5 { 0.0 } else { self.mask.sample(x, y) }
    }

    fn finish(self, plane: &Plane) -> Shadow {
        // It fades out before the frame ends, so that no border shows.
        let (w, h) = (plane.width() as f32, plane.height() as f32);
        let fade = 0.06 * w.max(h);
        let faded = Plane::from_fn(plane.width(), plane.height(), |x, y| {
            let value = plane.row(y)[x];
            let (x, y) = (x as f32, y as f32);
            let edge = x.min(y).min(w - 1.0 - x).min(h - 1.0 - y);
            if edge >= fade { value } else { value * smooth(edge / fade.max(1.0)) }
        });
        Shadow { plane: faded, scale: self.scale, origin: (self.left as f32, self.top as f32) }
    }
}

/// The shadow of a standing product. `light` is where the light comes from: -1 left, 1 right. Against the
/// light it falls forward.
pub(crate) fn standing(alpha: &Plane, light: f32, backlit: bool) -> Shadow {
    let stage = Stage::new(alpha, 0.45, 0.45, if backlit { 0.5 } else { 0.25 });
    let (w, h) = (stage.mask.width() as f32, stage.mask.height() as f32);
    let line = footprint(&stage);
    let contact = gaussian_xy(&line, 0.010 * w, 0.006 * w);
    let ambient = gaussian_xy(&line, 0.045 * w, 0.020 * w);
    let bands = [(0.0, 0.35, 0.010, 0.55), (0.2, 0.7, 0.028, 0.46), (0.5, 1.0, 0.06, 0.34)];
    let mut cast = Plane::filled(line.width(), line.height(), 0.0);
    for (from, to, blur, strength) in bands {
        // A point at height z above the ground throws its shadow away from the light and to the back. Bands
        // end softly: a cut edge would be blurred into one of its own.
        let band = stage.plane(|x, y| {
            let z = (h - y) / if backlit { -0.22 } else { 0.20 };
            let t = z / h;
            if z < 0.0 || t > to {
                return 0.0;
            }
            let fade = smooth((t - from + 0.1) / 0.1) * smooth((to - t) / 0.15);
            if fade > 0.0 { fade * stage.cover(x + light * z, h - z) } else { 0.0 }
        });
        cast = cast.zip(&gaussian(&band, blur * w), |cast, band| cast.max(band * strength));
    }
    let cast = gaussian(&cast, 0.008 * w);
    let feet = contact.zip(&ambient, |contact, ambient| {
        union((1.6 * contact).min(1.0) * 0.80, (2.2 * ambient).min(1.0) * 0.55)
    });
    stage.finish(&feet.zip(&cast, union))
}

/// The shadow of a product that lies flat, seen from above.
pub(crate) fn lying(alpha: &Plane, light: f32) -> Shadow {
    let tall = alpha.height() as f32 / alpha.width().max(alpha.height()) as f32;
    let stage = Stage::new(alpha, 0.3, tall + 0.3, 0.3);
    let w = stage.mask.width() as f32;
    let layers = [(0.010, 0.005, 0.48), (0.030, 0.020, 0.38), (0.07, 0.055, 0.26)];
    let mut all = Plane::filled(stage.width, stage.height, 0.0);
    for (offset, blur, strength) in layers {
        let (dx, dy) = (light.signum() * offset * w, -offset * w);
        let moved = stage.plane(|x, y| stage.cover(x + dx, y + dy));
        all = all.zip(&gaussian(&moved, blur * w), |all, layer| union(all, layer * strength));
    }
    stage.finish(&all)
}

/// A line along the lower outline, where that is within 16 % of the product's height of the ground.
fn footprint(stage: &Stage) -> Plane {
    let (width, height) = (stage.mask.width(), stage.mask.height());
    let (w, h) = (width as f32, height as f32);
    let lowest: Vec<Option<usize>> =
        (0..width).map(|x| (0..height).rev().find(|&y| stage.mask.row(y)[x] >= 0.5)).collect();
    let bottoms: Vec<f32> = lowest.iter().flatten().map(|&y| y as f32).collect();
    let ground = percentile(&bottoms, 0.98);
    // The column of the frame, where it is one of the mask and ends near the ground.
    let bottom = |x: usize| {
        let column = usize::try_from(x as isize + stage.left).ok().filter(|x| *x < width)?;
        lowest[column].filter(|y| ground - *y as f32 <= 0.16 * h)
    };
    // Smoothed together with its weight, so that gaps do not pull the line up.
    let weight = Plane::from_fn(stage.width, 1, |x, _| f32::from(u8::from(bottom(x).is_some())));
    let sum = Plane::from_fn(stage.width, 1, |x, _| bottom(x).map_or(0.0, |y| y as f32));
    let (weight, sum) = (gaussian_xy(&weight, 0.02 * w, 0.0), gaussian_xy(&sum, 0.02 * w, 0.0));
    let half = (0.012 * h).max(1.0);
    Plane::from_fn(stage.width, stage.height, |x, y| {
        let (weight, sum) = (weight.values()[x], sum.values()[x]);
        if weight < 0.02 {
            return 0.0;
        }
        let off = ((y as isize + stage.top) as f32 - sum / weight).abs();
        weight.min(1.0) * (1.0 - smooth((off - half) / half))
    })
}

fn union(a: f32, b: f32) -> f32 {
    1.0 - (1.0 - a) * (1.0 - b)
}
