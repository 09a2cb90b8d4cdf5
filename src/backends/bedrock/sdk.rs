//! The SDK's clients, set up: who retries, how long to wait, what to sign with.

use std::borrow::Cow;

use aws_config::{
    AppName, BehaviorVersion, Region, SdkConfig, stalled_stream_protection::StalledStreamProtectionConfig,
};
use aws_sdk_bedrockruntime::config::{
    Credentials as AwsCredentials, ProvideCredentials, SharedCredentialsProvider, Token,
};
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};

use super::{BedrockConfig, config::Credentials, error};
use crate::error::{Error, Result};

/// Models are called through one, listed through the other.
pub(super) struct Clients {
    pub(super) runtime: aws_sdk_bedrockruntime::Client,
    pub(super) control: aws_sdk_bedrock::Client,
    chain: Option<SharedCredentialsProvider>,
}

/// The behaviour of the SDK this backend was written and tested with.
pub(super) fn behavior() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

pub(super) fn clients(sdk: &SdkConfig, config: &BedrockConfig, region: &str) -> Result<Clients> {
    let endpoint = config.endpoint.as_ref();
    let control_endpoint = config.control_endpoint.as_ref().or(endpoint);
    for url in [endpoint, control_endpoint].into_iter().flatten() {
        check_url(url)?;
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
                .behavior_version(behavior())
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
                Credentials::Keys { id, secret, session } => builder
                    .credentials_provider(AwsCredentials::new(id, secret, session.clone(), None, "keyvisual"))
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

/// What goes into headers; the SDK would panic with the first call.
fn check_headers(credentials: &Credentials, region: &str) -> Result<()> {
    let mut sent = vec![region];
    match credentials {
        Credentials::Chain => {}
        Credentials::Keys { id, session, .. } => {
            sent.extend([Some(id), session.as_ref()].into_iter().flatten().map(String::as_str))
        }
        Credentials::Bearer(token) => sent.push(token),
    }
    match sent.into_iter().all(|text| text.bytes().all(|byte| matches!(byte, b' '..=b'~'))) {
        true => Ok(()),
        false => Err(Error::invalid(
            "region, access key, session token and API key are of printable ASCII, without line breaks",
        )),
    }
}

/// The variable that holds an API key of Bedrock.
const BEARER_TOKEN: &str = "AWS_BEARER_TOKEN_BEDROCK";

pub(super) async fn credentials_source(clients: &Clients, config: &BedrockConfig) -> Result<String> {
    match &config.credentials {
        Credentials::Keys { .. } => return Ok("access keys given by the application".into()),
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
