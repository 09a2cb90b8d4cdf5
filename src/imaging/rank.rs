//! Order statistics without sorting.

/// Bits of a key that one round looks at.
const BITS: u32 = 11;

/// The value that the share `p` (0..=1) of `values` does not exceed. Zero for none.
///
/// By its digits, the highest first: values are counted by the digit, and only those with the digit of the one that is
/// looked for are left for the next round.
pub(crate) fn percentile(values: &[f32], p: f32) -> f32 {
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    let mut rank = ((p.clamp(0.0, 1.0) * last as f32).round() as usize).min(last);
    let mut found = 0;
    let mut left: Vec<u32> = Vec::new();
    for shift in [32 - BITS, 32 - 2 * BITS, 0] {
        let digits = if shift == 0 { 32 - 2 * BITS } else { BITS };
        let digit = |key: u32| (key >> shift) as usize & ((1 << digits) - 1);
        let mut counts = [0_u32; 1 << BITS];
        match found {
            0 if left.is_empty() => values.iter().for_each(|&value| counts[digit(key(value))] += 1),
            _ => left.iter().for_each(|&key| counts[digit(key)] += 1),
        }
        let mut at = 0;
        while rank >= counts[at] as usize {
            rank -= counts[at] as usize;
            at += 1;
        }
        found |= (at as u32) << shift;
        match shift {
            0 => {}
            _ if left.is_empty() => left.extend(values.iter().map(|&v| key(v)).filter(|&k| digit(k) == at)),
            _ => left.retain(|&key| digit(key) == at),
        }
    }
    value(found)
}

/// A number that is ordered as the value is: negative ones upside down, below the others.
#[inline(always)]
fn key(value: f32) -> u32 {
    let bits = value.to_bits();
    bits ^ (((bits as i32 >> 31) as u32) | 0x8000_0000)
}

#[inline(always)]
fn value(key: u32) -> f32 {
    f32::from_bits(if key >> 31 == 1 { key ^ 0x8000_0000 } else { !key })
}
