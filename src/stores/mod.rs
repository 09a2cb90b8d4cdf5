//! What stores share, whichever engine is behind them.

pub(crate) mod cursor;
#[cfg(any(feature = "opensearch", feature = "postgres", feature = "qdrant", feature = "s3vectors"))]
pub(crate) mod known;
#[cfg(any(feature = "postgres", feature = "qdrant", feature = "s3vectors"))]
pub(crate) mod latest;
#[cfg(any(feature = "opensearch", feature = "postgres", feature = "qdrant", feature = "s3vectors"))]
pub(crate) mod settings;
