//! What this crate costs beside the bare AWS SDK: `cargo bench --bench bedrock --features bedrock`.
//!
//! Everything goes through the SDK to one fake Bedrock, in turns, in one run.
//!
//! 1. *Time.* A description, an embedding and a picture, through the door and the role, against the same request
//!    built by hand and sent by the SDK's own client, whose answer is taken apart as far as text, numbers and
//!    bytes. The median of the differences of pairs. Bound: 5 % or 1 ms, whichever is more.
//! 2. *Memory.* The most that is allocated at a time while a picture of 3 MB is described, and while one of 3 MB
//!    comes back, less the same for the bare SDK. Bound: twice the picture.
//! 3. *Schedule.* 1 000 pictures described in 20 ms and embedded in 10 ms, under the documented limits of calls a
//!    minute. The ideal sends as many calls as the slower of the two models takes: a burst of one second's worth, then
//!    one call each time it allows one. Bound: 5 % above it or below, since the fake takes a minute's worth at once and
//!    would turn nobody away who hurries; and no call turned away.
//!
//! It ends with an error when a bound is broken.

#[path = "../tests/support/fake_bedrock.rs"]
mod fake_bedrock;

use std::{
    error::Error,
    future::Future,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use aws_sdk_bedrockruntime::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
    primitives::Blob,
    types::{
        ContentBlock, ConversationRole, ImageBlock, ImageFormat, ImageSource, InferenceConfiguration,
        Message, SpecificToolChoice, SystemContentBlock, Tool, ToolChoice, ToolConfiguration,
        ToolInputSchema, ToolSpecification,
    },
};
use aws_smithy_types::{Document, Number, retry::RetryConfig};
use base64::{Engine, engine::general_purpose::STANDARD};
use fake_bedrock::{FakeBedrock, SECRET, caller};
use keyvisual::{
    CampaignPipeline, LibraryItem,
    backends::bedrock::{Bedrock, BedrockConfig},
    calls::{Door, Pace, Policy},
    chat::ChatDescriber,
    domain::{Image, PixelSize},
    imaging::{Encoding, Picture},
    roles::{
        ChatModel, DescribeRequest, Describer, EmbedInput, EmbedRequest, Embedder, GenerateRequest,
        ImageGenerator, Purpose, Task,
    },
    testing::{
        FakeImageGenerator, FakePromptWriter, MemoryAssetStore, MemoryCampaignStore, MemoryVectorStore,
    },
};
use peak_alloc::PeakAlloc;
use serde_json::{Value, json};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

type Outcome<T> = Result<T, Box<dyn Error>>;

const CHAT: &str = "us.amazon.nova-lite-v1:0";
const EMBEDDER: &str = "amazon.titan-embed-image-v1";
const GENERATOR: &str = "stability.stable-image-core-v1:1";
const INPAINTER: &str = "us.stability.stable-image-inpaint-v1:0";

/// Pairs of calls whose times are compared.
const PAIRS: usize = 60;
const MAX_SHARE: f64 = 0.05;
const MAX_DIFFERENCE: Duration = Duration::from_millis(1);

const PICTURES: u32 = 1_000;
const MIN_RATIO: f64 = 0.95;
const MAX_RATIO: f64 = 1.05;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(run())) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Outcome<bool> {
    let fake = FakeBedrock::start();
    let bench = Bench::new(&fake).await?;
    let time = bench.time().await?;
    let memory = bench.memory().await?;
    let schedule = schedule(&fake).await?;
    Ok(time && memory && schedule)
}

/// The same requests on both ways to the same server.
struct Bench<'a> {
    fake: &'a FakeBedrock,
    caller: String,
    bare: Client,
    bedrock: Bedrock,
    door: Door,
}

impl<'a> Bench<'a> {
    async fn new(fake: &'a FakeBedrock) -> Outcome<Self> {
        let caller = caller();
        let config = aws_sdk_bedrockruntime::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-west-2"))
            .credentials_provider(Credentials::new(&caller, SECRET, None, None, "bench"))
            .endpoint_url(fake.url())
            .retry_config(RetryConfig::disabled())
            .build();
        let bedrock = Bedrock::new(config_of(fake, &caller)).await?;
        // Paces of a minute are for the schedule below; here every call is to go at once.
        let door = Door::new(Policy::default().with_pace(Pace::Unlimited));
        Ok(Self { fake, caller, bare: Client::from_conf(config), bedrock, door })
    }

    async fn time(&self) -> Outcome<bool> {
        println!("time of a call, median of {PAIRS} pairs   bare SDK  keyvisual  difference");
        let photo = photo()?;
        let describer = self.describer()?;
        let embedder = self.door.guard(self.bedrock.embedder(EMBEDDER)?);
        let generator = self.door.guard(self.bedrock.generator(GENERATOR)?);

        let describe = || describe(&describer, &photo);
        describe().await?;
        let question = self.last_body();
        let described = compare("describe", || self.converse(&question, &photo), describe).await?;

        let input = EmbedInput::Both { text: "a cup of coffee on a table".into(), image: photo.clone() };
        let embed = || async {
            let request = EmbedRequest::new(vec![input.clone()], Purpose::Index);
            embedder.embed(request).await?;
            Ok(())
        };
        embed().await?;
        let embedded = compare("embed", || self.embed("a cup of coffee on a table", &photo), embed).await?;

        let size = PixelSize::new(1_024, 1_024);
        let generate = || async {
            let request = GenerateRequest::new("a cup of coffee", size).with_seed(7);
            generator.generate(request).await?.results.remove(0)?;
            Ok(())
        };
        generate().await?;
        let body = self.last_body();
        let generated = compare("generate", || self.picture(GENERATOR, &body), generate).await?;
        Ok(described && embedded && generated)
    }

    async fn memory(&self) -> Outcome<bool> {
        println!("memory beside the bare SDK");
        let photo = noise()?;
        let mask = Picture::filled(PixelSize::new(1_000, 1_000), [0, 0, 0, 255]).encode(Encoding::Png)?;
        let describer = self.describer()?;
        let painter = self.door.guard(self.bedrock.generator(INPAINTER)?);
        describe(&describer, &photo).await?;
        let question = self.last_body();
        let bare = peak(self.converse(&question, &photo)).await?;
        let ours = peak(describe(&describer, &photo));
        let described = holds("describe", photo.bytes().len(), bare, ours.await?);

        let task = Task::Inpaint { image: photo.clone(), mask: mask.clone() };
        let request = GenerateRequest::of(task).with_prompt("a cup").with_seed(7);
        painter.generate(request.clone()).await?.results.remove(0)?;
        let body = self.last_body();
        let bare = peak(async {
            // As a caller has them before the call: bytes, not yet text.
            let mut body = body.clone();
            body["image"] = STANDARD.encode(photo.bytes()).into();
            body["mask"] = STANDARD.encode(mask.bytes()).into();
            self.picture(INPAINTER, &body).await
        });
        let bare = bare.await?;
        let ours = peak(async {
            painter.generate(request).await?.results.remove(0)?;
            Ok(())
        });
        // One goes there, one comes back.
        Ok(holds("inpaint", 2 * photo.bytes().len(), bare, ours.await?) && described)
    }

    fn describer(&self) -> Outcome<ChatDescriber<impl ChatModel + use<>>> {
        let model = self.bedrock.chat(CHAT)?;
        Ok(ChatDescriber::new(self.door.guard(model)))
    }

    /// What was sent last, so that both sides send the same.
    fn last_body(&self) -> Value {
        let mut calls = self.fake.calls(&self.caller);
        let requests = calls["requests"].as_array_mut().and_then(Vec::pop).unwrap_or_default();
        requests["body"].clone()
    }

    async fn converse(&self, body: &Value, photo: &Image) -> Outcome<()> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let tool = &body["toolConfig"]["tools"][0]["toolSpec"];
        let parts = body["messages"][0]["content"].as_array().cloned().unwrap_or_default();
        let parts = parts.iter().map(|part| match part.get("text") {
            Some(words) => ContentBlock::Text(text(words)),
            None => ContentBlock::Image(
                ImageBlock::builder()
                    .format(if photo.bytes().starts_with(b"\x89PNG") {
                        ImageFormat::Png
                    } else {
                        ImageFormat::Jpeg
                    })
                    .source(ImageSource::Bytes(Blob::new(photo.bytes().as_ref())))
                    .build()
                    .expect("format and source are set"),
            ),
        });
        let message =
            Message::builder().role(ConversationRole::User).set_content(Some(parts.collect())).build()?;
        let name = text(&tool["name"]);
        let choice = ToolChoice::Tool(SpecificToolChoice::builder().name(&name).build()?);
        let specification = ToolSpecification::builder()
            .name(name)
            .set_description(tool["description"].as_str().map(ToOwned::to_owned))
            .input_schema(ToolInputSchema::Json(document(&tool["inputSchema"]["json"])))
            .build()?;
        let tools =
            ToolConfiguration::builder().tools(Tool::ToolSpec(specification)).tool_choice(choice).build()?;
        let limits = &body["inferenceConfig"];
        let inference = InferenceConfiguration::builder()
            .set_max_tokens(limits["maxTokens"].as_i64().and_then(|tokens| tokens.try_into().ok()))
            .build();
        let reply = self
            .bare
            .converse()
            .model_id(CHAT)
            .system(SystemContentBlock::Text(text(&body["system"][0]["text"])))
            .messages(message)
            .inference_config(inference)
            .tool_config(tools)
            .send()
            .await?;
        let message = reply.output.as_ref().and_then(|output| output.as_message().ok());
        let used = message.is_some_and(|message| message.content.iter().any(ContentBlock::is_tool_use));
        if used { Ok(()) } else { Err("the bare SDK got no use of the tool".into()) }
    }

    async fn embed(&self, text: &str, photo: &Image) -> Outcome<()> {
        let body = json!({
            "inputText": text,
            "inputImage": STANDARD.encode(photo.bytes()),
            "embeddingConfig": {"outputEmbeddingLength": 1_024},
        });
        let reply: Value = serde_json::from_slice(&self.invoke(EMBEDDER, &body).await?)?;
        let numbers: Vec<f32> = serde_json::from_value(reply["embedding"].clone())?;
        if numbers.len() == 1_024 { Ok(()) } else { Err("the bare SDK got no vector".into()) }
    }

    async fn picture(&self, model: &str, body: &Value) -> Outcome<()> {
        let reply: Value = serde_json::from_slice(&self.invoke(model, body).await?)?;
        let bytes = STANDARD.decode(reply["images"][0].as_str().unwrap_or_default())?;
        if bytes.is_empty() { Err("the bare SDK got no picture".into()) } else { Ok(()) }
    }

    async fn invoke(&self, model: &str, body: &Value) -> Outcome<Vec<u8>> {
        let call = self.bare.invoke_model().model_id(model).content_type("application/json");
        let reply = call.accept("application/json").body(Blob::new(serde_json::to_vec(body)?)).send().await?;
        Ok(reply.body.into_inner())
    }
}

async fn describe(describer: &impl Describer, photo: &Image) -> Outcome<()> {
    describer.describe(DescribeRequest::new(photo.clone())).await?;
    Ok(())
}

/// One call each in turns, so that what else the machine does falls on both.
async fn compare<A, B>(name: &str, bare: impl Fn() -> A, ours: impl Fn() -> B) -> Outcome<bool>
where
    A: Future<Output = Outcome<()>>,
    B: Future<Output = Outcome<()>>,
{
    let (mut theirs, mut differences) = (Vec::new(), Vec::new());
    bare().await?;
    for _ in 0..PAIRS {
        let begin = Instant::now();
        bare().await?;
        let bare = begin.elapsed().as_secs_f64();
        let begin = Instant::now();
        ours().await?;
        theirs.push(bare);
        differences.push(begin.elapsed().as_secs_f64() - bare);
    }
    let (bare, more) = (median(theirs), median(differences));
    let holds = more <= (bare * MAX_SHARE).max(MAX_DIFFERENCE.as_secs_f64());
    println!(
        "  {name:<34} {:>8.3} ms {:>7.3} ms  {:>7.3} ms  {:.3}{}",
        bare * 1e3,
        (bare + more) * 1e3,
        more * 1e3,
        (bare + more) / bare,
        if holds { "" } else { "  above the bound of 5 % or 1 ms" }
    );
    Ok(holds)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The most that is allocated at a time while `call` runs, beside what was there before.
async fn peak(call: impl Future<Output = Outcome<()>>) -> Outcome<usize> {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    call.await?;
    Ok(MEMORY.peak_usage().saturating_sub(before))
}

fn holds(name: &str, picture: usize, bare: usize, ours: usize) -> bool {
    let mega = |bytes: usize| bytes as f64 / 1e6;
    let more = ours.saturating_sub(bare);
    let holds = more <= 2 * picture;
    println!(
        "  {name:<9} pictures {:.1} MB: bare SDK {:.1} MB, keyvisual {:.1} MB, {:.2} times the pictures more{}",
        mega(picture),
        mega(bare),
        mega(ours),
        more as f64 / picture as f64,
        if holds { "" } else { "  above the bound of twice the pictures" }
    );
    holds
}

async fn schedule(fake: &FakeBedrock) -> Outcome<bool> {
    let caller = caller();
    let bedrock = Bedrock::new(config_of(fake, &caller)).await?;
    let (chat, embedder) = (bedrock.chat(CHAT)?, bedrock.embedder(EMBEDDER)?);
    let rate = |card: &keyvisual::domain::Card| card.max_calls_per_minute.ok_or("the card says no rate");
    let (chat_rate, embed_rate) = (rate(chat.card())?, rate(embedder.card())?);
    fake.set_latency(&caller, json!({"converse": 20, "invoke": 10}));
    fake.set_limits(&caller, json!({CHAT: chat_rate, EMBEDDER: embed_rate}));
    let store = MemoryVectorStore::new();
    let pipeline = CampaignPipeline::builder()
        .with_chat_model(chat)
        .with_embedder(embedder)
        .with_vector_store(store)
        .with_prompt_writer(FakePromptWriter::new())
        .with_image_generator(FakeImageGenerator::new())
        .with_asset_store(MemoryAssetStore::new())
        .with_campaign_store(MemoryCampaignStore::new())
        .build()?;
    let items = (0..PICTURES).map(|number| {
        let [_, r, g, b] = number.to_be_bytes();
        let image = Picture::filled(PixelSize::new(80, 64), [r, g, b, 255]).encode(Encoding::Png)?;
        Ok(LibraryItem::new(format!("{number}.png"), image))
    });
    let items = items.collect::<keyvisual::Result<Vec<_>>>()?;

    let begin = Instant::now();
    let report = pipeline.library().index_list(items).await?;
    let measured = begin.elapsed();
    if report.indexed != u64::from(PICTURES) {
        return Err(format!("{report}: all were to be new").into());
    }
    let slower = f64::from(chat_rate.min(embed_rate));
    let paced = (f64::from(PICTURES) - (slower / 60.0).floor()) * 60.0 / slower;
    let ideal = Duration::from_secs_f64(paced) + Duration::from_millis(30);
    let ratio = measured.as_secs_f64() / ideal.as_secs_f64();
    let turned_away = fake.calls(&caller)["statuses"]["429"].as_u64().unwrap_or_default();
    let holds = (MIN_RATIO..=MAX_RATIO).contains(&ratio) && turned_away == 0;
    println!(
        "schedule: {PICTURES} pictures, {chat_rate} descriptions and {embed_rate} embeddings a minute: ideal {ideal:.2?}, \
         measured {measured:.2?}, ratio {ratio:.3}, {turned_away} calls turned away{}",
        if holds { "" } else { "  not within 0.95 to 1.05" }
    );
    Ok(holds)
}

fn config_of(fake: &FakeBedrock, caller: &str) -> BedrockConfig {
    BedrockConfig::new().with_region("us-west-2").with_keys(caller, SECRET, None).with_endpoint(fake.url())
}

/// A photograph of the sample library.
fn photo() -> Outcome<Image> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/library");
    let mut files =
        std::fs::read_dir(samples)?.map(|entry| Ok(entry?.path())).collect::<Outcome<Vec<_>>>()?;
    files.sort();
    Ok(Image::new(std::fs::read(files.first().ok_or("the sample library is empty")?)?)?)
}

/// A picture of a million pixels that no format makes smaller: 3 MB.
fn noise() -> Outcome<Image> {
    let mut random = fastrand::Rng::with_seed(7);
    let pixel = |_, _| [random.u8(..), random.u8(..), random.u8(..), 255];
    Ok(Picture::from_fn(PixelSize::new(1_000, 1_000), pixel).encode(Encoding::Png)?)
}

/// JSON as the SDK wants it.
fn document(value: &Value) -> Document {
    match value {
        Value::Null => Document::Null,
        Value::Bool(bool) => Document::Bool(*bool),
        Value::Number(number) => Document::Number(match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Number::PosInt(number),
            (_, Some(number)) => Number::NegInt(number),
            _ => Number::Float(number.as_f64().unwrap_or_default()),
        }),
        Value::String(text) => Document::String(text.clone()),
        Value::Array(values) => Document::Array(values.iter().map(document).collect()),
        Value::Object(fields) => {
            Document::Object(fields.iter().map(|(name, value)| (name.clone(), document(value))).collect())
        }
    }
}
