//! Which index, which account, how long to wait.

use std::{fmt, time::Duration};

use super::{address::Address, limits, url};
use crate::{
    aws::Keys,
    error::{Error, Result},
    stores::settings::{check_ranges, check_timeouts},
};

/// How to reach an index of Amazon S3 Vectors. `Debug` shows no secrets.
///
/// Without further settings region, profile and credentials are what every AWS tool takes: the environment, the shared
/// configuration files, SSO, a web identity or the instance.
///
/// ```
/// use keyvisual::backends::s3vectors::S3VectorsConfig;
///
/// let config = S3VectorsConfig::from_url("s3vectors://visuals/library?region=eu-central-1")?
///     .with_keys("AKIDEXAMPLE", "a secret", None)
///     .with_create_bucket(false);
/// assert!(!format!("{config:?}").contains("a secret"));
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone)]
pub struct S3VectorsConfig {
    pub(super) address: Address,
    pub(super) region: Option<String>,
    pub(super) profile: Option<String>,
    pub(super) keys: Option<Keys>,
    pub(super) endpoint: Option<String>,
    pub(super) create_bucket: bool,
    pub(super) kms_key: Option<String>,
    pub(super) connect_timeout: Duration,
    pub(super) request_timeout: Duration,
    pub(super) max_k: usize,
}

impl S3VectorsConfig {
    /// The index `index` in the vector bucket `bucket`, everything else from the environment. Connecting may take 5 s, a
    /// request 30 s.
    pub fn new(bucket: impl AsRef<str>, index: impl AsRef<str>) -> Self {
        Self::at(Address::names(bucket.as_ref(), index.as_ref()))
    }

    /// The index that an ARN names, which may be another account's; the region is that of the ARN.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for what is not the ARN of a vector index.
    pub fn from_arn(arn: impl AsRef<str>) -> Result<Self> {
        Address::arn(arn.as_ref()).map(Self::at)
    }

    /// Takes a URL, `s3vectors://BUCKET/INDEX` or `s3vectors:ARN`, with the parameters that the module's docs list.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a URL that cannot be read; the message does not repeat it.
    pub fn from_url(url: &str) -> Result<Self> {
        url::parse(url)
    }

    pub(super) fn at(address: Address) -> Self {
        Self {
            region: address.region.clone(),
            create_bucket: address.bucket_arn.is_none(),
            address,
            profile: None,
            keys: None,
            endpoint: None,
            kms_key: None,
            connect_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(30),
            max_k: limits::PAGE_OF_HITS,
        }
    }

    /// Sets the region, such as `eu-central-1`.
    #[must_use]
    pub fn with_region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Sets the profile of the shared configuration files, as `AWS_PROFILE` does.
    #[must_use]
    pub fn with_profile(mut self, profile: impl Into<String>) -> Self {
        self.profile = Some(profile.into());
        self
    }

    /// Signs with these access keys and looks for no others.
    #[must_use]
    pub fn with_keys(
        mut self,
        id: impl Into<String>,
        secret: impl Into<String>,
        session: Option<String>,
    ) -> Self {
        self.keys = Some(Keys::new(id, secret, session));
        self
    }

    /// Sets the address calls go to, such as that of a VPC endpoint or of a local server.
    #[must_use]
    pub fn with_endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// Sets whether `create` makes the bucket too where it is missing. It does by default, but not by ARN.
    #[must_use]
    pub fn with_create_bucket(mut self, create: bool) -> Self {
        self.create_bucket = create;
        self
    }

    /// Encrypts a new index with this key of KMS, by its ARN, instead of as its bucket does. Cannot be changed afterwards.
    #[must_use]
    pub fn with_kms_key(mut self, arn: impl Into<String>) -> Self {
        self.kms_key = Some(arn.into());
        self
    }

    /// Sets how long connecting may take, 5 s by default.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long a request may take, from connecting to the last byte of the answer, 30 s by default.
    #[must_use]
    pub fn with_request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// Sets the most hits of a search, 100 by default and at most 10 000. More than 100 take a request for each 100.
    #[must_use]
    pub fn with_max_k(mut self, hits: usize) -> Self {
        self.max_k = hits;
        self
    }

    /// Refuses settings that the service would refuse later.
    pub(super) fn check(&self) -> Result<()> {
        self.address.check()?;
        if self.create_bucket && self.address.bucket_arn.is_some() {
            return Err(Error::invalid("a bucket named by ARN cannot be made: name it, or make it first"));
        }
        let max_k = u32::try_from(self.max_k).unwrap_or(u32::MAX);
        check_ranges([("max_k", max_k, 1..=limits::HITS)])?;
        check_timeouts([self.connect_timeout, self.request_timeout])?;
        Ok(())
    }
}

impl fmt::Debug for S3VectorsConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3VectorsConfig")
            .field("bucket", &self.address.bucket)
            .field("index", &self.address.index)
            .field("region", &self.region)
            .field("profile", &self.profile)
            .field("create_bucket", &self.create_bucket)
            .field("connect_timeout", &self.connect_timeout)
            .field("request_timeout", &self.request_timeout)
            .field("max_k", &self.max_k)
            .finish_non_exhaustive()
    }
}
