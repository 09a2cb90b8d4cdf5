//! A row of the catalog.
//!
//! | bytes | |
//! |---|---|
//! | 0..4 | CRC-32 of id and the bytes behind it |
//! | 4..12 | place of the vector: segment and row, little-endian |
//! | 12 | 1 |
//! | 13.. | names and values, one after another, as postcard writes them |
//!
//! Rows of earlier versions have the fields as JSON from byte 12 on.

use serde::{Deserialize, Serialize};

use super::error::damaged;
use crate::{
    domain::{Fields, Timestamp, Value},
    error::{Error, ErrorKind, Result},
};

const CHECKSUM_BYTES: usize = 4;
const HEAD_BYTES: usize = CHECKSUM_BYTES + 8;
/// What byte 12 is, which is `{` in rows of earlier versions.
const POSTCARD: u8 = 1;
/// So long are rows with some fields.
const USUAL_BYTES: usize = 256;

/// Where a vector is: a segment and a row in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) segment: u32,
    pub(super) row: u32,
}

/// The bytes of a row.
pub(super) fn encode(id: &str, place: Place, fields: &Fields) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(USUAL_BYTES);
    bytes.extend([0; CHECKSUM_BYTES]);
    bytes.extend(place.segment.to_le_bytes());
    bytes.extend(place.row.to_le_bytes());
    bytes.push(POSTCARD);
    for (name, value) in fields {
        bytes = postcard::to_extend(&(name, Kept::from(value)), bytes).map_err(|e| {
            Error::new(ErrorKind::Internal, "the fields cannot be written down").with_source(e)
        })?;
    }
    let checksum = checksum(id, &bytes);
    bytes[..CHECKSUM_BYTES].copy_from_slice(&checksum);
    Ok(bytes)
}

/// The place of a row, or none when the row is not what was written for `id`.
pub(super) fn place(id: &str, bytes: &[u8]) -> Option<Place> {
    let (stored, _) = bytes.split_first_chunk::<CHECKSUM_BYTES>()?;
    let (segment, rest) = bytes[CHECKSUM_BYTES..].split_first_chunk()?;
    let (row, _) = rest.split_first_chunk()?;
    (*stored == checksum(id, bytes))
        .then(|| Place { segment: u32::from_le_bytes(*segment), row: u32::from_le_bytes(*row) })
}

/// The place and the fields of a row.
pub(super) fn decode(id: &str, bytes: &[u8]) -> Result<(Place, Fields)> {
    let place = place(id, bytes).ok_or_else(|| damaged(id, "catalog row"))?;
    let fields = match &bytes[HEAD_BYTES..] {
        [POSTCARD, fields @ ..] => read(fields),
        json => serde_json::from_slice(json).map_err(Into::into),
    };
    Ok((place, fields.map_err(|e| damaged(id, "catalog row").with_source(e))?))
}

fn read(mut bytes: &[u8]) -> std::result::Result<Fields, Box<dyn std::error::Error + Send + Sync>> {
    let mut fields = Fields::new();
    while !bytes.is_empty() {
        let ((name, value), rest): ((&str, Kept<'_>), _) = postcard::take_from_bytes(bytes)?;
        fields.insert(name.to_owned(), value.value()?);
        bytes = rest;
    }
    Ok(fields)
}

/// A value as it is kept: new kinds go to the end.
#[derive(Serialize, Deserialize)]
enum Kept<'a> {
    Text(&'a str),
    Integer(i64),
    Float(f64),
    Bool(bool),
    /// In milliseconds.
    Time(i64),
    #[serde(borrow)]
    TextList(Vec<&'a str>),
}

impl<'a> From<&'a Value> for Kept<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(text),
            Value::Integer(number) => Self::Integer(*number),
            Value::Float(number) => Self::Float(*number),
            Value::Bool(yes) => Self::Bool(*yes),
            Value::Time(time) => Self::Time(time.as_millis()),
            Value::TextList(texts) => Self::TextList(texts.iter().map(String::as_str).collect()),
        }
    }
}

impl Kept<'_> {
    /// # Errors
    /// A time that is out of range.
    fn value(self) -> Result<Value> {
        Ok(match self {
            Self::Text(text) => Value::Text(text.to_owned()),
            Self::Integer(number) => Value::Integer(number),
            Self::Float(number) => Value::Float(number),
            Self::Bool(yes) => Value::Bool(yes),
            Self::Time(millis) => Value::Time(Timestamp::from_millis(millis)?),
            Self::TextList(texts) => Value::TextList(texts.into_iter().map(str::to_owned).collect()),
        })
    }
}

fn checksum(id: &str, bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(id.as_bytes());
    hasher.update(bytes.get(CHECKSUM_BYTES..).unwrap_or_default());
    hasher.finalize().to_le_bytes()
}
