//! What is refused before anything is sent.

use base64::{Engine, engine::general_purpose::STANDARD};
use keyvisual::{
    ErrorKind,
    backends::bedrock::{BedrockChat, PictureOverflow, Reasoning, registry::Tier},
    domain::{Image, Money, PixelSize, Usage},
    imaging::{self, Encoding, Picture},
    roles::*,
};

use super::{PRO, TWO_LITE, bedrock, caller, hello, model, picture, sent, verdict};

const JPEG: Encoding = Encoding::Jpeg { quality: 50 };

async fn refuses(id: &str, request: ChatRequest, kind: ErrorKind, why: &str) {
    refuses_with(|model| model, id, request, kind, why).await;
}

async fn refuses_with(
    set: impl FnOnce(BedrockChat) -> BedrockChat,
    id: &str,
    request: ChatRequest,
    kind: ErrorKind,
    why: &str,
) {
    let (caller, model) = model(id).await;
    let error = set(model).chat(request).await.unwrap_err();
    assert_eq!((error.kind(), error.was_sent()), (kind, false), "{error}");
    assert!(error.message().contains(why), "{why}: {error}");
    assert_eq!((error.operation(), error.context("model")), (Some("chat"), Some(id)));
    assert!(sent(&caller).is_empty());
}

fn showing(images: impl IntoIterator<Item = Image>) -> ChatRequest {
    ChatRequest::new(images.into_iter().fold(Message::user("See"), Message::with_image))
}

#[tokio::test]
async fn what_a_model_does_not_take_is_not_sent() {
    let large = {
        let mut bytes = picture(4, 4, JPEG).bytes().to_vec();
        bytes.resize(3_750_001, 0);
        Image::new(bytes).unwrap()
    };
    let whole = picture(400, 400, JPEG);
    let cut = Image::new(whole.bytes().slice(..whole.bytes().len() - 20)).unwrap();
    let twice = hello().with_message(Message::user("Still there?"));
    let begun = {
        let mut request = hello();
        request.messages.insert(0, Message::assistant("Welcome"));
        request
    };
    let shown = hello()
        .with_message(Message::assistant("Look").with_image(picture(4, 4, JPEG)))
        .with_message(Message::user("I did"));
    let refusing = |model: BedrockChat| model.with_picture_overflow(PictureOverflow::Refuse);
    for (request, why) in [
        (showing((0..6).map(|_| picture(4, 4, JPEG))), "6 pictures are sent, the model takes at most 5"),
        (showing([large]), "3750001 bytes, the model takes at most 3750000"),
        (showing([picture(8_001, 1, Encoding::Png)]), "8001x1 pixels, the model takes sides of at most 8000"),
        (showing([cut]), "cut off"),
        (hello().with_max_tokens(5_001), "5001 tokens are asked for, the model writes at most 5000"),
        (hello().with_temperature(1.1), "must be 0 to 1"),
        (twice, "put both into one"),
        (begun, "the user's turn"),
        (shown, "only the user's messages"),
    ] {
        refuses_with(refusing, PRO, request, ErrorKind::InvalidInput, why).await;
    }
    refuses(TWO_LITE, hello().with_max_tokens(65_537), ErrorKind::InvalidInput, "at most 65536").await;
}

#[tokio::test]
async fn a_setting_the_model_does_not_know_is_not_sent() {
    let reasoning = |model: BedrockChat| model.with_reasoning(Reasoning::Low);
    refuses_with(reasoning, PRO, hello(), ErrorKind::Unsupported, "only Nova 2").await;
    let metadata = |pairs: Vec<(String, String)>| {
        |model: BedrockChat| pairs.into_iter().fold(model, |model, (k, v)| model.with_request_metadata(k, v))
    };
    let many = (0..17).map(|n| (format!("k{n}"), String::new())).collect();
    refuses_with(metadata(many), PRO, hello(), ErrorKind::InvalidInput, "a request takes 16").await;
    let long = vec![("k".into(), "v".repeat(257))];
    refuses_with(metadata(long), PRO, hello(), ErrorKind::InvalidInput, "at most 256").await;
    let blind = |model: BedrockChat| model.with_image_input(false);
    let request = showing([picture(4, 4, JPEG)]);
    refuses_with(blind, PRO, request, ErrorKind::Unsupported, "takes none").await;
    let unforced = |model: BedrockChat| model.with_json_schema(false);
    refuses_with(unforced, PRO, hello().with_schema(verdict()), ErrorKind::Unsupported, "forced").await;
}

/// Photographs of today's cameras are larger than 3.75 MB, and so are many PNG files.
#[tokio::test]
async fn a_picture_too_large_is_written_anew_and_the_reply_says_so() {
    let noise = Picture::from_fn(PixelSize::new(1_600, 1_000), |x, y| {
        let value = (x * 7919 + y * 104_729).wrapping_mul(2_654_435_761);
        [(value >> 8) as u8, (value >> 16) as u8, (value >> 24) as u8, 255]
    });
    let noise = noise.encode(Encoding::Png).unwrap();
    assert!(noise.bytes().len() > 3_750_000);
    for (image, size, why) in [
        (noise, PixelSize::new(1_600, 1_000), "the model takes at most 3750000"),
        (picture(8_192, 16, Encoding::Png), PixelSize::new(2_048, 4), "sides of at most 8000"),
        (turned(picture(40, 20, JPEG)), PixelSize::new(20, 40), "EXIF"),
    ] {
        let (caller, model) = model(PRO).await;
        let reply = model.chat(showing([image])).await.unwrap();
        assert!(reply.notes.len() == 1 && reply.notes[0].contains(why), "{:?}", reply.notes);
        let sent = &sent(&caller)[0]["messages"][0]["content"][0]["image"];
        let bytes = STANDARD.decode(sent["source"]["bytes"].as_str().unwrap()).unwrap();
        assert_eq!((imaging::probe(&bytes).unwrap(), &sent["format"]), (size, &"jpeg".into()));
        assert!(bytes.len() <= 3_750_000);
    }
    let (_, model) = model(PRO).await;
    assert_eq!(model.chat(showing([picture(8_000, 4, JPEG)])).await.unwrap().notes, Vec::<String>::new());
}

/// The picture with an EXIF orientation that turns it by 90 degrees.
fn turned(jpeg: Image) -> Image {
    let exif = b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    Image::new([&jpeg.bytes()[..2], exif, &jpeg.bytes()[2..]].concat()).unwrap()
}

/// Five pictures of the largest size are more than a request may have once they are base64.
#[tokio::test]
async fn a_request_above_the_payload_is_not_sent() {
    let padded = |number: u8| {
        let mut bytes = picture(4, 4, JPEG).bytes().to_vec();
        let end = bytes.split_off(bytes.len() - 2);
        bytes.resize(3_749_990, number);
        bytes.extend(end);
        Image::new(bytes).unwrap()
    };
    let request = showing((1..=5).map(padded));
    refuses(PRO, request, ErrorKind::InvalidInput, "the model takes 25000000").await;
}

#[tokio::test]
async fn the_card_has_the_price_of_the_tier_and_the_profile() {
    let bedrock = bedrock(&caller()).await;
    let usage = Usage::REQUEST.with_tokens(1_000_000, 1_000_000);
    let cost = |model: &BedrockChat| model.card().cost(usage).map(Money::as_micros);
    let pro = bedrock.chat(PRO).unwrap();
    assert_eq!(cost(&pro), Some(4_000_000));
    assert_eq!(cost(&pro.clone().with_service_tier(Tier::Flex)), Some(2_000_000));
    assert_eq!(cost(&pro.with_service_tier(Tier::Priority)), Some(7_000_000));
    assert_eq!(cost(&bedrock.chat(TWO_LITE).unwrap()), Some(3_080_000));
    assert_eq!(cost(&bedrock.chat("global.amazon.nova-2-lite-v1:0").unwrap()), Some(2_800_000));
    assert_eq!(cost(&bedrock.chat(TWO_LITE).unwrap().with_service_tier(Tier::Optimized)), None);
}

#[tokio::test]
async fn a_model_that_does_not_chat_is_refused_when_it_is_asked_for() {
    let bedrock = bedrock(&caller()).await;
    let error = bedrock.chat("amazon.titan-embed-image-v1").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
}
