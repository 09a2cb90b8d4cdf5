//! Doubles as two integers that sort as they do.
//!
//! The engine keeps payloads as JSON text and reads one random double in ten back with the last bit changed. It keeps
//! integers as they are.

/// The halves of the bits, made to sort from the lowest number to the highest; both zeros are the same.
pub(super) fn split(number: f64) -> (i64, i64) {
    let bits = (number + 0.0).to_bits();
    let sorted = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    ((sorted >> 32) as i64, (sorted & 0xffff_ffff) as i64)
}

/// The number of two halves, if it is finite.
pub(super) fn join(high: i64, low: i64) -> Option<f64> {
    let (high, low) = (u32::try_from(high).ok()?, u32::try_from(low).ok()?);
    let sorted = u64::from(high) << 32 | u64::from(low);
    let bits = if sorted >> 63 == 1 { sorted & !(1 << 63) } else { !sorted };
    Some(f64::from_bits(bits)).filter(|number| number.is_finite())
}
