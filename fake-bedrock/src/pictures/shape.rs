//! Pictures at other sizes, and without their background.

use keyvisual::{domain::PixelSize, imaging::Picture};

/// The nearest pixels at another size.
pub(crate) fn resample(picture: &Picture, size: PixelSize) -> Picture {
    let from = picture.size();
    if from == size {
        return picture.clone();
    }
    let (width, height) = (from.width as usize, from.height as usize);
    let columns: Vec<usize> =
        (0..size.width as usize).map(|x| x * width / size.width.max(1) as usize).collect();
    let pixels = picture.pixels();
    let mut out = Picture::filled(size, [0; 4]);
    for (y, row) in out.pixels_mut().chunks_exact_mut(size.width.max(1) as usize).enumerate() {
        let line = &pixels[(y * height / size.height.max(1) as usize) * width..][..width];
        for (pixel, &x) in row.iter_mut().zip(&columns) {
            *pixel = line[x];
        }
    }
    out
}

/// Lays `picture` onto `ground` with its corner at `left`, `up`.
pub(crate) fn place(ground: &mut Picture, picture: &Picture, left: u32, up: u32) {
    let (wide, width) = (ground.size().width as usize, picture.size().width as usize);
    let rows = picture.pixels().chunks_exact(width.max(1));
    let lines = ground.pixels_mut().chunks_exact_mut(wide.max(1)).skip(up as usize);
    for (line, row) in lines.zip(rows) {
        line[left as usize..][..width].copy_from_slice(row);
    }
}

/// Makes transparent what looks like the corners; if that is nearly all, what lies outside the middle.
pub(crate) fn cut_out(picture: &mut Picture) {
    const NEAR: u32 = 60;
    let size = picture.size();
    let (right, bottom) = (size.width.saturating_sub(1), size.height.saturating_sub(1));
    let corners = [(0, 0), (right, 0), (0, bottom), (right, bottom)]
        .map(|(x, y)| picture.pixel(x, y).unwrap_or([0; 4]));
    let looks_like_corner = |pixel: &[u8; 4]| {
        corners
            .iter()
            .any(|corner| (0..3).map(|i| u32::from(corner[i].abs_diff(pixel[i]))).sum::<u32>() < NEAR)
    };
    let ground: Vec<bool> = picture.pixels().iter().map(looks_like_corner).collect();
    let rest = ground.iter().filter(|ground| !**ground).count();
    let sensible = rest * 50 > ground.len();
    let width = size.width as usize;
    for (index, (pixel, ground)) in picture.pixels_mut().iter_mut().zip(ground).enumerate() {
        let (x, y) = ((index % width) as u32, (index / width) as u32);
        let middle =
            x >= size.width / 4 && x < size.width * 3 / 4 && y >= size.height / 4 && y < size.height * 3 / 4;
        if (sensible && ground) || (!sensible && !middle) {
            pixel[3] = 0;
        }
    }
}

/// The mean colour.
pub(crate) fn mean(picture: &Picture) -> [u8; 4] {
    let step = (picture.pixels().len() / 4_096).max(1);
    let (mut sum, mut count) = ([0_u32; 3], 0);
    for pixel in picture.pixels().iter().step_by(step) {
        (0..3).for_each(|i| sum[i] += u32::from(pixel[i]));
        count += 1;
    }
    let [red, green, blue] = sum.map(|sum| (sum / count.max(1)) as u8);
    [red, green, blue, 255]
}
