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
    let sum = of_channel(&small.l)
        .zip(&of_channel(&small.a), |sum, d| sum + 2.0 * d)
        .zip(&of_channel(&small.b), |sum, d| sum + 2.0 * d);
    sum.resized(width, height)
}

/// Path state of a pixel: the distance, and the highest and lowest value on the best path so far.
#[derive(Clone, Copy)]
struct Path {
    distance: f32,
    high: f32,
    low: f32,
}

fn of_channel(channel: &Plane) -> Plane {
    let (width, height) = (channel.width(), channel.height());
    let values = channel.values();
    let mut paths: Vec<Path> = values
        .iter()
        .enumerate()
        .map(|(i, &value)| {
            let (x, y) = (i % width, i / width);
            let on_edge = x == 0 || y == 0 || x + 1 == width || y + 1 == height;
            Path { distance: if on_edge { 0.0 } else { f32::INFINITY }, high: value, low: value }
        })
        .collect();
    let relax = |paths: &mut [Path], i: usize, from: usize| {
        let Path { high, low, .. } = paths[from];
        let (high, low) = (high.max(values[i]), low.min(values[i]));
        if high - low < paths[i].distance {
            paths[i] = Path { distance: high - low, high, low };
        }
    };
    let inside = || {
        (1..height.saturating_sub(1)).flat_map(|y| (1..width.saturating_sub(1)).map(move |x| y * width + x))
    };
    let forward: Vec<usize> = inside().collect();
    for _ in 0..PASSES {
        for &i in &forward {
            relax(&mut paths, i, i - 1);
            relax(&mut paths, i, i - width);
        }
        for &i in forward.iter().rev() {
            relax(&mut paths, i, i + 1);
            relax(&mut paths, i, i + width);
        }
    }
    Plane::from_values(width, height, paths.iter().map(|path| path.distance).collect())
}
