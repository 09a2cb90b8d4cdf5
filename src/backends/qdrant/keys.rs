//! Where things are in the payload of a point, and what a point is called.
//!
//! ```json
//! { "id": "cup", "order": { "k0": 109356041371648, .. }, "has": ["price"],
//!   "fields": { "price": 4.5 }, "floats": { "price": { "high": 3222405120, "low": 0 } } }
//! ```

use std::fmt::Write as _;

use qdrant_client::qdrant::PointId;
use uuid::Uuid;

/// The caller's id.
pub(super) const ID: &str = "id";
/// The beginning of the id as numbers, by which a scan goes.
pub(super) const ORDER: &str = "order";
/// The names of the fields that are there: an empty list is there, and the engine would not see it.
pub(super) const HAS: &str = "has";
/// Every field as JSON has it.
pub(super) const FIELDS: &str = "fields";
/// Every float in two integers.
pub(super) const FLOATS: &str = "floats";

/// How many numbers the order has: ids that agree in the bytes of all of them are sorted here.
pub(super) const LEVELS: usize = 4;

/// Bytes in a number of the order: ranges are compared as doubles, which are exact to 2^53.
const BYTES: usize = 6;

/// The namespace of the points' UUIDs, made once at random and for good.
const NAMESPACE: Uuid = Uuid::from_u128(0x5d0b_7d1e_93c4_4a58_8f66_21ab_0c7e_d9f3);

/// The point of a record: a UUID, version 5, of its id.
pub(super) fn point(id: &str) -> PointId {
    Uuid::new_v5(&NAMESPACE, id.as_bytes()).to_string().into()
}

/// Numbers in the order of the ids, as far as they tell them apart.
pub(super) fn order(id: &str) -> [i64; LEVELS] {
    let mut bytes = id.bytes();
    std::array::from_fn(|_| (0..BYTES).fold(0, |sum, _| sum << 8 | i64::from(bytes.next().unwrap_or(0))))
}

/// The name of a number of the order.
pub(super) fn level(level: usize) -> String {
    format!("k{level}")
}

/// The path of a number of the order.
pub(super) fn level_path(at: usize) -> String {
    format!("{ORDER}.{}", level(at))
}

/// The path of a field.
pub(super) fn field_path(name: &str) -> String {
    format!("{FIELDS}.{}", plain(name))
}

/// The paths of a float.
pub(super) fn float_paths(name: &str) -> (String, String) {
    let path = format!("{FLOATS}.{}", plain(name));
    (format!("{path}.high"), format!("{path}.low"))
}

/// The name of a field in letters that paths take as they are; other bytes are `-` and two digits.
pub(super) fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            plain.push(char::from(byte));
        } else {
            let _ = write!(plain, "-{byte:02x}");
        }
    }
    if plain.is_empty() {
        plain.push('-'); // what no byte is written as
    }
    plain
}
