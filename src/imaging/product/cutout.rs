//! The cut-out itself: a clean edge, and whether it stands or lies.

use std::collections::VecDeque;

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
        for (pixel, alpha) in clean.pixels_mut().iter_mut().zip(smooth_edge(&alpha, &depth).values()) {
            pixel[3] = (alpha * 255.0).round() as u8;
        }
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
fn smooth_edge(alpha: &Plane, depth: &Plane) -> Plane {
    let (wide, narrow) = (gaussian(alpha, 2.0), gaussian(alpha, 0.7));
    let thick = thick_parts(depth);
    let rounded = wide.zip(&narrow, |wide, narrow| smooth((wide - 0.46) / 0.30).min(smooth(narrow / 0.5)));
    let kept = alpha.zip(&thick, |alpha, thick| alpha * (1.0 - thick));
    rounded.zip(&kept, f32::max)
}

/// 1 where the shape is at least five pixels thick, with a soft border.
fn thick_parts(depth: &Plane) -> Plane {
    let outside = distance::inside(&depth.map(|depth| f32::from(u8::from(depth < 2.5))));
    outside.map(|off| 1.0 - smooth((off - 4.0) / 2.0))
}

/// Colours near the edge fade to the nearest colour from further inside, which takes away white fringes.
fn replace_fringe(picture: &mut Picture, depth: &Plane) {
    let (width, height) = (depth.width(), depth.height());
    let mut nearest: Vec<Option<usize>> =
        depth.values().iter().enumerate().map(|(i, &d)| (d > FRINGE).then_some(i)).collect();
    let mut queue: VecDeque<(usize, u8)> = (0..nearest.len())
        .filter(|&i| nearest[i].is_some() && depth.values()[i] <= FRINGE + 1.5)
        .map(|i| (i, 0))
        .collect();
    while let Some((i, steps)) = queue.pop_front() {
        let (x, y) = (i % width, i / width);
        let around = [
            (x > 0).then(|| i - 1),
            (x + 1 < width).then(|| i + 1),
            (y > 0).then(|| i - width),
            (y + 1 < height).then(|| i + width),
        ];
        for next in around.into_iter().flatten() {
            if nearest[next].is_none() && steps < 10 {
                nearest[next] = nearest[i];
                queue.push_back((next, steps + 1));
            }
        }
    }
    let before: Vec<[u8; 4]> = picture.pixels().to_vec();
    for (i, pixel) in picture.pixels_mut().iter_mut().enumerate() {
        let Some(core) = nearest[i].filter(|&core| core != i) else { continue };
        let own = smooth(depth.values()[i] / (FRINGE + 0.5));
        for channel in 0..3 {
            let (from, to) = (f32::from(before[core][channel]), f32::from(before[i][channel]));
            pixel[channel] = (from + (to - from) * own).round() as u8;
        }
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
