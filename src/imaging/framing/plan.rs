//! The decision: crop, make room, extend, or leave the picture to a panel.

use fastrand::Rng;

use super::{
    Side,
    crop::{Crop, Cropper, Wish, inside},
};
use crate::imaging::{Plane, Rect, gaussian, interest::Interest, plane::percentile};

/// How the part beyond the picture is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fill {
    /// The picture reflected and more and more blurred. Only where nothing can be recognised.
    Mirror,
    /// The colours of its edge drawn out. Only where the edge is smooth.
    Edge,
}

/// The part of a frame that lies beyond the picture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extension {
    pub(crate) side: Side,
    /// Its share of the frame's width or height.
    pub(crate) share: f32,
    pub(crate) fill: Fill,
}

/// How a picture fills a frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Framing {
    /// The part of the picture that is used, in shares of it.
    pub(crate) region: Rect,
    /// What is added beside that part.
    pub(crate) extension: Option<Extension>,
    /// Whether the subject stays whole. If not, the frame should become smaller: use a panel.
    pub(crate) accepted: bool,
    /// The share of the subject's interest that is inside.
    pub(crate) kept: f32,
    /// The largest share of a side of the crop that runs through the subject.
    pub(crate) cut: f32,
}

impl Framing {
    /// The whole picture, for a frame of its own shape.
    pub(crate) fn whole() -> Self {
        Self { region: Rect::new(0.0, 0.0, 1.0, 1.0), extension: None, accepted: true, kept: 1.0, cut: 0.0 }
    }

    fn of(crop: &Crop, extension: Option<Extension>, accepted: bool) -> Self {
        Self { region: crop.region, extension, accepted, kept: crop.kept, cut: crop.cut }
    }

    /// Whether the crop loses so little that a panel comp may still use it.
    pub(crate) fn is_tolerable(&self) -> bool {
        self.accepted || (self.kept > 0.85 && self.cut < 0.2)
    }
}

/// Plans how the picture fills a frame of `ratio`, with room for copy on one side if one is wanted.
pub(crate) fn plan(cropper: &Cropper<'_>, ratio: f32, copy: Option<Side>, rng: &mut Rng) -> Framing {
    let plain = cropper.best(Wish::new(ratio, copy), rng);
    let accepted = cropper.accepts(&plain);
    if let Some(framing) = copy.and_then(|side| make_room(cropper, ratio, side, &plain, rng)) {
        return framing;
    }
    if accepted {
        return Framing::of(&plain, None, true);
    }
    extend_to(cropper, ratio, copy, rng).unwrap_or_else(|| Framing::of(&plain, None, false))
}

/// A narrower crop, its calm copy side drawn out until the subject stands on the far third.
fn make_room(cropper: &Cropper<'_>, ratio: f32, side: Side, plain: &Crop, rng: &mut Rng) -> Option<Framing> {
    let interest = cropper.interest();
    if !side.is_horizontal() || interest.concentration <= 3.2 {
        return None;
    }
    let target = if side == Side::Left { 0.62 } else { 0.38 };
    let now = inside(plain.region, interest.center).0;
    let toward = if side == Side::Left { target - now } else { now - target };
    if toward <= 0.05 {
        return None;
    }
    let mut best: Option<(f32, Framing)> = None;
    for q in [0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65] {
        let crop = cropper.best(Wish::against(ratio * q, side), rng);
        if !cropper.accepts(&crop) || !is_calm(interest, crop.region, side, 0.40, 0.15) {
            continue;
        }
        let within = inside(crop.region, interest.center).0 * q;
        let off = (if side == Side::Left { within + 1.0 - q } else { within } - target).abs();
        let Some(fill) = filling(interest, crop.region, side, (1.0 - q) / q) else { continue };
        if best.as_ref().is_none_or(|(least, _)| off < *least) {
            let extension = Extension { side, share: 1.0 - q, fill };
            best = Some((off, Framing::of(&crop, Some(extension), true)));
        }
    }
    best.map(|(_, framing)| framing)
}

/// A crop closer to the picture's own shape, and the rest of the frame drawn out of a calm side.
fn extend_to(cropper: &Cropper<'_>, ratio: f32, copy: Option<Side>, rng: &mut Rng) -> Option<Framing> {
    let interest = cropper.interest();
    let own = interest.width() as f32 / interest.height() as f32;
    let mut sides = if ratio > own { [Side::Left, Side::Right] } else { [Side::Top, Side::Bottom] };
    if copy == Some(sides[1]) {
        sides.reverse();
    }
    for q in [0.9, 0.82, 0.75, 0.68, 0.62, 0.56, 0.5, 0.44] {
        let narrower = if ratio > own { ratio * q } else { ratio / q };
        for side in sides {
            let crop = cropper.best(Wish::against(narrower, side), rng);
            if !cropper.accepts(&crop) || !is_calm(interest, crop.region, side, 0.52, 0.18) {
                continue;
            }
            if let Some(fill) = filling(interest, crop.region, side, (1.0 - q) / q) {
                return Some(Framing::of(&crop, Some(Extension { side, share: 1.0 - q, fill }), true));
            }
        }
    }
    None
}

/// Whether the outer tenth of a region's side is calm, on the whole and almost everywhere.
fn is_calm(interest: &Interest, region: Rect, side: Side, mean: f32, low: f32) -> bool {
    let mut values = strip(&interest.calm, region, side, 0.10);
    let average = values.iter().sum::<f32>() / values.len().max(1) as f32;
    average > mean && percentile(&mut values, 0.10) > low
}

/// How a side may be drawn out by `amount` of the region's own length, if at all.
fn filling(interest: &Interest, region: Rect, side: Side, amount: f32) -> Option<Fill> {
    let calm = strip(&interest.calm, region, side, amount);
    let mut salient = strip(&interest.map, region, side, amount);
    if calm.iter().sum::<f32>() / calm.len().max(1) as f32 > 0.62 && percentile(&mut salient, 0.98) < 0.40 {
        return Some(Fill::Mirror);
    }
    (edge_roughness(&interest.lightness, region, side) <= 0.006).then_some(Fill::Edge)
}

/// The values of a plane in the outer `share` of a region's side.
fn strip(plane: &Plane, region: Rect, side: Side, share: f32) -> Vec<f32> {
    let part = outer(region, side, share);
    let at = |share: f32, side: usize| ((share * side as f32).round() as usize).min(side);
    let (x0, x1) = (at(part.x, plane.width()), at(part.right(), plane.width()));
    let (y0, y1) = (at(part.y, plane.height()), at(part.bottom(), plane.height()));
    (y0..y1.max(y0 + 1).min(plane.height()))
        .flat_map(|y| {
            plane.row(y)[x0.min(plane.width() - 1)..x1.max(x0 + 1).min(plane.width())].iter().copied()
        })
        .collect()
}

fn outer(region: Rect, side: Side, share: f32) -> Rect {
    let share = share.clamp(0.0, 1.0);
    let (w, h) = (region.width * share, region.height * share);
    match side {
        Side::Left => Rect { width: w, ..region },
        Side::Right => Rect { x: region.right() - w, width: w, ..region },
        Side::Top => Rect { height: h, ..region },
        Side::Bottom => Rect { y: region.bottom() - h, height: h, ..region },
    }
}

/// How far the edge of a region is from its own smooth course, as a standard deviation of lightness. A
/// wall has .003, a clear sky .003 to .006; a clouded sky, .012, would be drawn out into streaks.
fn edge_roughness(lightness: &Plane, region: Rect, side: Side) -> f32 {
    let part = outer(region, side, 0.04);
    let (w, h) = (lightness.width() as f32, lightness.height() as f32);
    let (x, y) = ((part.x * w) as usize, (part.y * h) as usize);
    let (w, h) = (((part.width * w) as usize).max(1), ((part.height * h) as usize).max(1));
    let (along, across) = if side.is_horizontal() { (h, w) } else { (w, h) };
    let mut line = Vec::with_capacity(across);
    let profile = Plane::from_fn(along, 1, |i, _| {
        line.clear();
        line.extend((0..across).map(|j| {
            let (dx, dy) = if side.is_horizontal() { (j, i) } else { (i, j) };
            lightness.at((x + dx) as isize, (y + dy) as isize)
        }));
        percentile(&mut line, 0.5)
    });
    let course = gaussian(&profile, 0.07 * region.height * lightness.height() as f32);
    profile.zip(&course, |l, smooth| (l - smooth) * (l - smooth)).mean().sqrt()
}
