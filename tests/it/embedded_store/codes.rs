//! The arithmetic of codes: the files of the store that know of no store, taken in by their paths.

use proptest::prelude::*;
use pulp::Arch;

#[path = "../../../src/backends/local/embedded/codes/mod.rs"]
#[allow(dead_code, clippy::module_inception, reason = "the store uses the rest, and its name is its own")]
mod codes;

use codes::{
    code::{Codes, Factors},
    estimate::Query,
    kernel::{Kernel, Planes},
    rotation::Rotation,
};

fn vector(dimensions: usize, random: &mut fastrand::Rng) -> Vec<f32> {
    (0..dimensions).map(|_| random.f32() + random.f32() + random.f32() - 1.5).collect()
}

fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = dot(&vector, &vector).sqrt() as f32;
    vector.iter_mut().for_each(|x| *x /= length);
    vector
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

/// All bits of a code.
fn bits(codes: &Codes, at: usize) -> Vec<u64> {
    [codes.front(at), codes.rest(at)].concat()
}

fn rotated(rotation: &Rotation, vector: &[f32]) -> Vec<f32> {
    let mut out = Vec::new();
    rotation.apply(Arch::new(), vector, &mut out);
    out
}

proptest! {
    #[test]
    fn rotating_keeps_lengths_and_angles(dimensions in 1_usize..2_100, seed: u64) {
        let random = &mut fastrand::Rng::with_seed(seed);
        let rotation = Rotation::new(dimensions);
        let (a, b) = (unit(vector(dimensions, random)), unit(vector(dimensions, random)));
        let (ra, rb) = (rotated(&rotation, &a), rotated(&rotation, &b));
        prop_assert_eq!(ra.len(), dimensions.next_multiple_of(64));
        prop_assert!((dot(&ra, &ra) - 1.0).abs() < 1e-5, "a length of 1 is {}", dot(&ra, &ra));
        prop_assert!((dot(&ra, &rb) - dot(&a, &b)).abs() < 1e-5);
    }

    #[test]
    fn rotating_is_the_same_in_every_register(dimensions in 1_usize..2_100, seed: u64) {
        let vector = vector(dimensions, &mut fastrand::Rng::with_seed(seed));
        let rotation = Rotation::new(dimensions);
        let mut portable = Vec::new();
        rotation.apply(Arch::Scalar, &vector, &mut portable);
        prop_assert_eq!(rotated(&rotation, &vector), portable);
    }

    #[test]
    fn a_code_is_the_same_in_every_register(words in 1_usize..40, zero: prop::sample::Index, seed: u64) {
        let random = &mut fastrand::Rng::with_seed(seed);
        let (mut vector, centre) = (vector(64 * words, random), vector(64 * words, random));
        vector[zero.index(64 * words)] = centre[zero.index(64 * words)];
        let [mut wide, mut portable] = [Codes::new(words), Codes::new(words)];
        wide.push(Arch::new(), &vector, &centre);
        portable.push(Arch::Scalar, &vector, &centre);
        prop_assert_eq!(&wide, &portable);
        let above = |at: usize| vector[at] > centre[at];
        let bits = bits(&wide, 0);
        prop_assert!((0..64 * words).all(|at| (bits[at / 64] >> (at % 64) & 1 == 1) == above(at)));
    }

    #[test]
    fn codes_are_where_they_were_added(words in 1_usize..20, count in 1_usize..10, seed: u64) {
        let random = &mut fastrand::Rng::with_seed(seed);
        let (mut alone, mut all) = (Vec::new(), Codes::with_capacity(count, words));
        for _ in 0..count {
            let mut code = Codes::new(words);
            code.push(Arch::new(), &vector(64 * words, random), &vector(64 * words, random));
            all.push_from(&code, 0);
            alone.push(code);
        }
        all.push_unknown();
        prop_assert_eq!(all.len(), count + 1);
        for (at, code) in alone.iter().enumerate() {
            prop_assert_eq!((bits(&all, at), all.factors(at)), (bits(code, 0), code.factors(0)));
        }
        prop_assert_eq!(all.factors(count), Factors::UNKNOWN);
        let kept = all.kept(0);
        prop_assert_eq!(&all.kept(1), &kept[words + 2..]);
        prop_assert_eq!(Codes::from_kept(words, &kept[..kept.len() - 1]), None);
        prop_assert_eq!(Codes::from_kept(words, &kept), Some(all));
    }

    /// What one dimension holds is in all of them afterwards, or signs would say little.
    #[test]
    fn rotating_spreads_a_single_dimension(dimensions in 64_usize..2_100, at: prop::sample::Index) {
        let mut vector = vec![0.0; dimensions];
        vector[at.index(dimensions)] = 1.0;
        let rotated = rotated(&Rotation::new(dimensions), &vector);
        let largest = rotated.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        prop_assert!(largest < 0.75, "one number of {dimensions} has {largest} of the length");
    }

    #[test]
    fn every_kernel_counts_the_same(words in 1_usize..40, codes in 0_usize..20, seed: u64) {
        let mut random = fastrand::Rng::with_seed(seed);
        let planes = Planes(std::array::from_fn(|_| (0..words).map(|_| random.u64(..)).collect()));
        let codes: Vec<Vec<u64>> = (0..codes).map(|_| (0..words).map(|_| random.u64(..)).collect()).collect();
        fn check<const N: usize>(codes: &[Vec<u64>], planes: [&[u64]; N]) -> Result<(), TestCaseError> {
            let bit_by_bit = |code: &Vec<u64>| {
                let plane = |p: usize| code.iter().zip(planes[p]).map(|(a, b)| (a ^ b).count_ones() << p).sum::<u32>();
                1 + (0..N).map(plane).sum::<u32>()
            };
            let expected: Vec<_> = codes.iter().map(bit_by_bit).collect();
            for kernel in [Kernel::new(), Kernel::portable()] {
                let mut distances = vec![1; codes.len()];
                kernel.add(planes, &Vec::from_iter(0..codes.len()), |at| &codes[*at], &mut distances);
                prop_assert_eq!(&distances, &expected);
            }
            Ok(())
        }
        check(&codes, planes.words(0..words))?;
        check(&codes, [planes.signs()])?;
    }
}

/// The bound is three standard deviations: one estimate in 370 may be beyond it, none far beyond. So it is for signs, and
/// for those of the front.
#[test]
fn the_true_score_is_within_the_bound_of_its_estimate() {
    let mut random = fastrand::Rng::with_seed(5);
    for dimensions in [2, 33, 64, 100, 384, 1000, 1024, 1536] {
        let rotation = Rotation::new(dimensions);
        let (mut beyond, mut above, mut above_front) = (0, 0, 0);
        for _ in 0..40 {
            let centre = rotated(&rotation, &vector(dimensions, &mut random))
                .iter()
                .map(|x| x * 0.05)
                .collect::<Vec<_>>();
            let query = unit(vector(dimensions, &mut random));
            let away = rotated(&rotation, &query)
                .iter()
                .zip(&centre)
                .map(|(x, c)| (x - c).powi(2))
                .sum::<f32>()
                .sqrt();
            let level = dot(&rotated(&rotation, &query), &centre) as f32;
            let asked = Query::new(rotated(&rotation, &query));
            for near in 0..50 {
                let mut other = vector(dimensions, &mut random);
                let share = near as f32 / 50.0;
                other.iter_mut().zip(&query).for_each(|(x, q)| *x = *x * (1.0 - share) + q * share * 20.0);
                let other = unit(other);
                let mut codes = Codes::new(asked.planes.0[0].len());
                codes.push(Arch::new(), &rotated(&rotation, &other), &centre);
                let code = bits(&codes, 0);
                let seen = |planes: &[&[u64]]| {
                    let one = |plane: &&[u64]| {
                        let mut distance = [0];
                        Kernel::new().add([*plane], &[()], |()| &code[..plane.len()], &mut distance);
                        distance[0]
                    };
                    planes.iter().enumerate().map(|(p, plane)| one(plane) << p).sum::<u32>()
                };
                let (factors, score) = (codes.factors(0), dot(&other, &query) as f32);
                let all = seen(&asked.planes.words(0..asked.planes.signs().len()));
                let estimate = asked.whole.estimate(all, factors, level, away);
                let off = (estimate.score - score).abs();
                beyond += usize::from(off > estimate.error);
                let signs = seen(&[asked.planes.signs()]);
                above += usize::from(!asked.signs.may_reach(score, signs, factors, level, away));
                let front = seen(&[&asked.planes.signs()[..codes.front(0).len()]]);
                above_front +=
                    usize::from(!asked.front.may_reach(score, front, factors.of_front(), level, away));
                assert!(
                    off < 1.5 * estimate.error + 1e-4,
                    "{dimensions} dimensions: off by {off}, {estimate:?}"
                );
            }
        }
        assert!(beyond <= 6, "{dimensions} dimensions: {beyond} of 2,000 estimates are beyond their bound");
        for (what, above) in [("signs", above), ("the signs of the front", above_front)] {
            assert!(
                above <= 6,
                "{dimensions} dimensions: {above} of 2,000 scores are above their bound by {what}"
            );
        }
    }
}
