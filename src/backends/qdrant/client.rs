//! One channel to the server, and the calls on it.
//!
//! The stubs are `qdrant-client`'s, but not its client: that one sends a call again when a connection breaks, prints
//! to the standard output, and takes no certificates of one's own.

use std::time::Duration;

use qdrant_client::qdrant::{
    HealthCheckRequest, collections_client::CollectionsClient, points_client::PointsClient,
    qdrant_client::QdrantClient,
};
use tonic::{
    Request, Response, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Certificate, Channel, ClientTlsConfig, Endpoint},
};

use super::{QdrantConfig, error};
use crate::error::{Error, ErrorKind, Result};

/// The first release that keeps metadata of collections.
const OLDEST: (u32, u32) = (1, 16);

type Authorized = InterceptedService<Channel, ApiKey>;

/// A channel; it connects by itself, and again after the connection broke.
pub(super) struct Client {
    channel: Authorized,
    request_timeout: Duration,
    /// The version of the server, as it says.
    pub(super) version: String,
}

impl Client {
    pub(super) async fn connect(config: &QdrantConfig) -> Result<Self> {
        let channel = endpoint(config).await?.connect_lazy();
        let key = ApiKey(config.api_key.as_deref().map(secret).transpose()?);
        let channel = InterceptedService::new(channel, key);
        let mut client = Self { channel, request_timeout: config.request_timeout, version: String::new() };
        client.version = client.within(client.look()).await?;
        Ok(client)
    }

    async fn look(&self) -> Result<String> {
        let mut service = QdrantClient::new(self.channel.clone());
        let reply = self.call(service.health_check(self.request(HealthCheckRequest {}))).await?;
        let mut parts = reply.version.split('.').map(|part| part.parse().unwrap_or(0));
        if (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) < OLDEST {
            let message = format!(
                "the server is Qdrant {}: {}.{} is the first that remembers what a collection is for",
                reply.version, OLDEST.0, OLDEST.1
            );
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        Ok(reply.version)
    }

    pub(super) fn points(&self) -> PointsClient<Authorized> {
        PointsClient::new(self.channel.clone()).max_decoding_message_size(usize::MAX)
    }

    pub(super) fn collections(&self) -> CollectionsClient<Authorized> {
        CollectionsClient::new(self.channel.clone())
    }

    /// A message that tells the server how long its answer is awaited.
    pub(super) fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.set_timeout(self.request_timeout);
        request
    }

    pub(super) async fn call<T>(&self, call: impl Future<Output = Result<Response<T>, Status>>) -> Result<T> {
        call.await.map(Response::into_inner).map_err(error::native)
    }

    /// Gives up after the request timeout.
    pub(super) async fn within<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::time::timeout(self.request_timeout, work).await.unwrap_or_else(|_| Err(error::timeout()))
    }
}

async fn endpoint(config: &QdrantConfig) -> Result<Endpoint> {
    let scheme = if config.tls { "https" } else { "http" };
    let endpoint = Endpoint::from_shared(format!("{scheme}://{}", config.authority))
        .map_err(|_| Error::invalid("the server's address cannot be read"))?
        .connect_timeout(config.connect_timeout)
        .http2_keep_alive_interval(Duration::from_secs(30))
        .tcp_nodelay(true);
    if !config.tls {
        return Ok(endpoint);
    }
    let tls = match &config.ca {
        None => ClientTlsConfig::new().with_native_roots(),
        Some(path) => {
            let pem = tokio::fs::read(path).await.map_err(|e| {
                Error::invalid(format!("the file of certificates cannot be read: {e}")).with_source(e)
            })?;
            ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem))
        }
    };
    endpoint.tls_config(tls).map_err(|e| Error::invalid(format!("TLS cannot be set up: {e}")).with_source(e))
}

fn secret(key: &str) -> Result<MetadataValue<Ascii>> {
    let mut value: MetadataValue<Ascii> =
        key.parse().map_err(|_| Error::invalid("the API key has characters that no header can hold"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Adds the key to every call.
#[derive(Clone)]
pub(super) struct ApiKey(Option<MetadataValue<Ascii>>);

impl Interceptor for ApiKey {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(key) = &self.0 {
            request.metadata_mut().insert("api-key", key.clone());
        }
        Ok(request)
    }
}
