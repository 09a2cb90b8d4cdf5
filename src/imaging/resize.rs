//! Resampling: pictures by `fast_image_resize`, planes here.

use std::f64::consts::PI;

use fast_image_resize::{
    Filter, FilterType, ResizeAlg, ResizeOptions, Resizer,
    images::{TypedImage, TypedImageRef},
    pixels::U8x4,
};

use super::{Lab, Picture, Plane, Rect, wide::wide};
use crate::{
    domain::PixelSize,
    error::{Error, ErrorKind, Result},
};

impl Picture {
    /// Cuts out `region` (in pixels, may lie between them) and resamples it to `size`: area average
    /// down, Lanczos up. Transparent pixels lend no colour to their neighbours.
    pub(crate) fn resampled(&self, region: Rect, size: PixelSize) -> Result<Self> {
        let own = self.size();
        let failed = |error: &dyn std::fmt::Display| {
            Error::new(ErrorKind::Internal, format!("{own} pixels cannot be resampled to {size}: {error}"))
        };
        let mut bytes = vec![0; size.area() as usize * 4];
        // The pixel type is fixed here: choosing it at run time compiles the kernels of all fifteen.
        let source = TypedImageRef::<U8x4>::from_buffer(own.width, own.height, self.as_bytes())
            .map_err(|error| failed(&error))?;
        let mut target = TypedImage::<U8x4>::from_buffer(size.width, size.height, &mut bytes)
            .map_err(|error| failed(&error))?;
        let [(x, width), (y, height)] =
            [(region.x, region.width, own.width), (region.y, region.height, own.height)].map(
                |(from, len, side)| {
                    let (from, side) = (f64::from(from).clamp(0.0, f64::from(side)), f64::from(side));
                    (from, f64::from(len).min(side - from))
                },
            );
        let enlarges = f64::from(size.width) > width || f64::from(size.height) > height;
        let filter = match enlarges {
            true => Filter::new("lanczos", lanczos, 3.0),
            false => Filter::new("hamming", hamming, 1.0),
        };
        let filter = FilterType::Custom(filter.map_err(|error| failed(&error))?);
        let options = ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(filter))
            .use_alpha(self.has_transparency())
            .crop(x, y, width, height);
        Resizer::new().resize_typed(&source, &mut target, &options).map_err(|error| failed(&error))?;
        drop(target);
        Self::from_bytes(size, bytes).ok_or_else(|| failed(&"the buffer has another size"))
    }

    /// The whole picture at another size.
    pub(crate) fn resized(&self, size: PixelSize) -> Result<Self> {
        self.resampled(Rect::new(0.0, 0.0, self.size().width as f32, self.size().height as f32), size)
    }

    /// The whole picture, made smaller until its long side has at most `longest` pixels.
    pub(crate) fn at_most(&self, longest: u32) -> Result<Self> {
        let PixelSize { width, height } = self.size();
        let long = width.max(height);
        if long <= longest {
            return Ok(self.clone());
        }
        let side =
            |pixels: u32| ((f64::from(pixels) * f64::from(longest) / f64::from(long)).round() as u32).max(1);
        self.resized(PixelSize::new(side(width), side(height)))
    }
}

/// `sin(pi x) / (pi x)` by a sine of the same bits everywhere: the crate's own kernels take the system's.
fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { libm::sin(x * PI) / (x * PI) }
}

/// The sinc in a window that is one itself, three pixels to each side (Duchon 1979).
fn lanczos(x: f64) -> f64 {
    if x.abs() < 3.0 { sinc(x) * sinc(x / 3.0) } else { 0.0 }
}

/// The sinc in a raised cosine, one pixel to each side: no ringing where a picture becomes smaller.
fn hamming(x: f64) -> f64 {
    if x.abs() < 1.0 { sinc(x) * (0.54 + 0.46 * libm::cos(x * PI)) } else { 0.0 }
}

impl Plane {
    /// The plane at another size: area average down, bilinear up.
    ///
    /// Not by `fast_image_resize`, which adds floats in an order that depends on the processor.
    pub(crate) fn resized(&self, width: usize, height: usize) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        if (width, height) == (self.width(), self.height()) {
            return self.clone();
        }
        // Rows first where they become fewer: they are summed several pixels at once.
        if height == self.height() {
            self.columns_resized(width)
        } else if height < self.height() {
            rows_resized(self, height).columns_resized(width)
        } else {
            rows_resized(&self.columns_resized(width), height)
        }
    }

    fn columns_resized(&self, width: usize) -> Self {
        if width == self.width() {
            return self.clone();
        }
        if let Some(out) = whole_columns(self, width) {
            return out;
        }
        let taps = Taps::new(self.width(), width);
        // As many terms as make a loop without an end to look for, where there are few.
        match taps.most() {
            1 | 2 => self.columns_by::<2>(&taps),
            3 => self.columns_by::<3>(&taps),
            4 => self.columns_by::<4>(&taps),
            5 => self.columns_by::<5>(&taps),
            _ => {
                let mut out = Self::filled(width, self.height(), 0.0);
                for (y, row) in self.rows().enumerate() {
                    for (value, (from, weights)) in out.row_mut(y).iter_mut().zip(taps.iter()) {
                        *value = row[from..].iter().zip(weights).map(|(v, weight)| v * weight).sum();
                    }
                }
                out
            }
        }
    }

    /// The columns where each is made of at most `N`.
    fn columns_by<const N: usize>(&self, taps: &Taps) -> Self {
        let last = self.width().saturating_sub(N);
        let padded: Vec<(usize, [f32; N])> = taps
            .iter()
            .map(|(from, weights)| {
                let mut all = [0.0; N];
                let moved = from - from.min(last);
                all.iter_mut().skip(moved).zip(weights).for_each(|(all, weight)| *all = *weight);
                (from.min(last), all)
            })
            .collect();
        let mut out = Self::filled(padded.len(), self.height(), 0.0);
        for (y, row) in self.rows().enumerate() {
            for (value, (from, weights)) in out.row_mut(y).iter_mut().zip(&padded) {
                *value = row[*from..].iter().zip(weights).map(|(v, weight)| v * weight).sum();
            }
        }
        out
    }
}

wide! {
    /// The columns where one is the mean of two, three or four, or two are made of one: nothing has to be looked up.
    fn whole_columns<'a>(plane: &'a Plane, width: usize) -> Option<Plane> {
        let fewer = |by: usize| width.checked_mul(by) == Some(plane.width());
        let out = || Plane::filled(width, plane.height(), 0.0);
        if fewer(2) {
            Some(means::<2>(plane, out()))
        } else if fewer(3) {
            Some(means::<3>(plane, out()))
        } else if fewer(4) {
            Some(means::<4>(plane, out()))
        } else if plane.width().checked_mul(2) == Some(width) && plane.width() > 1 {
            Some(doubled(plane, out()))
        } else {
            None
        }
    }
}

#[inline(always)]
fn means<const N: usize>(plane: &Plane, mut out: Plane) -> Plane {
    for y in 0..plane.height() {
        for (value, pixels) in out.row_mut(y).iter_mut().zip(plane.row(y).as_chunks::<N>().0) {
            *value = pixels.iter().sum::<f32>() * (1.0 / N as f32);
        }
    }
    out
}

#[inline(always)]
fn doubled(plane: &Plane, mut out: Plane) -> Plane {
    for y in 0..plane.height() {
        double(plane.row(y), out.row_mut(y));
    }
    out
}

/// A row of twice as many pixels, bilinear: they lie a quarter of a pixel beside the old ones.
#[inline(always)]
pub(super) fn double(row: &[f32], out: &mut [f32]) {
    let last = row.len() - 1;
    out[0] = row[0];
    let pairs = out[1..2 * last + 1].as_chunks_mut::<2>().0;
    for ((pair, left), right) in pairs.iter_mut().zip(row).zip(&row[1..]) {
        *pair = [left * 0.75 + right * 0.25, left * 0.25 + right * 0.75];
    }
    out[2 * last + 1] = row[last];
}

wide! {
fn rows_resized<'a>(plane: &'a Plane, height: usize) -> Plane {
        if height == plane.height() {
            return plane.clone();
        }
        let mut out = Plane::filled(plane.width(), height, 0.0);
        for (y, (from, weights)) in Taps::new(plane.height(), height).iter().enumerate() {
            let row = out.row_mut(y);
            for (k, &weight) in weights.iter().enumerate() {
                row.iter_mut().zip(plane.row(from + k)).for_each(|(value, v)| *value += weight * v);
            }
        }
        out
    }
}

/// Rows made longer, bilinear.
pub(super) struct Stretch {
    /// The pixel to the left and how far it is from there to the next; empty where rows become twice as long.
    places: Vec<(u32, f32)>,
}

impl Stretch {
    pub(super) fn new(old: usize, new: usize) -> Self {
        if old > 1 && new == 2 * old {
            return Self { places: Vec::new() };
        }
        let place = |x: usize| {
            let last = (old - 1) as f32;
            let at = ((x as f32 + 0.5) * old as f32 / new as f32 - 0.5).clamp(0.0, last);
            // The last pixel is reached from the one before, so that there always is a next one.
            let left = (at as usize).min(old.saturating_sub(2));
            (left as u32, at - left as f32)
        };
        Self { places: (0..new).map(place).collect() }
    }

    /// Writes `row`, which has at least one pixel, over `out`.
    #[inline(always)]
    pub(super) fn stretch(&self, row: &[f32], out: &mut [f32]) {
        if self.places.is_empty() {
            double(row, out);
        } else if let [value] = row {
            out.fill(*value);
        } else {
            for (out, &(left, share)) in out.iter_mut().zip(&self.places) {
                let pair = &row[left as usize..][..2];
                *out = pair[0] + (pair[1] - pair[0]) * share;
            }
        }
    }
}

/// For each pixel of the new side the first old one that it is made of, and what each counts from there on.
pub(super) struct Taps {
    /// The first old pixel, and where its weight stands.
    starts: Vec<(usize, usize)>,
    weights: Vec<f32>,
}

impl Taps {
    pub(super) fn new(old: usize, new: usize) -> Self {
        let scale = old as f32 / new as f32;
        let mut taps =
            Self { starts: Vec::with_capacity(new), weights: Vec::with_capacity(2 * old.max(new)) };
        for i in 0..new {
            let first = taps.weights.len();
            let from = if new >= old {
                let at = ((i as f32 + 0.5) * scale - 0.5).clamp(0.0, (old - 1) as f32);
                let from = (at as usize).min(old - 1);
                let share = at - from as f32;
                let pair = [1.0 - share, share];
                taps.weights.extend(if from + 1 < old { &pair[..] } else { &[1.0] });
                from
            } else {
                let (start, end) = (i as f32 * scale, ((i + 1) as f32 * scale).min(old as f32));
                let from = (start as usize).min(old - 1);
                let last = (end.ceil() as usize).clamp(from + 1, old);
                let covered = |k: usize| (end.min((k + 1) as f32) - start.max(k as f32)).max(0.0);
                let sum: f32 = (from..last).map(covered).sum();
                taps.weights.extend((from..last).map(|k| covered(k) / sum.max(f32::MIN_POSITIVE)));
                from
            };
            taps.starts.push((from, first));
        }
        taps
    }

    /// The most pixels that one is made of.
    fn most(&self) -> usize {
        self.iter().map(|(_, weights)| weights.len()).max().unwrap_or_default()
    }

    /// The first old pixel and the weights from there on, for each new one.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &[f32])> {
        let ends = self.starts.iter().skip(1).map(|start| start.1).chain([self.weights.len()]);
        self.starts.iter().zip(ends).map(|(&(from, first), end)| (from, &self.weights[first..end]))
    }
}

impl Lab {
    /// All three planes at another size.
    pub(crate) fn resized(&self, width: usize, height: usize) -> Self {
        self.each(|plane| plane.resized(width, height))
    }
}
