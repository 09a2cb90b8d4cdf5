//! The SDK's clients, set up: who retries, how long to wait, what to sign with.

use std::borrow::Cow;

use aws_config::{AppName, Region, SdkConfig, stalled_stream_protection::StalledStreamProtectionConfig};
use aws_sdk_bedrockruntime::config::{ProvideCredentials, SharedCredentialsProvider, Token};
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};

use super::{BedrockConfig, config::Credentials, error};
use crate::{
    aws,
    error::{Error, Result},
};

/// Models are called through one, listed through the other.
pub(super) struct Clients {
    pub(super) runtime: aws_sdk_bedrockruntime::Client,
    pub(super) control: aws_sdk_bedrock::Client,
    chain: Option<SharedCredentialsProvider>,
}

pub(super) fn clients(sdk: &SdkConfig, config: &BedrockConfig, region: &str) -> Result<Clients> {
    let endpoint = config.endpoint.as_ref();
    let control_endpoint = config.control_endpoint.as_ref().or(endpoint);
    for url in [endpoint, control_endpoint].into_iter().flatten() {
        aws::check_url(url)?;
    }
    check_headers(&config.credentials, region)?;
    let app_name = AppName::new(Cow::Owned(config.app_name.clone())).map_err(|e| {
        Error::invalid(format!("\"{}\" cannot name an application: {e}", config.app_name)).with_source(e)
    })?;
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(config.connect_timeout)
        .read_timeout(config.read_timeout)
        .operation_timeout(config.call_timeout)
        .build();
    // Watches answers that have begun, which no other timeout but that of the whole call does. Requests go out in one
    // piece, and a model that thinks for minutes before its first byte has the read timeout.
    let stalls = StalledStreamProtectionConfig::enabled()
        .upload_enabled(false)
        .grace_period(config.stall_timeout)
        .build();
    macro_rules! client {
        ($sdk:ident, $endpoint:expr) => {{
            let mut builder = $sdk::config::Builder::from(sdk)
                .behavior_version(aws::behavior())
                .region(Region::new(region.to_owned()))
                .retry_config(RetryConfig::disabled())
                .timeout_config(timeouts.clone())
                .stalled_stream_protection(stalls.clone())
                .app_name(app_name.clone());
            if let Some(url) = $endpoint {
                builder = builder.endpoint_url(url);
            }
            $sdk::Client::from_conf(match &config.credentials {
                Credentials::Chain => builder.build(),
                Credentials::Keys(keys) => builder
                    .credentials_provider(keys.credentials())
                    .auth_scheme_preference(["sigv4".into()])
                    .build(),
                Credentials::Bearer(token) => builder
                    .bearer_token(Token::new(token.clone(), None))
                    .auth_scheme_preference(["httpBearerAuth".into()])
                    .build(),
            })
        }};
    }
    Ok(Clients {
        runtime: client!(aws_sdk_bedrockruntime, endpoint),
        control: client!(aws_sdk_bedrock, control_endpoint),
        chain: sdk.credentials_provider(),
    })
}

/// What is sent in headers.
fn check_headers(credentials: &Credentials, region: &str) -> Result<()> {
    match credentials {
        Credentials::Chain => aws::check_headers([region]),
        Credentials::Keys(keys) => aws::check_headers(keys.sent().chain([region])),
        Credentials::Bearer(token) => aws::check_headers([region, token]),
    }
}

/// The variable that holds an API key of Bedrock.
const BEARER_TOKEN: &str = "AWS_BEARER_TOKEN_BEDROCK";

pub(super) async fn credentials_source(clients: &Clients, config: &BedrockConfig) -> Result<String> {
    match &config.credentials {
        Credentials::Keys(_) => return Ok("access keys given by the application".into()),
        Credentials::Bearer(_) => return Ok("an API key given by the application".into()),
        Credentials::Chain if std::env::var_os(BEARER_TOKEN).is_some_and(|token| !token.is_empty()) => {
            return Ok(format!("the API key in {BEARER_TOKEN}"));
        }
        Credentials::Chain => {}
    }
    let provider = clients.chain.as_ref();
    let provider =
        provider.ok_or_else(|| error::unsigned("the SDK configuration has no provider of credentials"))?;
    let found = provider.provide_credentials().await.map_err(|e| error::unsigned(&error::innermost(&e)))?;
    // `Debug` is the only place where the SDK names the provider; it redacts the secret.
    let shown = format!("{found:?}");
    let name = shown.split("provider_name: \"").nth(1).and_then(|rest| rest.split('"').next());
    Ok(name.map_or_else(|| "the standard chain".to_owned(), |name| format!("the standard chain: {name}")))
}
