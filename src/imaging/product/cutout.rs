//! The cut-out itself: a clean edge, and whether it stands or lies.

use super::light::slope;
use crate::{
    domain::PixelSize,
    error::{Error, ErrorKind, Result},
    imaging::{Lab, LabColor, Picture, Plane, distance, gaussian, math::smooth, oklab::from_srgb},
};

/// How deep the colours of an edge are replaced, in pixels.
const FRINGE: f32 = 3.0;

/// A product without its ground, cut to its own box.
#[derive(Clone, Debug)]
pub(crate) struct Cutout {
    pub(crate) picture: Picture,
    /// Whether it touches the ground along much of its lower edge. Scissors do not: they lie.
    pub(crate) stands: bool,
    /// Colours just inside its outline, all the way round: what must stand out from the ground.
    pub(crate) outline: Vec<LabColor>,
    /// Where its own light comes from: -1 left, 1 right.
    pub(crate) light: f32,
}

impl Cutout {
    /// Cleans a picture with transparency. Pixels 5 px and more inside the edge stay as they are.
    ///
    /// # Errors
    /// When the picture is nothing but transparency.
    pub(crate) fn new(picture: &Picture) -> Result<Self> {
        let alpha = alpha(picture);
        if opaque_share(&alpha) < 0.001 {
            return Err(Error::invalid(
                "the product picture is transparent all over: there is nothing to place",
            ));
        }
        let mut clean = picture.clone();
        let depth = distance::inside(&alpha);
        replace_fringe(&mut clean, &depth);
        smooth_edge(&mut clean, &alpha, &depth);
        let picture = trimmed(&clean)?;
        let alpha = self::alpha(&picture);
        Ok(Self {
            stands: stands(&alpha),
            outline: outline(&picture, &alpha),
            light: light(&picture),
            picture,
        })
    }

    /// Whether a picture is no cut-out: next to nothing of it is transparent.
    pub(crate) fn has_ground(picture: &Picture) -> bool {
        opaque_share(&alpha(picture)) > 0.985
    }
}

fn opaque_share(alpha: &Plane) -> f32 {
    alpha.map(|alpha| f32::from(u8::from(alpha >= 0.5))).mean()
}

/// Alpha as 0..=1.
pub(super) fn alpha(picture: &Picture) -> Plane {
    let values = picture.pixels().iter().map(|pixel| f32::from(pixel[3]) / 255.0).collect();
    Plane::from_values(picture.width(), picture.height(), values)
}

/// Rounds saw-teeth and pulls the edge in by about a pixel. Parts too thin for that keep their alpha.
fn smooth_edge(picture: &mut Picture, alpha: &Plane, depth: &Plane) {
    let (wide, narrow) = (gaussian(alpha, 2.0), gaussian(alpha, 0.7));
    // Where the shape is less than five pixels thick.
    let thin = distance::inside(&depth.map(|depth| f32::from(u8::from(depth < 2.5))));
    let blurred = wide.values().iter().zip(narrow.values());
    let own = alpha.values().iter().zip(thin.values());
    for ((pixel, (wide, narrow)), (alpha, thin)) in picture.pixels_mut().iter_mut().zip(blurred).zip(own) {
        let rounded = smooth((wide - 0.46) / 0.30).min(smooth(narrow / 0.5));
        let kept = alpha * smooth((thin - 4.0) / 2.0);
        pixel[3] = (rounded.max(kept) * 255.0 + 0.5) as u8;
    }
}

/// Colours near the edge fade to the nearest colour from further inside, which takes away white fringes.
fn replace_fringe(picture: &mut Picture, depth: &Plane) {
    /// No core is known yet.
    const NONE: u32 = u32::MAX;
    let (width, height) = (depth.width(), depth.height());
    let before = picture.pixels().to_vec();
    let depths = depth.values();
    let mut nearest: Vec<u32> =
        (0..).zip(depths).map(|(i, &depth)| if depth > FRINGE { i } else { NONE }).collect();
    let is_rim = |&i: &usize| depths[i] > FRINGE && depths[i] <= FRINGE + 1.5;
    let mut reached: Vec<usize> = (0..nearest.len()).filter(is_rim).collect();
    // Outwards step by step: ten are further than any fringe.
    for _ in 0..10 {
        let mut next_reached = Vec::with_capacity(reached.len());
        for &i in &reached {
            let (x, y) = (i % width, i / width);
            let around = [
                (x > 0, i.wrapping_sub(1)),
                (x + 1 < width, i + 1),
                (y > 0, i.wrapping_sub(width)),
                (y + 1 < height, i + width),
            ];
            for (is_there, next) in around {
                if is_there && nearest[next] == NONE {
                    nearest[next] = nearest[i];
                    next_reached.push(next);
                    let own = smooth(depths[next] / (FRINGE + 0.5));
                    let (core, pixel) = (before[nearest[i] as usize], &mut picture.pixels_mut()[next]);
                    for (channel, core) in pixel.iter_mut().zip(core).take(3) {
                        let (from, to) = (f32::from(core), f32::from(*channel));
                        *channel = (from + (to - from) * own + 0.5) as u8;
                    }
                }
            }
        }
        reached = next_reached;
    }
}

fn trimmed(picture: &Picture) -> Result<Picture> {
    let (width, height) = (picture.width(), picture.height());
    let (mut x0, mut y0, mut x1, mut y1) = (width, height, 0, 0);
    for (i, _) in picture.pixels().iter().enumerate().filter(|(_, pixel)| pixel[3] > 2) {
        let (x, y) = (i % width, i / width);
        (x0, y0, x1, y1) = (x0.min(x), y0.min(y), x1.max(x + 1), y1.max(y + 1));
    }
    if x0 >= x1 || y0 >= y1 {
        return Err(Error::invalid("the product picture is too thin to place: give a larger cut-out"));
    }
    let (w, h) = (x1 - x0, y1 - y0);
    let rows = picture.as_bytes().chunks_exact(4 * width).skip(y0).take(h);
    let bytes = rows.flat_map(|row| &row[4 * x0..4 * x1]).copied().collect();
    let size = PixelSize::new(w as u32, h as u32);
    Picture::from_bytes(size, bytes)
        .ok_or_else(|| Error::new(ErrorKind::Internal, format!("a cut-out of {size} pixels has lost some")))
}

/// The colours five pixels inside the outline, where no edge is mixed in: every third pixel of that line.
fn outline(picture: &Picture, alpha: &Plane) -> Vec<LabColor> {
    let depth = distance::inside(alpha);
    let line = picture.pixels().iter().zip(depth.values()).filter(|(_, depth)| (4.0..6.0).contains(*depth));
    let colors: Vec<LabColor> = line.step_by(3).map(|(&[r, g, b, _], _)| from_srgb([r, g, b])).collect();
    if !colors.is_empty() {
        return colors;
    }
    let any = picture.pixels().iter().filter(|pixel| pixel[3] > 127).step_by(7);
    any.map(|&[r, g, b, _]| from_srgb([r, g, b])).collect()
}

/// The slope of lightness from side to side inside the shape, in steps of .35.
fn light(picture: &Picture) -> f32 {
    let Ok(small) = picture.at_most(64) else { return 0.0 };
    let lab = Lab::of(&small);
    let inside = |i: usize| f32::from(u8::from(small.pixels()[i][3] > 200));
    let weight = Plane::from_fn(lab.width(), lab.height(), |x, y| inside(y * lab.width() + x));
    (slope(&lab.l, &weight) / 0.35).clamp(-1.0, 1.0)
}

/// A quarter of the columns must end within 7 % of the bottom (scissors .17, a camera .85).
fn stands(alpha: &Plane) -> bool {
    let (width, height) = (alpha.width(), alpha.height());
    let near = (height as f32 * 0.93) as usize;
    let touching =
        (0..width).filter(|&x| (near.min(height - 1)..height).any(|y| alpha.row(y)[x] >= 0.5)).count();
    touching as f32 >= 0.25 * width as f32
}
