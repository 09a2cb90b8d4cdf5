//! Where the server is and how to talk to it.

use std::{fmt, time::Duration};

use crate::error::{Error, ErrorKind, Result};

/// OpenAI's own address.
const OPENAI_URL: &str = "https://api.openai.com/v1";

/// How to reach a server that speaks OpenAI's interface. `Debug` shows no secrets.
///
/// ```
/// use keyvisual::backends::openai::OpenAiConfig;
///
/// let config = OpenAiConfig::openai("sk-secret").with_header("OpenAI-Organization", "org-1");
/// assert!(!format!("{config:?}").contains("secret"));
/// ```
#[derive(Clone)]
pub struct OpenAiConfig {
    pub(super) base_url: String,
    pub(super) key: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) provider: String,
    pub(super) connect_timeout: Duration,
    pub(super) request_timeout: Duration,
    pub(super) max_reply_bytes: usize,
    pub(super) token_limit_field: TokenLimitField,
}

/// The field that limits the length of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenLimitField {
    /// `max_tokens`, which all servers but OpenAI's newer models know.
    MaxTokens,
    /// `max_completion_tokens`, which counts hidden reasoning too.
    MaxCompletionTokens,
}

impl OpenAiConfig {
    /// A server at `base_url`, which ends in `/v1` as a rule, without a key. Connecting may take 10 s, an answer 360 s
    /// and 32 MiB.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            key: None,
            headers: Vec::new(),
            provider: "openai".into(),
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(360),
            max_reply_bytes: 32 << 20,
            token_limit_field: TokenLimitField::MaxTokens,
        }
    }

    /// OpenAI's own servers, with an API key.
    pub fn openai(key: impl Into<String>) -> Self {
        Self::new(OPENAI_URL).with_key(key).with_token_limit_field(TokenLimitField::MaxCompletionTokens)
    }

    /// The key in `OPENAI_API_KEY`, and the address in `OPENAI_BASE_URL` or else OpenAI's own.
    ///
    /// # Errors
    /// [`Unauthenticated`](ErrorKind::Unauthenticated) when there is neither a key nor an address: a server of one's own needs no key.
    pub fn from_env() -> Result<Self> {
        let read = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        match (read("OPENAI_BASE_URL"), read("OPENAI_API_KEY")) {
            (None, None) => Err(Error::new(
                ErrorKind::Unauthenticated,
                "OPENAI_API_KEY is not set: set it, or OPENAI_BASE_URL for a server that needs no key",
            )),
            (None, Some(key)) => Ok(Self::openai(key)),
            (Some(url), None) => Ok(Self::new(url)),
            (Some(url), Some(key)) if url.trim_end_matches('/') == OPENAI_URL => Ok(Self::openai(key)),
            (Some(url), Some(key)) => Ok(Self::new(url).with_key(key)),
        }
    }

    /// Sets the API key, sent as a bearer token.
    #[must_use]
    pub fn with_key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Adds a header to every request, such as `OpenAI-Organization`, `OpenAI-Project` or a gateway's own.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Names who runs the server, `openai` by default: it becomes part of cards and of the embedding space.
    #[must_use]
    pub fn with_provider(mut self, provider: impl Into<String>) -> Self {
        self.provider = provider.into();
        self
    }

    /// Sets how long connecting may take.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long a request may take, from connecting to the last byte of the answer.
    #[must_use]
    pub fn with_request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// Sets the most bytes an answer may have.
    #[must_use]
    pub fn with_max_reply_bytes(mut self, bytes: usize) -> Self {
        self.max_reply_bytes = bytes;
        self
    }

    /// Sets the field that limits the length of an answer.
    #[must_use]
    pub fn with_token_limit_field(mut self, field: TokenLimitField) -> Self {
        self.token_limit_field = field;
        self
    }
}

impl fmt::Debug for OpenAiConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenAiConfig")
            .field("provider", &self.provider)
            .field("has_key", &self.key.is_some())
            .field("headers", &self.headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("connect_timeout", &self.connect_timeout)
            .field("request_timeout", &self.request_timeout)
            .field("max_reply_bytes", &self.max_reply_bytes)
            .field("token_limit_field", &self.token_limit_field)
            .finish_non_exhaustive()
    }
}
