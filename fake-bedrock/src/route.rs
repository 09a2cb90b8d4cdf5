//! Method and path to operation.

use axum::http::Method;
use percent_encoding::percent_decode_str;

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operation {
    /// `POST /model/{id}/invoke`
    Invoke(String),
    /// `POST /model/{id}/converse`
    Converse(String),
    /// `GET /foundation-models`
    ListModels,
    /// `GET /foundation-models/{id}`
    GetModel(String),
    /// `GET /inference-profiles`
    ListProfiles,
}

impl Operation {
    pub(crate) fn of(method: &Method, path: &str) -> Option<Self> {
        if let Some(rest) = path.strip_prefix("/model/") {
            let (id, operation) = rest.rsplit_once('/')?;
            return match operation {
                "invoke" if method == Method::POST => Some(Self::Invoke(decoded(id)?)),
                "converse" if method == Method::POST => Some(Self::Converse(decoded(id)?)),
                _ => None,
            };
        }
        if method != Method::GET {
            return None;
        }
        match path {
            "/foundation-models" => Some(Self::ListModels),
            "/inference-profiles" => Some(Self::ListProfiles),
            _ => Some(Self::GetModel(decoded(path.strip_prefix("/foundation-models/")?)?)),
        }
    }

    /// The operation's name, as latencies and records have it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Invoke(_) => "invoke",
            Self::Converse(_) => "converse",
            Self::ListModels => "list_foundation_models",
            Self::GetModel(_) => "get_foundation_model",
            Self::ListProfiles => "list_inference_profiles",
        }
    }

    /// The model as the caller wrote it.
    pub(crate) fn model(&self) -> Option<&str> {
        match self {
            Self::Invoke(id) | Self::Converse(id) | Self::GetModel(id) => Some(id),
            Self::ListModels | Self::ListProfiles => None,
        }
    }
}

fn decoded(segment: &str) -> Option<String> {
    let id = percent_decode_str(segment).decode_utf8().ok()?.into_owned();
    (!id.is_empty()).then_some(id)
}
