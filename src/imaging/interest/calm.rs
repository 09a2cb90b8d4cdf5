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

/// The squared length of the Sobel gradient, times `weight` squared; the border is repeated outwards.
fn slope(plane: &Plane, weight: f32) -> Plane {
    let scale = weight / 4.0;
    let mut out = Plane::filled(plane.width(), plane.height(), 0.0);
    let last = plane.height() - 1;
    let padded = |y: usize| -> Vec<f32> {
        let row = plane.row(y);
        [&row[..1], row, &row[row.len() - 1..]].concat()
    };
    for y in 0..=last {
        let [up, row, down] = [y.saturating_sub(1), y, (y + 1).min(last)].map(padded);
        let rows = up.windows(3).zip(row.windows(3)).zip(down.windows(3));
        for (value, ((up, row), down)) in out.row_mut(y).iter_mut().zip(rows) {
            let gx = up[2] + 2.0 * row[2] + down[2] - up[0] - 2.0 * row[0] - down[0];
            let gy = down[0] + 2.0 * down[1] + down[2] - up[0] - 2.0 * up[1] - up[2];
            *value = (gx * gx + gy * gy) * scale * scale;
        }
    }
    out
}
