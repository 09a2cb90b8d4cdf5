//! What the side of a region is like: calm, and fit to be drawn out.

use super::{Fill, Side};
use crate::imaging::{Plane, Rect, gaussian, interest::Interest, rank::percentile};

/// Whether the outer tenth of a region's side is calm, on the whole and almost everywhere.
pub(super) fn is_calm(interest: &Interest, region: Rect, side: Side, mean: f32, low: f32) -> bool {
    let values = strip(&interest.calm, region, side, 0.10);
    let average = values.iter().sum::<f32>() / values.len().max(1) as f32;
    average > mean && percentile(&values, 0.10) > low
}

/// How a side may be drawn out by `amount` of the region's own length, if at all.
pub(super) fn filling(interest: &Interest, region: Rect, side: Side, amount: f32) -> Option<Fill> {
    let calm = strip(&interest.calm, region, side, amount);
    let salient = strip(&interest.map, region, side, amount);
    if calm.iter().sum::<f32>() / calm.len().max(1) as f32 > 0.62 && percentile(&salient, 0.98) < 0.40 {
        return Some(Fill::Mirror);
    }
    is_smooth(interest, region, side).then_some(Fill::Edge)
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

/// The most that an edge may depart from its own smooth course, as a standard deviation, in lightness and in both
/// colour axes. A wall has .003, a clear sky .003 to .006; a clouded sky, .012, would be drawn out into streaks.
const ROUGH: f32 = 0.006;
/// And at the 98th percentile: one step, as where a cloud ends, would be drawn out into a seam.
const STEP: f32 = 0.016;

fn is_smooth(interest: &Interest, region: Rect, side: Side) -> bool {
    [&interest.lightness, &interest.lab.a, &interest.lab.b].into_iter().all(|plane| {
        let departures = departures(plane, region, side);
        let squares = departures.map(|off| off * off);
        squares.mean() <= ROUGH * ROUGH && squares.percentile(0.98) <= STEP * STEP
    })
}

/// The median of the outer 4 % of a side, along it, less its smooth course.
fn departures(plane: &Plane, region: Rect, side: Side) -> Plane {
    let part = outer(region, side, 0.04);
    let (w, h) = (plane.width() as f32, plane.height() as f32);
    let (x, y) = ((part.x * w) as usize, (part.y * h) as usize);
    let (w, h) = (((part.width * w) as usize).max(1), ((part.height * h) as usize).max(1));
    let (along, across) = if side.is_horizontal() { (h, w) } else { (w, h) };
    let mut line = Vec::with_capacity(across);
    let profile = Plane::from_fn(along, 1, |i, _| {
        line.clear();
        line.extend((0..across).map(|j| {
            let (dx, dy) = if side.is_horizontal() { (j, i) } else { (i, j) };
            plane.at((x + dx) as isize, (y + dy) as isize)
        }));
        percentile(&line, 0.5)
    });
    let course = gaussian(&profile, 0.07 * region.height * plane.height() as f32);
    profile.zip(&course, |value, smooth| value - smooth)
}
