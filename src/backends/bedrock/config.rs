//! Which account, which region, how long to wait.

use std::{fmt, time::Duration};

use super::Registry;
use crate::aws::Keys;

/// How to reach Bedrock. `Debug` shows no secrets.
///
/// Without further settings it is what every AWS tool does: region, profile and credentials come from the
/// environment, the shared configuration files, SSO, a web identity or the instance, and a bearer token from
/// `AWS_BEARER_TOKEN_BEDROCK`.
///
/// ```
/// use keyvisual::backends::bedrock::BedrockConfig;
///
/// let config = BedrockConfig::new().with_region("us-west-2").with_keys("AKIDEXAMPLE", "a secret", None);
/// assert!(!format!("{config:?}").contains("secret"));
/// ```
#[derive(Clone)]
pub struct BedrockConfig {
    pub(super) region: Option<String>,
    pub(super) profile: Option<String>,
    pub(super) credentials: Credentials,
    pub(super) endpoint: Option<String>,
    pub(super) control_endpoint: Option<String>,
    pub(super) app_name: String,
    pub(super) connect_timeout: Duration,
    pub(super) read_timeout: Duration,
    pub(super) call_timeout: Duration,
    pub(super) stall_timeout: Duration,
    pub(super) registry: Option<Registry>,
}

/// Where credentials come from.
#[derive(Clone)]
pub(super) enum Credentials {
    /// The standard chain of the SDK.
    Chain,
    /// Access keys given by the application.
    Keys(Keys),
    /// An API key of Bedrock given by the application.
    Bearer(String),
}

impl BedrockConfig {
    /// Everything from the environment. Connecting may take 5 s, the first byte of an answer 5 minutes, a whole call
    /// 6 minutes; an answer may pause for 20 s.
    #[must_use]
    pub fn new() -> Self {
        Self {
            region: None,
            profile: None,
            credentials: Credentials::Chain,
            endpoint: None,
            control_endpoint: None,
            app_name: concat!("keyvisual-", env!("CARGO_PKG_VERSION")).into(),
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(300),
            call_timeout: Duration::from_secs(360),
            stall_timeout: Duration::from_secs(20),
            registry: None,
        }
    }

    /// Sets the region, such as `us-west-2`.
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

    /// Signs with these access keys and looks for no others, not even for a bearer token in the environment.
    #[must_use]
    pub fn with_keys(
        mut self,
        id: impl Into<String>,
        secret: impl Into<String>,
        session: Option<String>,
    ) -> Self {
        self.credentials = Credentials::Keys(Keys::new(id, secret, session));
        self
    }

    /// Sends this API key of Bedrock, as `AWS_BEARER_TOKEN_BEDROCK` does.
    #[must_use]
    pub fn with_bearer_token(mut self, token: impl Into<String>) -> Self {
        self.credentials = Credentials::Bearer(token.into());
        self
    }

    /// Sets the address calls of models go to, such as that of a VPC endpoint or of a fake; that of the lists too, unless
    /// [`with_control_endpoint`](Self::with_control_endpoint) names another.
    #[must_use]
    pub fn with_endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    /// Sets the address the lists of models and profiles come from.
    #[must_use]
    pub fn with_control_endpoint(mut self, url: impl Into<String>) -> Self {
        self.control_endpoint = Some(url.into());
        self
    }

    /// Names the application in the user agent, for the account's own logs: letters, digits, `-`, `.` and `_`.
    #[must_use]
    pub fn with_app_name(mut self, name: impl Into<String>) -> Self {
        self.app_name = name.into();
        self
    }

    /// Sets how long connecting may take.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long the first byte of an answer may take. AWS advises at least 5 minutes for image models; the
    /// [policy](crate::calls::Policy) of the door may be stricter.
    #[must_use]
    pub fn with_read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = timeout;
        self
    }

    /// Sets how long a call may take, from connecting to the last byte of the answer.
    #[must_use]
    pub fn with_call_timeout(mut self, timeout: Duration) -> Self {
        self.call_timeout = timeout;
        self
    }

    /// Sets how long an answer that has begun may pause. Without such a bound a connection that died within an
    /// answer would be held until the end of the call.
    #[must_use]
    pub fn with_stall_timeout(mut self, timeout: Duration) -> Self {
        self.stall_timeout = timeout;
        self
    }

    /// Replaces what is known of the models: see [`Registry::with_overrides`].
    #[must_use]
    pub fn with_registry(mut self, registry: Registry) -> Self {
        self.registry = Some(registry);
        self
    }
}

impl Default for BedrockConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for BedrockConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BedrockConfig")
            .field("region", &self.region)
            .field("profile", &self.profile)
            .field("credentials", &self.credentials)
            .field("app_name", &self.app_name)
            .field("connect_timeout", &self.connect_timeout)
            .field("read_timeout", &self.read_timeout)
            .field("call_timeout", &self.call_timeout)
            .field("stall_timeout", &self.stall_timeout)
            .finish_non_exhaustive()
    }
}

/// Says which kind, never what.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chain => "the standard chain",
            Self::Keys(_) => "access keys",
            Self::Bearer(_) => "a bearer token",
        })
    }
}
