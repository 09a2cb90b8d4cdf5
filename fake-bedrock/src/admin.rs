//! `/_fake/{caller}/..`: plans and counters, without a signature.

use std::collections::HashMap;

use axum::{
    body::{Body, Bytes},
    http::{Method, Response, StatusCode, header::CONTENT_TYPE},
};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::{
    callers::{Callers, lock},
    faults::Fault,
};

/// Serves one request to `path`, which is what follows `/_fake/`.
pub(crate) fn serve(callers: &Callers, method: &Method, path: &str, body: &Bytes) -> Response<Body> {
    let (status, reply) = match answer(callers, method, path, body) {
        Ok(reply) => (StatusCode::OK, reply),
        Err(problem) => (StatusCode::BAD_REQUEST, json!({ "message": problem })),
    };
    let mut response = Response::new(Body::from(reply.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, axum::http::HeaderValue::from_static("application/json"));
    response
}

fn answer(callers: &Callers, method: &Method, path: &str, body: &Bytes) -> Result<Value, String> {
    let (name, what) = path.split_once('/').unwrap_or((path, ""));
    let name = percent_decode_str(name).decode_utf8_lossy();
    if method == Method::DELETE && what.is_empty() {
        callers.forget(&name);
        return Ok(Value::Null);
    }
    let caller = callers.get(&name);
    let mut caller = lock(&caller);
    match (method.as_str(), what) {
        ("GET", "calls") => return Ok(caller.report()),
        ("PUT", "faults") => {
            let plan: Vec<Value> = read(body)?;
            caller.faults = plan.iter().map(Fault::parse).collect::<Result<_, _>>()?;
        }
        ("PUT", "latency") => caller.latency_ms = read(body)?,
        ("PUT", "limits") => caller.set_limits(read::<HashMap<String, f64>>(body)?),
        ("PUT", "private") => caller.private = if body.is_empty() { true } else { read(body)? },
        _ => {
            return Err(format!(
                "{method} {what:?}: there are GET calls; PUT faults, latency, limits, private"
            ));
        }
    }
    Ok(Value::Null)
}

fn read<T: serde::de::DeserializeOwned>(body: &Bytes) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| format!("the body cannot be read: {error}"))
}
