//! Bodies that are refused, each with the words that say why.

use keyvisual::imaging::Encoding;
use serde_json::{Value, json};

use crate::client::{Client, mask, picture, png, tool, turn};

/// All of `bodies` are refused as invalid by `model`.
fn refuses(region: &'static str, model: &str, bodies: &[(Value, &str)]) {
    let client = Client::new(region);
    client.admin("private", &json!(true));
    for (body, words) in bodies {
        client.invoke(model, body).refused(400, "ValidationException", words);
    }
}

/// `body` with more fields.
fn with(body: &Value, more: Value) -> Value {
    let mut body = body.clone();
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[test]
fn titan_embeddings() {
    refuses(
        "us-east-1",
        "amazon.titan-embed-image-v1",
        &[
            (json!({}), "at least one of inputText and inputImage"),
            (json!({ "inputText": 5 }), "#/inputText: expected type: String, found: Integer"),
            (
                json!({ "inputText": "a", "dimensions": 256 }),
                "#: extraneous key [dimensions] is not permitted",
            ),
            (
                json!({ "inputText": "a", "embeddingConfig": { "outputEmbeddingLength": 512 } }),
                "512 is not a valid enum value",
            ),
            (
                json!({ "inputText": "word ".repeat(300) }),
                "Max input tokens: 256, request input token count: 375",
            ),
            (json!({ "inputImage": "?" }), "inputImage is not base64"),
            (json!({ "inputImage": "AAAA" }), "inputImage must be one of: png, jpg"),
            (json!({ "inputImage": picture(80, 80, Encoding::WebP) }), "inputImage must be one of: png, jpg"),
            (json!({ "inputImage": png(2_049, 20) }), "each side must have at most 2048"),
            (json!({ "inputImage": &png(200, 200)[..160] }), "cannot be decoded"),
        ],
    );
}

#[test]
fn nova_embeddings() {
    let embed = |parameters: Value| {
        let purpose = json!({ "embeddingPurpose": "GENERIC_INDEX" });
        json!({ "taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": with(&purpose, parameters) })
    };
    let text = |value: &str| json!({ "truncationMode": "NONE", "value": value });
    refuses(
        "us-east-1",
        "amazon.nova-2-multimodal-embeddings-v1:0",
        &[
            (json!({ "taskType": "SINGLE_EMBEDDING" }), "required key [singleEmbeddingParams] not found"),
            (embed(json!({})), "exactly one of text, image, video and audio must be given, not 0"),
            (
                embed(
                    json!({ "text": text("a"), "image": { "format": "png", "source": { "bytes": "AA" } } }),
                ),
                "not 2",
            ),
            (embed(json!({ "text": { "value": "a" } })), "required key [truncationMode] not found"),
            (embed(json!({ "text": text(" ") })), "blank"),
            (
                embed(json!({ "text": text(&"a".repeat(8_193)) })),
                "8193 characters, more than the maximum of 8192",
            ),
            (
                embed(json!({ "text": text("a"), "embeddingPurpose": "SEARCH" })),
                "SEARCH is not a valid enum value",
            ),
            (embed(json!({ "text": text("a"), "embeddingDimension": 512 })), "512 is not a valid enum value"),
            (
                embed(json!({ "image": { "format": "jpeg", "source": { "bytes": png(64, 64) } } })),
                "labelled jpeg, but",
            ),
        ],
    );
}

#[test]
fn stability_generators() {
    let prompt = json!({ "prompt": "A mug" });
    let core = [
        (json!({}), "#: required key [prompt] not found"),
        (json!({ "prompt": "" }), "#/prompt: expected minLength: 1, actual: 0"),
        (json!({ "prompt": "a".repeat(10_001) }), "#/prompt: expected maxLength: 10000, actual: 10001"),
        (
            with(&prompt, json!({ "seed": 4_294_967_296_u64 })),
            "4294967296 is not less or equal to 4294967295",
        ),
        (with(&prompt, json!({ "seed": 1.5 })), "#/seed: expected type: Integer, found: BigDecimal"),
        (with(&prompt, json!({ "seed": null })), "#/seed: expected type: Integer, found: Null"),
        (with(&prompt, json!({ "output_format": "webp" })), "webp is not a valid enum value"),
        (with(&prompt, json!({ "width": 1_024, "n": 2 })), "2 schema violations found"),
        (with(&prompt, json!({ "image": png(64, 64) })), "extraneous key [image] is not permitted"),
    ];
    refuses("us-west-2", "stability.stable-image-core-v1:1", &core);
    let small = json!({ "image": png(63, 64), "mode": "image-to-image" });
    refuses(
        "us-west-2",
        "stability.sd3-5-large-v1:0",
        &[
            (with(&prompt, json!({ "seed": 4_294_967_295_u64 })), "is not less or equal to 4294967294"),
            (with(&prompt, json!({ "mode": "image-to-image" })), "requires the field image"),
            (
                with(&prompt, json!({ "mode": "text-to-image", "image": png(64, 64) })),
                "does not take the field image",
            ),
            (with(&prompt, json!({ "strength": 0.5 })), "strength requires the field image"),
            (with(&prompt, small), "image is 63x64 pixels: each side must have at least 64"),
        ],
    );
}

#[test]
fn stability_services() {
    let image = json!({ "image": png(80, 80) });
    let both = with(&image, json!({ "prompt": "A mug" }));
    let cases = [
        ("stable-image-inpaint", with(&both, json!({ "grow_mask": 21 })), "21 is not less or equal to 20"),
        ("stable-image-inpaint", image.clone(), "required key [prompt] not found"),
        ("stable-outpaint", image.clone(), "at least one of left, right, up and down"),
        ("stable-outpaint", with(&image, json!({ "left": 2_001 })), "2001 is not less or equal to 2000"),
        ("stable-outpaint", with(&image, json!({ "left": 5, "mask": "AA" })), "extraneous key [mask]"),
        (
            "stable-outpaint",
            with(&image, json!({ "left": 5, "creativity": 0.05 })),
            "0.05 is not greater or equal to 0.1",
        ),
        ("stable-image-erase-object", both.clone(), "extraneous key [prompt]"),
        ("stable-image-search-replace", both.clone(), "required key [search_prompt] not found"),
        ("stable-image-search-recolor", both.clone(), "required key [select_prompt] not found"),
        ("stable-image-remove-background", with(&image, json!({ "seed": 1 })), "extraneous key [seed]"),
        ("stable-image-remove-background", json!({ "image": png(400, 100) }), "between 1:2.5 and 2.5:1"),
        (
            "stable-image-style-guide",
            with(&both, json!({ "fidelity": 1.1 })),
            "1.1 is not less or equal to 1",
        ),
        ("stable-style-transfer", image.clone(), "required key [init_image] not found"),
        (
            "stable-image-control-sketch",
            with(&both, json!({ "style_preset": "baroque" })),
            "baroque is not a valid enum value",
        ),
        (
            "stable-image-control-structure",
            with(&both, json!({ "control_strength": "high" })),
            "expected type: Number",
        ),
        (
            "stable-creative-upscale",
            with(&both, json!({ "creativity": 0.6 })),
            "0.6 is not less or equal to 0.5",
        ),
        (
            "stable-creative-upscale",
            with(&both, json!({ "image": png(1_100, 1_000) })),
            "at most 1048576 in all",
        ),
        ("stable-conservative-upscale", image.clone(), "required key [prompt] not found"),
        ("stable-fast-upscale", json!({ "image": png(1_537, 40) }), "each side must have at most 1536"),
    ];
    for (service, body, words) in cases {
        refuses("us-east-1", &format!("us.stability.{service}-v1:0"), &[(body, words)]);
    }
}

#[test]
fn canvas_and_titan_image() {
    let task = |name: &str, field: &str, parameters: Value| json!({ "taskType": name, field: parameters });
    let edit =
        |more: Value| task("INPAINTING", "inPaintingParams", with(&json!({ "image": png(320, 384) }), more));
    let sized = |width: u32, height: u32| {
        let make = task("TEXT_IMAGE", "textToImageParams", json!({ "text": "A mug" }));
        with(&make, json!({ "imageGenerationConfig": { "width": width, "height": height } }))
    };
    refuses(
        "us-east-1",
        "amazon.nova-canvas-v1:0",
        &[
            (json!({ "taskType": "PAINT" }), "PAINT is not a valid enum value"),
            (
                task("TEXT_IMAGE", "textToImageParams", json!({ "text": "a".repeat(1_025) })),
                "expected maxLength: 1024",
            ),
            (sized(330, 320), "330 is not a multiple of 16"),
            (sized(1_600, 320), "aspect ratio between 1:4 and 4:1"),
            (sized(4_096, 2_048), "at most 4194304 pixels"),
            (edit(json!({})), "exactly one of maskPrompt and maskImage"),
            (
                edit(json!({ "maskPrompt": "mug", "maskImage": mask(320, 384) })),
                "exactly one of maskPrompt and maskImage",
            ),
            (edit(json!({ "maskImage": mask(320, 400) })), "must have the size of the image, 320x384"),
            (edit(json!({ "maskImage": png(320, 384) })), "grey pixels"),
            (
                with(
                    &edit(json!({ "maskPrompt": "mug" })),
                    json!({ "imageGenerationConfig": { "width": 320 } }),
                ),
                "key [width]",
            ),
            (
                task("BACKGROUND_REMOVAL", "backgroundRemovalParams", json!({ "image": png(300, 400) })),
                "at least 320",
            ),
            (
                task("IMAGE_VARIATION", "imageVariationParams", json!({ "images": [] })),
                "expected minItems: 1, actual: 0",
            ),
            (
                task(
                    "COLOR_GUIDED_GENERATION",
                    "colorGuidedGenerationParams",
                    json!({ "text": "A", "colors": ["#12345g"] }),
                ),
                "#12345g",
            ),
        ],
    );
    refuses(
        "us-west-2",
        "amazon.titan-image-generator-v2:0",
        &[
            (
                task("TEXT_IMAGE", "textToImageParams", json!({ "text": "a".repeat(513) })),
                "expected maxLength: 512",
            ),
            (
                task("VIRTUAL_TRY_ON", "virtualTryOnParams", json!({})),
                "VIRTUAL_TRY_ON is not a valid enum value",
            ),
            (sized(1_040, 1_024), "not one of the supported sizes"),
        ],
    );
}

#[test]
fn conversations() {
    let hello = || turn("hello", &[]);
    let says = |role: &str, text: &str| json!({ "role": role, "content": [{ "text": text }] });
    let one = |message: Value| json!({ "messages": [message] });
    let schema = json!({ "type": "object", "properties": {} });
    let mut other = tool(&schema);
    other["toolChoice"]["tool"]["name"] = "other".into();
    let closed = tool(&with(&schema, json!({ "additionalProperties": false })));
    let mut strict = tool(&schema);
    strict["tools"][0]["toolSpec"]["strict"] = true.into();
    let small = png(64, 64);
    let block = json!({ "image": { "format": "webp", "source": { "bytes": small } } });
    let used = json!({ "toolUse": { "toolUseId": "1", "name": "a", "input": {} } });
    let cases = [
        (json!({}), "required key [messages] not found"),
        (json!({ "messages": [] }), "expected minItems: 1, actual: 0"),
        (one(says("system", "hello")), "system is not a valid enum value"),
        (one(says("assistant", "hello")), "must start with a user message"),
        (json!({ "messages": [hello(), hello()] }), "must alternate between user and assistant"),
        (one(says("user", " ")), "at messages.0.content.0 is blank"),
        (json!({ "messages": [hello()], "system": [{ "text": "" }] }), "at system.0 is blank"),
        (json!({ "messages": [hello()], "max_tokens": 5 }), "extraneous key [max_tokens]"),
        (
            json!({ "messages": [hello()], "inferenceConfig": { "maxTokens": 0 } }),
            "0 is not greater or equal to 1",
        ),
        (
            json!({ "messages": [hello()], "inferenceConfig": { "maxTokens": 5_121 } }),
            "exceeds the model limit of 5120",
        ),
        (
            json!({ "messages": [hello()], "inferenceConfig": { "temperature": 1.1 } }),
            "1.1 is not less or equal to 1",
        ),
        (json!({ "messages": [hello()], "toolConfig": { "tools": [] } }), "expected minItems: 1, actual: 0"),
        (
            json!({ "messages": [hello()], "toolConfig": tool(&json!({ "type": "string" })) }),
            "must be one of the following: object",
        ),
        (json!({ "messages": [hello()], "toolConfig": other }), "not in toolConfig.tools"),
        (
            json!({ "messages": [hello()], "toolConfig": closed }),
            "inputSchema/json: extraneous key [additionalProperties]",
        ),
        (json!({ "messages": [hello()], "toolConfig": strict }), "doesn't support the strict field"),
        (
            json!({ "messages": [hello()], "outputConfig": { "effort": "low" } }),
            "doesn't support the outputConfig field",
        ),
        (
            json!({ "messages": [hello()], "additionalModelRequestFields": { "top_k": 5 } }),
            "extraneous key [top_k]",
        ),
        (
            json!({ "messages": [hello(), json!({ "role": "assistant", "content": [used] })] }),
            "toolConfig field must be defined",
        ),
        (
            one(json!({ "role": "user", "content": [block] })),
            "labelled webp, but its bytes are those of a png",
        ),
        (one(turn("look", &[&small[..60]])), "cannot be decoded"),
        (
            one(turn("look", &[small.as_str(); 6])),
            "too many images and documents: 6 in the request, at most 5",
        ),
    ];
    let client = Client::new("us-east-1");
    for (body, words) in cases {
        client.converse("us.amazon.nova-lite-v1:0", &body).refused(400, "ValidationException", words);
    }
    client.call("POST", "/model/us.amazon.nova-lite-v1%3A0/converse", "{").refused(
        400,
        "ValidationException",
        "not JSON",
    );
    let high = json!({ "reasoningConfig": { "type": "enabled", "maxReasoningEffort": "high" } });
    let body = json!({ "messages": [hello()], "inferenceConfig": { "temperature": 0 }, "additionalModelRequestFields": high });
    client.converse("us.amazon.nova-2-lite-v1:0", &body).refused(400, "ValidationException", "must be unset");
}

#[test]
fn a_body_beyond_the_limit() {
    let body = json!({ "prompt": "a".repeat(25_000_000) });
    let reply = Client::new("us-west-2").invoke("stability.stable-image-core-v1:1", &body);
    reply.refused(400, "ValidationException", "longer than 25000000 bytes");
}
