//! Replies of the models that make pictures. Every field may be missing: a filter leaves out what it withholds.
//!
//! The base64 is borrowed from the body and decoded once; the bytes of a picture are kept as they were delivered.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    backends::bedrock::{error, refusal},
    domain::{Image, Usage},
    error::{Blocked, BlockedStage, Error, ErrorKind, Result},
    imaging,
    roles::{GenerateReply, Picture},
};

/// What the Stability models say when they could not make the picture; it is no refusal.
const FAILED: &str = "Inference error";

/// What Stability's own service says of a picture that was made, where Bedrock says nothing.
const MADE: &str = "SUCCESS";

#[derive(Deserialize)]
struct StabilityReply<'a> {
    /// Documented as text, sent as numbers.
    seeds: Option<Vec<Value>>,
    #[serde(borrow, alias = "finish_reason")]
    finish_reasons: Option<Vec<Option<Text<'a>>>>,
    #[serde(borrow)]
    images: Option<Vec<Option<Text<'a>>>>,
}

#[derive(Deserialize)]
struct AmazonReply<'a> {
    #[serde(borrow)]
    images: Option<Vec<Option<Text<'a>>>>,
    #[serde(borrow)]
    error: Option<Text<'a>>,
}

/// A text that stays in the body where it has no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads the reply of a Stability model: one picture and its seed, or the reason why there is none.
pub(super) fn stability(body: &[u8]) -> Result<GenerateReply> {
    let reply: StabilityReply<'_> = parse(body)?;
    let reason = first(reply.finish_reasons.as_deref()).map(|reason| reason.0.as_ref());
    let reason = reason.filter(|reason| *reason != MADE);
    let seed = reply.seeds.as_ref().and_then(|seeds| seeds.first()).and_then(number);
    let result = match (reason, first(reply.images.as_deref())) {
        (Some(FAILED), _) => {
            Err(Error::new(ErrorKind::Unavailable, "the model failed at this picture").sent())
        }
        (Some(reason), _) => {
            let blocked = refusal::said(reason);
            Err(Error::refused(blocked.unwrap_or_else(|| Blocked::new(BlockedStage::Unknown, reason))))
        }
        (None, Some(base64)) => picture(base64).map(|picture| Picture { seed, ..picture }),
        (None, None) => Err(invalid("it has neither a picture nor a reason why there is none")),
    };
    Ok(counted(vec![result]))
}

/// Reads the reply of Nova Canvas or Titan Image to a request for `count` pictures with `seed`. Pictures that
/// were withheld are missing without a place, so the last places stay open.
pub(super) fn amazon(body: &[u8], count: u32, seed: Option<u64>) -> Result<GenerateReply> {
    let reply: AmazonReply<'_> = parse(body)?;
    let images = reply.images.unwrap_or_default();
    let results = (0..count as usize).map(|place| {
        let Some(Some(base64)) = images.get(place) else {
            return Err(match &reply.error {
                Some(reason) => Error::refused(Blocked::new(BlockedStage::Output, &*reason.0)),
                None => invalid(format!("{count} pictures were asked for, picture {place} is not there")),
            });
        };
        let picture = Picture { seed, ..picture(base64)? };
        Ok(match (count, seed) {
            (2.., Some(seed)) => {
                picture.with_note(format!("number {} of {count} of one call with seed {seed}", place + 1))
            }
            _ => picture,
        })
    });
    Ok(counted(results.collect()))
}

fn parse<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T> {
    serde_json::from_slice(body).map_err(|error| invalid(error.to_string()).with_source(error))
}

fn first<'a, 'b>(list: Option<&'b [Option<Text<'a>>]>) -> Option<&'b Text<'a>> {
    list?.first()?.as_ref()
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// Whether the models call the picture JPEG or PNG, its first bytes tell.
fn picture(base64: &Text<'_>) -> Result<Picture> {
    let bytes = STANDARD
        .decode(base64.0.as_bytes())
        .map_err(|error| invalid(format!("a picture is not base64: {error}")).with_source(error))?;
    let image = Image::new(bytes).map_err(|error| invalid(error.message()))?;
    let size = imaging::probe(image.bytes()).map_err(|error| invalid(error.message()))?;
    Ok(Picture::new(image, size))
}

/// A picture that cannot be read was made all the same, and whether a withheld one is billed is not known: both count. One
/// that the model failed at does not.
fn counted(results: Vec<Result<Picture>>) -> GenerateReply {
    let billed = |result: &&Result<Picture>| match result {
        Ok(_) => true,
        Err(error) => error.kind() != ErrorKind::Unavailable,
    };
    let pictures = results.iter().filter(billed).count() as u64;
    GenerateReply::new(results).with_usage(Usage::REQUEST.with_output_pictures(pictures))
}

fn invalid(why: impl std::fmt::Display) -> Error {
    error::reply(format!("the reply is not what this model sends: {why}"))
}
