//! Stability's generators and image services: one picture a call.

mod edit;
mod generate;
mod services;
mod upscale;

use keyvisual::imaging::Picture;
use serde_json::{Value, json};

use super::table::STABILITY;
use crate::{
    call::{Answer, Call, Usage},
    faults::Kind,
    pictures::{Brush, Input, Rules, encode},
    refusal::Result,
};

/// What most services ask of a picture.
const PICTURE: Rules = Rules { min_side: 64, max_pixels: 9_437_184, max_ratio: 2.5, ..Rules::NONE };

/// Answers a call to any of the sixteen.
pub(super) fn answer(call: &Call<'_>) -> Result<Answer> {
    call.allow_faults(&[Kind::FilteredPrompt, Kind::FilteredOutput, Kind::FilteredInput])?;
    let body = call.json()?;
    let name = name(&call.model.id);
    STABILITY.check(name, &body)?;
    let seed = Seed::of(&body);
    let work = || {
        let picture = Job { body: &body, seed: seed.number }.run(name)?;
        encode(&picture, body["output_format"].as_str().unwrap_or("png"))
    };
    let image = tokio::task::block_in_place(work)?;
    let filtered = match call.fault {
        Kind::FilteredPrompt => Some("Filter reason: prompt"),
        Kind::FilteredInput => Some("Filter reason: input image"),
        Kind::FilteredOutput => Some("Filter reason: output image"),
        _ => None,
    };
    if let Some(reason) = filtered {
        return Answer::new(&json!({ "finish_reasons": [reason] }), Usage::default());
    }
    let reply = json!({ "seeds": [seed.number], "finish_reasons": [Value::Null], "images": [image] });
    let mut answer = Answer::new(&reply, call.usage(0, 0, 1))?;
    answer.repeatable = seed.fixed;
    Ok(answer)
}

/// `stability.stable-image-core-v1:1` is `stable-image-core`.
fn name(id: &str) -> &str {
    let id = id.strip_prefix("stability.").unwrap_or(id);
    id.rsplit_once("-v1:").map_or(id, |(name, _)| name)
}

/// A body that fits its schema, and the seed.
struct Job<'a> {
    body: &'a Value,
    seed: u64,
}

impl Job<'_> {
    fn run(&self, name: &str) -> Result<Picture> {
        match name {
            "sd3-5-large" | "stable-image-core" | "stable-image-ultra" => self.generate(),
            "stable-image-inpaint" => self.inpaint(),
            "stable-image-erase-object" => self.erase(),
            "stable-outpaint" => self.outpaint(),
            "stable-image-search-replace" => self.replace(),
            "stable-image-search-recolor" => self.recolor(),
            "stable-image-remove-background" => self.remove_background(),
            "stable-image-style-guide" => self.style_guide(),
            "stable-style-transfer" => self.style_transfer(),
            "stable-creative-upscale" | "stable-conservative-upscale" | "stable-fast-upscale" => {
                self.upscale(name)
            }
            _ => self.control(),
        }
    }

    fn text(&self, field: &str) -> Option<&str> {
        self.body[field].as_str()
    }

    fn share(&self, field: &str, default: f64) -> f64 {
        self.body[field].as_f64().unwrap_or(default)
    }

    /// The picture in a field that must be there.
    fn picture(&self, field: &str, rules: &Rules) -> Result<Picture> {
        Input::read(self.text(field).unwrap_or_default(), field, rules)?.decode()
    }

    /// All words and the seed make a picture what it is.
    fn brush(&self) -> Brush {
        let words = ["prompt", "negative_prompt", "style_preset"].map(|field| self.text(field).unwrap_or(""));
        Brush::new(&words, self.seed)
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
