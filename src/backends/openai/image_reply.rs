//! Answers with pictures, inside or at an address.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;

use super::error;
use crate::{
    domain::{Image, Usage},
    error::{Blocked, BlockedStage, Error, Result},
    imaging,
    roles::{GenerateReply, Picture},
};

/// The answer; base64 stays in the bytes it was read from.
#[derive(Deserialize)]
pub(super) struct ImagesAnswer<'a> {
    #[serde(borrow)]
    pub(super) data: Vec<PictureAnswer<'a>>,
    usage: Option<UsageAnswer>,
}

#[derive(Deserialize)]
pub(super) struct PictureAnswer<'a> {
    #[serde(borrow)]
    b64_json: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    /// What the model made of the prompt.
    revised_prompt: Option<String>,
    /// Some servers withhold a picture and say so here.
    respect_moderation: Option<bool>,
}

/// A text that stays in the answer where it has no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Clone, Copy, Deserialize)]
struct UsageAnswer {
    #[serde(default)]
    input_tokens: u64,
    #[serde(default)]
    output_tokens: u64,
}

impl<'a> ImagesAnswer<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self> {
        serde_json::from_slice(bytes).map_err(|e| error::not_json(&e))
    }

    /// The reply to a request for `count` pictures; `fetched` has the bytes of those at an address, by place.
    pub(super) fn reply(&self, count: u32, mut fetched: Vec<Option<Result<Vec<u8>>>>) -> GenerateReply {
        let results = (0..count as usize).map(|place| {
            let Some(answer) = self.data.get(place) else {
                let found = self.data.len();
                return Err(error::reply(format!("{found} pictures came back, {count} were asked for")));
            };
            answer.picture(fetched.get_mut(place).and_then(Option::take))
        });
        let results: Vec<_> = results.collect();
        let made = self.data.len().min(count as usize) as u64;
        let UsageAnswer { input_tokens, output_tokens } =
            self.usage.unwrap_or(UsageAnswer { input_tokens: 0, output_tokens: 0 });
        let usage = Usage::REQUEST.with_tokens(input_tokens, output_tokens).with_output_pictures(made);
        GenerateReply::new(results).with_usage(usage)
    }
}

impl PictureAnswer<'_> {
    /// Where the picture is, if it is not in the answer.
    pub(super) fn address(&self) -> Option<&str> {
        match self.b64_json {
            Some(_) => None,
            None => self.url.as_ref().map(|url| url.0.as_ref()),
        }
    }

    fn picture(&self, fetched: Option<Result<Vec<u8>>>) -> Result<Picture> {
        let base64 = self.b64_json.as_ref().map(|text| text.0.as_bytes()).filter(|text| !text.is_empty());
        let bytes = match (base64, fetched) {
            (Some(text), _) => STANDARD
                .decode(text)
                .map_err(|e| error::reply(format!("a picture is not base64: {e}")).with_source(e))?,
            (None, Some(bytes)) => bytes?,
            (None, None) if self.respect_moderation == Some(false) => {
                let blocked = Blocked::new(BlockedStage::Output, "the picture did not pass moderation");
                return Err(Error::refused(blocked));
            }
            (None, None) => return Err(error::reply("a picture has neither base64 nor an address")),
        };
        let image = Image::new(bytes).map_err(|e| error::reply(e.message()))?;
        let size = imaging::probe(image.bytes()).map_err(|e| error::reply(e.message()))?;
        let picture = Picture::new(image, size);
        Ok(match &self.revised_prompt {
            Some(_) => picture.with_note("the model wrote the prompt anew before it painted"),
            None => picture,
        })
    }
}
