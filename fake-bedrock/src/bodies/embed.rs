//! Titan Multimodal Embeddings G1 and Nova Multimodal Embeddings.

use serde_json::{Value, json};

use super::table::EMBED;
use crate::{
    answers,
    call::{Answer, Call, tokens},
    pictures::{Input, Kinds, Rules},
    refusal::{Refusal, Result},
};

/// Sources say 256 tokens, 25 MB, or 128 tokens, 5 MB; the newer ones are believed.
const TITAN_TOKENS: u64 = 256;

const TITAN_PICTURES: Rules =
    Rules { kinds: Kinds::PNG_JPEG, max_bytes: 25_000_000, max_side: 2_048, ..Rules::NONE };

/// `{"inputText", "inputImage", "embeddingConfig"}`: one vector of all that is given.
pub(super) async fn titan(call: &Call<'_>) -> Result<Answer> {
    call.allow_faults(&[])?;
    let body = call.json()?;
    EMBED.check("titan", &body)?;
    let text = body["inputText"].as_str().filter(|text| !text.trim().is_empty());
    let image = body["inputImage"].as_str().map(|image| Input::read(image, "inputImage", &TITAN_PICTURES));
    let image = image.transpose()?;
    if text.is_none() && image.is_none() {
        return Err(Refusal::validation(
            "The input is invalid: at least one of inputText and inputImage must be given.",
        ));
    }
    let count = text.map_or(0, tokens);
    if count > TITAN_TOKENS {
        return Err(Refusal::validation(format!(
            "400 Bad Request: Too many input tokens. Max input tokens: {TITAN_TOKENS}, request input token count: {count} "
        )));
    }
    let dimensions = body["embeddingConfig"]["outputEmbeddingLength"].as_u64().unwrap_or(1_024);
    let pictures = u64::from(image.is_some());
    let vector = answers::embed(text, image, dimensions as usize, 1.0).await?;
    let reply = json!({ "embedding": vector, "inputTextTokenCount": count, "message": Value::Null });
    Answer::new(&reply, call.model.usage(count, 0, pictures))
}
