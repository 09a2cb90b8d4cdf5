//! Whether a JPEG file is whole. The decoder itself fills what is missing with grey.

/// Walks the segments (ITU T.81, annex B) and answers whether the end-of-image marker is reached.
pub(in crate::imaging) fn is_complete(bytes: &[u8]) -> bool {
    const END: u8 = 0xd9;
    const SCAN: u8 = 0xda;
    let mut at = 2;
    while let Some((marker, after)) = next_marker(bytes, at) {
        match marker {
            END => return true,
            // Stand-alone markers carry no length.
            0x01 | 0xd0..=0xd8 => at = after,
            _ => {
                let Some(&[high, low]) = bytes.get(after..after + 2) else { return false };
                at = after + usize::from(u16::from_be_bytes([high, low])).max(2);
                if marker == SCAN && at >= bytes.len() {
                    return false;
                }
            }
        }
    }
    false
}

/// The next marker at or after `at`, and the offset behind it. Stuffed zeros and fill bytes are none.
fn next_marker(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let tail = bytes.get(at..)?;
    let found = tail.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xff))?;
    Some((tail[found + 1], at + found + 2))
}
