"""Passes requests of every kind through AWS's Python SDK against fake-bedrock: its signatures, its parsers, its errors.

usage: check.py URL
"""

import base64
import itertools
import json
import struct
import sys
import time
import urllib.request
import zlib

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

URL = sys.argv[1]
SECRET = "fake-bedrock-secret"
CALLERS = (f"AKIDPYTHON{number:06}" for number in itertools.count())

checks = 0


def check(holds, what):
    global checks
    checks += 1
    if not holds:
        sys.exit(f"does not hold: {what}")


def client(service="bedrock-runtime", region="us-east-1", key=None, secret=SECRET):
    config = Config(retries={"total_max_attempts": 1}, read_timeout=10)
    return boto3.client(service, region_name=region, endpoint_url=URL, config=config,
                        aws_access_key_id=key or next(CALLERS), aws_secret_access_key=secret)


def admin(method, path, value=None):
    body = None if value is None else json.dumps(value).encode()
    request = urllib.request.Request(f"{URL}/_fake/{path}", data=body, method=method)
    return json.load(urllib.request.urlopen(request))


def refused(code, status, words, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        found = error.response
        said = (found["Error"]["Code"], found["ResponseMetadata"]["HTTPStatusCode"])
        check(said == (code, status) and words in found["Error"]["Message"],
              f"{code} {status} {words!r}, not {said} {found['Error']['Message']!r}")
        return found
    sys.exit(f"not refused: {code} {words!r}")


# Pictures by hand, so that this script needs nothing but the SDK.

def png(width, height, pixel):
    rows = b"".join(b"\0" + bytes(itertools.chain.from_iterable(pixel(x, y) for x in range(width))) for y in range(height))
    channels = len(pixel(0, 0))
    head = struct.pack(">IIBBBBB", width, height, 8, {1: 0, 3: 2, 4: 6}[channels], 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    body = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def text(data):
    return base64.b64encode(data).decode()


def size(base64_png):
    data = base64.b64decode(base64_png)
    check(data[:8] == b"\x89PNG\r\n\x1a\n", "a PNG file comes back")
    return struct.unpack(">II", data[16:24])


WARM = png(320, 384, lambda x, y: (197, 106 + y % 40, 74))
COLD = png(320, 384, lambda x, y: (20, 60 + x % 90, 190))
HALF = png(320, 384, lambda x, y: (255,) * 3 if x < 160 else (0,) * 3)
SMALL = png(40, 40, lambda x, y: (1, 2, 3))


def invoke(runtime, model, **body):
    reply = runtime.invoke_model(modelId=model, body=json.dumps(body))
    headers = reply["ResponseMetadata"]["HTTPHeaders"]
    check("x-amzn-bedrock-input-token-count" in headers, "tokens are counted in a header")
    check(reply["ResponseMetadata"]["RequestId"], "a reply has a request id")
    return json.loads(reply["body"].read())


def converse():
    runtime = client()
    schema = {"type": "object", "required": ["description", "elements"], "properties": {
        "description": {"type": "string"}, "elements": {"type": "array", "items": {"type": "string"}}}}
    tools = {"tools": [{"toolSpec": {"name": "describe", "inputSchema": {"json": schema}}}],
             "toolChoice": {"tool": {"name": "describe"}}}
    ask = lambda picture: [{"role": "user", "content": [
        {"image": {"format": "png", "source": {"bytes": picture}}}, {"text": "Describe the picture."}]}]
    for model in ("amazon.nova-pro-v1:0", "us.amazon.nova-lite-v1:0", "global.amazon.nova-2-lite-v1:0",
                  "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-pro-v1:0"):
        reply = runtime.converse(modelId=model, messages=ask(WARM), toolConfig=tools, inferenceConfig={"maxTokens": 400})
        block = reply["output"]["message"]["content"][0]["toolUse"]
        check(reply["stopReason"] == "tool_use" and block["name"] == "describe", "a forced tool is used")
        check("terracotta" in block["input"]["description"], f"the picture is described: {block['input']}")
        check(reply["usage"]["totalTokens"] > 200, "tokens are counted")
    plain = runtime.converse(modelId="us.anthropic.claude-sonnet-4-5-20250929-v1:0", messages=[
        {"role": "user", "content": [{"text": "A mug at the window"}]}])
    check(plain["stopReason"] == "end_turn" and "window" in plain["output"]["message"]["content"][0]["text"], "text")
    short = runtime.converse(modelId="us.amazon.nova-lite-v1:0", messages=ask(WARM), toolConfig=tools,
                             inferenceConfig={"maxTokens": 5})
    check(short["stopReason"] == "max_tokens", "an answer longer than asked for is cut")

    turn = lambda role, *content: {"role": role, "content": list(content)}
    hello = {"text": "hello"}
    call = lambda **arguments: runtime.converse(modelId="us.amazon.nova-lite-v1:0", **arguments)
    for words, arguments in (
        ("must start with a user message", {"messages": [turn("assistant", hello)]}),
        ("must alternate", {"messages": [turn("user", hello), turn("user", hello)]}),
        ("is blank", {"messages": [turn("user", {"text": " "})]}),
        ("not in toolConfig.tools", {"messages": [turn("user", hello)],
                                     "toolConfig": {**tools, "toolChoice": {"tool": {"name": "other"}}}}),
        ("too many images", {"messages": [turn("user", *[ask(SMALL)[0]["content"][0]] * 6)]}),
        ("labelled jpeg", {"messages": [turn("user", {"image": {"format": "jpeg", "source": {"bytes": SMALL}}})]}),
        ("cannot be decoded", {"messages": [turn("user", {"image": {"format": "png", "source": {"bytes": SMALL[:60]}}})]}),
        ("exceeds the model limit", {"messages": [turn("user", hello)], "inferenceConfig": {"maxTokens": 900000}}),
    ):
        refused("ValidationException", 400, words, call, **arguments)


def embed():
    runtime = client()
    titan = lambda **body: invoke(runtime, "amazon.titan-embed-image-v1", **body)
    cosine = lambda a, b: sum(x * y for x, y in zip(a, b)) / (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5
    near, like, far = (titan(inputText=words)["embedding"] for words in
                       ("two dogs at a window", "two dogs at the open window", "a red typewriter"))
    check(len(near) == 1024 and cosine(near, like) > cosine(near, far) + 0.2, "similar texts are near")
    both = titan(inputText="a wall", inputImage=text(WARM), embeddingConfig={"outputEmbeddingLength": 256})
    check(len(both["embedding"]) == 256 and both["inputTextTokenCount"] == 2, "text and picture make one vector")

    def nova(runtime=runtime, **parameters):
        body = {"taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": {"embeddingPurpose": "GENERIC_INDEX", **parameters}}
        return invoke(runtime, "amazon.nova-2-multimodal-embeddings-v1:0", **body)["embeddings"][0]
    words = nova(text={"truncationMode": "NONE", "value": "a warm wall"})
    check(words["embeddingType"] == "TEXT" and len(words["embedding"]) == 3072, "Nova embeds text")
    check(abs(sum(x * x for x in words["embedding"]) - 1) > 0.5, "Nova's vectors have no unit length")
    picture = nova(embeddingDimension=384, image={"format": "png", "source": {"bytes": text(WARM)}})
    check(picture["embeddingType"] == "IMAGE" and len(picture["embedding"]) == 384, "Nova embeds pictures")
    cut = nova(text={"truncationMode": "END", "value": "word " * 2000})
    check(cut["truncatedCharLength"] == 8192, "Nova says what it cut")
    refused("ValidationException", 400, "more than the maximum", nova,
            text={"truncationMode": "NONE", "value": "word " * 2000})
    refused("ValidationException", 400, "exactly one", nova, text={"truncationMode": "END", "value": "a"},
            image={"format": "png", "source": {"bytes": text(WARM)}})
    refused("ValidationException", 400, "Too many input tokens", titan, inputText="word " * 400)
    refused("ValidationException", 400, "300 is not a valid enum value", titan, inputText="a",
            embeddingConfig={"outputEmbeddingLength": 300})


def stability():
    runtime = client(region="us-west-2")
    image = {"image": text(WARM)}
    prompt = {"prompt": "A green mug on a table"}
    for model, body, expected in (
        ("stability.sd3-5-large-v1:0", {**prompt, "aspect_ratio": "16:9"}, (1344, 768)),
        ("stability.sd3-5-large-v1:0", {**prompt, **image, "mode": "image-to-image", "strength": 0.5}, (320, 384)),
        ("stability.stable-image-core-v1:1", {**prompt, "negative_prompt": "rain", "seed": 4294967295}, (1024, 1024)),
        ("stability.stable-image-ultra-v1:1", {**prompt, "aspect_ratio": "9:21"}, (640, 1536)),
        ("us.stability.stable-image-inpaint-v1:0", {**prompt, **image, "mask": text(HALF), "grow_mask": 0}, (320, 384)),
        ("us.stability.stable-outpaint-v1:0", {**image, "left": 100, "down": 50}, (420, 434)),
        ("us.stability.stable-image-erase-object-v1:0", {**image, "mask": text(HALF)}, (320, 384)),
        ("us.stability.stable-image-search-replace-v1:0", {**prompt, **image, "search_prompt": "wall"}, (320, 384)),
        ("us.stability.stable-image-search-recolor-v1:0", {**prompt, **image, "select_prompt": "wall"}, (320, 384)),
        ("us.stability.stable-image-remove-background-v1:0", image, (320, 384)),
        ("us.stability.stable-image-style-guide-v1:0", {**prompt, **image, "aspect_ratio": "4:5"}, (896, 1088)),
        ("us.stability.stable-style-transfer-v1:0", {"init_image": text(WARM), "style_image": text(COLD)}, (320, 384)),
        ("us.stability.stable-image-control-sketch-v1:0", {**prompt, **image, "style_preset": "line-art"}, (320, 384)),
        ("us.stability.stable-image-control-structure-v1:0", {**prompt, **image, "control_strength": 1}, (320, 384)),
        ("us.stability.stable-creative-upscale-v1:0", {**prompt, **image}, (2629, 3155)),
        ("us.stability.stable-conservative-upscale-v1:0", {**prompt, **image}, (1189, 1426)),
        ("us.stability.stable-fast-upscale-v1:0", image, (1280, 1536)),
    ):
        reply = invoke(runtime, model, **body)
        check(reply["finish_reasons"] == [None] and size(reply["images"][0]) == expected,
              f"{model} makes {expected}, not {size(reply['images'][0])}")
        check(body.get("seed") in (None, reply["seeds"][0]), "the seed asked for is the seed used")
    for model, body, words in (
        ("stability.stable-image-core-v1:1", {}, "required key [prompt] not found"),
        ("stability.stable-image-core-v1:1", {**prompt, "width": 512}, "extraneous key [width]"),
        ("stability.stable-image-core-v1:1", {**prompt, "seed": "7"}, "expected type: Integer, found: String"),
        ("stability.sd3-5-large-v1:0", {**prompt, "seed": 4294967295}, "is not less or equal to 4294967294"),
        ("stability.sd3-5-large-v1:0", {**prompt, "aspect_ratio": "7:3"}, "7:3 is not a valid enum value"),
        ("us.stability.stable-outpaint-v1:0", image, "at least one of left, right, up and down"),
        ("us.stability.stable-image-remove-background-v1:0", {"image": text(SMALL)}, "each side must have at least 64"),
        ("stability.stable-fast-upscale-v1:0", image, "on-demand throughput"),
    ):
        refused("ValidationException", 400, words, invoke, runtime=runtime, model=model, **body)
    refused("ValidationException", 400, "model identifier is invalid", invoke, runtime=client(region="eu-west-1"),
            model="stability.stable-image-core-v1:1", **prompt)


def canvas():
    caller = next(CALLERS)
    runtime = client(key=caller)
    model = "amazon.nova-canvas-v1:0"
    make = {"taskType": "TEXT_IMAGE", "textToImageParams": {"text": "A mug"},
            "imageGenerationConfig": {"width": 640, "height": 320, "numberOfImages": 2}}
    refused("ResourceNotFoundException", 404, "end of its life", invoke, runtime=runtime, model=model, **make)
    admin("PUT", f"{caller}/private", True)
    reply = invoke(runtime, model, **make)
    check([size(image) for image in reply["images"]] == [(640, 320)] * 2, "Canvas makes two pictures of the size asked for")
    edit = {"image": text(WARM), "maskImage": text(HALF), "text": "A beach"}
    for task, field, parameters in (("INPAINTING", "inPaintingParams", edit), ("OUTPAINTING", "outPaintingParams", edit),
                                    ("BACKGROUND_REMOVAL", "backgroundRemovalParams", {"image": text(WARM)}),
                                    ("IMAGE_VARIATION", "imageVariationParams", {"images": [text(WARM)], "text": "A"})):
        check(len(invoke(runtime, model, taskType=task, **{field: parameters})["images"]) == 1, task)
    other = text(png(320, 320, lambda x, y: (0,) * 3))
    refused("ValidationException", 400, "must have the size of the image", invoke, runtime=runtime, model=model,
            taskType="INPAINTING", inPaintingParams={**edit, "maskImage": other})
    titan = {**make, "imageGenerationConfig": {"width": 512, "height": 512}}
    check(size(invoke(runtime, "amazon.titan-image-generator-v2:0", **titan)["images"][0]) == (512, 512), "Titan Image v2")
    admin("PUT", f"{caller}/faults", ["filtered_output", "filtered_prompt"])
    reply = invoke(runtime, model, **make)
    check(len(reply["images"]) == 1 and reply["error"].startswith("Some of the generated images"), "a filtered picture")
    refused("ValidationException", 400, "blocked by our content filters", invoke, runtime=runtime, model=model, **make)


def faults():
    caller = next(CALLERS)
    runtime = client(key=caller)
    hello = {"modelId": "us.amazon.nova-lite-v1:0", "messages": [{"role": "user", "content": [{"text": "hello"}]}]}
    plan = {
        "throttle": ("ThrottlingException", 429), "not_ready": ("ModelNotReadyException", 429),
        "unavailable": ("ServiceUnavailableException", 503), "internal": ("InternalServerException", 500),
        "timeout": ("ModelTimeoutException", 408), "model_error": ("ModelErrorException", 424),
        "quota": ("ServiceQuotaExceededException", 400), "access_denied": ("AccessDeniedException", 403),
        "marketplace": ("AccessDeniedException", 403), "dead_model": ("ResourceNotFoundException", 404),
        "dead_model_400": ("ValidationException", 400), "expired_token": ("ExpiredTokenException", 403),
    }
    admin("PUT", f"{caller}/faults", list(plan))
    for code, status in plan.values():
        refused(code, status, "", runtime.converse, **hello)
    admin("PUT", f"{caller}/faults", [{"fault": "throttle", "retry_after_ms": 50}])
    found = refused("ThrottlingException", 429, "", runtime.converse, **hello)
    check(found["ResponseMetadata"]["HTTPHeaders"]["x-amz-retry-after"] == "50", "it says when to come back")
    reasons = {"max_tokens": "max_tokens", "text_instead_of_tool": "end_turn", "content_filtered": "content_filtered",
               "guardrail": "guardrail_intervened"}
    admin("PUT", f"{caller}/faults", list(reasons))
    for reason in reasons.values():
        check(runtime.converse(**hello)["stopReason"] == reason, reason)
    admin("PUT", f"{caller}/faults", ["cut", "half_json", {"slow_ms": 200}])
    for _ in range(2):
        check("output" not in runtime.converse(**hello), "this SDK passes over JSON that it cannot read")
    before = time.monotonic()
    runtime.converse(**hello)
    check(time.monotonic() - before >= 0.2, "a slow reply is slow")
    admin("PUT", f"{caller}/limits", {"us.amazon.nova-lite-v1:0": 1})
    runtime.converse(**hello)
    refused("ThrottlingException", 429, "", runtime.converse, **hello)
    calls = admin("GET", f"{caller}/calls")
    check(calls["calls"] == len(calls["requests"]) == 22 and calls["usd"] > 0, f"calls are counted: {calls['calls']}")
    check(calls["requests"][0]["body"]["messages"] == hello["messages"], "bodies are recorded")


def signatures():
    wrong = "The request signature we calculated does not match"
    refused("InvalidSignatureException", 403, wrong, client("bedrock", secret="another").list_inference_profiles)
    refused("UnrecognizedClientException", 403, "security token", client("bedrock", key="UNKNOWN1").list_foundation_models)


def lists():
    bedrock = client("bedrock")
    listed = {model["modelId"]: model for model in bedrock.list_foundation_models()["modelSummaries"]}
    check("amazon.nova-pro-v1:0" in listed and "amazon.nova-canvas-v1:0" not in listed, "the living are listed")
    check("stability.stable-image-core-v1:1" not in listed, "a region lists what it serves")
    one = bedrock.get_foundation_model(modelIdentifier="amazon.nova-2-lite-v1:0")["modelDetails"]
    check(one["inferenceTypesSupported"] == ["INFERENCE_PROFILE"] and one["modelLifecycle"]["status"] == "ACTIVE", "one")
    profiles = bedrock.list_inference_profiles()["inferenceProfileSummaries"]
    check(any(p["inferenceProfileId"] == "us.stability.stable-outpaint-v1:0" for p in profiles), "profiles are listed")


for part in (signatures, lists, converse, embed, stability, canvas, faults):
    part()
print(f"{checks} checks through boto3 {boto3.__version__} hold")
