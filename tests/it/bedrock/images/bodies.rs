//! The body of every task of every model, as it is sent.

use keyvisual::{
    Result,
    backends::bedrock::{BedrockGenerator, Registry, registry::Role},
    domain::{MediaType, Palette},
    roles::{GenerateRequest, TaskKind},
};

use super::*;

type Set = fn(BedrockGenerator) -> Result<BedrockGenerator>;

/// The bodies of `rows`: all that the request can say, with the settings of the row.
async fn check(name: &str, rows: &[(&str, TaskKind, Set)]) {
    let mut text = String::new();
    for (id, task, set) in rows {
        let set = |generator: BedrockGenerator| generator.for_task(*task).and_then(set);
        let request = full(&set(generator("http://127.0.0.1:9", id).await).unwrap());
        let (answer, body) = exchange(id, made(), set, request).await;
        answer.unwrap_or_else(|error| panic!("{id} {task}: {error}"));
        text += &format!("{id}, {task}\n{:#}\n\n", shown(&body.expect("it was sent")));
    }
    insta::assert_snapshot!(name, text);
}

const AS_IT_IS: Set = Ok;

#[tokio::test]
async fn the_stability_generators_are_asked_in_their_words() {
    check(
        "stability_generators",
        &[
            (CORE, TaskKind::TextToImage, AS_IT_IS),
            (ULTRA, TaskKind::TextToImage, |g| g.with_output_format(MediaType::Png)),
            (ULTRA, TaskKind::ImageToImage, AS_IT_IS),
            (SD35, TaskKind::TextToImage, |g| g.with_output_format(MediaType::WebP)),
            (SD35, TaskKind::ImageToImage, AS_IT_IS),
        ],
    )
    .await;
}

#[tokio::test]
async fn the_thirteen_services_are_asked_in_their_words() {
    check(
        "stability_services",
        &[
            (INPAINT, TaskKind::Inpaint, |g| g.with_grow_mask(3)?.with_style_preset("photographic")),
            ("us.stability.stable-outpaint-v1:0", TaskKind::Outpaint, |g| g.with_style_preset("cinematic")),
            ("us.stability.stable-image-erase-object-v1:0", TaskKind::Erase, |g| g.with_grow_mask(20)),
            ("us.stability.stable-image-search-replace-v1:0", TaskKind::Replace, |g| g.with_grow_mask(0)),
            ("us.stability.stable-image-search-recolor-v1:0", TaskKind::Recolor, |g| {
                g.with_output_format(MediaType::Jpeg)
            }),
            ("us.stability.stable-image-remove-background-v1:0", TaskKind::RemoveBackground, |g| {
                g.with_output_format(MediaType::WebP)
            }),
            ("us.stability.stable-image-style-guide-v1:0", TaskKind::StyleGuide, |g| {
                g.with_style_preset("analog-film")
            }),
            ("us.stability.stable-style-transfer-v1:0", TaskKind::StyleTransfer, |g| {
                g.with_composition_fidelity(0.8)?.with_style_strength(0.5)
            }),
            ("us.stability.stable-image-control-sketch-v1:0", TaskKind::Sketch, AS_IT_IS),
            ("us.stability.stable-image-control-structure-v1:0", TaskKind::Structure, AS_IT_IS),
            ("us.stability.stable-creative-upscale-v1:0", TaskKind::Upscale, |g| {
                g.with_style_preset("enhance")
            }),
            ("us.stability.stable-conservative-upscale-v1:0", TaskKind::Upscale, AS_IT_IS),
            ("us.stability.stable-fast-upscale-v1:0", TaskKind::Upscale, AS_IT_IS),
        ],
    )
    .await;
}

#[tokio::test]
async fn nova_canvas_and_titan_are_asked_in_their_words() {
    check(
        "amazon",
        &[
            (CANVAS, TaskKind::TextToImage, |g| {
                g.with_quality("premium")?.with_cfg_scale(7.5)?.with_style_preset("PHOTOREALISM")
            }),
            (CANVAS, TaskKind::ImageToImage, AS_IT_IS),
            (CANVAS, TaskKind::Structure, |g| g.with_control_mode("SEGMENTATION")),
            (CANVAS, TaskKind::Inpaint, |g| g.with_quality("standard")),
            (CANVAS, TaskKind::Erase, AS_IT_IS),
            (CANVAS, TaskKind::Replace, AS_IT_IS),
            (CANVAS, TaskKind::ReplaceBackground, |g| g.with_outpainting_mode("PRECISE")),
            (CANVAS, TaskKind::RemoveBackground, AS_IT_IS),
            (TITAN, TaskKind::TextToImage, AS_IT_IS),
            (TITAN, TaskKind::ReplaceBackground, AS_IT_IS),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_palette_makes_colour_guided_pictures() {
    let request = GenerateRequest::new("a cup", SQUARE).with_palette(Palette::default()).with_seed(3);
    let (_, body) = exchange(CANVAS, made(), Ok, request.clone()).await;
    insta::assert_snapshot!(body.unwrap(), @r##"{"colorGuidedGenerationParams":{"colors":["#b58b5e","#2a2624","#f4efe6","#c56a4a"],"text":"a cup"},"imageGenerationConfig":{"height":1024,"numberOfImages":1,"seed":3,"width":1024},"taskType":"COLOR_GUIDED_GENERATION"}"##);
    let error = refused(CANVAS, |g| g.with_style_preset("PHOTOREALISM"), request).await;
    assert_eq!(error.kind(), keyvisual::ErrorKind::Unsupported);
}

#[tokio::test]
async fn a_variation_builds_on_further_pictures() {
    let mut request = request(TaskKind::ImageToImage).with_references(vec![photo(), mask()]);
    request.size = Some(SQUARE);
    let (_, body) = exchange(CANVAS, made(), |g| g.for_task(TaskKind::ImageToImage), request).await;
    let body = body.unwrap();
    assert_eq!(body["imageVariationParams"]["images"].as_array().unwrap().len(), 3);
    assert_eq!(body["imageVariationParams"].get("text"), None);
}

/// Without a seed Nova Canvas would always take 12, so four calls would give four times the same picture.
#[tokio::test]
async fn canvas_is_always_given_a_seed_and_stability_only_one_that_was_asked_for() {
    let request = || GenerateRequest::new("a cup", SQUARE);
    let seed = async || {
        exchange(CANVAS, made(), Ok, request()).await.1.unwrap()["imageGenerationConfig"]["seed"].as_u64()
    };
    let seeds = [seed().await.unwrap(), seed().await.unwrap()];
    assert!(seeds[0] != seeds[1] && seeds.iter().all(|seed| *seed <= 2_147_483_646), "{seeds:?}");
    assert_eq!(exchange(CORE, made(), Ok, request()).await.1.unwrap().get("seed"), None);
}

/// Changing a model id means changing the request shape: the same request goes to any of them.
#[tokio::test]
async fn the_interface_follows_from_the_model_id() {
    for (id, field) in
        [(CORE, "prompt"), (SD35, "prompt"), (CANVAS, "textToImageParams"), (TITAN, "textToImageParams")]
    {
        let (answer, body) = exchange(id, made(), Ok, GenerateRequest::new("a cup", SQUARE)).await;
        assert!(answer.is_ok() && body.unwrap().get(field).is_some(), "{id}");
    }
}

#[tokio::test]
async fn a_strength_says_the_same_to_every_model() {
    for (id, task, strength, field, sent) in [
        (SD35, TaskKind::ImageToImage, Some(0.8), "/strength", Some(0.8)),
        (SD35, TaskKind::ImageToImage, None, "/strength", Some(0.35)),
        (ULTRA, TaskKind::ImageToImage, None, "/strength", None),
        (
            "us.stability.stable-image-control-sketch-v1:0",
            TaskKind::Sketch,
            Some(0.8),
            "/control_strength",
            Some(0.2),
        ),
        (
            "us.stability.stable-style-transfer-v1:0",
            TaskKind::StyleTransfer,
            Some(0.1),
            "/change_strength",
            Some(0.1),
        ),
        ("us.stability.stable-outpaint-v1:0", TaskKind::Outpaint, Some(1.0), "/creativity", Some(1.0)),
        (CANVAS, TaskKind::ImageToImage, Some(0.8), "/imageVariationParams/similarityStrength", Some(0.2)),
        (CANVAS, TaskKind::Structure, Some(0.3), "/textToImageParams/controlStrength", Some(0.7)),
    ] {
        let mut request = request(task).with_prompt("a cup");
        request.strength = strength;
        request.size = id.starts_with("amazon").then_some(SQUARE);
        let (answer, body) = exchange(id, made(), |g| g.for_task(task), request).await;
        assert_eq!(answer.map(|_| ()), Ok(()), "{id}");
        assert_eq!(body.unwrap().pointer(field).and_then(Value::as_f64), sent, "{id} {field}");
    }
}

#[tokio::test]
async fn every_strength_a_model_says_it_takes_is_within_its_own_measure() {
    let registry = Registry::builtin().unwrap();
    let mut found = 0;
    for entry in registry.models.iter().filter(|entry| entry.role == Role::Generate) {
        let region = if entry.id.starts_with("amazon.") { "us-east-1" } else { "us-west-2" };
        let id = registry.id_for(entry, region).unwrap();
        for task in &entry.tasks {
            let generator = generator("http://127.0.0.1:9", &id).await.for_task(*task).unwrap();
            let Some(ours) = generator.capabilities().strength.clone() else { continue };
            let structure = if *task == TaskKind::Structure { entry.limits.control.as_ref() } else { None };
            let theirs = structure.or(entry.limits.strength.as_ref()).unwrap();
            for strength in [*ours.start(), ours.start() + 0.1, *ours.end()] {
                let mut request = full(&generator);
                request.strength = Some(strength);
                let body = exchange(&id, made(), |g| g.for_task(*task), request).await.1.unwrap();
                let mut objects = body.as_object().unwrap().values().chain([&body]);
                let sent = objects.find_map(|object| object[&theirs.field].as_f64()).unwrap();
                assert!((theirs.min..=theirs.max).contains(&sent), "{id} {task}: {strength} became {sent}");
                let expected = if theirs.keeps { 1.0 - strength } else { strength };
                assert!((sent - expected).abs() < 1e-9, "{id} {task}: {strength} became {sent}");
            }
            found += 1;
        }
    }
    assert_eq!(found, 2 + 7 + 2 + 2 + 1);
}
