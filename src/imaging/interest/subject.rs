//! The subject: what is left of the interest map above a threshold.

use crate::imaging::{Plane, Rect};

/// The subject of a picture.
pub(super) struct Subject {
    pub(super) mask: Plane,
    pub(super) bounds: Rect,
    pub(super) center: (f32, f32),
    pub(super) concentration: f32,
}

/// Finds the subject in an interest map.
pub(super) fn find(map: &Plane) -> Subject {
    let threshold = otsu(map).max(0.42);
    let above = map.map(|s| f32::from(u8::from(s > threshold)));
    let mut mask = largest_parts(&open(&above), map);
    if mask.mean() == 0.0 {
        let top = map.percentile(0.85);
        mask = map.map(|s| f32::from(u8::from(s >= top)));
    }
    Subject {
        bounds: bounds(&mask),
        center: center(&mask.zip(map, |inside, s| inside * (s + 1e-6))),
        concentration: concentration(&mask, map),
        mask,
    }
}

/// The threshold that parts a histogram of 0..=1 best in two (Otsu 1979).
fn otsu(map: &Plane) -> f32 {
    const BINS: usize = 128;
    let mut counts = [0.0_f64; BINS];
    for &value in map.values() {
        counts[((value * BINS as f32) as usize).min(BINS - 1)] += 1.0;
    }
    let total: f64 = counts.iter().sum();
    let moment: f64 = counts.iter().enumerate().map(|(i, n)| i as f64 * n).sum();
    let (mut below, mut moment_below, mut best) = (0.0, 0.0, (0.0, 0));
    for (i, &n) in counts.iter().enumerate() {
        below += n;
        moment_below += i as f64 * n;
        let above = total - below;
        if below > 0.0 && above > 0.0 {
            let gap = moment_below / below - (moment - moment_below) / above;
            let between = below * above * gap * gap;
            if between > best.0 {
                best = (between, i);
            }
        }
    }
    (best.1 + 1) as f32 / BINS as f32
}

/// Morphological opening by two pixels: thin bridges and specks go.
fn open(mask: &Plane) -> Plane {
    let eroded = neighbours(&neighbours(mask, f32::min), f32::min);
    neighbours(&neighbours(&eroded, f32::max), f32::max)
}

/// Folds each pixel with the four beside it.
fn neighbours(mask: &Plane, pick: impl Fn(f32, f32) -> f32) -> Plane {
    let last = mask.height() - 1;
    let mut out = mask.clone();
    for y in 0..=last {
        let (row, above, below) = (mask.row(y), mask.row(y.saturating_sub(1)), mask.row((y + 1).min(last)));
        let out = out.row_mut(y);
        for ((value, above), below) in out.iter_mut().zip(above).zip(below) {
            *value = pick(pick(*value, *above), *below);
        }
        for (value, before) in out[1..].iter_mut().zip(row) {
            *value = pick(*value, *before);
        }
        for (value, after) in out.iter_mut().zip(&row[1..]) {
            *value = pick(*value, *after);
        }
    }
    out
}

/// Keeps the connected parts that hold at least a quarter of the interest of the heaviest.
fn largest_parts(mask: &Plane, map: &Plane) -> Plane {
    let (width, height) = (mask.width(), mask.height());
    let mut part_of = vec![0_usize; width * height];
    let mut masses = vec![0.0_f32];
    let mut open = Vec::new();
    for start in 0..width * height {
        if mask.values()[start] == 0.0 || part_of[start] > 0 {
            continue;
        }
        let part = masses.len();
        masses.push(0.0);
        part_of[start] = part;
        open.push(start);
        while let Some(i) = open.pop() {
            masses[part] += map.values()[i];
            let (x, y) = (i % width, i / width);
            for ny in y.saturating_sub(1)..=(y + 1).min(height - 1) {
                for nx in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    let next = ny * width + nx;
                    if mask.values()[next] > 0.0 && part_of[next] == 0 {
                        part_of[next] = part;
                        open.push(next);
                    }
                }
            }
        }
    }
    let heaviest = masses.iter().copied().fold(0.0, f32::max);
    let kept = |part: usize| part > 0 && masses[part] >= 0.25 * heaviest;
    Plane::from_values(width, height, part_of.iter().map(|&part| f32::from(u8::from(kept(part)))).collect())
}

/// The box from percentile 0.3 to 99.7 of the mask in both directions, 1.2 % larger, in shares.
fn bounds(mask: &Plane) -> Rect {
    let mut columns = vec![0.0_f32; mask.width()];
    let mut rows = vec![0.0_f32; mask.height()];
    for (y, row) in mask.rows().enumerate() {
        for (x, &inside) in row.iter().enumerate() {
            columns[x] += inside;
            rows[y] += inside;
        }
    }
    let (x0, x1) = span(&columns);
    let (y0, y1) = span(&rows);
    Rect::new(x0, y0, x1 - x0, y1 - y0)
}

fn span(counts: &[f32]) -> (f32, f32) {
    let total: f32 = counts.iter().sum();
    let rank = |share: f32| {
        let mut sum = 0.0;
        counts.iter().position(|n| {
            sum += n;
            sum > share * total
        })
    };
    let side = counts.len() as f32;
    let from = rank(0.003).unwrap_or(0) as f32 / side - 0.012;
    let to = rank(0.997).map_or(side, |at| at as f32 + 1.0) / side + 0.012;
    (from.max(0.0), to.min(1.0))
}

fn center(weights: &Plane) -> (f32, f32) {
    let (mut sum, mut sum_x, mut sum_y) = (0.0, 0.0, 0.0);
    for (y, row) in weights.rows().enumerate() {
        for (x, &weight) in row.iter().enumerate() {
            sum += weight;
            sum_x += weight * (x as f32 + 0.5);
            sum_y += weight * (y as f32 + 0.5);
        }
    }
    if sum <= 0.0 {
        return (0.5, 0.5);
    }
    (sum_x / sum / weights.width() as f32, sum_y / sum / weights.height() as f32)
}

fn concentration(mask: &Plane, map: &Plane) -> f32 {
    let inside = mask.mean();
    let mass_inside = mask.zip(map, |inside, s| inside * s).mean();
    let mass_outside = map.mean() - mass_inside;
    (mass_inside / inside.max(1e-6)) / (mass_outside / (1.0 - inside).max(1e-6) + 0.02)
}
