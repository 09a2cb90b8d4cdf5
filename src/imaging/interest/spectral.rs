//! What the spectrum does not expect (Hou & Zhang 2007, "Saliency detection: a spectral residual
//! approach").

use microfft::{Complex32, complex::cfft_64, inverse::ifft_64};

use crate::imaging::{
    Lab, Plane, gaussian,
    math::{exp, ln},
};

const SIDE: usize = 64;

type Row = [Complex32; SIDE];

/// The residual of all three channels, at the size of `lab`.
pub(super) fn residual(lab: &Lab) -> Plane {
    let mut sum = Plane::filled(SIDE, SIDE, 0.0);
    for channel in [&lab.l, &lab.a, &lab.b] {
        let saliency = of_channel(&channel.resized(SIDE, SIDE));
        sum = sum.zip(&saliency, |sum, value| sum + value);
    }
    gaussian(&sum, 2.5).resized(lab.width(), lab.height())
}

fn of_channel(channel: &Plane) -> Plane {
    let mut spectrum: Vec<_> = channel.values().iter().map(|&v| Complex32::new(v, 0.0)).collect();
    transform(&mut spectrum, cfft_64);
    let log =
        Plane::from_values(SIDE, SIDE, spectrum.iter().map(|c| ln(c.norm_sqr().sqrt() + 1e-6)).collect());
    let expected = box3(&log);
    for (i, value) in spectrum.iter_mut().enumerate() {
        let residual = exp(log.values()[i] - expected.values()[i]);
        *value *= residual / value.norm_sqr().sqrt().max(1e-6);
    }
    transform(&mut spectrum, ifft_64);
    Plane::from_values(SIDE, SIDE, spectrum.iter().map(Complex32::norm_sqr).collect())
}

/// Rows, then columns.
fn transform(values: &mut [Complex32], fft: fn(&mut Row) -> &mut Row) {
    for _ in 0..2 {
        for row in values.as_chunks_mut::<SIDE>().0 {
            fft(row);
        }
        for y in 0..SIDE {
            for x in 0..y {
                values.swap(y * SIDE + x, x * SIDE + y);
            }
        }
    }
}

fn box3(plane: &Plane) -> Plane {
    let near = |at: usize| [at.saturating_sub(1), at, (at + 1).min(SIDE - 1)];
    Plane::from_fn(SIDE, SIDE, |x, y| {
        let mut sum = 0.0;
        for row in near(y) {
            for column in near(x) {
                sum += plane.row(row)[column];
            }
        }
        sum / 9.0
    })
}
