//! One request, one answer, within the limits of the configuration.

use std::time::Duration;

use bytes::Bytes;
use opensearch::{
    auth::Credentials,
    cert::{Certificate, CertificateValidation},
    http::{
        Method, Url,
        headers::{CONTENT_TYPE, HeaderMap, HeaderValue},
        transport::{SingleNodeConnectionPool, Transport, TransportBuilder},
    },
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::timeout;

use super::{Flavour, OpenSearchConfig, auth::Auth, error, identity::signing};
use crate::error::{Error, ErrorKind, Result};

/// What a request carries.
pub(super) enum Body {
    None,
    Json(Value),
    /// Lines of JSON, as a batch is.
    Lines(Vec<u8>),
}

/// A server that speaks OpenSearch's interface.
pub(super) struct Client {
    transport: Transport,
    address: Url,
    timeout: Duration,
    /// The version of the server, as it says it; none where it does not.
    pub(super) version: Option<String>,
}

impl Client {
    pub(super) async fn connect(config: &OpenSearchConfig) -> Result<Self> {
        let pool = SingleNodeConnectionPool::new(config.address.clone());
        let mut builder = TransportBuilder::new(pool);
        if let Some(pem) = &config.ca {
            let ca = Certificate::from_pem(pem)
                .map_err(|e| Error::invalid(format!("the certificates to trust are not PEM: {e}")))?;
            builder = builder.cert_validation(CertificateValidation::Full(ca));
        }
        builder = match &config.auth {
            Auth::None => builder,
            Auth::Basic { user, password } => {
                builder.auth(Credentials::Basic(user.clone(), password.clone()))
            }
            Auth::Aws(aws) => {
                let service = if config.flavour == Flavour::Serverless { "aoss" } else { "es" };
                let identity = timeout(config.request_timeout, signing(aws)).await;
                let identity = identity.unwrap_or_else(|_| Err(error::slow_identity()))?;
                builder.auth(identity).service_name(service)
            }
        };
        let transport = builder.build().map_err(|e| Error::invalid(format!("no HTTP client: {e}")))?;
        let (address, timeout) = (config.address.clone(), config.request_timeout);
        let mut client = Self { transport, address, timeout, version: None };
        if config.flavour.tells_version() {
            client.version = client.look().await?;
        }
        Ok(client)
    }

    /// The version of the server; none where the user may not ask for it.
    async fn look(&self) -> Result<Option<String>> {
        let answer: Value = match self.call(Method::Get, "/", &[], Body::None).await {
            Err(e) if e.kind() == ErrorKind::PermissionDenied => return Ok(None),
            Err(e)
                if matches!(
                    e.kind(),
                    ErrorKind::Unsupported | ErrorKind::NotFound | ErrorKind::InvalidInput
                ) =>
            {
                let message =
                    format!("no OpenSearch answers there: is the address right? It says: {}", e.message());
                return Err(Error::new(ErrorKind::Unsupported, message).sent().with_source(e));
            }
            answer => answer?,
        };
        let version = &answer["version"];
        if version["distribution"] != "opensearch" {
            let message = "the server is not OpenSearch: its answer names no such distribution";
            return Err(Error::new(ErrorKind::Unsupported, message).sent());
        }
        Ok(version["number"].as_str().map(str::to_owned))
    }

    /// Sends a request and reads the JSON of a success; anything else is an error. Fetching credentials counts.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Body,
    ) -> Result<T> {
        let exchange = timeout(self.timeout, self.exchange(method, path, query, body));
        exchange.await.unwrap_or_else(|_| Err(error::timeout()))
    }

    async fn exchange<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Body,
    ) -> Result<T> {
        let mut headers = HeaderMap::new();
        let bytes: Option<Bytes> = match body {
            Body::None => None,
            Body::Json(value) => Some(value.to_string().into()),
            Body::Lines(lines) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
                Some(lines.into())
            }
        };
        let size = bytes.as_ref().map_or(0, Bytes::len);
        let response = self
            .transport
            .send(method, path, headers, Some(query), bytes, None)
            .await
            .map_err(error::transport)?;
        let (status, headers) = (response.status_code().as_u16(), response.headers().clone());
        let moved = self.moved(response.url(), path);
        let answer = response.bytes().await.map_err(error::transport)?;
        if moved {
            return Err(error::moved());
        }
        if !(200..300).contains(&status) {
            return Err(error::status(status, &headers, &answer, size));
        }
        serde_json::from_slice(&answer).map_err(|e| error::not_json(&e, &headers))
    }

    /// Whether the answer came from elsewhere. The client follows redirects, and some lose the body on the way.
    fn moved(&self, from: &Url, path: &str) -> bool {
        let asked = self.address.join(path.trim_start_matches('/'));
        asked.is_ok_and(|asked| (asked.origin(), asked.path()) != (from.origin(), from.path()))
    }
}
