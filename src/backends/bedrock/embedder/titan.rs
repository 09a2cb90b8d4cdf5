//! Titan Multimodal Embeddings G1: a text, a picture or both in one vector.

use serde::{Deserialize, Serialize};

use super::{prepare::Prepared, vector};
use crate::{
    backends::bedrock::{
        error,
        json::{self, Base64},
        refusal,
    },
    error::{Error, Result},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    input_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_image: Option<Base64<'a>>,
    embedding_config: Config,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    output_embedding_length: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reply {
    embedding: Option<Vec<f32>>,
    input_text_token_count: Option<u64>,
    message: Option<String>,
}

pub(super) fn body(prepared: &Prepared, dimensions: usize) -> Result<Vec<u8>> {
    let body = Body {
        input_text: prepared.text.as_deref(),
        input_image: prepared.image.as_ref().map(Base64),
        embedding_config: Config { output_embedding_length: dimensions },
    };
    json::write(&body, prepared.room())
}

/// `message` is what the model says when something went wrong, with a vector or without one; its filter speaks there too.
pub(super) fn read(bytes: &[u8]) -> Result<vector::Answer> {
    let Reply { embedding, input_text_token_count, message } = vector::read(bytes)?;
    let message = message.filter(|message| !message.trim().is_empty());
    match (embedding.filter(|numbers| !numbers.is_empty()), message) {
        (Some(numbers), note) => {
            let note = note.map(|message| format!("the model says: {message}"));
            Ok(vector::Answer { numbers, tokens: input_text_token_count.unwrap_or_default(), note })
        }
        (None, Some(message)) => Err(match refusal::said(&message) {
            Some(blocked) => Error::refused(blocked),
            None => error::reply(format!("the model made no vector: {message}")),
        }),
        (None, None) => Err(error::reply("the answer has no vector")),
    }
}
