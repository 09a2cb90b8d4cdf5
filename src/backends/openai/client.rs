//! One request, one answer: sends JSON, reads JSON, within the limits of the configuration.

use std::{fmt, sync::Arc};

use reqwest::{
    RequestBuilder, Response, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    redirect, retry,
};
use serde::{Serialize, de::DeserializeOwned};

use super::{OpenAiChat, OpenAiConfig, OpenAiEmbedder, OpenAiGenerator, error};
use crate::error::{Error, ErrorKind, Result};

/// A server that speaks OpenAI's interface. Clones share their connections.
#[derive(Clone)]
pub struct OpenAi {
    shared: Arc<Shared>,
}

struct Shared {
    http: reqwest::Client,
    base: Url,
    config: OpenAiConfig,
}

impl OpenAi {
    /// Takes the configuration; nothing is sent yet.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for an address that is not one of HTTP, and for a key or header that cannot be sent.
    pub fn new(config: OpenAiConfig) -> Result<Self> {
        let base = base_url(&config.base_url)?;
        let http = reqwest::Client::builder()
            .default_headers(headers(&config)?)
            .connect_timeout(config.connect_timeout)
            .timeout(config.request_timeout)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .user_agent(concat!("keyvisual/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| Error::new(ErrorKind::Internal, format!("no HTTP client: {e}")).with_source(e))?;
        Ok(Self { shared: Arc::new(Shared { http, base, config }) })
    }

    /// The chat model `model`.
    pub fn chat(&self, model: impl Into<String>) -> OpenAiChat {
        OpenAiChat::new(self.clone(), model.into())
    }

    /// The embedding model `model`, asked for vectors of `dimensions` numbers.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for 0 dimensions.
    pub fn embedder(&self, model: impl Into<String>, dimensions: usize) -> Result<OpenAiEmbedder> {
        OpenAiEmbedder::new(self.clone(), model.into(), dimensions)
    }

    /// The image model `model`, asked for pictures from a prompt.
    ///
    /// # Errors
    /// [`Internal`](ErrorKind::Internal) when the crate's own data on models cannot be read.
    pub fn generator(&self, model: impl Into<String>) -> Result<OpenAiGenerator> {
        OpenAiGenerator::new(self.clone(), model.into())
    }

    pub(super) fn config(&self) -> &OpenAiConfig {
        &self.shared.config
    }

    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<T> {
        let (headers, bytes) = self.exchange(self.shared.http.post(self.url(path)?).json(body)).await?;
        require_json(&headers)?;
        let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|e| error::not_json(&e))?;
        if let Some(inner) = value.get("error").filter(|inner| !inner.is_null()) {
            return Err(error::inside(inner, &headers, self.config()));
        }
        serde_json::from_value(value).map_err(|e| error::not_json(&e))
    }

    /// Posts `body` and gives the JSON of the answer as it came, for answers too large to be copied.
    pub(super) async fn post_bytes(&self, path: &str, content_type: &str, body: Vec<u8>) -> Result<Vec<u8>> {
        #[derive(serde::Deserialize)]
        struct Inside {
            error: Option<serde_json::Value>,
        }
        let request = self.shared.http.post(self.url(path)?).header(CONTENT_TYPE, content_type).body(body);
        let (headers, bytes) = self.exchange(request).await?;
        require_json(&headers)?;
        match serde_json::from_slice(&bytes).map_err(|e| error::not_json(&e))? {
            Inside { error: Some(inner) } => Err(error::inside(&inner, &headers, self.config())),
            Inside { error: None } => Ok(bytes),
        }
    }

    /// Fetches what the server itself serves at `address`. Other servers are not asked: the key would go along.
    pub(super) async fn get_bytes(&self, address: &str) -> Result<Vec<u8>> {
        let base = &self.shared.base;
        let url =
            base.join(address).map_err(|e| error::reply(format!("a picture's address is none: {e}")))?;
        if url.origin() != base.origin() {
            return Err(error::reply(
                "a picture lies on another server, which is not asked: have it sent as `b64_json`",
            ));
        }
        Ok(self.exchange(self.shared.http.get(url)).await?.1)
    }

    fn url(&self, path: &str) -> Result<Url> {
        let url = self.shared.base.join(path);
        url.map_err(|e| Error::invalid(format!("the path {path} is no address: {e}")))
    }

    async fn exchange(&self, request: RequestBuilder) -> Result<(HeaderMap, Vec<u8>)> {
        let response = request.send().await.map_err(error::transport)?;
        let status = response.status();
        let headers = response.headers().clone();
        let bytes = read(response, self.config().max_reply_bytes).await?;
        if !status.is_success() {
            return Err(error::status(status.as_u16(), &headers, &bytes, self.config()));
        }
        Ok((headers, bytes))
    }
}

impl fmt::Debug for OpenAi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OpenAi").field(&self.shared.config).finish()
    }
}

/// A base without its last slash would lose its last segment when a path is joined to it.
fn base_url(text: &str) -> Result<Url> {
    let wrong =
        |why: String| Error::invalid(format!("the base URL is not usable: {why}; it looks like {EXAMPLE}"));
    let url =
        Url::parse(&format!("{}/", text.trim().trim_end_matches('/'))).map_err(|e| wrong(e.to_string()))?;
    match url.scheme() {
        "http" | "https" if url.query().is_none() && url.fragment().is_none() => Ok(url),
        "http" | "https" => Err(wrong("it has a query or a fragment".into())),
        other => Err(wrong(format!("its scheme is {other}"))),
    }
}

const EXAMPLE: &str = "https://api.openai.com/v1";

fn headers(config: &OpenAiConfig) -> Result<HeaderMap> {
    let secret = |what: &str, value: &str| {
        let mut value = HeaderValue::try_from(value)
            .map_err(|_| Error::invalid(format!("{what} has characters that no HTTP header takes")))?;
        value.set_sensitive(true);
        Ok::<_, Error>(value)
    };
    let mut headers = HeaderMap::new();
    if let Some(key) = &config.key {
        headers.insert(AUTHORIZATION, secret("the API key", &format!("Bearer {key}"))?);
    }
    for (name, value) in &config.headers {
        let key = HeaderName::try_from(name.as_str())
            .map_err(|_| Error::invalid(format!("\"{name}\" is not the name of an HTTP header")))?;
        headers.insert(key, secret(&format!("the header {name}"), value)?);
    }
    Ok(headers)
}

async fn read(mut response: Response, most: usize) -> Result<Vec<u8>> {
    let too_large = || {
        let message = format!("the answer is larger than {most} bytes: raise `with_max_reply_bytes`");
        Error::new(ErrorKind::InvalidReply, message).sent()
    };
    if response.content_length().is_some_and(|length| length > most as u64) {
        return Err(too_large());
    }
    let known = response.content_length().and_then(|length| usize::try_from(length).ok());
    let mut bytes = Vec::with_capacity(known.unwrap_or_default());
    while let Some(chunk) = response.chunk().await.map_err(error::transport)? {
        if bytes.len() + chunk.len() > most {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn require_json(headers: &HeaderMap) -> Result<()> {
    let found = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("none");
    let essence = found.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/json" || essence.ends_with("+json") {
        return Ok(());
    }
    let message = format!("the server answered with content type {found}, not JSON: is the base URL right?");
    Err(Error::new(ErrorKind::InvalidReply, message).sent())
}
