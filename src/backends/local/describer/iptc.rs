//! IPTC-IIM 4.2 in a Photoshop resource block: caption, headline and keywords.

use super::{text::MAX_KEYWORDS, told::Words};

/// Reads as many whole resources and data sets as there are.
pub(super) fn read(photoshop: &[u8]) -> Words {
    let mut words = Words::default();
    for (number, value) in iim(photoshop).into_iter().flat_map(DataSets) {
        match number {
            (2, 120) => words.caption = decode(value),
            (2, 105) => words.title = decode(value),
            (2, 25) if words.keywords.len() < MAX_KEYWORDS => words.keywords.push(decode(value)),
            _ => {}
        }
    }
    words
}

/// The resource 0x0404 among `8BIM` + number + padded Pascal name + length + padded data.
fn iim(mut rest: &[u8]) -> Option<&[u8]> {
    let even = |len: usize| len + len % 2;
    loop {
        let (number, tail) = rest.strip_prefix(b"8BIM")?.split_first_chunk::<2>()?;
        let tail = tail.get(even(1 + usize::from(*tail.first()?))..)?;
        let (len, tail) = tail.split_first_chunk::<4>()?;
        let len = usize::try_from(u32::from_be_bytes(*len)).ok()?;
        if u16::from_be_bytes(*number) == 0x0404 {
            return tail.get(..len);
        }
        rest = tail.get(len.checked_add(len % 2)?..)?;
    }
}

/// Data sets: 0x1c, record, number, two bytes of length, value.
struct DataSets<'a>(&'a [u8]);

impl<'a> Iterator for DataSets<'a> {
    type Item = ((u8, u8), &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (&[mark, record, number, high, low], tail) = self.0.split_first_chunk::<5>()?;
        // Lengths from 0x8000 are of extended data sets, which no text uses.
        if mark != 0x1c || high >= 0x80 {
            return None;
        }
        let (value, rest) = tail.split_at_checked(usize::from(u16::from_be_bytes([high, low])))?;
        self.0 = rest;
        Some(((record, number), value))
    }
}

/// UTF-8 if it is valid, else Latin-1: the declared character set is often missing or wrong.
pub(super) fn decode(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}
