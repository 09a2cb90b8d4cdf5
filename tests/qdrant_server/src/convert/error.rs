use qdrant_edge::OperationError;
use tonic::Status;

/// The codes that Qdrant gives these errors.
pub(crate) fn status(error: &OperationError) -> Status {
    let message = error.to_string();
    match error {
        OperationError::ServiceError { .. }
        | OperationError::InconsistentStorage { .. }
        | OperationError::OutOfMemory { .. } => Status::internal(message),
        OperationError::PointIdError { .. } => Status::not_found(message),
        OperationError::Timeout { .. } => Status::deadline_exceeded(message),
        OperationError::Cancelled { .. } => Status::cancelled(message),
        _ => Status::invalid_argument(message),
    }
}
