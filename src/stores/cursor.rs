//! Cursors of scans: a position with a checksum, so that text of another origin is refused.

use crate::error::{Error, Result};

/// The cursor of a position in `scope`, which another scope refuses.
pub(crate) fn write(scope: &str, position: &str) -> String {
    let sum = crc32fast::hash(format!("{scope}{position}").as_bytes());
    format!("{sum:08x}{position}")
}

/// The position in a cursor that was written for `scope`.
pub(crate) fn read<'c>(scope: &str, cursor: &'c str) -> Result<&'c str> {
    let position = cursor.split_at_checked(8).map(|(_, position)| position);
    let known = position.filter(|position| write(scope, position) == cursor);
    known.ok_or_else(|| {
        Error::invalid(format!(
            "{cursor:?} is not a cursor of this store: pass on the `next` of the page before"
        ))
    })
}
