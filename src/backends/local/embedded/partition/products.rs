//! Inner products of whole numbers, of vectors in sixteen bits and centroids in eight.
//!
//! Whole numbers have one sum in any order, so every machine finds the same lists.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::__m256i;

#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;
use pulp::{Arch, NullaryFnOnce, Simd};

/// Numbers that are looked at side by side.
const LANES: usize = 16;

/// Work that is done in the widest registers there are. Implementations are inlined for sure: a call would leave them.
pub(super) trait Task {
    type Output;

    fn run<P: Products>(self, products: P) -> Self::Output;
}

/// Does the work on what this machine has.
pub(super) fn run<T: Task>(arch: Arch, task: T) -> T::Output {
    match arch {
        #[cfg(target_arch = "x86_64")]
        Arch::V3(simd) => Simd::vectorize(simd, With(task, simd)),
        _ => arch.dispatch(With(task, Portable)),
    }
}

struct With<T, P>(T, P);

impl<T: Task, P: Products> NullaryFnOnce for With<T, P> {
    type Output = T::Output;

    #[inline(always)]
    fn call(self) -> T::Output {
        self.0.run(self.1)
    }
}

/// How products are added up.
pub(super) trait Products: Copy {
    type Sum: Copy;

    fn none(self) -> Self::Sum;

    fn add(self, sum: Self::Sum, a: &[i16; LANES], b: &[i8; LANES]) -> Self::Sum;

    fn sum(self, sum: Self::Sum) -> i32;
}

/// The inner products of each of `vectors` with each of `rows`; their length is a multiple of 64.
#[inline(always)]
pub(super) fn dots<P: Products, const N: usize, const M: usize>(
    products: P,
    vectors: [&[i16]; N],
    rows: [&[i8]; M],
) -> [[i32; M]; N] {
    let length = rows[0].len() / LANES;
    let (mut wide_vectors, mut wide_rows) = ([&[][..]; N], [&[][..]; M]);
    for at in 0..N {
        wide_vectors[at] = &vectors[at].as_chunks::<LANES>().0[..length];
    }
    for at in 0..M {
        wide_rows[at] = &rows[at].as_chunks::<LANES>().0[..length];
    }
    let mut sums = [[products.none(); M]; N];
    for at in 0..length {
        for row in 0..M {
            for vector in 0..N {
                sums[vector][row] =
                    products.add(sums[vector][row], &wide_vectors[vector][at], &wide_rows[row][at]);
            }
        }
    }
    let mut dots = [[0; M]; N];
    for vector in 0..N {
        for row in 0..M {
            dots[vector][row] = products.sum(sums[vector][row]);
        }
    }
    dots
}

/// Row `at` of so many numbers.
#[inline(always)]
pub(super) fn row<T>(all: &[T], length: usize, at: usize) -> &[T] {
    &all[at * length..(at + 1) * length]
}

/// The `N` rows of so many numbers from `from` on; the last again where there are less.
#[inline(always)]
pub(super) fn rows<T, const N: usize>(all: &[T], length: usize, from: usize) -> [&[T]; N] {
    let last = all.len() / length - 1;
    let mut rows = [&all[..length]; N];
    for (at, found) in rows.iter_mut().enumerate() {
        *found = row(all, length, last.min(from + at));
    }
    rows
}

#[derive(Clone, Copy)]
struct Portable;

impl Products for Portable {
    type Sum = [i32; LANES];

    #[inline(always)]
    fn none(self) -> Self::Sum {
        [0; LANES]
    }

    #[inline(always)]
    fn add(self, mut sum: Self::Sum, a: &[i16; LANES], b: &[i8; LANES]) -> Self::Sum {
        for lane in 0..LANES {
            sum[lane] += i32::from(a[lane]) * i32::from(b[lane]);
        }
        sum
    }

    #[inline(always)]
    fn sum(self, sum: Self::Sum) -> i32 {
        sum.iter().sum()
    }
}

/// Two products at once in each lane of 32 bits.
#[cfg(target_arch = "x86_64")]
impl Products for V3 {
    type Sum = __m256i;

    #[inline(always)]
    fn none(self) -> __m256i {
        self.avx._mm256_setzero_si256()
    }

    #[inline(always)]
    fn add(self, sum: __m256i, a: &[i16; LANES], b: &[i8; LANES]) -> __m256i {
        let b = self.avx2._mm256_cvtepi8_epi16(pulp::cast(*b));
        self.avx2._mm256_add_epi32(sum, self.avx2._mm256_madd_epi16(pulp::cast(*a), b))
    }

    #[inline(always)]
    fn sum(self, sum: __m256i) -> i32 {
        let eight: [i32; 8] = pulp::cast(sum);
        let mut sum = 0;
        for lane in eight {
            sum += lane;
        }
        sum
    }
}
