//! The colours that make a picture, by name.

use super::names::ColorName;
use crate::imaging::{Lab, LabColor, Plane, math::hypot};

const CLUSTERS: usize = 8;
const ROUNDS: usize = 24;

/// More names say less.
const MOST: usize = 4;

/// A named colour covers at least this much weight and area.
const LEAST_WEIGHT: f32 = 0.07;
const LEAST_AREA: f32 = 0.04;

/// Named colours, the weightiest first, with a small one that stands out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Colors {
    pub(crate) main: Vec<NamedArea>,
    pub(crate) accent: Option<NamedArea>,
}

/// A colour with the share of the picture it covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct NamedArea {
    pub(crate) name: ColorName,
    pub(crate) area: f32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Cluster {
    center: LabColor,
    weight: f32,
    area: f32,
}

/// Names the colours of `lab`. `interest` (0..=1) makes a colour weigh more, `opacity` 0 takes a pixel out;
/// all three have one size, best about 96 pixels: more only takes longer.
pub(crate) fn name_colors(lab: &Lab, interest: &Plane, opacity: &Plane) -> Colors {
    let points: Vec<Point> = lab
        .colors()
        .zip(interest.values())
        .zip(opacity.values())
        .filter(|(_, opacity)| **opacity > 0.0)
        .map(|((color, interest), opacity)| Point {
            at: stretched(color),
            weight: opacity * weight(color, *interest),
            area: *opacity,
        })
        .collect();
    let mut clusters = cluster(&points);
    clusters.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let mut main: Vec<(ColorName, Cluster)> = Vec::new();
    for cluster in &clusters {
        let name = ColorName::of(cluster.center);
        match main.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => {
                known.weight += cluster.weight;
                known.area += cluster.area;
            }
            None => main.push((name, *cluster)),
        }
    }
    main.retain(|(_, cluster)| cluster.weight >= LEAST_WEIGHT && cluster.area >= LEAST_AREA);
    main.sort_by(|(_, a), (_, b)| b.weight.total_cmp(&a.weight));
    let accent = clusters.iter().find_map(|cluster| accent(cluster, &main));
    main.truncate(MOST);
    Colors {
        main: main.into_iter().map(|(name, Cluster { area, .. })| NamedArea { name, area }).collect(),
        accent,
    }
}

/// How much a pixel counts: vivid colours and what is looked at count more than their area.
pub(crate) fn weight(color: LabColor, interest: f32) -> f32 {
    (0.5 + interest) * (1.0 + 3.5 * color.chroma() / 0.2)
}

fn accent(cluster: &Cluster, main: &[(ColorName, Cluster)]) -> Option<NamedArea> {
    let name = ColorName::of(cluster.center);
    let apart = |(known, other): &(ColorName, Cluster)| {
        let (da, db) = (cluster.center.a - other.center.a, cluster.center.b - other.center.b);
        *known != name && hypot(da, db) > 0.055
    };
    let stands_out =
        cluster.center.chroma() > 0.065 && (0.006..=0.20).contains(&cluster.area) && main.iter().all(apart);
    stands_out.then_some(NamedArea { name, area: cluster.area })
}

#[derive(Clone, Copy)]
struct Point {
    at: [f32; 3],
    weight: f32,
    area: f32,
}

/// Axes on which clusters are round: lightness matters half as much as hue.
fn stretched(color: LabColor) -> [f32; 3] {
    [0.8 * color.l, 1.6 * color.a, 1.6 * color.b]
}

fn gap(a: [f32; 3], b: [f32; 3]) -> f32 {
    (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2)
}

/// Weighted k-means (Lloyd 1982) from the farthest points (Gonzalez 1985); weights and areas are shares.
fn cluster(points: &[Point]) -> Vec<Cluster> {
    let mut centers = farthest(points);
    let mut sums = vec![Sum::default(); centers.len()];
    for _ in 0..ROUNDS {
        sums.fill(Sum::default());
        for point in points {
            sums[nearest(&centers, point.at)].add(point);
        }
        let mut moved = 0.0_f32;
        for (center, sum) in centers.iter_mut().zip(&sums) {
            if let Some(mean) = sum.mean() {
                moved = moved.max(gap(*center, mean));
                *center = mean;
            }
        }
        if moved < 1e-7 {
            break;
        }
    }
    let (weight, area) = sums.iter().fold((0.0, 0.0), |(w, a), sum| (w + sum.weight, a + sum.area));
    let share = |part: f64, whole: f64| if whole > 0.0 { (part / whole) as f32 } else { 0.0 };
    sums.iter()
        .zip(&centers)
        .filter(|(sum, _)| sum.weight > 0.0)
        .map(|(sum, &[l, a, b])| Cluster {
            center: LabColor::new(l / 0.8, a / 1.6, b / 1.6),
            weight: share(sum.weight, weight),
            area: share(sum.area, area),
        })
        .collect()
}

#[derive(Clone, Copy, Default)]
struct Sum {
    at: [f64; 3],
    weight: f64,
    area: f64,
}

impl Sum {
    fn add(&mut self, point: &Point) {
        let weight = f64::from(point.weight);
        for (sum, at) in self.at.iter_mut().zip(point.at) {
            *sum += weight * f64::from(at);
        }
        self.weight += weight;
        self.area += f64::from(point.area);
    }

    fn mean(&self) -> Option<[f32; 3]> {
        (self.weight > 0.0).then(|| self.at.map(|sum| (sum / self.weight) as f32))
    }
}

fn nearest(centers: &[[f32; 3]], at: [f32; 3]) -> usize {
    let mut best = (f32::INFINITY, 0);
    for (index, center) in centers.iter().enumerate() {
        let distance = gap(*center, at);
        if distance < best.0 {
            best = (distance, index);
        }
    }
    best.1
}

/// The weighted mean's nearest point, then whatever lies farthest from all chosen so far.
fn farthest(points: &[Point]) -> Vec<[f32; 3]> {
    let mut sum = Sum::default();
    points.iter().for_each(|point| sum.add(point));
    let Some(mean) = sum.mean() else { return Vec::new() };
    let mut centers = Vec::with_capacity(CLUSTERS);
    let first = points.iter().min_by(|a, b| gap(a.at, mean).total_cmp(&gap(b.at, mean)));
    centers.extend(first.map(|point| point.at));
    let mut gaps: Vec<f32> = points.iter().map(|point| gap(point.at, centers[0])).collect();
    while centers.len() < CLUSTERS {
        let far = gaps.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        let Some((index, _)) = far.filter(|(_, gap)| **gap > 1e-6) else { break };
        let center = points[index].at;
        centers.push(center);
        for (least, point) in gaps.iter_mut().zip(points) {
            *least = least.min(gap(point.at, center));
        }
    }
    centers
}
