//! Made-up libraries: every vector comes from a seed and its number, so any process can make the same.

use std::f32::consts::TAU;

/// The length of the vectors.
pub(crate) const DIMENSIONS: usize = 1024;
/// How many numbers a vector of the clustered sets really depends on.
const LATENT: usize = 32;
const CLUSTERS: u64 = 2_000;
/// How many pictures are nearly the same one.
const COPIES: u64 = 20;

/// How the vectors lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// 2,000 Gaussians on a plane of 32 dimensions, with a little noise in all.
    Clustered,
    /// A mean that all share, and spread that falls from axis to axis, as models' vectors often have.
    Anisotropic,
    /// Twenty of nearly the same vector, some of them to the bit, 5,000 groups in 100 thousand.
    NearDuplicate,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Clustered, Self::Anisotropic, Self::NearDuplicate];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Clustered => "clustered",
            Self::Anisotropic => "anisotropic",
            Self::NearDuplicate => "near-duplicate",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Which records a search may find, in tenths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) name: &'static str,
    /// The field whose value 0 passes.
    pub(crate) field: &'static str,
    /// One record of so many passes.
    pub(crate) of: u64,
    /// What passes lies together.
    pub(crate) correlated: bool,
}

/// All shares that are measured.
pub(crate) const SHARES: [Share; 6] = [
    Share { name: "50 %", field: "half", of: 2, correlated: false },
    Share { name: "10 %", field: "tenth", of: 10, correlated: false },
    Share { name: "1 %", field: "hundredth", of: 100, correlated: false },
    Share { name: "0.1 %", field: "thousandth", of: 1000, correlated: false },
    Share { name: "10 % together", field: "region", of: 10, correlated: true },
    Share { name: "1 % together", field: "district", of: 100, correlated: true },
];

/// A record before it has an id.
pub(crate) struct Made {
    pub(crate) vector: Vec<f32>,
    /// The value of each of [`SHARES`]' fields.
    pub(crate) values: [u64; SHARES.len()],
}

/// A made-up library.
pub(crate) struct Data {
    kind: Kind,
    seed: u64,
    /// Row by row, from latent numbers to dimensions.
    plane: Vec<f32>,
}

impl Data {
    pub(crate) fn new(kind: Kind, seed: u64) -> Self {
        let mut random = Normal::new(seed);
        let plane = (0..LATENT * DIMENSIONS).map(|_| random.next() / (LATENT as f32).sqrt()).collect();
        Self { kind, seed, plane }
    }

    /// Record `number`.
    pub(crate) fn record(&self, number: u64) -> Made {
        let (vector, place) = self.point(number);
        let draw = mix(self.seed ^ mix(number ^ 0xf1e1d));
        let values = SHARES.map(|share| if share.correlated { place % share.of } else { draw % share.of });
        Made { vector, values }
    }

    /// Query `number`: from where the records are, and none of them.
    pub(crate) fn query(&self, number: u64) -> Vec<f32> {
        self.point((1 << 40) + number * 37).0
    }

    /// A vector of length 1 and the neighbourhood it is in.
    fn point(&self, number: u64) -> (Vec<f32>, u64) {
        let mut random = Normal::new(self.seed ^ mix(number + 1));
        let (mut vector, place) = match self.kind {
            Kind::Clustered => self.clustered(mix(number) % CLUSTERS, &mut random),
            Kind::NearDuplicate => {
                // A query is near a group of records, too.
                let group = if number < 1 << 40 { number / COPIES } else { mix(number) % 4_999 };
                let (mut vector, place) =
                    self.clustered(mix(group) % CLUSTERS, &mut Normal::new(self.seed ^ mix(!group)));
                if !number.is_multiple_of(4) {
                    vector.iter_mut().for_each(|x| *x += 0.02 * random.next());
                }
                (vector, place)
            }
            Kind::Anisotropic => {
                let first = random.next();
                let mut vector = vec![0.5 + 2.0 * first];
                vector
                    .extend((1..DIMENSIONS).map(|i| 0.15 + 2.0 * random.next() / (i as f32 + 1.0).powf(0.7)));
                let rank = 1.0 / (1.0 + (-1.702 * first).exp());
                (vector, (rank * 1000.0) as u64 / 10)
            }
        };
        let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        vector.iter_mut().for_each(|x| *x /= norm);
        (vector, place)
    }

    fn clustered(&self, cluster: u64, random: &mut Normal) -> (Vec<f32>, u64) {
        let mut centre = Normal::new(self.seed ^ mix(cluster ^ 0xc3a7));
        let latent: Vec<f32> = (0..LATENT).map(|_| centre.next() + 0.5 * random.next()).collect();
        let mut vector: Vec<f32> = (0..DIMENSIONS).map(|_| 0.05 * random.next()).collect();
        for (weight, row) in latent.iter().zip(self.plane.chunks_exact(DIMENSIONS)) {
            vector.iter_mut().zip(row).for_each(|(x, y)| *x += weight * y);
        }
        (vector, cluster)
    }
}

/// Numbers of the normal distribution (Box-Muller over splitmix64).
struct Normal {
    state: u64,
    spare: Option<f32>,
}

impl Normal {
    fn new(seed: u64) -> Self {
        Self { state: mix(seed), spare: None }
    }

    fn next(&mut self) -> f32 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let bits = mix(self.state);
        let (a, b) = ((bits >> 40) as f32 + 1.0, (bits & 0xff_ffff) as f32);
        let radius = (-2.0 * (a / 16_777_217.0).ln()).sqrt();
        let (sin, cos) = (TAU * b / 16_777_216.0).sin_cos();
        self.spare = Some(radius * sin);
        radius * cos
    }
}

fn mix(number: u64) -> u64 {
    let mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
