//! What the service takes, as of 2026-11-21: the user guide's "Limitations and restrictions" and "Metadata filtering",
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-limitations.html>.
//!
//! Kilobytes are taken as 1 024 bytes of JSON, as the guide does not say how it counts.

/// Numbers in a vector.
pub(super) const DIMENSIONS: usize = 4_096;

/// Records or ids in a batch. The service takes 500 in a put or a delete, but 100 in a get, and the role has one limit.
pub(super) const BATCH: usize = 100;

/// Hits of a search in one page of the service, which is what a search has by default.
pub(super) const PAGE_OF_HITS: usize = 100;

/// Hits of a search over all its pages.
pub(super) const HITS: u32 = 10_000;

/// Records in a page of a scan.
pub(super) const PAGE_OF_RECORDS: usize = 1_000;

/// Bytes of the metadata that filters may name.
pub(super) const FILTERABLE_BYTES: usize = 2 * 1_024;

/// Bytes of all metadata.
pub(super) const METADATA_BYTES: usize = 40 * 1_024;

/// Fields of a record.
pub(super) const FIELDS: usize = 50;

/// Fields of a schema that are only stored, each of which is a non-filterable key of the index.
pub(super) const STORED_FIELDS: usize = 10;

/// Bytes in a metadata key. The service says so of non-filterable keys alone.
pub(super) const KEY_BYTES: usize = 63;

/// Values in the conditions of a filter.
pub(super) const CONSTRAINTS: usize = 100;

/// Tags of an index.
pub(super) const TAGS: usize = 50;

/// Characters in the value of a tag.
pub(super) const TAG_VALUE: usize = 256;
