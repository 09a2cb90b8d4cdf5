//! What redb says, as this crate's errors.

use redb::{DatabaseError, StorageError};

use crate::error::{Error, ErrorKind};

/// Turns any error of redb into the crate's.
pub(super) fn native(error: impl Into<redb::Error>) -> Error {
    let error = error.into();
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

/// As [`native`], for opening a file.
pub(super) fn opening(error: DatabaseError) -> Error {
    match error {
        DatabaseError::DatabaseAlreadyOpen => Error::new(
            ErrorKind::Locked,
            "the campaign store is open already, here or in another process: close it there or use another folder",
        )
        .with_source(error),
        // How redb says that the file is none of its own.
        DatabaseError::Storage(StorageError::Io(io)) if io.kind() == std::io::ErrorKind::InvalidData => {
            Error::new(ErrorKind::Corrupt, "this file is not a campaign store, or it is damaged").with_source(io)
        }
        error => native(error),
    }
}

/// A value that is JSON no more.
pub(super) fn unreadable(error: serde_json::Error) -> Error {
    Error::new(ErrorKind::Corrupt, format!("a stored value cannot be read back: {error}")).with_source(error)
}
