//! Texts and pictures within the limits of the models.

use base64::{Engine, engine::general_purpose::STANDARD};
use keyvisual::{
    ErrorKind,
    backends::bedrock::{PictureOverflow, TextOverflow},
    domain::{Image, MediaType, PixelSize},
    imaging::{self, Encoding, Picture},
    roles::*,
};
use proptest::prelude::*;

use super::{FakeBedrock, NOVA, TITAN, ask, embedder, picture, sent, text};

/// The text that the strict server got of `whole`, and the notes.
async fn embedded(id: &str, whole: &str) -> (String, Vec<String>) {
    let (caller, embedder) = embedder(id).await;
    let reply = ask(&embedder, text(whole), Purpose::Index).await.unwrap();
    reply.results[0].as_ref().unwrap();
    let body = &sent(&caller)[0];
    let text = body["inputText"].as_str().or(body["singleEmbeddingParams"]["text"]["value"].as_str());
    (text.unwrap().to_owned(), reply.notes)
}

/// B28: a limit stood in a comment and was not kept.
#[tokio::test]
async fn a_text_too_long_is_cut_at_a_word_and_the_reply_says_so() {
    for (id, most, words) in [
        (TITAN, 256, "a cup of coffee stands on the windowsill in the morning light "),
        (TITAN, 256, "Schöne Grüße aus München, wo über den Dächern Nebel liegt. "),
        (TITAN, 256, "窓辺のコーヒーカップに朝の光が差し込む。"),
        (TITAN, 256, "👩🏽‍🍳 brews ☕ at 6:30 — every day! "),
        (NOVA, 8_192, "a cup of coffee stands on the windowsill in the morning light "),
        (NOVA, 8_192, "👩🏽‍🍳 brews ☕ at 6:30 — every day! "),
    ] {
        let whole = words.repeat(if id == TITAN { 20 } else { 400 });
        let (sent, notes) = embedded(id, &whole).await;
        let rest = whole.strip_prefix(&sent).expect("it is the beginning");
        assert!(sent.len() > most / 4 && !rest.is_empty(), "{} bytes of {words}", sent.len());
        let (last, next) = (sent.chars().last().unwrap(), rest.chars().next().unwrap());
        let within = last.is_ascii_alphanumeric() && next.is_ascii_alphanumeric();
        assert!(!within && next != '\u{200d}' && last != '\u{200d}', "{last:?}{next:?} is within a word");
        let (left, length) = (sent.chars().count(), whole.chars().count());
        assert!(notes[0].starts_with(&format!("{left} of {length} characters")), "{notes:?}");
    }
}

#[tokio::test]
async fn a_text_that_fits_is_sent_as_it_is() {
    for id in [TITAN, NOVA] {
        let whole = "  A cup of coffee,\n on the windowsill. ".to_owned();
        assert_eq!(embedded(id, &whole).await, (whole, vec![]));
    }
}

#[tokio::test]
async fn a_text_too_long_is_refused_where_the_application_says_so() {
    for (id, words, most) in [(TITAN, 200, "256 tokens"), (NOVA, 2_000, "8192 characters")] {
        let (caller, embedder) = embedder(id).await;
        let embedder = embedder.with_text_overflow(TextOverflow::Refuse);
        let reply = ask(&embedder, text("coffee ".repeat(words)), Purpose::Index).await.unwrap();
        let error = reply.results[0].as_ref().unwrap_err();
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::InvalidInput, false), "{error}");
        assert!(error.message().contains(most), "{error}");
        assert_eq!(reply.usage.requests, 0);
        assert!(sent(&caller).is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// The strict server counts by itself and refuses what is too long.
    #[test]
    fn whatever_is_written_fits_after_the_cut(whole in "(\\PC| |\n|[a-z]{1,300}){1,900}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let blank = whole.trim().is_empty();
        let reply = runtime.block_on(async {
            let embedder = embedder(TITAN).await.1;
            ask(&embedder, text(whole), Purpose::Index).await.unwrap()
        });
        prop_assert_eq!(reply.results[0].is_ok(), !blank, "{:?}", reply.results);
    }
}

/// The picture that Titan got of `image`, and the notes.
async fn shown(image: Image) -> (Image, Vec<String>) {
    let (caller, embedder) = embedder(TITAN).await;
    let reply = ask(&embedder, EmbedInput::Image(image), Purpose::Index).await.unwrap();
    reply.results[0].as_ref().unwrap();
    let body = STANDARD.decode(sent(&caller)[0]["inputImage"].as_str().unwrap()).unwrap();
    (Image::new(body).unwrap(), reply.notes)
}

#[tokio::test]
async fn a_picture_within_the_limits_is_sent_byte_for_byte() {
    for encoding in [Encoding::Png, Encoding::Jpeg { quality: 80 }] {
        let image = picture(2_048, 16, encoding);
        let (sent, notes) = shown(image.clone()).await;
        assert_eq!((sent.bytes(), notes.len()), (image.bytes(), 0));
    }
}

#[tokio::test]
async fn a_picture_beyond_the_limits_is_written_anew_and_the_reply_says_so() {
    let glass = Picture::filled(PixelSize::new(60, 40), [200, 90, 40, 120]).encode(Encoding::WebP).unwrap();
    for (image, size, kind, why) in [
        (picture(4_096, 1_024, Encoding::Png), (2_048, 512), MediaType::Jpeg, "4096x1024 pixels"),
        (picture(60, 40, Encoding::WebP), (60, 40), MediaType::Jpeg, "type webp"),
        (glass, (60, 40), MediaType::Png, "type webp"),
    ] {
        let (sent, notes) = shown(image).await;
        let found = imaging::probe(sent.bytes()).unwrap();
        assert_eq!(((found.width, found.height), sent.media_type()), (size, kind));
        assert!(notes.len() == 1 && notes[0].contains(why), "{notes:?}");
    }
}

#[tokio::test]
async fn nova_takes_webp_and_large_pictures_as_they_are() {
    let (caller, embedder) = embedder(NOVA).await;
    let image = picture(3_000, 8, Encoding::WebP);
    let reply = ask(&embedder, EmbedInput::Image(image), Purpose::Index).await.unwrap();
    assert_eq!(reply.notes, Vec::<String>::new());
    assert_eq!(sent(&caller)[0]["singleEmbeddingParams"]["image"]["format"], "webp");
}

#[tokio::test]
async fn a_picture_that_does_not_fit_is_refused_where_the_application_says_so() {
    for (image, kind) in [
        (picture(2_049, 16, Encoding::Png), ErrorKind::InvalidInput),
        (picture(60, 40, Encoding::WebP), ErrorKind::Unsupported),
    ] {
        let (caller, embedder) = embedder(TITAN).await;
        let embedder = embedder.with_picture_overflow(PictureOverflow::Refuse);
        let reply = ask(&embedder, EmbedInput::Image(image), Purpose::Index).await.unwrap();
        let error = reply.results[0].as_ref().unwrap_err();
        assert_eq!((error.kind(), error.was_sent()), (kind, false), "{error}");
        assert!(sent(&caller).is_empty());
    }
}

#[tokio::test]
async fn a_broken_picture_fails_at_its_place_and_is_not_sent() {
    let whole = picture(300, 300, Encoding::Jpeg { quality: 80 });
    let cut = Image::new(whole.bytes().slice(..whole.bytes().len() - 20)).unwrap();
    let (caller, embedder) = embedder(TITAN).await;
    let reply = ask(&embedder, EmbedInput::Image(cut), Purpose::Index).await.unwrap();
    let error = reply.results[0].as_ref().unwrap_err();
    assert_eq!((error.kind(), error.was_sent()), (ErrorKind::InvalidInput, false), "{error}");
    assert_eq!(FakeBedrock::shared().calls(&caller)["calls"], 0);
}
