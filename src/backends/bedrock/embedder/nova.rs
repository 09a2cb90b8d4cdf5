//! Nova Multimodal Embeddings: a text or a picture, and other vectors for what is asked than for what is kept.

use serde::{Deserialize, Serialize};

use super::{
    prepare::Prepared,
    settings::{Searched, Settings, TextOverflow},
    text, vector,
};
use crate::{
    backends::bedrock::{
        error,
        json::{self, Base64},
    },
    error::Result,
    roles::Purpose,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    task_type: &'static str,
    single_embedding_params: Params<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Params<'a> {
    embedding_purpose: &'static str,
    embedding_dimension: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Picture<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Text<'a> {
    truncation_mode: &'static str,
    value: &'a str,
}

#[derive(Serialize)]
struct Picture<'a> {
    format: &'static str,
    source: Source<'a>,
}

#[derive(Serialize)]
struct Source<'a> {
    bytes: Base64<'a>,
}

#[derive(Deserialize)]
struct Reply {
    embeddings: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    embedding: Vec<f32>,
    truncated_char_length: Option<u64>,
}

pub(super) fn body(
    prepared: &Prepared,
    purpose: Purpose,
    dimensions: usize,
    settings: &Settings,
) -> Result<Vec<u8>> {
    let truncation_mode = match settings.texts {
        TextOverflow::Cut => "END",
        TextOverflow::Refuse => "NONE",
    };
    let params = Params {
        embedding_purpose: match (purpose, settings.searched) {
            (Purpose::Index, _) => "GENERIC_INDEX",
            (Purpose::Query, Searched::Pictures) => "IMAGE_RETRIEVAL",
            (Purpose::Query, Searched::Texts) => "TEXT_RETRIEVAL",
            (Purpose::Query, Searched::Mixed) => "GENERIC_RETRIEVAL",
        },
        embedding_dimension: dimensions,
        text: prepared.text.as_deref().map(|value| Text { truncation_mode, value }),
        image: prepared.image.as_ref().map(|image| Picture {
            format: image.media_type().name(),
            source: Source { bytes: Base64(image) },
        }),
    };
    json::write(&Body { task_type: "SINGLE_EMBEDDING", single_embedding_params: params }, prepared.room())
}

/// The answer names no tokens, so they are estimated.
pub(super) fn read(bytes: &[u8], prepared: &Prepared) -> Result<vector::Answer> {
    let Reply { embeddings } = vector::read(bytes)?;
    let count = embeddings.len();
    let Ok([Vector { embedding, truncated_char_length }]) = <[Vector; 1]>::try_from(embeddings) else {
        return Err(error::reply(format!("the answer has {count} vectors of 1")));
    };
    let note = truncated_char_length.map(|left| format!("the model embedded {left} characters of the text"));
    let tokens = prepared.text.as_deref().map_or(0, text::tokens) as u64;
    Ok(vector::Answer { numbers: embedding, tokens, note })
}
