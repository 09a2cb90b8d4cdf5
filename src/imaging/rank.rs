//! Order statistics without sorting.

/// Where the digits of a key are, the highest first: how far up, and how many bits.
const DIGITS: [(u32, u32); 3] = [(21, 11), (10, 11), (0, 10)];

/// The value that the share `p` (0..=1) of `values` does not exceed. Zero for none.
pub(crate) fn percentile(values: &[f32], p: f32) -> f32 {
    let [value] = percentiles(values, [p]);
    value
}

/// The same for several shares at once.
///
/// By its digits, the highest first: values are counted by the digit, and only those with the digit of the one that is
/// looked for are left for the next round.
pub(crate) fn percentiles<const N: usize>(values: &[f32], shares: [f32; N]) -> [f32; N] {
    let Some(last) = values.len().checked_sub(1) else { return [0.0; N] };
    let counts = count(values.iter().map(|value| key(*value)), DIGITS[0]);
    let mut searches = shares.map(|p| {
        let mut search =
            Search { rank: ((p.clamp(0.0, 1.0) * last as f32).round() as usize).min(last), found: 0 };
        search.narrow(&counts, DIGITS[0]);
        search
    });
    let mut left = [const { Vec::new() }; N];
    for key in values.iter().map(|value| key(*value)) {
        for (left, search) in left.iter_mut().zip(&searches) {
            if search.meets(key, DIGITS[0]) {
                left.push(key);
            }
        }
    }
    for (search, left) in searches.iter_mut().zip(&mut left) {
        for digit in [DIGITS[1], DIGITS[2]] {
            search.narrow(&count(left.iter().copied(), digit), digit);
            left.retain(|key| search.meets(*key, digit));
        }
    }
    searches.map(|search| value(search.found))
}

/// The key that is looked for, as far as it is known.
struct Search {
    /// How many of those that are left are lower.
    rank: usize,
    found: u32,
}

impl Search {
    /// Finds the next digit.
    fn narrow(&mut self, counts: &[u32], (shift, _): (u32, u32)) {
        let mut at = 0;
        while self.rank >= counts[at] as usize {
            self.rank -= counts[at] as usize;
            at += 1;
        }
        self.found |= (at as u32) << shift;
    }

    /// Whether a key has the digits that are known, down to this one.
    #[inline(always)]
    fn meets(&self, key: u32, (shift, _): (u32, u32)) -> bool {
        key >> shift == self.found >> shift
    }
}

/// How many keys have each value of a digit.
#[inline(always)]
fn count(keys: impl Iterator<Item = u32>, (shift, bits): (u32, u32)) -> [u32; 1 << 11] {
    let mut counts = [0; 1 << 11];
    keys.for_each(|key| counts[(key >> shift) as usize & ((1 << bits) - 1)] += 1);
    counts
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
