//! Pictures: what is asked for, what comes back, what is refused.

mod edits;

use base64::{Engine, engine::general_purpose::STANDARD};
use keyvisual::{
    BlockedStage, Error, ErrorKind, Result,
    backends::openai::{ImageDelivery, OpenAi, OpenAiGenerator},
    conformance,
    domain::{Image, MediaType, PixelSize, Usage},
    imaging::{self, Encoding, Limits, Picture},
    roles::*,
};
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, Request, Respond, ResponseTemplate,
    matchers::{method, path},
};

use self::edits::{inpaint, parts};
use super::{config, ok, serve};

const SIZE: PixelSize = PixelSize::new(1024, 1024);

fn picture_of(size: PixelSize, encoding: Encoding) -> Image {
    let half = |x| if x < size.width / 2 { [200, 30, 30, 255] } else { [30, 30, 200, 255] };
    Picture::from_fn(size, |x, _| half(x)).encode(encoding).unwrap()
}

fn made(images: &[Image]) -> Value {
    let data: Vec<_> =
        images.iter().map(|image| json!({"b64_json": STANDARD.encode(image.bytes())})).collect();
    json!({"created": 1, "data": data, "usage": {"input_tokens": 20, "output_tokens": 300, "total_tokens": 320}})
}

fn one() -> Value {
    made(&[picture_of(SIZE, Encoding::Png)])
}

fn generator(server: &MockServer, model: &str) -> OpenAiGenerator {
    OpenAi::new(config(server)).unwrap().generator(model).unwrap()
}

fn cup() -> GenerateRequest {
    GenerateRequest::new("a cup", SIZE)
}

/// What `model`, set up by `set`, answers when the server answers with `response`, and what was sent, if anything was.
async fn exchange(
    model: &str,
    response: ResponseTemplate,
    set: impl FnOnce(OpenAiGenerator) -> Result<OpenAiGenerator>,
    request: GenerateRequest,
) -> (Result<GenerateReply>, Option<Request>) {
    let server = serve(response).await;
    let answer = match set(generator(&server, model)) {
        Ok(generator) => generator.generate(request).await,
        Err(error) => Err(error),
    };
    (answer, server.received_requests().await.unwrap().pop())
}

async fn sent(
    model: &str,
    set: impl FnOnce(OpenAiGenerator) -> Result<OpenAiGenerator>,
    request: GenerateRequest,
) -> Request {
    let (answer, sent) = exchange(model, ok(one()), set, request).await;
    answer.unwrap();
    sent.unwrap()
}

async fn error(model: &str, response: ResponseTemplate) -> Error {
    let (answer, _) = exchange(model, response, Ok, cup()).await;
    answer.and_then(|mut reply| reply.results.remove(0)).unwrap_err()
}

fn text(request: &Request) -> &str {
    std::str::from_utf8(&request.body).unwrap()
}

#[tokio::test]
async fn a_new_picture_is_asked_for_as_the_model_wants_it() {
    let bodies = [
        sent(
            "gpt-image-2",
            |g| g.with_quality("high")?.with_background("opaque")?.with_output_format(MediaType::WebP),
            cup(),
        )
        .await,
        sent("dall-e-3", |g| g.with_quality("hd"), cup()).await,
        sent("stablediffusion", Ok, GenerateRequest::new("a cup", PixelSize::new(512, 768)).with_count(2))
            .await,
        sent("own", |g| Ok(g.with_seeds(0..=99).with_delivery(None)), cup().with_seed(7)).await,
    ];
    insta::assert_snapshot!(bodies.each_ref().map(text).join("\n"), @r#"
    {"model":"gpt-image-2","prompt":"a cup","n":1,"size":"1024x1024","quality":"high","background":"opaque","output_format":"webp"}
    {"model":"dall-e-3","prompt":"a cup","n":1,"size":"1024x1024","quality":"hd","response_format":"b64_json"}
    {"model":"stablediffusion","prompt":"a cup","n":2,"size":"512x768","response_format":"b64_json"}
    {"model":"own","prompt":"a cup","n":1,"size":"1024x1024","seed":7}
    "#);
    assert!(bodies.iter().all(|request| request.url.path() == "/v1/images/generations"));
}

#[tokio::test]
async fn pictures_are_kept_as_delivered_with_what_they_used() {
    let images = [
        picture_of(PixelSize::new(1000, 1008), Encoding::Jpeg { quality: 80 }),
        picture_of(SIZE, Encoding::Png),
    ];
    let (reply, _) = exchange("gpt-image-1", ok(made(&images)), Ok, cup().with_count(2)).await;
    let reply = reply.unwrap();
    assert_eq!(reply.usage, Usage::REQUEST.with_tokens(20, 300).with_output_pictures(2));
    let pictures: Vec<_> = reply.results.into_iter().map(Result::unwrap).collect();
    assert_eq!([&pictures[0].image, &pictures[1].image], [&images[0], &images[1]]);
    assert_eq!(pictures[0].size, PixelSize::new(1000, 1008), "what really came");
    assert_eq!(pictures[0].seed, None);
}

#[tokio::test]
async fn a_picture_at_an_address_is_fetched_from_the_server_itself_only() {
    let server = MockServer::start().await;
    let image = picture_of(SIZE, Encoding::Png);
    let fetched = ResponseTemplate::new(200).set_body_bytes(image.bytes().to_vec());
    Mock::given(method("GET")).and(path("/made/1.png")).respond_with(fetched).mount(&server).await;
    let reply = |url: &str| ok(json!({"data": [{"url": url}]}));
    for (address, found) in [
        (format!("{}/made/1.png", server.uri()), None),
        ("/made/1.png".to_owned(), None),
        (format!("{}/made/2.png", server.uri()), Some(ErrorKind::NotFound)),
        ("https://elsewhere.example/1.png".to_owned(), Some(ErrorKind::InvalidReply)),
    ] {
        let answer = Mock::given(method("POST")).respond_with(reply(&address)).mount_as_scoped(&server).await;
        let generator = generator(&server, "local").with_delivery(Some(ImageDelivery::Url));
        let result = generator.generate(cup()).await.unwrap().results.remove(0);
        assert_eq!(result.as_ref().err().map(Error::kind), found, "{address}");
        assert!(result.is_err() || result.unwrap().image == image);
        drop(answer);
    }
}

#[tokio::test]
async fn a_moderation_is_a_refusal_with_its_stage() {
    let refusal = |code: &str| {
        let error = json!({"error": {"message": "rejected by the safety system", "type": "user_error", "code": code}});
        ResponseTemplate::new(400).set_body_json(error)
    };
    for (code, stage) in
        [("moderation_blocked", BlockedStage::Unknown), ("content_policy_violation", BlockedStage::Prompt)]
    {
        let error = error("gpt-image-1", refusal(code)).await;
        assert_eq!(error.kind(), ErrorKind::Blocked);
        assert_eq!(error.blocked().map(|blocked| blocked.stage), Some(stage), "{code}");
    }
    let withheld =
        error("grok-image", ok(json!({"data": [{"b64_json": "", "respect_moderation": false}]}))).await;
    assert_eq!(withheld.blocked().unwrap().stage, BlockedStage::Output);
}

#[tokio::test]
async fn an_answer_of_another_shape_is_refused() {
    for body in [
        json!({}),
        json!({"data": []}),
        json!({"data": [{}]}),
        json!({"data": [{"b64_json": "no base64"}]}),
        json!({"data": [{"b64_json": "bm8gcGljdHVyZQ=="}]}),
    ] {
        let error = error("gpt-image-1", ok(body.clone())).await;
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::InvalidReply, true), "{body}: {error}");
    }
    let inside = error("m", ok(json!({"error": {"code": 429, "message": "slow down"}}))).await;
    assert_eq!(inside.kind(), ErrorKind::RateLimited);
}

#[tokio::test]
async fn what_a_model_does_not_take_is_refused_before_it_is_sent() {
    type Set = fn(OpenAiGenerator) -> Result<OpenAiGenerator>;
    let rows: [(&str, Set, GenerateRequest, ErrorKind); 9] = [
        ("dall-e-3", |g| g.for_task(TaskKind::Inpaint), cup(), ErrorKind::Unsupported),
        ("gpt-image-1", |g| g.for_task(TaskKind::Upscale), cup(), ErrorKind::Unsupported),
        ("gpt-image-1", |g| g.with_quality("hd"), cup(), ErrorKind::Unsupported),
        ("gpt-image-2", |g| g.with_background("transparent"), cup(), ErrorKind::Unsupported),
        ("dall-e-3", |g| g.with_output_format(MediaType::Png), cup(), ErrorKind::Unsupported),
        ("dall-e-3", Ok, cup().with_count(2), ErrorKind::Unsupported),
        ("gpt-image-1", Ok, cup().with_seed(1), ErrorKind::Unsupported),
        ("dall-e-2", Ok, GenerateRequest::new("x".repeat(1_001), SIZE), ErrorKind::InvalidInput),
        (
            "gpt-image-1",
            |g| g.for_task(TaskKind::Inpaint),
            inpaint(picture_of(PixelSize::new(512, 512), Encoding::Png)),
            ErrorKind::InvalidInput,
        ),
    ];
    for (model, set, request, kind) in rows {
        let (answer, sent) = exchange(model, ok(one()), set, request).await;
        let error = answer.unwrap_err();
        assert_eq!((error.kind(), sent.is_none()), (kind, true), "{model}: {error}");
    }
}

/// Makes pictures of the size and number asked for, each another; edits have the size of their picture.
struct Painter;

impl Respond for Painter {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let field = |name: &str| {
            if request.url.path().ends_with("/edits") {
                let head = format!("Content-Disposition: form-data; name=\"{name}\"");
                let found = parts(request).into_iter().find(|part| part.0 == head).unwrap();
                String::from_utf8(found.1).unwrap()
            } else {
                let body: Value = serde_json::from_slice(&request.body).unwrap();
                body[name].as_str().map_or_else(|| body[name].to_string(), str::to_owned)
            }
        };
        let size = field("size");
        let (width, height) = size.split_once('x').unwrap();
        let size = PixelSize::new(width.parse().unwrap(), height.parse().unwrap());
        let images: Vec<_> = (0..field("n").parse().unwrap())
            .map(|place| Picture::filled(size, [place, 9, 9, 255]).encode(Encoding::Png).unwrap())
            .collect();
        ok(made(&images))
    }
}

#[tokio::test]
async fn it_keeps_the_contract_of_its_role() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(Painter).mount(&server).await;
    conformance::image_generator::all(&generator(&server, "gpt-image-1"), cup()).await;
    let local = generator(&server, "local").with_max_prompt_chars(500);
    conformance::image_generator::all(&local, GenerateRequest::new("a cup", PixelSize::new(256, 128))).await;
    let inpainter = generator(&server, "gpt-image-1").for_task(TaskKind::Inpaint).unwrap();
    conformance::image_generator::all(&inpainter, inpaint(picture_of(SIZE, Encoding::Png))).await;
}
