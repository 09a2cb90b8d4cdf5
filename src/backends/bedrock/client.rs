//! One request, one answer: every call of this backend goes through here.

use std::{fmt, sync::Arc};

use aws_config::SdkConfig;
use aws_sdk_bedrockruntime::{operation::converse::ConverseOutput, primitives::Blob};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;

use super::{
    BedrockConfig, Registry, error,
    registry::{Family, ModelEntry, PROVIDER, Role},
    sdk::{self, Clients},
    verdict::Called,
};
use crate::{
    aws,
    domain::Card,
    error::{Error, ErrorKind, Result},
};

/// Bedrock in one region. Clones share their connections.
///
/// ```no_run
/// use keyvisual::backends::bedrock::{Bedrock, BedrockConfig};
///
/// # async fn run() -> keyvisual::Result<()> {
/// let bedrock = Bedrock::new(BedrockConfig::new().with_region("us-west-2")).await?;
/// for line in bedrock.models_online().await?.differences(bedrock.registry(), bedrock.region()) {
///     println!("{line}");
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Bedrock {
    shared: Arc<Shared>,
}

struct Shared {
    clients: Clients,
    region: String,
    config: BedrockConfig,
    registry: Registry,
}

/// A model as it is called: the id that is sent, and what is known of it.
#[derive(Clone, Debug)]
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
    /// [`InvalidInput`](ErrorKind::InvalidInput) when there is no region, or an endpoint or the application's name cannot be
    /// used.
    pub async fn new(config: BedrockConfig) -> Result<Self> {
        let sdk = aws::load(config.region.as_deref(), config.profile.as_deref()).await;
        Self::from_parts(&sdk, config)
    }

    /// Takes region, credentials and HTTP client from an SDK configuration of the application's own, and the rest from
    /// `config`. What `config` says counts more.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`InvalidInput`](ErrorKind::InvalidInput) for a profile, which the SDK configuration
    /// has chosen already.
    pub fn from_sdk(sdk: &SdkConfig, config: BedrockConfig) -> Result<Self> {
        aws::from_application(config.profile.as_deref())?;
        Self::from_parts(sdk, config)
    }

    fn from_parts(sdk: &SdkConfig, config: BedrockConfig) -> Result<Self> {
        let region = aws::region(config.region.as_deref(), sdk)?;
        let clients = sdk::clients(sdk, &config, &region)?;
        let registry = config.registry.clone().map_or_else(Registry::builtin, Ok)?;
        Ok(Self { shared: Arc::new(Shared { clients, region, config, registry }) })
    }

    /// The region calls go to.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.shared.region
    }

    /// Where the credentials come from, in words and without them. The standard chain is asked, which may read files and
    /// reach an instance's or an SSO service.
    ///
    /// # Errors
    /// [`Unauthenticated`](ErrorKind::Unauthenticated) when there are none.
    pub async fn credentials_source(&self) -> Result<String> {
        sdk::credentials_source(&self.shared.clients, &self.shared.config).await
    }

    /// The address calls of models go to, where it was configured.
    #[must_use]
    pub fn endpoint(&self) -> Option<&str> {
        self.shared.config.endpoint.as_deref()
    }

    /// What is known of the models.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.shared.registry
    }

    /// The model `id` for `role`, checked against what is known: whether it plays the role, and whether the region serves it.
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
            None => Card::new(PROVIDER, id.as_str()),
        };
        Ok(Model { id, family, entry, card })
    }

    /// One `InvokeModel` call with a JSON body; gives back the body of the answer.
    pub(super) async fn invoke(&self, model: &str, body: Vec<u8>) -> Result<Bytes> {
        let call = self.shared.clients.runtime.invoke_model().model_id(model);
        let call = call.content_type("application/json").accept("application/json").body(Blob::new(body));
        match call.send().await {
            Ok(output) => Ok(Bytes::from(output.body.into_inner())),
            Err(e) => Err(error::from_sdk(e, &self.called(Some(model)))),
        }
    }

    /// One `Converse` call with a JSON body, which takes the place of what the SDK would write.
    pub(super) async fn converse(&self, model: &str, body: Vec<u8>) -> Result<ConverseOutput> {
        let body = Bytes::from(body);
        let call = self.shared.clients.runtime.converse().model_id(model);
        let call = call.customize().mutate_request(move |request| {
            request.headers_mut().insert("content-length", body.len().to_string());
            *request.body_mut() = SdkBody::from(body.clone());
        });
        call.send().await.map_err(|e| error::from_sdk(e, &self.called(Some(model))))
    }

    pub(super) fn control(&self) -> &aws_sdk_bedrock::Client {
        &self.shared.clients.control
    }

    pub(super) fn called<'a>(&'a self, model: Option<&'a str>) -> Called<'a> {
        Called { model, region: &self.shared.region, registry: &self.shared.registry }
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
