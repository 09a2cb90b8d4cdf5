//! Resampling, by `fast_image_resize`.

use fast_image_resize::{
    FilterType, ResizeAlg, ResizeOptions, Resizer,
    images::{TypedImage, TypedImageRef},
    pixels::{F32, U8x4},
};

use super::{Lab, Picture, Plane, Rect};
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
        let filter = if enlarges { FilterType::Lanczos3 } else { FilterType::Hamming };
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

impl Plane {
    /// The plane at another size: area average down, bilinear up.
    pub(crate) fn resized(&self, width: usize, height: usize) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        if (width, height) == (self.width(), self.height()) {
            return self.clone();
        }
        let filter = if width < self.width() { FilterType::Box } else { FilterType::Bilinear };
        let pixels: Vec<F32> = self.values().iter().map(|&value| F32::new(value)).collect();
        let mut target = TypedImage::<F32>::new(width as u32, height as u32);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
        let resized = TypedImageRef::new(self.width() as u32, self.height() as u32, &pixels)
            .ok()
            .and_then(|source| Resizer::new().resize_typed(&source, &mut target, &options).ok());
        debug_assert!(resized.is_some(), "the buffer has the size of the plane and nothing is cropped");
        Self::from_values(width, height, target.pixels().iter().map(|pixel| pixel.0).collect())
    }
}

impl Lab {
    /// All three planes at another size.
    pub(crate) fn resized(&self, width: usize, height: usize) -> Self {
        self.each(|plane| plane.resized(width, height))
    }
}
