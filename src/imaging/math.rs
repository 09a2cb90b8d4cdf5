//! Curves used all over, and functions that give the same bits on every platform: those of the standard library are
//! the system's own, which differ in the last digit.

pub(crate) use libm::logf as ln;

/// The exponential, to 2e-7 of itself; below -87 what it is at -87, above 88 what it is at 88.
///
/// The power of two is split off, and a Taylor series of degree 6 is left for at most half an octave. Without a branch,
/// so that several are worked out at once.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // Added to a number, this rounds it: the ones stand in the last bit of the sum.
    const ROUND: f32 = 12_582_912.0;
    // The natural logarithm of 2 in two parts, the first of few bits, so that a product with it is exact.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let power = rounded - ROUND;
    let r = x - power * LN_2[0] - power * LN_2[1];
    let series = ((((r / 720.0 + 1.0 / 120.0) * r + 1.0 / 24.0) * r + 1.0 / 6.0) * r + 0.5) * r + 1.0;
    (series * r + 1.0) * f32::from_bits((rounded.to_bits() << 23).wrapping_add(0x3f80_0000))
}

/// Smoothstep: 0 up to 0, 1 from 1 on, with level ends.
#[inline(always)]
pub(crate) fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Smoother step with level curvature at both ends (Perlin 2002): no visible line where it begins.
#[inline(always)]
pub(crate) fn ease(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// `a` at `t` = 0, `b` at 1.
#[inline(always)]
pub(crate) fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// The length of (`x`, `y`).
#[inline(always)]
pub(crate) fn hypot(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

/// The cube root of what is not negative, to 2.3e-5 of itself: a hundredth of an 8-bit step. 0 for the rest.
///
/// A third of the exponent is within 3.2 % of it, and one of Halley's steps triples the digits. Several at once in a loop.
#[inline(always)]
pub(crate) fn cbrt(x: f32) -> f32 {
    let x = x.max(f32::MIN_POSITIVE);
    let root = f32::from_bits(x.to_bits() / 3 + 0x2a51_37a0);
    let cube = root * root * root;
    let root = root * ((cube + 2.0 * x) / (2.0 * cube + x));
    if x > f32::MIN_POSITIVE { root } else { 0.0 }
}

/// The angle of (`x`, `y`) in radians, -pi..=pi, to 4e-6: a polynomial of
/// degree 11 fitted at Chebyshev's points.
#[inline(always)]
pub(crate) fn atan2(y: f32, x: f32) -> f32 {
    use std::f32::consts::{FRAC_PI_2, PI};
    let (long, short) = (x.abs().max(y.abs()), x.abs().min(y.abs()));
    // Where both are 0 so is the angle.
    let z = short / if long > 0.0 { long } else { 1.0 };
    let s = z * z;
    let series = (-0.013_720_817 * s + 0.058_077_343) * s - 0.121_763_13;
    let angle = z * (((series * s + 0.195_822_61) * s - 0.333_017_86) * s + 0.999_996_07);
    let angle = if y.abs() > x.abs() { FRAC_PI_2 - angle } else { angle };
    let angle = if x < 0.0 { PI - angle } else { angle };
    if y < 0.0 { -angle } else { angle }
}

/// (`x`, `y`) turned by an angle of at most half a radian, to 1e-7 (Taylor).
#[inline(always)]
pub(crate) fn turned((x, y): (f32, f32), angle: f32) -> (f32, f32) {
    let t = angle * angle;
    let sin = angle * (1.0 - t / 6.0 * (1.0 - t / 20.0 * (1.0 - t / 42.0)));
    let cos = 1.0 - t / 2.0 * (1.0 - t / 12.0 * (1.0 - t / 30.0 * (1.0 - t / 56.0)));
    (x * cos - y * sin, x * sin + y * cos)
}
