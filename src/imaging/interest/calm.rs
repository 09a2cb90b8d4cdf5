//! Where nothing happens: room for copy.

use crate::imaging::{Lab, Plane, gaussian, math::exp};

/// Close to 1 where there is neither an edge nor a spread of lightness. For maps of 192 px.
pub(crate) fn calm(lab: &Lab) -> Plane {
    let square = |plane: &Plane| plane.map(|v| v * v);
    let sum =
        slope(&lab.l, 1.0).zip(&slope(&lab.a, 1.5), |s, v| s + v).zip(&slope(&lab.b, 1.5), |s, v| s + v);
    let edges = gaussian(&sum.map(f32::sqrt), 2.5);
    let mean = gaussian(&lab.l, 6.0);
    let variance =
        gaussian(&square(&lab.l), 6.0).zip(&mean, |squares, mean| (squares - mean * mean).max(0.0));
    edges.zip(&variance, |edge, variance| exp(-edge / 0.035 - variance / (0.12 * 0.12)))
}

/// The squared length of the Sobel gradient, times `weight` squared.
fn slope(plane: &Plane, weight: f32) -> Plane {
    let scale = weight / 4.0;
    Plane::from_fn(plane.width(), plane.height(), |x, y| {
        let (x, y) = (x as isize, y as isize);
        let at = |dx: isize, dy: isize| plane.at(x + dx, y + dy);
        let gx = at(1, -1) + 2.0 * at(1, 0) + at(1, 1) - at(-1, -1) - 2.0 * at(-1, 0) - at(-1, 1);
        let gy = at(-1, 1) + 2.0 * at(0, 1) + at(1, 1) - at(-1, -1) - 2.0 * at(0, -1) - at(1, -1);
        (gx * gx + gy * gy) * scale * scale
    })
}
