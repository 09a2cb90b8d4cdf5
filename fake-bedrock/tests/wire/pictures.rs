//! Pictures that are made.

use keyvisual::{domain::MediaType, imaging::Encoding};
use serde_json::{Value, json};

use crate::client::{Client, image, mask, picture, pixels, png};

fn make(model: &str, body: &Value) -> String {
    let client = Client::new("us-west-2");
    client.admin("private", &json!(true));
    let model = if model.contains("core") || model.contains("sd3") {
        format!("stability.{model}")
    } else {
        format!("us.stability.{model}")
    };
    client.invoke(&model, body).ok()["images"][0].as_str().unwrap().to_owned()
}

#[test]
fn a_picture_has_the_shape_and_the_format_asked_for() {
    for (aspect, format, kind, size) in [
        ("1:1", "png", MediaType::Png, "1024x1024"),
        ("16:9", "jpeg", MediaType::Jpeg, "1344x768"),
        ("9:21", "webp", MediaType::WebP, "640x1536"),
    ] {
        let body = json!({ "prompt": "A mug", "aspect_ratio": aspect, "output_format": format });
        let made = make("sd3-5-large-v1:0", &body);
        assert_eq!((image(&made).media_type(), pixels(&made).size().to_string()), (kind, size.to_owned()));
    }
}

#[test]
fn a_picture_depends_on_prompt_and_seed() {
    let made =
        |prompt: &str, seed: u64| make("stable-image-core-v1:1", &json!({ "prompt": prompt, "seed": seed }));
    assert_eq!(made("A mug", 7), made("A mug", 7));
    assert_ne!(made("A mug", 7), made("A mug", 8));
    assert_ne!(made("A mug", 7), made("A cup", 7));
    assert_ne!(made("A mug", 0), made("A mug", 0), "seed 0 is random");
}

#[test]
fn an_edit_changes_what_is_masked_and_nothing_else() {
    let (before, prompt) = (png(80, 100), "A green mug");
    let white_is_new = [
        (
            "stable-image-inpaint-v1:0",
            json!({ "prompt": prompt, "image": before, "mask": mask(40, 50), "grow_mask": 0 }),
        ),
        ("stable-image-erase-object-v1:0", json!({ "image": before, "mask": mask(80, 100) })),
    ];
    for (model, body) in white_is_new {
        let (old, new) = (pixels(&before), pixels(&make(model, &body)));
        assert_eq!(old.pixel(70, 50), new.pixel(70, 50), "{model}");
        assert_ne!(old.pixel(10, 50), new.pixel(10, 50), "{model}");
    }
}

#[test]
fn canvas_reads_black_as_new_when_it_paints_in_and_white_when_it_paints_out() {
    let before = png(320, 320);
    let client = Client::new("us-east-1");
    client.admin("private", &json!(true));
    for (task, field, stays, changes) in
        [("INPAINTING", "inPaintingParams", 10, 310), ("OUTPAINTING", "outPaintingParams", 310, 10)]
    {
        let body = json!({ "taskType": task, field: { "image": before, "maskImage": mask(320, 320), "text": "A beach" } });
        let reply = client.invoke("amazon.nova-canvas-v1:0", &body).ok();
        let (old, new) = (pixels(&before), pixels(reply["images"][0].as_str().unwrap()));
        assert_eq!(old.pixel(stays, 50), new.pixel(stays, 50), "{task}");
        assert_ne!(old.pixel(changes, 50), new.pixel(changes, 50), "{task}");
    }
}

#[test]
fn outpaint_adds_its_margins_round_the_picture() {
    let before = png(80, 100);
    let made =
        pixels(&make("stable-outpaint-v1:0", &json!({ "image": before, "left": 30, "up": 10, "down": 5 })));
    assert_eq!(made.size().to_string(), "110x115");
    assert_eq!(made.pixel(30 + 17, 10 + 23), pixels(&before).pixel(17, 23));
}

#[test]
fn services_keep_or_raise_the_size() {
    let (image, prompt) = (picture(80, 100, Encoding::Jpeg { quality: 90 }), "A mug");
    for (service, body, size) in [
        (
            "stable-image-search-replace",
            json!({ "prompt": prompt, "image": image, "search_prompt": "cup" }),
            "80x100",
        ),
        (
            "stable-image-search-recolor",
            json!({ "prompt": prompt, "image": image, "select_prompt": "cup" }),
            "80x100",
        ),
        ("stable-image-control-sketch", json!({ "prompt": prompt, "image": image }), "80x100"),
        ("stable-image-control-structure", json!({ "prompt": prompt, "image": image }), "80x100"),
        ("stable-style-transfer", json!({ "init_image": image, "style_image": png(70, 70) }), "80x100"),
        (
            "stable-image-style-guide",
            json!({ "prompt": prompt, "image": image, "aspect_ratio": "3:2" }),
            "1216x832",
        ),
        ("stable-fast-upscale", json!({ "image": image }), "320x400"),
        ("stable-conservative-upscale", json!({ "prompt": prompt, "image": image }), "297x371"),
        ("stable-creative-upscale", json!({ "prompt": prompt, "image": image }), "2576x3220"),
    ] {
        assert_eq!(pixels(&make(&format!("{service}-v1:0"), &body)).size().to_string(), size, "{service}");
    }
}

#[test]
fn a_removed_background_is_transparent() {
    let cut = pixels(&make("stable-image-remove-background-v1:0", &json!({ "image": png(80, 100) })));
    let opaque = cut.pixels().iter().filter(|pixel| pixel[3] == 255).count();
    assert!(cut.has_transparency() && opaque > 100, "{opaque} opaque pixels");
}
