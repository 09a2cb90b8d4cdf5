//! Stability's generators and image services: one picture a call.

mod generate;

use base64::{Engine, engine::general_purpose::STANDARD};
use keyvisual::imaging::{Encoding, Picture};
use serde_json::{Value, json};

use super::table::STABILITY;
use crate::{
    call::{Answer, Call},
    faults::Kind,
    refusal::{Refusal, Result},
};

/// Answers a call to any of the sixteen.
pub(super) fn answer(call: &Call<'_>) -> Result<Answer> {
    call.allow_faults(&[Kind::FilteredPrompt, Kind::FilteredOutput, Kind::FilteredInput])?;
    let body = call.json()?;
    let name = name(&call.model.id);
    STABILITY.check(name, &body)?;
    let seed = Seed::of(&body);
    let picture = || tokio::task::block_in_place(|| make(name, &body, seed.number));
    let filtered = match call.fault {
        Kind::FilteredPrompt => Some("Filter reason: prompt"),
        Kind::FilteredInput => Some("Filter reason: input image"),
        Kind::FilteredOutput => Some("Filter reason: output image"),
        _ => None,
    };
    if let Some(reason) = filtered {
        return Answer::new(&json!({ "finish_reasons": [reason] }), Default::default());
    }
    let bytes = picture()?;
    let reply = json!({
        "seeds": [seed.number],
        "finish_reasons": [Value::Null],
        "images": [STANDARD.encode(bytes)],
    });
    let mut answer = Answer::new(&reply, call.model.usage(0, 0, 1))?;
    answer.repeatable = seed.fixed;
    Ok(answer)
}

/// `stability.stable-image-core-v1:1` is `stable-image-core`.
fn name(id: &str) -> &str {
    let id = id.strip_prefix("stability.").unwrap_or(id);
    id.rsplit_once("-v1:").map_or(id, |(name, _)| name)
}

/// The picture in the format asked for; PNG unless asked.
fn make(name: &str, body: &Value, seed: u64) -> Result<Vec<u8>> {
    let picture = generate::picture(name, body, seed)?;
    encode(&picture, body["output_format"].as_str().unwrap_or("png"))
}

fn encode(picture: &Picture, format: &str) -> Result<Vec<u8>> {
    let encoding = match format.to_ascii_lowercase().as_str() {
        "jpeg" => Encoding::Jpeg { quality: 90 },
        "webp" => Encoding::WebP,
        _ => Encoding::Png,
    };
    match picture.encode(encoding) {
        Ok(image) => Ok(image.bytes().to_vec()),
        Err(error) => Err(Refusal::new(500, "InternalServerException", error.to_string())),
    }
}

/// The seed really used: 0 and none are random.
struct Seed {
    number: u64,
    fixed: bool,
}

impl Seed {
    fn of(body: &Value) -> Self {
        match body["seed"].as_u64().unwrap_or(0) {
            0 => Self { number: fastrand::u64(1..=4_294_967_294), fixed: false },
            number => Self { number, fixed: true },
        }
    }
}
