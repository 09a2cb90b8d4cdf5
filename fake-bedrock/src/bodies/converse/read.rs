//! What is taken out of a conversation: pictures, tokens, material.

use serde_json::Value;

use crate::{
    answers::Material,
    call,
    models::Family,
    pictures::{Input, Rules},
    refusal::{Refusal, Result},
};

/// 20 pictures of 3.75 MB for all models; Nova takes five files and 25 MB in all.
const PICTURES: Rules = Rules { max_bytes: 3_932_160, max_side: 8_000, ..Rules::NONE };
const NOVA_PICTURES: Rules = Rules { max_bytes: 25_000_000, ..PICTURES };

fn blocks(body: &Value) -> impl Iterator<Item = (String, &Value)> {
    let turns = body["messages"].as_array().into_iter().flatten().enumerate();
    turns.flat_map(|(turn, message)| {
        let blocks = message["content"].as_array().into_iter().flatten().enumerate();
        blocks.map(move |(index, block)| (format!("messages.{turn}.content.{index}"), block))
    })
}

/// All pictures, in their order.
pub(super) fn pictures(body: &Value, family: Family) -> Result<Vec<Input>> {
    let nova = matches!(family, Family::Nova | Family::Nova2);
    let (most, rules) = if nova { (5, NOVA_PICTURES) } else { (20, PICTURES) };
    let images: Vec<_> = blocks(body).filter(|(_, block)| !block["image"].is_null()).collect();
    if images.len() > most {
        return Err(Refusal::validation(format!(
            "too many images and documents: {} in the request, at most {most} are taken. Remove some and try again.",
            images.len()
        )));
    }
    let read = |(at, block): (String, &Value)| {
        let source = &block["image"]["source"];
        let Some(bytes) = source["bytes"].as_str() else {
            return Err(Refusal::validation(format!(
                "fake-bedrock reads no S3: give the bytes of the image at {at}"
            )));
        };
        let format = block["image"]["format"].as_str().unwrap_or_default();
        Input::read_as(bytes, format, &at, &rules)
    };
    images.into_iter().map(read).collect()
}

/// Tokens of texts and pictures.
pub(super) fn tokens(body: &Value, pictures: &[Input], family: Family) -> u64 {
    let texts = blocks(body).filter_map(|(_, block)| block["text"].as_str());
    let system = body["system"].as_array().into_iter().flatten().filter_map(|block| block["text"].as_str());
    let texts: u64 = texts.chain(system).map(call::tokens).sum();
    let config = &body["toolConfig"];
    let tools = if config.is_null() { 0 } else { call::tokens(&config.to_string()) };
    let pictures: u64 = pictures.iter().map(|picture| picture_tokens(picture, family)).sum();
    texts + tools + pictures
}

/// Nova 2 counts 230 for a picture, Nova about 800 for 900 x 450 and 2 600 for 1 300 x 1 300.
fn picture_tokens(picture: &Input, family: Family) -> u64 {
    match family {
        Family::Nova2 => 230,
        _ => (picture.size.area() / 625).clamp(200, 2_600),
    }
}

/// Rules and the texts of the last turn.
pub(super) fn material(body: &Value) -> Material {
    let system = body["system"].as_array().into_iter().flatten().filter_map(|block| block["text"].as_str());
    let texts = |message: &Value| {
        let blocks = message["content"].as_array().into_iter().flatten();
        blocks.filter_map(|block| block["text"].as_str().map(str::to_owned)).collect::<Vec<_>>().join("\n")
    };
    let mut users =
        body["messages"].as_array().into_iter().flatten().filter(|message| message["role"] == "user");
    let user = users.next().map(texts).unwrap_or_default();
    let later: Vec<_> = users.map(texts).collect();
    Material {
        system: system.collect::<Vec<_>>().join("\n"),
        user: std::iter::once(user).chain(later).collect::<Vec<_>>().join("\n"),
        ..Material::default()
    }
}
