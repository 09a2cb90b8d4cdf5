//! Where the light comes from, as far as a picture tells.

use crate::imaging::{Lab, Plane, contrast::luminance, gaussian};

/// How much lightness rises from the left side to the right one: the horizontal part of a plane fitted to
/// it by least squares, each pixel counted with its weight.
pub(crate) fn slope(lightness: &Plane, weight: &Plane) -> f32 {
    let (width, height) = (lightness.width(), lightness.height());
    let at = |i: usize, side: usize| (i as f32 + 0.5) / side as f32 - 0.5;
    // Sums of the normal equations: 1, x, y against 1, x, y and lightness.
    let [mut n, mut sx, mut sy, mut sxx, mut sxy, mut syy] = [0.0_f32; 6];
    let [mut sl, mut slx, mut sly] = [0.0_f32; 3];
    for (y, (row, weights)) in lightness.rows().zip(weight.rows()).enumerate() {
        let v = at(y, height);
        for (x, (&l, &w)) in row.iter().zip(weights).enumerate() {
            let u = at(x, width);
            (n, sx, sy) = (n + w, sx + w * u, sy + w * v);
            (sxx, sxy, syy) = (sxx + w * u * u, sxy + w * u * v, syy + w * v * v);
            (sl, slx, sly) = (sl + w * l, slx + w * u * l, sly + w * v * l);
        }
    }
    if n < 1.0 {
        return 0.0;
    }
    // About the means the constant drops out, and two equations are left.
    let (cxx, cxy, cyy) = (sxx - sx * sx / n, sxy - sx * sy / n, syy - sy * sy / n);
    let (clx, cly) = (slx - sl * sx / n, sly - sl * sy / n);
    let determinant = cxx * cyy - cxy * cxy;
    if determinant < 1e-6 { 0.0 } else { (clx * cyy - cly * cxy) / determinant }
}

/// The light of a ground with a product in it: -1 from the left, 1 from the right, never straight from the
/// front, for a shadow that cannot be seen ties nothing down.
pub(crate) fn direction(ground: &Lab, product: f32) -> f32 {
    let small = ground.l.resized(64, 64);
    let soft = gaussian(&small, 4.0);
    let everywhere = Plane::filled(64, 64, 1.0);
    let ground = (slope(&soft, &everywhere) / 0.30).clamp(-1.0, 1.0);
    let light = 0.65 * ground + 0.35 * product;
    if light < 0.0 { light.min(-0.25) } else { light.max(0.25) }
}

/// Whether the light stands in the picture itself, as a low sun does: one small compact blob, twice as bright
/// as what lies far from it, in the upper part.
pub(crate) fn is_backlit(ground: &Lab) -> bool {
    let (width, height) = (64, 64);
    let small = ground.resized(width, height);
    let light = Plane::from_fn(width, height, |x, y| luminance(small.at(x as isize, y as isize)));
    let bright: Vec<(f32, f32)> = (0..width * height)
        .filter(|&i| light.values()[i] > 0.85)
        .map(|i| ((i % width) as f32, (i / width) as f32))
        .collect();
    let share = bright.len() as f32 / (width * height) as f32;
    if !(0.002..=0.07).contains(&share) {
        return false;
    }
    let count = bright.len() as f32;
    let sum = bright.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
    let (cx, cy) = (sum.0 / count, sum.1 / count);
    let squared = |x: f32, y: f32| (x - cx) * (x - cx) + (y - cy) * (y - cy);
    // A disc of that area has this radius: most of the blob must lie near it, which also makes it one piece.
    let radius = (count / std::f32::consts::PI).sqrt();
    let near = bright.iter().filter(|(x, y)| squared(*x, *y) <= 2.0 * radius * radius).count() as f32;
    let mean = |from: f32, to: f32| {
        let ring = (0..width * height).filter(|&i| {
            let off = squared((i % width) as f32, (i / width) as f32);
            off >= from * from && off < to * to
        });
        let (sum, n) = ring.fold((0.0, 0.0_f32), |(sum, n), i| (sum + light.values()[i], n + 1.0));
        sum / n.max(1.0)
    };
    let ring = mean(1.3 * radius, 2.8 * radius);
    let far = mean(2.8 * radius, f32::MAX);
    near >= 0.7 * count && cy < 0.7 * height as f32 && ring > 2.0 * far
}
