//! What comes back, and what a filter left of it.

use keyvisual::{
    BlockedStage, ErrorKind,
    domain::{MediaType, Money, Usage},
};

use super::*;

async fn reply(id: &str, reply: Value, count: u32) -> GenerateReply {
    let request = GenerateRequest::new("a cup", SQUARE).with_count(count).with_seed(5);
    exchange(id, reply, Ok, request).await.0.unwrap()
}

async fn one(id: &str, body: Value) -> Result<keyvisual::roles::Picture> {
    reply(id, body, 1).await.results.remove(0)
}

/// Bug B7: the bytes were decoded and written anew as JPEG, whatever came.
#[tokio::test]
async fn the_bytes_are_kept_as_delivered_and_their_type_is_sniffed() {
    for encoding in [Encoding::Png, Encoding::WebP, Encoding::Jpeg { quality: 70 }] {
        let image = picture_of(PixelSize::new(1040, 1008), encoding);
        let picture = one(CORE, json!({"images": [base64(&image)], "seeds": [9]})).await.unwrap();
        assert_eq!(picture.image.bytes(), image.bytes());
        assert_eq!(picture.image.media_type(), image.media_type());
        assert_eq!((picture.size, picture.seed), (PixelSize::new(1040, 1008), Some(9)), "what really came");
    }
    let (_, body) =
        exchange(CORE, made(), |g| g.with_output_format(MediaType::Jpeg), GenerateRequest::new("a", SQUARE))
            .await;
    assert_eq!(body.unwrap()["output_format"], "jpeg");
}

#[tokio::test]
async fn a_filter_that_answers_200_is_a_refusal_at_the_pictures_place() {
    for (reason, stage) in [
        ("Filter reason: prompt", BlockedStage::Prompt),
        ("Filter reason: output image", BlockedStage::Output),
        ("Filter reason: input image", BlockedStage::InputImage),
        ("Something new", BlockedStage::Unknown),
    ] {
        for field in ["finish_reasons", "finish_reason"] {
            let reply = reply(SD35, json!({field: [reason]}), 1).await;
            let error = reply.results[0].as_ref().unwrap_err();
            let blocked = error.blocked().expect("it is a refusal");
            assert_eq!((blocked.stage, blocked.reason.as_str(), blocked.charged), (stage, reason, None));
            assert!(error.was_sent() && !error.is_transient());
            assert_eq!(reply.usage, Usage::REQUEST.with_output_pictures(1), "it may be billed");
        }
    }
}

#[tokio::test]
async fn a_picture_with_a_word_of_success_is_a_picture() {
    let body = json!({"seeds": [7], "finish_reasons": ["SUCCESS"], "images": [base64(&photo())]});
    let reply = reply(SD35, body, 1).await;
    assert_eq!(reply.results[0].as_ref().unwrap().seed, Some(7));
}

#[tokio::test]
async fn a_failed_inference_is_worth_another_try() {
    let reply =
        reply(SD35, json!({"seeds": [1], "finish_reasons": ["Inference error"], "images": [""]}), 1).await;
    let error = reply.results[0].as_ref().unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unavailable, true));
    assert_eq!(reply.usage, Usage::REQUEST);
}

#[tokio::test]
async fn pictures_that_canvas_withholds_leave_their_places_open() {
    let blocked = "Some of the generated images have been blocked by our content filters.";
    let two = json!({"images": [base64(&photo()), base64(&mask())], "error": blocked});
    for id in [CANVAS, TITAN] {
        let reply = reply(id, two.clone(), 3).await;
        let [Ok(first), Ok(second), Err(error)] = &reply.results[..] else { panic!("{reply:?}") };
        assert_eq!((first.seed, second.seed), (Some(5), Some(5)));
        assert_eq!(second.notes, ["number 2 of 3 of one call with seed 5"]);
        assert_eq!(error.blocked().unwrap().stage, BlockedStage::Output);
        assert_eq!(reply.usage.output_pictures, 3);
    }
    let none = reply(CANVAS, json!({"error": blocked}), 2).await;
    assert!(none.results.iter().all(|result| result.as_ref().unwrap_err().blocked().is_some()));
}

#[tokio::test]
async fn a_reply_of_another_shape_is_refused() {
    for (id, body) in [
        (CORE, json!({})),
        (CORE, json!({"images": []})),
        (CORE, json!({"images": [null], "finish_reasons": [null]})),
        (CORE, json!({"images": ["no base64"]})),
        (CORE, json!({"images": ["bm8gcGljdHVyZQ=="]})),
        (CORE, json!({"images": [base64(&photo())[..40]]})),
        (CANVAS, json!({"images": []})),
        (CANVAS, json!({"images": [7]})),
        (CANVAS, json!([])),
    ] {
        let (answer, _) = exchange(id, body.clone(), Ok, GenerateRequest::new("a cup", SQUARE)).await;
        let error = answer.and_then(|mut reply| reply.results.remove(0)).unwrap_err();
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::InvalidReply, true), "{body}: {error}");
    }
}

#[tokio::test]
async fn a_picture_that_cannot_be_read_was_made_and_counts() {
    let reply = reply(CORE, json!({"images": ["no base64"]}), 1).await;
    assert_eq!(reply.results[0].as_ref().unwrap_err().kind(), ErrorKind::InvalidReply);
    assert_eq!(reply.usage, Usage::REQUEST.with_output_pictures(1));
}

#[tokio::test]
async fn base64_with_escapes_is_read_too() {
    let text = serde_json::to_string(&made()).unwrap().replace('/', "\\/");
    let server = serve(ResponseTemplate::new(200).set_body_raw(text, "application/json")).await;
    let reply =
        generator(&server.uri(), CORE).await.generate(GenerateRequest::new("a", SQUARE)).await.unwrap();
    assert_eq!(reply.results[0].as_ref().unwrap().image, photo());
}

#[tokio::test]
async fn the_price_is_that_of_the_quality() {
    let canvas = generator("http://127.0.0.1:9", CANVAS).await;
    let usage = Usage::REQUEST.with_output_pictures(2);
    let cost = |generator: &BedrockGenerator| generator.card().cost(usage);
    assert_eq!(cost(&canvas), Some(Money::from_micros(80_000)));
    assert_eq!(cost(&canvas.with_quality("premium").unwrap()), Some(Money::from_micros(120_000)));
    assert_eq!(cost(&generator("http://127.0.0.1:9", CORE).await), Some(Money::from_micros(80_000)));
}
