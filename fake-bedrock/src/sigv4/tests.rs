//! AWS's own published vectors.
