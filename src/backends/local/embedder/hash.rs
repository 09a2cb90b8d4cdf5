//! Features of any number in a fixed number of places (Weinberger et al. 2009, "feature hashing").

/// FNV-1a with 64 bits, finished so that every bit depends on every byte (the finaliser of SplitMix64).
/// The same on every platform and in every process.
fn hash(kind: u8, feature: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in std::iter::once(kind).chain(feature.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// Adds `weight` at the place of a feature, or takes it away there: signs make collisions cancel out.
pub(super) fn add(places: &mut [f32], kind: u8, feature: &str, weight: f32) {
    let hash = hash(kind, feature);
    let place = (hash >> 1) % places.len().max(1) as u64;
    if let Some(value) = places.get_mut(place as usize) {
        *value += if hash & 1 == 0 { weight } else { -weight };
    }
}
