//! The SDK's client, set up: who retries, how long to wait, what to sign with.

use aws_config::{Region, SdkConfig, stalled_stream_protection::StalledStreamProtectionConfig};
use aws_sdk_s3vectors::{Client, config::Builder};
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};

use super::S3VectorsConfig;
use crate::{
    aws::{self, Keys},
    error::Result,
};

/// A client that makes one request per call. What `config` says counts more than what `sdk` says.
pub(super) fn client(sdk: &SdkConfig, config: &S3VectorsConfig) -> Result<Client> {
    let region = aws::region(config.region.as_deref(), sdk)?;
    aws::check_headers(config.keys.iter().flat_map(Keys::sent).chain([region.as_str()]))?;
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(config.connect_timeout)
        .operation_timeout(config.request_timeout)
        .build();
    let mut builder = Builder::from(sdk)
        .behavior_version(aws::behavior())
        .region(Region::new(region))
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts)
        // The timeout of the whole request bounds an answer that stops in the middle.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if let Some(url) = &config.endpoint {
        aws::check_url(url)?;
        builder = builder.endpoint_url(url);
    }
    if let Some(keys) = &config.keys {
        builder = builder.credentials_provider(keys.credentials());
    }
    Ok(Client::from_conf(builder.build()))
}
