//! One request, one answer: every call of this backend goes through here.

use std::{borrow::Cow, fmt, sync::Arc};

use aws_config::{
    AppName, BehaviorVersion, Region, SdkConfig, stalled_stream_protection::StalledStreamProtectionConfig,
};
use aws_sdk_bedrockruntime::{
    config::{Credentials as AwsCredentials, Token},
    operation::converse::ConverseOutput,
    primitives::Blob,
};
use aws_smithy_types::{body::SdkBody, retry::RetryConfig, timeout::TimeoutConfig};
use bytes::Bytes;

use super::{
    BedrockConfig, Registry,
    config::Credentials,
    error,
    registry::{Family, ModelEntry, Role},
};
use crate::{
    domain::Card,
    error::{Error, ErrorKind, Result},
};

/// The behaviour of the SDK this backend was written and tested with.
fn behavior() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

/// Bedrock in one region. Clones share their connections.
#[derive(Clone)]
pub struct Bedrock {
    shared: Arc<Shared>,
}

struct Shared {
    runtime: aws_sdk_bedrockruntime::Client,
    #[allow(dead_code)]
    control: aws_sdk_bedrock::Client,
    region: String,
    config: BedrockConfig,
    registry: Registry,
}

/// A model as it is called: the id that is sent, and what is known of it.
#[derive(Clone, Debug)]
#[allow(dead_code)]
pub(super) struct Model {
    /// As it is sent.
    pub(super) id: String,
    /// Which requests it understands.
    pub(super) family: Family,
    /// What the registry knows; none for a model it does not know.
    pub(super) entry: Option<ModelEntry>,
    /// For the role.
    pub(super) card: Card,
}

impl Bedrock {
    /// Takes the configuration and what the environment adds to it. No call is made, and credentials are looked up with the
    /// first one.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) when there is no region or the application's name cannot be sent.
    pub async fn new(config: BedrockConfig) -> Result<Self> {
        let mut loader = aws_config::defaults(behavior()).retry_config(RetryConfig::disabled());
        if let Some(region) = &config.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(profile) = &config.profile {
            loader = loader.profile_name(profile);
        }
        let sdk = loader.load().await;
        Self::from_parts(&sdk, config)
    }

    /// Takes region, credentials and HTTP client from an SDK configuration of the application's own, and the rest from
    /// `config`. What `config` says counts more.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`InvalidInput`](ErrorKind::InvalidInput) for a profile, which the SDK configuration
    /// has chosen already.
    pub fn from_sdk(sdk: &SdkConfig, config: BedrockConfig) -> Result<Self> {
        match &config.profile {
            Some(profile) => Err(Error::invalid(format!(
                "the profile \"{profile}\" cannot be set here: load the SDK configuration with it"
            ))),
            None => Self::from_parts(sdk, config),
        }
    }

    fn from_parts(sdk: &SdkConfig, config: BedrockConfig) -> Result<Self> {
        let region = config.region.clone().or_else(|| sdk.region().map(|region| region.as_ref().to_owned()));
        let region = region.filter(|region| !region.trim().is_empty()).ok_or_else(|| {
            Error::invalid(
                "no region is set: name one with `with_region`, AWS_REGION or the profile's `region`",
            )
        })?;
        let app_name = AppName::new(Cow::Owned(config.app_name.clone())).map_err(|e| {
            Error::invalid(format!("\"{}\" cannot name an application: {e}", config.app_name)).with_source(e)
        })?;
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.read_timeout)
            .operation_timeout(config.call_timeout)
            .build();
        // A model may think for minutes before its first byte, and that is no stall: it has the read timeout. An upload
        // that waits for the server would be taken for one, so only downloads are watched.
        let stalls = StalledStreamProtectionConfig::enabled()
            .upload_enabled(false)
            .grace_period(config.stall_timeout)
            .build();
        macro_rules! client {
            ($sdk:ident, $endpoint:expr) => {{
                let mut builder = $sdk::config::Builder::from(sdk)
                    .behavior_version(behavior())
                    .region(Region::new(region.clone()))
                    .retry_config(RetryConfig::disabled())
                    .timeout_config(timeouts.clone())
                    .stalled_stream_protection(stalls.clone())
                    .app_name(app_name.clone());
                if let Some(url) = $endpoint {
                    builder = builder.endpoint_url(url);
                }
                builder = match &config.credentials {
                    Credentials::Chain => builder,
                    Credentials::Keys { id, secret, session } => builder
                        .credentials_provider(AwsCredentials::new(
                            id,
                            secret,
                            session.clone(),
                            None,
                            "keyvisual",
                        ))
                        .auth_scheme_preference(["sigv4".into()]),
                    Credentials::Bearer(token) => builder
                        .bearer_token(Token::new(token.clone(), None))
                        .auth_scheme_preference(["httpBearerAuth".into()]),
                };
                $sdk::Client::from_conf(builder.build())
            }};
        }
        let endpoint = config.endpoint.as_ref();
        let runtime = client!(aws_sdk_bedrockruntime, endpoint);
        let control = client!(aws_sdk_bedrock, config.control_endpoint.as_ref().or(endpoint));
        let registry = config.registry.clone().map_or_else(Registry::builtin, Ok)?;
        Ok(Self { shared: Arc::new(Shared { runtime, control, region, config, registry }) })
    }

    /// The region calls go to.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.shared.region
    }

    /// What is known of the models.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.shared.registry
    }

    /// The model `id` for `role`, checked against what is known: whether it plays the role, and whether the region serves it.
    #[allow(dead_code)]
    pub(super) fn model(&self, id: impl Into<String>, role: Role) -> Result<Model> {
        let id = id.into();
        if id.trim().is_empty() {
            return Err(Error::invalid("the model id is empty"));
        }
        let entry = self.shared.registry.find(&id).cloned();
        let family = entry.as_ref().map_or_else(|| Family::of(&id), |entry| entry.family);
        let plays = entry.as_ref().map_or_else(|| family.role(), |entry| entry.role);
        if plays != role {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("the model \"{id}\" is for {plays}, not for {role}"),
            ));
        }
        self.shared.registry.check_region(&id, &self.shared.region)?;
        let card = match &entry {
            Some(entry) => entry.card(&id, &self.shared.region),
            None => Card::new(super::registry::PROVIDER, id.as_str()),
        };
        Ok(Model { id, family, entry, card })
    }

    /// One `InvokeModel` call with a JSON body; gives back the body of the answer.
    #[allow(dead_code)]
    pub(super) async fn invoke(&self, model: &str, body: Vec<u8>) -> Result<Bytes> {
        let call = self.shared.runtime.invoke_model().model_id(model);
        let call = call.content_type("application/json").accept("application/json").body(Blob::new(body));
        match call.send().await {
            Ok(output) => Ok(Bytes::from(output.body.into_inner())),
            Err(e) => Err(self.failed(error::from_sdk(e), model)),
        }
    }

    /// One `Converse` call with a JSON body, which takes the place of what the SDK would write.
    pub(super) async fn converse(&self, model: &str, body: Vec<u8>) -> Result<ConverseOutput> {
        let body = Bytes::from(body);
        let call =
            self.shared.runtime.converse().model_id(model).customize().mutate_request(move |request| {
                request.headers_mut().insert("content-length", body.len().to_string());
                *request.body_mut() = SdkBody::from(body.clone());
            });
        call.send().await.map_err(|e| self.failed(error::from_sdk(e), model))
    }

    fn failed(&self, error: Error, model: &str) -> Error {
        error.with_context("model", model).with_context("region", &self.shared.region)
    }
}

impl fmt::Debug for Bedrock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bedrock")
            .field("region", &self.shared.region)
            .field("config", &self.shared.config)
            .finish_non_exhaustive()
    }
}
