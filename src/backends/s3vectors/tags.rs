//! What a collection was created with, as tags of its index: they are set by the request that makes the index, so
//! there is no index without them.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::limits;
use crate::{
    domain::{EmbeddingSpace, Schema},
    error::{Error, ErrorKind, Result},
};

/// What the tags hold, together: base64, as the values of tags take few signs.
#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    space: EmbeddingSpace,
    schema: Schema,
}

const VERSION: u32 = 1;

fn key(part: usize) -> String {
    format!("keyvisual.{part}")
}

pub(super) fn write(space: &EmbeddingSpace, schema: &Schema) -> Result<HashMap<String, String>> {
    let kept = Kept { version: VERSION, space: space.clone(), schema: schema.clone() };
    let json = serde_json::to_vec(&kept).map_err(|e| {
        Error::new(ErrorKind::Internal, "space and schema cannot be written as JSON").with_source(e)
    })?;
    let text = URL_SAFE_NO_PAD.encode(json);
    let parts = text.as_bytes().chunks(limits::TAG_VALUE);
    let tags: HashMap<_, _> = parts
        .enumerate()
        .map(|(at, part)| (key(at), part.iter().copied().map(char::from).collect()))
        .collect();
    if tags.len() > limits::TAGS {
        let (needs, most) = (tags.len(), limits::TAGS);
        let message =
            format!("space and schema need {needs} tags, an index has at most {most}: use fewer fields");
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    Ok(tags)
}

pub(super) fn read(tags: &HashMap<String, String>) -> Result<(EmbeddingSpace, Schema)> {
    let text: String = (0..).map_while(|part| tags.get(&key(part))).map(String::as_str).collect();
    if text.is_empty() {
        let message = "the index exists, but its tags do not say which space it holds: another program made it, so use another index";
        return Err(Error::new(ErrorKind::Conflict, message));
    }
    let kept = URL_SAFE_NO_PAD.decode(text).ok().and_then(|json| serde_json::from_slice::<Kept>(&json).ok());
    match kept {
        Some(kept) if kept.version == VERSION => Ok((kept.space, kept.schema)),
        Some(kept) => {
            let message = format!("the index was made by a newer version of this crate ({})", kept.version);
            Err(Error::new(ErrorKind::Unsupported, message))
        }
        None => {
            let message = "the tags keyvisual.0, keyvisual.1 ... of the index were changed: they hold its space and schema";
            Err(Error::new(ErrorKind::Corrupt, message))
        }
    }
}
