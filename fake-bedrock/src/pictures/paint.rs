//! Pictures of nothing: gradients and discs, coloured by a hash. Cheap, and another for each prompt and seed.

use keyvisual::{domain::PixelSize, imaging::Picture};

/// What a picture depends on.
#[derive(Clone, Debug)]
pub(crate) struct Brush {
    corners: [[i32; 3]; 4],
    discs: Vec<Disc>,
}

#[derive(Clone, Debug)]
struct Disc {
    /// Middle and radius in shares of the picture's sides, and of the shorter one.
    at: [f32; 2],
    radius: f32,
    color: [u8; 3],
}

impl Brush {
    /// The same words and seed give the same picture.
    pub(crate) fn new(words: &[&str], seed: u64) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
        for byte in words.iter().flat_map(|text| text.bytes().chain([0])) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        let mut random = fastrand::Rng::with_seed(hash);
        let corners = std::array::from_fn(|_| std::array::from_fn(|_| i32::from(random.u8(..))));
        let discs = (0..5).map(|_| Disc {
            at: [random.f32(), random.f32()],
            radius: 0.05 + 0.2 * random.f32(),
            color: std::array::from_fn(|_| random.u8(..)),
        });
        Self { corners, discs: discs.collect() }
    }
}

/// Paints a picture of `size`.
pub(crate) fn paint(size: PixelSize, brush: &Brush) -> Picture {
    let (width, height) = (size.width.max(1) as i32, size.height.max(1) as i32);
    let [a, b, c, d] = brush.corners;
    let mut picture = Picture::filled(size, [255; 4]);
    for (y, row) in (0..).zip(picture.pixels_mut().chunks_exact_mut(width as usize)) {
        let mix = |top: i32, bottom: i32| ((top * (height - y) + bottom * y) << 8) / height;
        let (left, right): ([i32; 3], [i32; 3]) =
            (std::array::from_fn(|i| mix(a[i], c[i])), std::array::from_fn(|i| mix(b[i], d[i])));
        let step: [i32; 3] = std::array::from_fn(|i| (right[i] - left[i]) / width);
        let mut value = left;
        for pixel in row {
            for i in 0..3 {
                pixel[i] = (value[i] >> 8) as u8;
                value[i] += step[i];
            }
        }
    }
    for disc in &brush.discs {
        fill(&mut picture, disc);
    }
    picture
}

fn fill(picture: &mut Picture, disc: &Disc) {
    let size = picture.size();
    let (width, height) = (size.width as f32, size.height as f32);
    let (x, y) = (disc.at[0] * width, disc.at[1] * height);
    let radius = disc.radius * width.min(height);
    let [red, green, blue] = disc.color;
    for (row, pixels) in picture.pixels_mut().chunks_exact_mut(size.width.max(1) as usize).enumerate() {
        let off = row as f32 - y;
        let half = (radius * radius - off * off).max(0.0).sqrt();
        let (from, to) = ((x - half).max(0.0) as usize, (x + half).clamp(0.0, width) as usize);
        if let Some(span) = pixels.get_mut(from..to) {
            span.fill([red, green, blue, 255]);
        }
    }
}
