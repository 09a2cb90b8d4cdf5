//! What the backends on AWS have in common: who signs, for which region, how the SDK is set up, and what its errors mean.

#[cfg(any(feature = "bedrock", feature = "s3vectors"))]
pub(crate) mod error;
mod keys;
#[cfg(any(feature = "bedrock", feature = "s3vectors"))]
mod setup;

use aws_config::{BehaviorVersion, Region, SdkConfig};

#[cfg(feature = "opensearch")]
pub(crate) use keys::in_header;
pub(crate) use keys::{Keys, check_headers};
#[cfg(any(feature = "bedrock", feature = "s3vectors"))]
pub(crate) use setup::{check_url, from_application, region};

/// The behaviour of the SDK that the backends were written and tested with.
pub(crate) fn behavior() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

/// What the environment says beside region and profile. Credentials are looked up with the first call.
pub(crate) async fn load(region: Option<&str>, profile: Option<&str>) -> SdkConfig {
    let mut loader = aws_config::defaults(behavior());
    if let Some(region) = region {
        loader = loader.region(Region::new(region.to_owned()));
    }
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    loader.load().await
}
