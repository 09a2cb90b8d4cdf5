//! The minimum barrier distance to the picture's edge: objects are what cannot be reached from
//! outside without climbing (Zhang et al. 2015, "Minimum barrier salient object detection at 80 FPS").

use crate::imaging::{Lab, Plane};

const LONG: usize = 96;
const PASSES: usize = 3;

/// The distance of each pixel, summed over L, a and b (1:2:2).
pub(super) fn distance(lab: &Lab) -> Plane {
    let (width, height) = (lab.width(), lab.height());
    let long = width.max(height);
    let small = lab.resized((width * LONG).div_ceil(long), (height * LONG).div_ceil(long));
    let paths = paths(&small);
    let sums = paths.iter().map(|Path { distance: [l, a, b, _], .. }| l + 2.0 * a + 2.0 * b);
    Plane::from_values(small.width(), small.height(), sums.collect()).resized(width, height)
}

/// L, a, b and one for nothing, which fills the register.
type Channels = [f32; 4];

/// Path state of a pixel in each channel: the distance, and the highest and lowest value on the best path so far.
#[derive(Clone, Copy)]
struct Path {
    distance: Channels,
    high: Channels,
    low: Channels,
}

impl Path {
    /// The path through the pixel before where that is shorter.
    #[inline(always)]
    fn relax(&mut self, before: &Self, value: &Channels) {
        for (i, value) in value.iter().enumerate() {
            let (high, low) = (before.high[i].max(*value), before.low[i].min(*value));
            let shorter = high - low < self.distance[i];
            self.distance[i] = if shorter { high - low } else { self.distance[i] };
            self.high[i] = if shorter { high } else { self.high[i] };
            self.low[i] = if shorter { low } else { self.low[i] };
        }
    }
}

fn paths(lab: &Lab) -> Vec<Path> {
    let (width, height) = (lab.width(), lab.height());
    let values: Vec<Channels> = lab.colors().map(|color| [color.l, color.a, color.b, 0.0]).collect();
    let mut paths: Vec<Path> = values
        .iter()
        .enumerate()
        .map(|(i, &value)| {
            let (x, y) = (i % width, i / width);
            let on_edge = x == 0 || y == 0 || x + 1 == width || y + 1 == height;
            Path { distance: [if on_edge { 0.0 } else { f32::INFINITY }; 4], high: value, low: value }
        })
        .collect();
    let (rows, columns) = (1..height.saturating_sub(1), 1..width.saturating_sub(1));
    for _ in 0..PASSES {
        for y in rows.clone() {
            let (above, row) = paths[(y - 1) * width..(y + 1) * width].split_at_mut(width);
            let mut beside = row[0];
            for x in columns.clone() {
                let mut path = row[x];
                path.relax(&beside, &values[y * width + x]);
                path.relax(&above[x], &values[y * width + x]);
                (row[x], beside) = (path, path);
            }
        }
        for y in rows.clone().rev() {
            let (row, below) = paths[y * width..(y + 2) * width].split_at_mut(width);
            let mut beside = row[width - 1];
            for x in columns.clone().rev() {
                let mut path = row[x];
                path.relax(&beside, &values[y * width + x]);
                path.relax(&below[x], &values[y * width + x]);
                (row[x], beside) = (path, path);
            }
        }
    }
    paths
}
