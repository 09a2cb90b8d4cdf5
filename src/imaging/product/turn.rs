//! A cut-out turned and sized in one resampling.

use crate::{
    domain::PixelSize,
    error::Result,
    imaging::{Picture, math::turned},
};

/// Turns a picture with transparency clockwise by at most 28 `degrees` and scales it, in a box that holds all
/// of it. Bicubic (Catmull & Rom 1974), the kernel widened when it becomes smaller.
pub(super) fn turn(picture: &Picture, degrees: f32, scale: f32) -> Result<Picture> {
    let (cos, sin) = turned((1.0, 0.0), degrees.to_radians());
    let (w, h) = (picture.width() as f32 * scale, picture.height() as f32 * scale);
    let width = (w * cos + h * sin.abs()).ceil().max(1.0);
    let height = (w * sin.abs() + h * cos).ceil().max(1.0);
    let size = PixelSize::new(width as u32, height as u32);
    let source = Premultiplied::of(picture);
    let wide = (1.0 / scale).max(1.0);
    Ok(Picture::from_fn(size, |x, y| {
        let (dx, dy) = (x as f32 + 0.5 - width / 2.0, y as f32 + 0.5 - height / 2.0);
        let (u, v) = ((dx * cos + dy * sin) / scale, (dy * cos - dx * sin) / scale);
        source.sample(u + source.width as f32 / 2.0 - 0.5, v + source.height as f32 / 2.0 - 0.5, wide)
    }))
}

/// Red, green, blue times alpha, and alpha: edges mix without a fringe.
struct Premultiplied {
    width: isize,
    height: isize,
    pixels: Vec<[f32; 4]>,
}

impl Premultiplied {
    fn of(picture: &Picture) -> Self {
        let pixels = picture.pixels().iter().map(|&[r, g, b, a]| {
            let alpha = f32::from(a) / 255.0;
            [f32::from(r) * alpha, f32::from(g) * alpha, f32::from(b) * alpha, alpha]
        });
        Self { width: picture.width() as isize, height: picture.height() as isize, pixels: pixels.collect() }
    }

    /// The colour at a point between pixels; nothing lies beyond the picture.
    fn sample(&self, x: f32, y: f32, wide: f32) -> [u8; 4] {
        let reach = 2.0 * wide;
        let (x0, x1) = ((x - reach).ceil() as isize, (x + reach).floor() as isize);
        let (y0, y1) = ((y - reach).ceil() as isize, (y + reach).floor() as isize);
        let mut sum = [0.0_f32; 4];
        let mut all = 0.0;
        for row in y0..=y1 {
            let down = catmull_rom((row as f32 - y) / wide);
            for column in x0..=x1 {
                let weight = down * catmull_rom((column as f32 - x) / wide);
                all += weight;
                if (0..self.height).contains(&row) && (0..self.width).contains(&column) {
                    let pixel = self.pixels[(row * self.width + column) as usize];
                    sum.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += weight * value);
                }
            }
        }
        let alpha = sum[3] / all;
        if alpha < 0.002 {
            return [0; 4];
        }
        let step = |value: f32| (value / sum[3]).round().clamp(0.0, 255.0) as u8;
        [step(sum[0]), step(sum[1]), step(sum[2]), (alpha * 255.0).round().clamp(0.0, 255.0) as u8]
    }
}

fn catmull_rom(t: f32) -> f32 {
    let t = t.abs();
    if t < 1.0 {
        (1.5 * t - 2.5) * t * t + 1.0
    } else if t < 2.0 {
        ((-0.5 * t + 2.5) * t - 4.0) * t + 2.0
    } else {
        0.0
    }
}
