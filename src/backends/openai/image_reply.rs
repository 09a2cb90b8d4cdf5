//! Answers with pictures, inside or at an address.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;

use super::error;
use crate::{
    domain::{Image, Usage},
    error::{Blocked, BlockedStage, Error, Result},
    imaging,
    roles::Picture,
};

/// The answer; base64 stays in the bytes it was read from.
#[derive(Deserialize)]
pub(super) struct ImagesAnswer<'a> {
    #[serde(borrow)]
    data: Vec<PictureAnswer<'a>>,
    usage: Option<UsageAnswer>,
}

#[derive(Deserialize)]
struct PictureAnswer<'a> {
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

    /// What came for each of `count` pictures, and what it used.
    pub(super) fn places(&self, count: u32) -> (Vec<Result<Place>>, Usage) {
        let places = (0..count as usize).map(|place| {
            let Some(answer) = self.data.get(place) else {
                let found = self.data.len();
                return Err(error::reply(format!("{found} pictures came back, {count} were asked for")));
            };
            answer.place()
        });
        let made = self.data.len().min(count as usize) as u64;
        let UsageAnswer { input_tokens, output_tokens } =
            self.usage.unwrap_or(UsageAnswer { input_tokens: 0, output_tokens: 0 });
        let usage = Usage::REQUEST.with_tokens(input_tokens, output_tokens).with_output_pictures(made);
        (places.collect(), usage)
    }
}

/// Where a picture is.
pub(super) enum Place {
    /// In the answer.
    Here(Box<Picture>),
    /// At an address.
    At(Address),
}

/// An address to fetch a picture from.
pub(super) struct Address {
    pub(super) url: String,
    rewritten: bool,
}

impl Address {
    /// The picture that was fetched from here.
    pub(super) fn picture(&self, bytes: Vec<u8>) -> Result<Picture> {
        picture(bytes, self.rewritten)
    }
}

impl PictureAnswer<'_> {
    fn place(&self) -> Result<Place> {
        let rewritten = self.revised_prompt.is_some();
        let base64 = self.b64_json.as_ref().map(|text| text.0.as_bytes()).filter(|text| !text.is_empty());
        let bytes = match (base64, &self.url) {
            (Some(text), _) => STANDARD
                .decode(text)
                .map_err(|e| error::reply(format!("a picture is not base64: {e}")).with_source(e))?,
            (None, Some(url)) if self.b64_json.is_none() => {
                return Ok(Place::At(Address { url: url.0.clone().into_owned(), rewritten }));
            }
            (None, _) if self.respect_moderation == Some(false) => {
                let blocked = Blocked::new(BlockedStage::Output, "the picture did not pass moderation");
                return Err(Error::refused(blocked));
            }
            (None, _) => return Err(error::reply("a picture has neither base64 nor an address")),
        };
        picture(bytes, rewritten).map(|picture| Place::Here(Box::new(picture)))
    }
}

fn picture(bytes: Vec<u8>, rewritten: bool) -> Result<Picture> {
    let image = Image::new(bytes).map_err(|e| error::reply(e.message()))?;
    let size = imaging::probe(image.bytes()).map_err(|e| error::reply(e.message()))?;
    let picture = Picture::new(image, size);
    Ok(if rewritten {
        picture.with_note("the model wrote the prompt anew before it painted")
    } else {
        picture
    })
}
