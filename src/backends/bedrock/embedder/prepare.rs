//! An input as the model takes it.

use super::{
    BedrockEmbedder,
    settings::{Pairing, TextOverflow},
    text::Room,
};
use crate::{
    backends::bedrock::json,
    domain::Image,
    error::{Error, Result},
    roles::EmbedInput,
};

/// What is sent, and what was done to make it fit.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    pub(super) text: Option<String>,
    pub(super) image: Option<Image>,
    pub(super) notes: Vec<String>,
}

impl Prepared {
    /// The bytes a body with this takes, rather too many.
    pub(super) fn room(&self) -> usize {
        let text = self.text.as_deref().map_or(0, json::text_len);
        512 + text + self.image.as_ref().map_or(0, json::image_len)
    }
}

pub(super) async fn prepare(input: EmbedInput, embedder: &BedrockEmbedder) -> Result<Prepared> {
    let BedrockEmbedder { limits, rules, settings, .. } = embedder;
    let mut prepared = Prepared::default();
    let (text, image) = match (input, settings.pairing) {
        (EmbedInput::Text(text), _) => (Some(text), None),
        (EmbedInput::Image(image), _) => (None, Some(image)),
        (EmbedInput::Both { image, .. }, Pairing::PictureOnly) => {
            prepared.notes.push("the text was left out: pairs are embedded by their picture".into());
            (None, Some(image))
        }
        (EmbedInput::Both { text, .. }, Pairing::TextOnly) => {
            prepared.notes.push("the picture was left out: pairs are embedded by their text".into());
            (Some(text), None)
        }
        (EmbedInput::Both { text, image }, _) => (Some(text), Some(image)),
    };
    if let Some(text) = text {
        let room = Room { tokens: limits.tokens.text, chars: limits.prompt.chars };
        prepared.text = Some(fit_text(text, room, settings.texts, &mut prepared.notes)?);
    }
    if let Some(image) = image {
        let (image, note) = rules.apply(image, settings.pictures).await?;
        prepared.image = Some(image);
        prepared.notes.extend(note);
    }
    Ok(prepared)
}

fn fit_text(text: String, room: Room, overflow: TextOverflow, notes: &mut Vec<String>) -> Result<String> {
    if text.trim().is_empty() {
        return Err(Error::invalid("the text to embed is empty"));
    }
    let Some(beginning) = room.cut(&text) else { return Ok(text) };
    let (length, left) = (text.chars().count(), beginning.chars().count());
    let most = room.describe();
    match overflow {
        TextOverflow::Refuse => Err(Error::invalid(format!(
            "the text has {length} characters, about {left} of which fit into the {most} the model takes: shorten it"
        ))),
        TextOverflow::Cut => {
            notes.push(format!(
                "{left} of {length} characters of the text were embedded: the model takes {most}"
            ));
            Ok(beginning.to_owned())
        }
    }
}
