//! The SDK's client, set up: who retries, how long to wait, what to sign with.

use aws_config::{
    BehaviorVersion, Region, SdkConfig, stalled_stream_protection::StalledStreamProtectionConfig,
};
use aws_sdk_s3vectors::{
    Client,
    config::{Builder, Credentials},
};
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};

use super::S3VectorsConfig;
use crate::error::{Error, Result};

/// The behaviour of the SDK this backend was written and tested with.
fn behavior() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

/// What the environment says. Credentials are looked up with the first call.
pub(super) async fn load(config: &S3VectorsConfig) -> SdkConfig {
    let mut loader = aws_config::defaults(behavior());
    if let Some(region) = &config.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(profile) = &config.profile {
        loader = loader.profile_name(profile);
    }
    loader.load().await
}

/// A client that makes one request per call. What `config` says counts more than what `sdk` says.
pub(super) fn client(sdk: &SdkConfig, config: &S3VectorsConfig) -> Result<Client> {
    let region = config.region.clone().or_else(|| sdk.region().map(|region| region.as_ref().to_owned()));
    let region = region.filter(|region| !region.trim().is_empty()).ok_or_else(|| {
        Error::invalid("no region is set: name one with `with_region`, AWS_REGION or the profile's `region`")
    })?;
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(config.connect_timeout)
        .operation_timeout(config.request_timeout)
        .build();
    let mut builder = Builder::from(sdk)
        .behavior_version(behavior())
        .region(Region::new(region))
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts)
        // The timeout of the whole request bounds an answer that stops in the middle.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if let Some(url) = &config.endpoint {
        check_url(url)?;
        builder = builder.endpoint_url(url);
    }
    if let Some(keys) = &config.keys {
        let keys = Credentials::new(&keys.id, &keys.secret, keys.session.clone(), None, "keyvisual");
        builder = builder.credentials_provider(keys);
    }
    Ok(Client::from_conf(builder.build()))
}

/// The SDK would only notice with the first call, and show the request.
fn check_url(url: &str) -> Result<()> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '@');
    if host.is_empty() || url.contains(odd) {
        return Err(Error::invalid(
            "the endpoint is not usable: it looks like https://host, without a query or a password",
        ));
    }
    Ok(())
}
