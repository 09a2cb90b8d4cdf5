//! Replies as they go over the wire, whole or broken.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
};
use futures_util::{StreamExt, stream};
use serde_json::json;

use crate::{call::Usage, faults::Kind, refusal::Refusal};

/// How long a half body has to get onto the wire before the connection is cut.
const FLUSH: Duration = Duration::from_millis(20);

/// A reply of status 200, broken as `fault` says.
pub(crate) fn answer(body: Bytes, fault: Kind) -> Response<Body> {
    let len = body.len();
    let half = body.slice(..len / 2);
    let first = || stream::iter([Ok::<_, io::Error>(half.clone())]);
    let (len, body) = match fault {
        Kind::Stall => (len, Body::from_stream(first().chain(stream::pending()))),
        Kind::Cut => (len, Body::from_stream(first().chain(stream::once(cut())))),
        Kind::HalfJson => (half.len(), Body::from(half)),
        Kind::WrongShape => (WRONG.len(), Body::from(WRONG)),
        _ => (len, Body::from(body)),
    };
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_LENGTH, len.into());
    with_common(response)
}

const WRONG: &str = r#"{"result":{"status":"ok"}}"#;

async fn cut() -> io::Result<Bytes> {
    tokio::time::sleep(FLUSH).await;
    Err(io::ErrorKind::ConnectionAborted.into())
}

/// An error reply: the type in a header, the message in the body.
pub(crate) fn refusal(refusal: &Refusal) -> Response<Body> {
    let mut body = json!({ "message": refusal.message });
    if let Some(model) = &refusal.model {
        body["originalStatusCode"] = 500.into();
        body["resourceName"] = model.as_str().into();
    }
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
    let headers = response.headers_mut();
    headers.insert("x-amzn-errortype", HeaderValue::from_static(refusal.kind));
    if let Some(ms) = refusal.retry_after_ms {
        headers.insert("x-amz-retry-after", ms.into());
    }
    with_common(response)
}

/// What InvokeModel says of tokens and time.
pub(crate) fn with_counts(mut response: Response<Body>, usage: Usage, latency: Duration) -> Response<Body> {
    let latency = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
    let counts = [
        ("x-amzn-bedrock-input-token-count", usage.input_tokens),
        ("x-amzn-bedrock-output-token-count", usage.output_tokens),
        ("x-amzn-bedrock-invocation-latency", latency),
    ];
    for (name, count) in counts {
        response.headers_mut().insert(HeaderName::from_static(name), count.into());
    }
    response
}

fn with_common(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(id) = HeaderValue::from_str(&request_id()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

/// A random UUID.
fn request_id() -> String {
    let bits = fastrand::u128(..);
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        bits as u32,
        (bits >> 32) as u16,
        (bits >> 48) as u16 & 0xfff,
        (bits >> 64) as u16 & 0xfff,
        (bits >> 80) as u64 & 0xffff_ffff_ffff
    )
}
