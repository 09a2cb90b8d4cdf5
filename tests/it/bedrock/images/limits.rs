//! What a model does not take is refused before anything is sent.

use keyvisual::{ErrorKind, domain::MediaType, roles::Sizes};
use proptest::prelude::*;

use super::*;

fn prompt(chars: usize) -> GenerateRequest {
    GenerateRequest::new("x".repeat(chars), SQUARE)
}

/// Bug B8: prompts of 1500 to 2000 characters went to a model that takes 1024.
#[tokio::test]
async fn a_prompt_is_as_long_as_its_model_takes() {
    for (id, most) in [(CORE, 10_000), (SD35, 10_000), (CANVAS, 1_024), (TITAN, 512)] {
        assert!(exchange(id, made(), Ok, prompt(most)).await.0.is_ok(), "{id}");
        let error = refused(id, Ok, prompt(most + 1)).await;
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.message().contains(&most.to_string()), "{error}");
        let negative = GenerateRequest::new("a cup", SQUARE).with_negative_prompt("x".repeat(most + 1));
        assert_eq!(refused(id, Ok, negative).await.kind(), ErrorKind::InvalidInput);
    }
    let search = |chars| {
        let task = Task::Replace { image: photo(), search: "x".repeat(chars) };
        GenerateRequest::of(task).with_prompt("a cup")
    };
    for chars in [0, 10_001] {
        let error = refused("us.stability.stable-image-search-replace-v1:0", Ok, search(chars)).await;
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{chars}");
    }
    let canvas = |g: BedrockGenerator| g.for_task(TaskKind::Replace);
    assert_eq!(refused(CANVAS, canvas, search(1_025)).await.kind(), ErrorKind::InvalidInput);
}

/// Bug B6: seeds were drawn from a mistyped range. 0 stands for any seed with Stability, so it is none.
#[tokio::test]
async fn seeds_are_those_of_the_model() {
    let seeds = async |id| generator("http://127.0.0.1:9", id).await.capabilities().seeds.clone();
    assert_eq!(seeds(SD35).await, Some(1..=4_294_967_294));
    assert_eq!(seeds(CORE).await, Some(1..=4_294_967_295));
    assert_eq!(seeds(INPAINT).await, Some(1..=4_294_967_294));
    assert_eq!(seeds(CANVAS).await, Some(0..=2_147_483_646));
    assert_eq!(seeds(TITAN).await, Some(0..=2_147_483_646));
    assert_eq!(seeds("us.stability.stable-fast-upscale-v1:0").await, None);
    for (id, seed) in [(SD35, 0), (SD35, 4_294_967_295), (CANVAS, 2_147_483_647)] {
        let request = GenerateRequest::new("a cup", SQUARE).with_seed(seed);
        assert_eq!(refused(id, Ok, request).await.kind(), ErrorKind::Unsupported);
    }
}

#[tokio::test]
async fn sizes_are_those_of_the_model() {
    let size = |width, height| GenerateRequest::new("a cup", PixelSize::new(width, height));
    for (id, width, height) in
        [(CORE, 1344, 768), (SD35, 640, 1536), (CANVAS, 2048, 2048), (CANVAS, 320, 1280), (TITAN, 1173, 640)]
    {
        assert!(exchange(id, made(), Ok, size(width, height)).await.0.is_ok(), "{id} {width}x{height}");
    }
    for (id, width, height) in [
        (CORE, 1344, 769),
        (CANVAS, 1025, 1024),
        (CANVAS, 320, 1296),
        (CANVAS, 2064, 2048),
        (CANVAS, 304, 320),
        (TITAN, 1024, 768),
    ] {
        let error = refused(id, Ok, size(width, height)).await;
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{id} {width}x{height}");
    }
    let generator = generator("http://127.0.0.1:9", INPAINT).await;
    assert_eq!(generator.capabilities().sizes, Sizes::OfTask);
}

#[tokio::test]
async fn a_picture_that_breaks_a_rule_is_refused_with_the_rule() {
    let upscale = |width, height| {
        let image = picture_of(PixelSize::new(width, height), Encoding::Png);
        GenerateRequest::of(Task::Upscale { image })
    };
    let fast = "us.stability.stable-fast-upscale-v1:0";
    let creative = "us.stability.stable-creative-upscale-v1:0";
    for (id, width, height, rule) in [
        (fast, 31, 64, "at least 32"),
        (fast, 1_537, 64, "at most 1536"),
        (fast, 1_200, 900, "at most 1048576 pixels"),
        (creative, 63, 64, "at least 64"),
        ("us.stability.stable-conservative-upscale-v1:0", 640, 250, "2.5 short ones"),
    ] {
        let request = upscale(width, height);
        let request = if id == fast { request } else { request.with_prompt("a cup") };
        let error = refused(id, Ok, request).await;
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(
            error.message().contains(rule) && error.message().contains(&format!("{width}x{height}")),
            "{error}"
        );
    }
}

#[tokio::test]
async fn formats_and_bytes_are_those_of_the_model() {
    let webp = GenerateRequest::of(Task::RemoveBackground { image: picture_of(SIZE, Encoding::WebP) });
    let cut_out = |g: BedrockGenerator| g.for_task(TaskKind::RemoveBackground);
    let error = refused(CANVAS, cut_out, webp.clone()).await;
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.message().contains("png, jpeg"), "{error}");
    assert!(exchange("us.stability.stable-image-remove-background-v1:0", made(), Ok, webp).await.0.is_ok());

    let glass = Picture::filled(SIZE, [9, 9, 9, 100]).encode(Encoding::Png).unwrap();
    let error = refused(CANVAS, cut_out, GenerateRequest::of(Task::RemoveBackground { image: glass })).await;
    assert!(error.message().contains("transparent"), "{error}");
    assert!(exchange(CANVAS, made(), cut_out, request(TaskKind::RemoveBackground)).await.0.is_ok());

    let noise = Picture::from_fn(PixelSize::new(1_400, 1_400), |_, _| {
        [fastrand_byte(), fastrand_byte(), fastrand_byte(), 255]
    });
    let noise = noise.encode(Encoding::Png).unwrap();
    let titan = |g: BedrockGenerator| g.for_task(TaskKind::ImageToImage);
    let request = GenerateRequest::new("", SQUARE).with_task(Task::ImageToImage { image: noise });
    let error = refused(TITAN, titan, request).await;
    assert!(error.message().contains("at most 5000000"), "{error}");
}

/// Bytes that do not pack.
fn fastrand_byte() -> u8 {
    use std::cell::Cell;
    thread_local!(static STATE: Cell<u32> = const { Cell::new(1) });
    STATE.with(|state| {
        let next = state.get().wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.set(next);
        (next >> 24) as u8
    })
}

#[tokio::test]
async fn a_request_is_no_larger_than_the_service_takes() {
    let noise = Picture::from_fn(PixelSize::new(2_600, 2_600), |_, _| {
        [fastrand_byte(), fastrand_byte(), fastrand_byte(), 255]
    });
    let image = noise.encode(Encoding::Png).unwrap();
    let error = refused(
        "us.stability.stable-image-remove-background-v1:0",
        Ok,
        GenerateRequest::of(Task::RemoveBackground { image }),
    )
    .await;
    assert!(error.message().contains("25000000"), "{error}");
}

#[tokio::test]
async fn margins_add_something_and_not_too_much() {
    for (margins, kind) in [
        (Margins::default(), ErrorKind::InvalidInput),
        (Margins { top: 2_001, ..Margins::default() }, ErrorKind::Unsupported),
    ] {
        let request = GenerateRequest::of(Task::Outpaint { image: photo(), margins });
        assert_eq!(refused("us.stability.stable-outpaint-v1:0", Ok, request).await.kind(), kind);
    }
}

#[tokio::test]
async fn settings_and_tasks_a_model_does_not_know_are_refused() {
    type Set = fn(BedrockGenerator) -> Result<BedrockGenerator>;
    let rows: [(&str, Set); 13] = [
        (CORE, |g| g.with_output_format(MediaType::WebP)),
        (CANVAS, |g| g.with_output_format(MediaType::Png)),
        (CORE, |g| g.with_style_preset("photographic")),
        ("us.stability.stable-image-remove-background-v1:0", |g| g.with_output_format(MediaType::Jpeg)),
        (INPAINT, |g| g.with_style_preset("PHOTOREALISM")),
        (INPAINT, |g| g.with_grow_mask(21)),
        (INPAINT, |g| g.with_quality("premium")),
        (CANVAS, |g| g.with_cfg_scale(10.1)),
        (CANVAS, |g| g.with_cfg_scale(f64::NAN)),
        (CANVAS, |g| g.with_outpainting_mode("PRECISE")),
        (CANVAS, |g| g.with_style_preset("PHOTOREALISM")?.for_task(TaskKind::Inpaint)),
        (CORE, |g| g.for_task(TaskKind::ImageToImage)),
        (TITAN, |g| g.for_task(TaskKind::Upscale)),
    ];
    for (id, set) in rows {
        let error = refused(id, set, GenerateRequest::new("a cup", SQUARE)).await;
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    }
}

#[tokio::test]
async fn only_image_models_that_are_known_make_pictures() {
    let bedrock = bedrock("http://127.0.0.1:9", "us-west-2").await;
    for id in ["us.amazon.nova-pro-v1:0", "stability.stable-image-nova-v9:0", "amazon.titan-embed-image-v1"] {
        assert_eq!(bedrock.generator(id).unwrap_err().kind(), ErrorKind::Unsupported, "{id}");
    }
    let error = bedrock.generator("stability.stable-outpaint-v1:0").unwrap_err();
    assert!(error.message().contains("us.stability.stable-outpaint-v1:0"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The best size for any wish is one that the model takes, whatever bounds it has.
    #[test]
    fn the_best_size_is_one_the_model_takes(width in 1_u32..5_000, height in 1_u32..5_000) {
        let sizes = Sizes::Within { min: 320, max: 4_096, multiple_of: 16, max_pixels: 4_194_304, max_ratio: 4 };
        let best = keyvisual::adapt::best_size(&sizes, PixelSize::new(width, height)).unwrap();
        prop_assert!(sizes.contains(best), "{best}");
    }
}
