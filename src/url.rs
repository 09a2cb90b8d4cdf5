//! What settings in URLs have in common.

use std::str::FromStr;

/// Sets a place to what a value says; none when it says no such thing.
pub(crate) fn put<T: FromStr>(place: &mut T, value: &str) -> Option<()> {
    *place = value.parse().ok()?;
    Some(())
}

/// Undoes percent-encoding; none for a percent sign without two digits, and for what is no UTF-8 then.
#[cfg(any(feature = "opensearch", feature = "qdrant", feature = "s3vectors"))]
pub(crate) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
