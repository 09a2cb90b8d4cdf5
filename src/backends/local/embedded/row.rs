//! A row of the catalog: checksum, place of the vector, fields as JSON.

use super::error::damaged;
use crate::{
    domain::Fields,
    error::{Error, ErrorKind, Result},
};

const CHECKSUM_BYTES: usize = 4;
const HEAD_BYTES: usize = CHECKSUM_BYTES + 8;
/// So long are rows with some fields.
const USUAL_BYTES: usize = 512;

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
    serde_json::to_writer(&mut bytes, fields)
        .map_err(|e| Error::new(ErrorKind::Internal, "the fields are no JSON").with_source(e))?;
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
    let fields = serde_json::from_slice(&bytes[HEAD_BYTES..])
        .map_err(|e| damaged(id, "catalog row").with_source(e))?;
    Ok((place, fields))
}

fn checksum(id: &str, bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(id.as_bytes());
    hasher.update(bytes.get(CHECKSUM_BYTES..).unwrap_or_default());
    hasher.finalize().to_le_bytes()
}
