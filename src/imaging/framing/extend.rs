//! Pixels beyond the edge of a picture, for calm edges.

use super::{Fill, Side};
use crate::imaging::{
    Lab, Plane, gaussian,
    math::{mix, smooth},
    rank::percentile,
};

/// Adds `pixels` rows or columns at `side`. Blurs are in shares of `reference`, the height of the frame
/// in pixels.
pub(crate) fn extend(lab: &Lab, side: Side, pixels: usize, fill: Fill, reference: f32) -> Lab {
    lab.each(|plane| {
        let upright = toward_bottom(plane, side);
        let extended = match fill {
            Fill::Mirror => mirror(&upright, pixels, reference),
            Fill::Edge => edge(&upright, pixels, reference),
        };
        back(&extended, side)
    })
}

/// Turns the plane so that `side` is at the bottom.
fn toward_bottom(plane: &Plane, side: Side) -> Plane {
    let (w, h) = (plane.width(), plane.height());
    match side {
        Side::Bottom => plane.clone(),
        Side::Top => flipped(plane),
        Side::Right => Plane::from_fn(h, w, |x, y| plane.row(x)[y]),
        Side::Left => Plane::from_fn(h, w, |x, y| plane.row(x)[w - 1 - y]),
    }
}

fn back(plane: &Plane, side: Side) -> Plane {
    let (w, h) = (plane.width(), plane.height());
    match side {
        Side::Bottom => plane.clone(),
        Side::Top => flipped(plane),
        Side::Right => Plane::from_fn(h, w, |x, y| plane.row(x)[y]),
        Side::Left => Plane::from_fn(h, w, |x, y| plane.row(h - 1 - x)[y]),
    }
}

fn flipped(plane: &Plane) -> Plane {
    Plane::from_fn(plane.width(), plane.height(), |x, y| plane.row(plane.height() - 1 - y)[x])
}

/// The reflection, its blur growing with the distance, melting into the colours of the edge.
fn mirror(plane: &Plane, pixels: usize, reference: f32) -> Plane {
    let (width, height) = (plane.width(), plane.height());
    let reflected = Plane::from_fn(width, pixels, |x, y| {
        let turn = y % (2 * height);
        plane.row(if turn < height { height - 1 - turn } else { turn - height })[x]
    });
    // Blurred together with the real picture, so that no edge shows at the joint.
    let joint = height.min((0.1 * reference) as usize + 1);
    let strip = Plane::from_fn(width, joint + pixels, |x, y| {
        if y < joint { plane.row(height - joint + y)[x] } else { reflected.row(y - joint)[x] }
    });
    let (near, far) = (gaussian(&strip, 0.008 * reference), gaussian(&strip, 0.03 * reference));
    let course = profile(plane, 0.03 * reference);
    stack(plane, pixels, |x, y| {
        let t = y as f32 / reference;
        let soft = mix(reflected.row(y)[x], near.row(y + joint)[x], smooth(t / 0.03));
        let softer = mix(soft, far.row(y + joint)[x], smooth((t - 0.03) / 0.12));
        mix(softer, course[x], 0.85 * smooth(t / 0.25))
    })
}

/// The colours of the edge alone, smoothed more and more along it.
fn edge(plane: &Plane, pixels: usize, reference: f32) -> Plane {
    let (near, far) = (profile(plane, 0.012 * reference), profile(plane, 0.07 * reference));
    stack(plane, pixels, |x, y| {
        let t = y as f32 / reference;
        mix(near[x], far[x], smooth(t / 0.25))
    })
}

/// The median of the outer 4 % of each column, smoothed along the edge.
fn profile(plane: &Plane, sigma: f32) -> Vec<f32> {
    let height = plane.height();
    let depth = (height as f32 * 0.04).ceil() as usize;
    let mut column = Vec::with_capacity(depth);
    let medians = Plane::from_fn(plane.width(), 1, |x, _| {
        column.clear();
        column.extend((height - depth..height).map(|y| plane.row(y)[x]));
        percentile(&column, 0.5)
    });
    gaussian(&medians, sigma).values().to_vec()
}

fn stack(plane: &Plane, pixels: usize, mut below: impl FnMut(usize, usize) -> f32) -> Plane {
    let mut values = Vec::with_capacity(plane.width() * (plane.height() + pixels));
    values.extend_from_slice(plane.values());
    for y in 0..pixels {
        values.extend((0..plane.width()).map(|x| below(x, y)));
    }
    Plane::from_values(plane.width(), plane.height() + pixels, values)
}
