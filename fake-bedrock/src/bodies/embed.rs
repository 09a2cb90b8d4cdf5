//! Titan Multimodal Embeddings G1 and Nova Multimodal Embeddings.

use serde_json::{Value, json};

use super::table::EMBED;
use crate::{
    answers,
    call::{Answer, Call, Usage, tokens},
    faults::Kind,
    pictures::{Input, Kinds, Rules},
    refusal::{Refusal, Result},
};

/// Sources say 256 tokens, 25 MB, or 128 tokens, 5 MB; the newer ones are believed.
const TITAN_TOKENS: u64 = 256;

const TITAN_PICTURES: Rules =
    Rules { kinds: Kinds::PNG_JPEG, max_bytes: 25_000_000, max_side: 2_048, ..Rules::NONE };

/// `{"inputText", "inputImage", "embeddingConfig"}`: one vector of all that is given.
pub(super) async fn titan(call: &Call<'_>) -> Result<Answer> {
    call.allow_faults(&[Kind::FilteredPrompt, Kind::FilteredInput])?;
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
    if call.fault.is_about_content() {
        // No shape is documented for this but the field itself.
        let message = "This request has been blocked by our content filters.";
        let reply = json!({ "embedding": Value::Null, "inputTextTokenCount": count, "message": message });
        return Answer::new(&reply, Usage::default());
    }
    let dimensions = body["embeddingConfig"]["outputEmbeddingLength"].as_u64().unwrap_or(1_024);
    let pictures = u64::from(image.is_some());
    let vector = answers::embed(text, image, dimensions as usize, 1.0).await?;
    let reply = json!({ "embedding": vector, "inputTextTokenCount": count, "message": Value::Null });
    Answer::new(&reply, call.usage(count, 0, pictures))
}

const NOVA_PICTURES: Rules = Rules { max_bytes: 25_000_000, ..Rules::NONE };

/// The longest text, in characters.
const NOVA_CHARS: usize = 8_192;

/// How long the vectors of Nova are: nobody says that they have unit length.
const NOVA_LENGTH: f32 = 3.7;

/// `{"taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": {..}}`: one vector of one modality.
pub(super) async fn nova(call: &Call<'_>) -> Result<Answer> {
    call.allow_faults(&[Kind::FilteredPrompt, Kind::FilteredInput])?;
    let body = call.json()?;
    EMBED.check("nova", &body)?;
    let parameters = &body["singleEmbeddingParams"];
    let given = ["text", "image", "audio", "video"].into_iter().filter(|kind| !parameters[kind].is_null());
    let kind = match given.collect::<Vec<_>>()[..] {
        [kind] => kind,
        ref other => {
            return Err(Refusal::malformed(format_args!(
                "#/singleEmbeddingParams: exactly one of text, image, video and audio must be given, not {}",
                other.len()
            )));
        }
    };
    let (text, cut, image) = match kind {
        "text" => {
            let (text, cut) = nova_text(&parameters["text"])?;
            (Some(text), cut, None)
        }
        "image" => (None, None, Some(nova_image(&parameters["image"])?)),
        other => return Err(Refusal::validation(format!("fake-bedrock embeds no {other}"))),
    };
    match call.fault {
        Kind::FilteredPrompt => return Err(Refusal::filtered("text prompt")),
        Kind::FilteredInput => return Err(Refusal::filtered("input image")),
        _ => {}
    }
    let count = text.as_deref().map_or(0, tokens);
    let dimensions = parameters["embeddingDimension"].as_u64().unwrap_or(3_072);
    let pictures = u64::from(image.is_some());
    let vector = answers::embed(text.as_deref(), image, dimensions as usize, NOVA_LENGTH).await?;
    let mut embedding = json!({ "embeddingType": kind.to_uppercase(), "embedding": vector });
    if let Some(kept) = cut {
        embedding["truncatedCharLength"] = kept.into();
    }
    Answer::new(&json!({ "embeddings": [embedding] }), call.usage(count, 0, pictures))
}

/// The text, and its length if it was cut.
fn nova_text(text: &Value) -> Result<(String, Option<usize>)> {
    let Some(value) = text["value"].as_str() else {
        return Err(Refusal::validation("fake-bedrock reads no S3: give the text as value"));
    };
    if !text["source"].is_null() {
        return Err(Refusal::malformed(
            "#/singleEmbeddingParams/text: exactly one of value and source must be given",
        ));
    }
    if value.trim().is_empty() {
        return Err(Refusal::validation("The text to embed is blank."));
    }
    let chars = value.chars().count();
    if chars <= NOVA_CHARS {
        return Ok((value.to_owned(), None));
    }
    let kept = match text["truncationMode"].as_str() {
        Some("START") => value.chars().skip(chars - NOVA_CHARS).collect(),
        Some("END") => value.chars().take(NOVA_CHARS).collect(),
        _ => {
            return Err(Refusal::validation(format!(
                "The text has {chars} characters, more than the maximum of {NOVA_CHARS}. Shorten it, or set truncationMode to \
                 START or END."
            )));
        }
    };
    Ok((kept, Some(NOVA_CHARS)))
}

fn nova_image(image: &Value) -> Result<Input> {
    let Some(bytes) = image["source"]["bytes"].as_str() else {
        return Err(Refusal::validation("fake-bedrock reads no S3: give the bytes of the image"));
    };
    Input::read_as(bytes, image["format"].as_str().unwrap_or_default(), "image", &NOVA_PICTURES)
}
