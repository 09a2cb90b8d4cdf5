//! Image models: what is sent, what comes back, what is refused.

mod bodies;
mod limits;
mod masks;
mod replies;
mod strict;

use base64::{Engine, engine::general_purpose::STANDARD};
use keyvisual::{
    Error, Result,
    backends::bedrock::{Bedrock, BedrockConfig, BedrockGenerator},
    domain::{Image, PixelSize},
    imaging::{self, Encoding, Limits, Picture},
    roles::{GenerateReply, GenerateRequest, ImageGenerator, Margins, PromptRule, Sizes, Task, TaskKind},
};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

const CORE: &str = "stability.stable-image-core-v1:1";
const SD35: &str = "stability.sd3-5-large-v1:0";
const ULTRA: &str = "stability.stable-image-ultra-v1:1";
const INPAINT: &str = "us.stability.stable-image-inpaint-v1:0";
const CANVAS: &str = "amazon.nova-canvas-v1:0";
const TITAN: &str = "amazon.titan-image-generator-v2:0";

const SIZE: PixelSize = PixelSize::new(384, 320);
const SQUARE: PixelSize = PixelSize::new(1024, 1024);

/// Red, and blue in its right half.
fn photo() -> Image {
    picture_of(SIZE, Encoding::Png)
}

fn picture_of(size: PixelSize, encoding: Encoding) -> Image {
    let half = |x| if x < size.width / 2 { [200, 30, 30, 255] } else { [30, 30, 200, 255] };
    Picture::from_fn(size, |x, _| half(x)).encode(encoding).unwrap()
}

/// White in its left half: paint there.
fn mask() -> Image {
    mask_of(SIZE, Encoding::Png)
}

fn mask_of(size: PixelSize, encoding: Encoding) -> Image {
    let half = |x| if x < size.width / 2 { [255; 4] } else { [0, 0, 0, 255] };
    Picture::from_fn(size, |x, _| half(x)).encode(encoding).unwrap()
}

/// A request for each task, with nothing but what it must have.
fn request(task: TaskKind) -> GenerateRequest {
    let (image, mask) = (photo(), mask());
    let search = "the cup".to_owned();
    let margins = Margins { left: 100, bottom: 40, ..Margins::default() };
    let task = match task {
        TaskKind::ImageToImage => Task::ImageToImage { image },
        TaskKind::Inpaint => Task::Inpaint { image, mask },
        TaskKind::Outpaint => Task::Outpaint { image, margins },
        TaskKind::ReplaceBackground => Task::ReplaceBackground { image, mask },
        TaskKind::Erase => Task::Erase { image, mask },
        TaskKind::Replace => Task::Replace { image, search },
        TaskKind::Recolor => Task::Recolor { image, search },
        TaskKind::RemoveBackground => Task::RemoveBackground { image },
        TaskKind::StyleGuide => Task::StyleGuide { style: image },
        TaskKind::StyleTransfer => Task::StyleTransfer { image, style: picture_of(SIZE, Encoding::WebP) },
        TaskKind::Sketch => Task::Sketch { sketch: image },
        TaskKind::Structure => Task::Structure { image },
        TaskKind::Upscale => Task::Upscale { image },
        _ => Task::TextToImage,
    };
    GenerateRequest::of(task)
}

/// A request with everything the generator can do.
fn full(generator: &BedrockGenerator) -> GenerateRequest {
    let can = generator.capabilities();
    let mut request = request(can.task);
    if can.prompt != PromptRule::Refused {
        request = request.with_prompt("a cup of coffee");
    }
    if can.negative_prompt {
        request = request.with_negative_prompt("text");
    }
    request.size = match &can.sizes {
        Sizes::OfTask => None,
        _ => Some(PixelSize::new(1152, 896)).filter(|size| can.sizes.contains(*size)).or(Some(SQUARE)),
    };
    request.seed = can.seeds.as_ref().map(|seeds| *seeds.end());
    request.strength = can.strength.as_ref().map(|strengths| *strengths.end());
    request.count = can.max_count.min(2);
    request
}

async fn bedrock(url: &str, region: &str) -> Bedrock {
    let config = BedrockConfig::new().with_region(region).with_endpoint(url).with_keys(
        "AKIDTEST",
        "fake-bedrock-secret",
        None,
    );
    Bedrock::new(config).await.unwrap()
}

/// The generator `id` on a server at `url`, in a region that serves it.
async fn generator(url: &str, id: &str) -> BedrockGenerator {
    let region = if id.starts_with("amazon.") { "us-east-1" } else { "us-west-2" };
    bedrock(url, region).await.generator(id).unwrap()
}

/// A server that answers everything with `response`.
async fn serve(response: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(response).mount(&server).await;
    server
}

fn base64(image: &Image) -> String {
    STANDARD.encode(image.bytes())
}

/// A reply that both interfaces understand.
fn made() -> Value {
    json!({"images": [base64(&photo())], "seeds": [77], "finish_reasons": [null]})
}

/// What `id`, set up by `set`, answers when the service answers with `reply`, and the body that was sent, if one was.
async fn exchange(
    id: &str,
    reply: Value,
    set: impl FnOnce(BedrockGenerator) -> Result<BedrockGenerator>,
    request: GenerateRequest,
) -> (Result<GenerateReply>, Option<Value>) {
    let server = serve(ResponseTemplate::new(200).set_body_json(reply)).await;
    let generator = set(generator(&server.uri(), id).await);
    let answer = match generator {
        Ok(generator) => generator.generate(request).await,
        Err(error) => Err(error),
    };
    let sent = server.received_requests().await.unwrap();
    (answer, sent.first().map(|request| serde_json::from_slice(&request.body).unwrap()))
}

/// The error of a request of which nothing was sent.
async fn refused(
    id: &str,
    set: impl FnOnce(BedrockGenerator) -> Result<BedrockGenerator>,
    request: GenerateRequest,
) -> Error {
    let (answer, sent) = exchange(id, made(), set, request).await;
    assert_eq!(sent, None, "nothing is sent");
    let error = answer.unwrap_err();
    assert!(!error.was_sent(), "{error}");
    error
}

/// Pictures in a body by what they are: type, size, and the pixels in the left and the right half.
fn shown(body: &Value) -> Value {
    match body {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), shown(value))).collect(),
        Value::Array(items) => items.iter().map(shown).collect(),
        Value::String(text) => match STANDARD.decode(text).ok().and_then(|bytes| Image::new(bytes).ok()) {
            Some(image) => json!(described(&image)),
            None => body.clone(),
        },
        _ => body.clone(),
    }
}

fn described(image: &Image) -> String {
    let picture = imaging::decode(image, Limits::default()).unwrap();
    let size = picture.size();
    let at = |x| picture.pixel(x, size.height / 2).unwrap();
    let (left, right) = (at(size.width / 4), at(3 * size.width / 4));
    format!("{} {size} left {left:?} right {right:?}", image.media_type())
}
