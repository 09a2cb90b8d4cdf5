//! What redb says, as this crate's errors: what its users have in common.

use crate::error::{Error, ErrorKind};

/// Turns an error of redb into the crate's.
pub(super) fn native(error: redb::Error) -> Error {
    let kind = match error {
        redb::Error::Io(io) => return Error::from(io),
        redb::Error::DatabaseAlreadyOpen => ErrorKind::Locked,
        redb::Error::Corrupted(_)
        | redb::Error::UpgradeRequired(_)
        | redb::Error::RepairAborted
        | redb::Error::TableTypeMismatch { .. }
        | redb::Error::TypeDefinitionChanged { .. } => ErrorKind::Corrupt,
        redb::Error::ValueTooLarge(_) => ErrorKind::InvalidInput,
        redb::Error::PreviousIo => ErrorKind::Io,
        _ => ErrorKind::Internal,
    };
    Error::new(kind, error.to_string()).with_source(error)
}
