//! Titan and Nova Multimodal Embeddings.

mod answers;
mod bodies;
mod fitted;

use keyvisual::{
    Result,
    backends::bedrock::{Bedrock, BedrockConfig, BedrockEmbedder, Pairing, TextOverflow},
    conformance,
    domain::{Embedding, Image, PixelSize},
    imaging::{Encoding, Picture},
    roles::*,
};
use serde_json::Value;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use super::{FakeBedrock, bedrock_in, caller};

const TITAN: &str = "amazon.titan-embed-image-v1";
const NOVA: &str = "amazon.nova-2-multimodal-embeddings-v1:0";

/// The embedder `id` on the shared strict server, for a caller of its own.
async fn embedder(id: &str) -> (String, BedrockEmbedder) {
    let caller = caller();
    let embedder = bedrock_in(&caller, "us-east-1").await.embedder(id).unwrap();
    (caller, embedder)
}

/// The bodies that `caller` sent, in order.
fn sent(caller: &str) -> Vec<Value> {
    let calls = FakeBedrock::shared().calls(caller);
    let requests = calls["requests"].as_array().unwrap();
    requests.iter().map(|request| request["body"].clone()).collect()
}

/// A server that answers everything with `answer`, and the embedder `id` with vectors of 256 numbers on it.
async fn answering(id: &str, answer: Value) -> (MockServer, BedrockEmbedder) {
    let server = MockServer::start().await;
    let response = ResponseTemplate::new(200).set_body_json(answer);
    Mock::given(any()).respond_with(response).mount(&server).await;
    let config = BedrockConfig::new().with_region("us-east-1").with_keys("AKIDEXAMPLE", "secret", None);
    let bedrock = Bedrock::new(config.with_endpoint(server.uri())).await.unwrap();
    let embedder = bedrock.embedder(id).unwrap().with_dimensions(256).unwrap();
    (server, embedder)
}

fn text(text: impl Into<String>) -> EmbedInput {
    EmbedInput::Text(text.into())
}

fn pair(text: &str, image: Image) -> EmbedInput {
    EmbedInput::Both { text: text.into(), image }
}

fn picture(width: u32, height: u32, encoding: Encoding) -> Image {
    Picture::filled(PixelSize::new(width, height), [200, 90, 40, 255]).encode(encoding).unwrap()
}

async fn ask(embedder: &BedrockEmbedder, input: EmbedInput, purpose: Purpose) -> Result<EmbedReply> {
    embedder.embed(EmbedRequest::new(vec![input], purpose)).await
}

async fn vector(embedder: &BedrockEmbedder, input: EmbedInput, purpose: Purpose) -> Embedding {
    ask(embedder, input, purpose).await.unwrap().results.remove(0).unwrap()
}

#[tokio::test]
async fn embedders_keep_the_contract_at_every_length() {
    for (id, lengths) in [(TITAN, &[1_024, 384, 256][..]), (NOVA, &[3_072, 1_024, 384, 256])] {
        for length in lengths {
            let embedder = embedder(id).await.1.with_dimensions(*length).unwrap();
            conformance::embedder::all(&embedder).await;
        }
    }
    let pictures = embedder(NOVA).await.1.with_pairing(Pairing::PictureOnly).unwrap();
    conformance::embedder::all(&pictures).await;
    let strict = embedder(TITAN).await.1.with_text_overflow(TextOverflow::Refuse);
    conformance::embedder::all(&strict).await;
}

#[tokio::test]
async fn similar_inputs_are_near() {
    for id in [TITAN, NOVA] {
        let embedder = embedder(id).await.1;
        let kept = async |input| vector(&embedder, input, Purpose::Index).await;
        let query = vector(&embedder, text("a red cup on a wooden table"), Purpose::Query).await;
        let near = query.dot(&kept(text("red cup, wooden table, morning light")).await).unwrap();
        let far = query.dot(&kept(text("two dogs run along the beach")).await).unwrap();
        assert!(near > far + 0.1, "{id}: {near} {far}");

        let filled = |pixel| Picture::filled(PixelSize::new(64, 48), pixel).encode(Encoding::Png).unwrap();
        let orange = kept(EmbedInput::Image(filled([230, 120, 20, 255]))).await;
        let near = orange.dot(&kept(EmbedInput::Image(filled([240, 130, 30, 255]))).await).unwrap();
        let far = orange.dot(&kept(EmbedInput::Image(filled([10, 40, 200, 255]))).await).unwrap();
        assert!(near > far, "{id}: {near} {far}");
    }
}

/// Vectors that cannot be compared are of spaces with different names, whatever their length.
#[tokio::test]
async fn every_way_to_embed_has_a_space_of_its_own() {
    let titan = embedder(TITAN).await.1;
    let nova = embedder(NOVA).await.1.with_dimensions(1_024).unwrap();
    let spaces = [
        titan.clone(),
        titan.clone().with_dimensions(384).unwrap(),
        titan.with_pairing(Pairing::TextOnly).unwrap(),
        nova.clone(),
        nova.with_pairing(Pairing::PictureOnly).unwrap(),
    ]
    .map(|embedder| embedder.capabilities().space.clone());
    for (place, space) in spaces.iter().enumerate() {
        assert!(spaces[..place].iter().all(|other| other.require(space).is_err()), "{space}");
    }
    assert_eq!(
        spaces[0].to_string(),
        "aws.bedrock/amazon.titan-embed-image-v1@1 (1024 dimensions, joint, longest side 2048)"
    );
}
