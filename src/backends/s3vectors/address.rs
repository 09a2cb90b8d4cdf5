//! Which index: by names, or by its Amazon Resource Name.

use crate::error::{Error, Result};

/// Where an index is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// The bucket's name.
    pub(super) bucket: String,
    /// The index's name.
    pub(super) index: String,
    /// The bucket by ARN, where that is how it was named: it may be another account's.
    pub(super) bucket_arn: Option<String>,
    /// The region that the ARN names.
    pub(super) region: Option<String>,
}

impl Address {
    pub(super) fn names(bucket: &str, index: &str) -> Self {
        Self { bucket: bucket.into(), index: index.into(), bucket_arn: None, region: None }
    }

    /// Takes `arn:aws:s3vectors:REGION:ACCOUNT:bucket/BUCKET/index/INDEX`.
    pub(super) fn arn(arn: &str) -> Result<Self> {
        Self::parse(arn).ok_or_else(|| {
            Error::invalid(format!(
                "{arn:?} is not the ARN of a vector index: it looks like arn:aws:s3vectors:REGION:ACCOUNT:bucket/BUCKET/index/INDEX"
            ))
        })
    }

    fn parse(arn: &str) -> Option<Self> {
        let parts: Vec<_> = arn.splitn(6, ':').collect();
        let ["arn", _, "s3vectors", region, account, resource] = parts[..] else { return None };
        let (bucket, index) = resource.strip_prefix("bucket/")?.split_once("/index/")?;
        let digits = account.len() == 12 && account.chars().all(|c| c.is_ascii_digit());
        let bucket_arn = arn.strip_suffix(index)?.strip_suffix("/index/")?;
        (digits && !region.is_empty()).then(|| Self {
            bucket: bucket.into(),
            index: index.into(),
            bucket_arn: Some(bucket_arn.into()),
            region: Some(region.into()),
        })
    }

    /// The index by ARN, where the bucket is named so.
    pub(super) fn index_arn(&self) -> Option<String> {
        self.bucket_arn.as_ref().map(|bucket| format!("{bucket}/index/{}", self.index))
    }

    /// Refuses names that the service would refuse.
    pub(super) fn check(&self) -> Result<()> {
        for (what, name) in [("bucket", &self.bucket), ("index", &self.index)] {
            let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            let fits = (3..=63).contains(&name.len())
                && name.starts_with(inner)
                && name.ends_with(inner)
                && name.chars().all(|c| inner(c) || c == '-' || c == '.');
            if !fits {
                return Err(Error::invalid(format!(
                    "the {what} {name:?} cannot be a name: write 3 to 63 lower-case letters, digits, \"-\" and \".\", a letter or digit first and last"
                )));
            }
        }
        Ok(())
    }
}
