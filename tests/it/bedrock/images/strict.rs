//! Every model and task against the strict server: it refuses any field, limit or mask it does not know.

use keyvisual::{
    BlockedStage, ErrorKind,
    backends::bedrock::{Registry, registry::Role},
    conformance,
    domain::{MediaType, Money},
};

use super::*;
use crate::bedrock::{FakeBedrock, bedrock_in, caller};

/// The generator as `caller` gets it, with access to models that are past their end.
async fn strict(caller: &str, id: &str) -> BedrockGenerator {
    FakeBedrock::shared().allow_private(caller);
    let region = if id.starts_with("amazon.") { "us-east-1" } else { "us-west-2" };
    bedrock_in(caller, region).await.generator(id).unwrap()
}

#[tokio::test]
async fn every_task_of_every_model_is_understood_and_costs_what_the_card_says() {
    let registry = Registry::builtin().unwrap();
    let mut tasks = 0;
    for entry in registry.models.iter().filter(|entry| entry.role == Role::Generate) {
        // The strict server does not know it: it has left AWS's lists.
        if entry.id == "amazon.titan-image-generator-v1" {
            continue;
        }
        let region = if entry.id.starts_with("amazon.") { "us-east-1" } else { "us-west-2" };
        let id = registry.id_for(entry, region).unwrap();
        for task in &entry.tasks {
            let caller = caller();
            let generator = strict(&caller, &id).await.for_task(*task).unwrap();
            let mut request = full(&generator);
            request.size = request.size.and(Some(SQUARE));
            let seed = request.seed;
            let reply =
                generator.generate(request).await.unwrap_or_else(|error| panic!("{id} {task}: {error}"));
            for picture in &reply.results {
                let picture = picture.as_ref().unwrap();
                assert_eq!(imaging::probe(picture.image.bytes()).unwrap(), picture.size, "{id} {task}");
                assert!(seed.is_none() || picture.seed == seed, "{id} {task}: {:?}", picture.seed);
            }
            let calls = FakeBedrock::shared().calls(&caller);
            let usd = (calls["usd"].as_f64().unwrap() * 1e6).round() as u64;
            assert_eq!(generator.card().cost(reply.usage), Some(Money::from_micros(usd)), "{id} {task}");
            assert_eq!(calls["calls"], 1);
            tasks += 1;
        }
    }
    assert_eq!(tasks, 5 + 13 + 8 + 8);
}

async fn keeps_the_contract(id: &str, task: TaskKind) {
    let generator = strict(&caller(), id).await.for_task(task).unwrap();
    let mut request = request(task);
    if generator.capabilities().prompt == PromptRule::Required {
        request = request.with_prompt("a cup");
    }
    if generator.capabilities().sizes != Sizes::OfTask {
        request.size = Some(SQUARE);
    }
    conformance::image_generator::all(&generator, request).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stability_generators_keep_the_contract() {
    keeps_the_contract(CORE, TaskKind::TextToImage).await;
    keeps_the_contract(ULTRA, TaskKind::TextToImage).await;
    keeps_the_contract(SD35, TaskKind::ImageToImage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_services_keep_the_contract() {
    keeps_the_contract(INPAINT, TaskKind::Inpaint).await;
    keeps_the_contract("us.stability.stable-outpaint-v1:0", TaskKind::Outpaint).await;
    keeps_the_contract("us.stability.stable-image-remove-background-v1:0", TaskKind::RemoveBackground).await;
    keeps_the_contract("us.stability.stable-image-style-guide-v1:0", TaskKind::StyleGuide).await;
    keeps_the_contract("us.stability.stable-fast-upscale-v1:0", TaskKind::Upscale).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn canvas_and_titan_keep_the_contract() {
    keeps_the_contract(CANVAS, TaskKind::TextToImage).await;
    keeps_the_contract(CANVAS, TaskKind::Inpaint).await;
    keeps_the_contract(TITAN, TaskKind::TextToImage).await;
}

/// Whether each half of the picture is still what it was.
fn kept(picture: &Image) -> [bool; 2] {
    let [old, new] = [&photo(), picture].map(|image| imaging::decode(image, Limits::default()).unwrap());
    assert_eq!(old.size(), new.size());
    [(10, 170), (215, 374)].map(|(from, to)| {
        (from..to).all(|x| (10..310).step_by(20).all(|y| old.pixel(x, y) == new.pixel(x, y)))
    })
}

#[tokio::test]
async fn only_what_is_white_in_the_mask_is_painted_anew() {
    for (id, task) in [
        (INPAINT, TaskKind::Inpaint),
        ("us.stability.stable-image-erase-object-v1:0", TaskKind::Erase),
        (CANVAS, TaskKind::Inpaint),
        (CANVAS, TaskKind::Erase),
        (CANVAS, TaskKind::ReplaceBackground),
        (TITAN, TaskKind::Inpaint),
        (TITAN, TaskKind::ReplaceBackground),
    ] {
        let generator = strict(&caller(), id).await.for_task(task).unwrap();
        let request =
            if task == TaskKind::Erase { request(task) } else { request(task).with_prompt("a table") };
        let reply = generator.generate(request).await.unwrap();
        assert_eq!(kept(&reply.results[0].as_ref().unwrap().image), [false, true], "{id} {task}");
    }
}

#[tokio::test]
async fn the_same_seed_is_told_and_gives_the_same_picture_from_the_server() {
    let generator = strict(&caller(), CORE).await;
    let drawn = generator.generate(GenerateRequest::new("a cup", SQUARE)).await.unwrap();
    let drawn = drawn.results[0].as_ref().unwrap();
    let again = GenerateRequest::new("a cup", SQUARE).with_seed(drawn.seed.unwrap());
    let again = generator.generate(again).await.unwrap();
    assert_eq!(again.results[0].as_ref().unwrap().image, drawn.image);
}

#[tokio::test]
async fn the_format_asked_for_comes() {
    for format in [MediaType::Jpeg, MediaType::Png, MediaType::WebP] {
        let generator = strict(&caller(), SD35).await.with_output_format(format).unwrap();
        let reply = generator.generate(GenerateRequest::new("a cup", SQUARE)).await.unwrap();
        assert_eq!(reply.results[0].as_ref().unwrap().image.media_type(), format);
    }
}

#[tokio::test]
async fn a_filter_says_where_it_refused() {
    for (fault, stage) in [
        ("filtered_prompt", BlockedStage::Prompt),
        ("filtered_input", BlockedStage::InputImage),
        ("filtered_output", BlockedStage::Output),
    ] {
        for (id, task) in [(SD35, TaskKind::ImageToImage), (CANVAS, TaskKind::Inpaint)] {
            let caller = caller();
            let generator = strict(&caller, id).await.for_task(task).unwrap();
            FakeBedrock::shared().set_faults(&caller, json!([fault]));
            let answer = generator.generate(request(task).with_prompt("a cup")).await;
            let error = answer.and_then(|mut reply| reply.results.remove(0)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Blocked, "{id}: {error}");
            assert_eq!(error.blocked().map(|blocked| blocked.stage), Some(stage), "{id} {fault}");
        }
    }
}

#[tokio::test]
async fn what_canvas_withholds_leaves_the_others() {
    let caller = caller();
    let generator = strict(&caller, CANVAS).await;
    FakeBedrock::shared().set_faults(&caller, json!(["filtered_output"]));
    let reply = generator.generate(GenerateRequest::new("a cup", SQUARE).with_count(3)).await.unwrap();
    let made: Vec<_> = reply.results.iter().map(Result::is_ok).collect();
    assert_eq!(made, [true, true, false]);
}
