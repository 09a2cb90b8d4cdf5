//! The cosine of a query with a stored vector, the same to the last bit on every machine.

use pulp::{Arch, NullaryFnOnce};

/// Sums kept side by side. Their number is part of the result.
const LANES: usize = 16;

/// A query in double precision.
pub(super) struct Exact {
    arch: Arch,
    query: Vec<f64>,
    square: f64,
}

impl Exact {
    pub(super) fn new(arch: Arch, query: &[f32]) -> Self {
        let query: Vec<f64> = query.iter().map(|x| f64::from(*x)).collect();
        let square = query.iter().map(|x| x * x).sum();
        Self { arch, query, square }
    }

    /// The cosine with the vector of `numbers`, -1 to 1; neither vector is zero.
    pub(super) fn cosine(&self, numbers: &[u8]) -> f64 {
        let (dot, square) = self.arch.dispatch(Products { query: &self.query, numbers });
        (dot / (square * self.square).sqrt()).clamp(-1.0, 1.0)
    }
}

struct Products<'a> {
    query: &'a [f64],
    numbers: &'a [u8],
}

impl NullaryFnOnce for Products<'_> {
    /// The inner product with the query, and with itself.
    type Output = (f64, f64);

    #[inline(always)]
    fn call(self) -> (f64, f64) {
        let (query, query_rest) = self.query.as_chunks::<LANES>();
        let (numbers, _) = self.numbers.as_chunks::<4>();
        let (numbers, rest) = numbers.as_chunks::<LANES>();
        let (mut dots, mut squares) = ([0.0; LANES], [0.0; LANES]);
        for at in 0..query.len().min(numbers.len()) {
            for lane in 0..LANES {
                let x = f64::from(f32::from_le_bytes(numbers[at][lane]));
                dots[lane] += query[at][lane] * x;
                squares[lane] += x * x;
            }
        }
        for lane in 0..query_rest.len().min(rest.len()) {
            let x = f64::from(f32::from_le_bytes(rest[lane]));
            dots[lane] += query_rest[lane] * x;
            squares[lane] += x * x;
        }
        (dots.iter().sum(), squares.iter().sum())
    }
}
