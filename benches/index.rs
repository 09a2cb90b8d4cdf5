//! What indexing costs beside the models: `cargo bench --bench index`.
//!
//! 1. *Schedule.* 500 pictures on a paused clock, with models that take 50 ms to describe, 20 ms to embed and 5 ms
//!    for every call to the vector store. The ideal is a pipeline whose slowest step is never idle: the
//!    latencies of all steps once, and `ceil(500 / places) * latency` for the slowest. Bound: 2 % above it.
//! 2. *Scheduling.* CPU time of this thread per picture with models that answer at once, less the CPU
//!    time of the same calls made one after another; the least of several runs. Bound: 3 times those calls
//!    in the same run, as both are slower on a slower machine.
//! 3. *Failures.* Every seventh description fails. Bound: exactly those pictures are missing.
//! 4. *Local backends.* Time per picture and step on the sample library; no bound.
//!
//! It ends with an error when a bound is broken.

use std::{error::Error, fs, hint::black_box, path::Path, process::ExitCode, sync::Arc, time::Duration};

use keyvisual::{
    CampaignPipeline, Error as KvError, ErrorKind, IndexReport, IndexSettings, LibraryItem,
    backends::local::{EmbeddedStore, FolderAssets, LexicalEmbedder, MeasuringDescriber},
    calls::Policy,
    domain::{Image, PixelSize, Record, Schema},
    imaging::{self, Encoding, Picture},
    roles::{
        AssetStore, Caption, CreateRequest, DescribeRequest, Describer, EmbedInput, EmbedRequest, Embedder,
        EmbedderCapabilities, GetRequest, Purpose, PutAssetRequest, UpsertRequest, VectorStore,
        VectorStoreCapabilities,
    },
    testing::{
        FakeDescriber, FakeEmbedder, FakeImageGenerator, FakePromptWriter, MemoryAssetStore,
        MemoryCampaignStore, MemoryVectorStore, Scripted, ScriptedDescriber,
    },
};
use tokio::{runtime::Builder, time::Instant};

type Outcome<T> = Result<T, Box<dyn Error>>;

const PICTURES: u32 = 500;
const DESCRIBE: Duration = Duration::from_millis(50);
const EMBED: Duration = Duration::from_millis(20);
const STORE: Duration = Duration::from_millis(5);

/// Rounds of the check on CPU time, and how many times they are run: what else the machine does makes the same
/// work take longer, never shorter.
const ROUNDS: u32 = 40;
const RUNS: u32 = 8;

const MAX_OVERHEAD: f64 = 1.02;
/// In CPU times of the calls alone.
const MAX_SCHEDULING: f64 = 3.0;

fn main() -> ExitCode {
    let checks = [schedule(), scheduling(), failures(), local()];
    let mut code = ExitCode::SUCCESS;
    for check in checks {
        match check {
            Ok(true) => {}
            Ok(false) => code = ExitCode::FAILURE,
            Err(error) => {
                eprintln!("error: {error}");
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}

fn images() -> Outcome<Vec<Image>> {
    let image = |number: u32| {
        let [_, r, g, b] = number.to_be_bytes();
        Ok(Picture::filled(PixelSize::new(8, 6), [r, g, b, 255]).encode(Encoding::Png)?)
    };
    (0..PICTURES).map(image).collect()
}

fn items(images: &[Image]) -> Vec<LibraryItem> {
    let item = |(number, image): (usize, &Image)| LibraryItem::new(format!("{number}.png"), image.clone());
    images.iter().enumerate().map(item).collect()
}

fn pipeline(
    describer: impl Describer,
    embedder: impl Embedder,
    store: impl VectorStore,
    assets: impl AssetStore,
) -> keyvisual::Result<CampaignPipeline> {
    CampaignPipeline::builder()
        .with_describer(describer)
        .with_embedder(embedder)
        .with_vector_store(store)
        .with_asset_store(assets)
        .with_policy(Policy::default().with_max_concurrency(64))
        .with_campaign_store(MemoryCampaignStore::new())
        .with_prompt_writer(FakePromptWriter::new())
        .with_image_generator(FakeImageGenerator::new())
        .build()
}

/// An embedder of one picture at a time, so that the ideal is easy to tell.
fn one_at_a_time() -> FakeEmbedder {
    let space = FakeEmbedder::new().capabilities().space.clone();
    FakeEmbedder::new().with_capabilities(EmbedderCapabilities::multimodal(space))
}

/// One step: how many calls at once, how long each, how many pictures a call.
struct Step(usize, Duration, usize);

/// The time of a pipeline whose slowest step is never idle, with `before` it begins.
fn ideal(before: Duration, steps: &[Step]) -> Duration {
    let once: Duration = steps.iter().map(|step| step.1).sum();
    let rounds = |step: &Step| {
        u32::try_from((PICTURES as usize).div_ceil(step.0 * step.2)).unwrap_or(u32::MAX).saturating_sub(1)
            * step.1
    };
    before + once + steps.iter().map(rounds).max().unwrap_or_default()
}

fn schedule() -> Outcome<bool> {
    println!("schedule: {PICTURES} pictures, describe 50 ms, embed 20 ms, vector store 5 ms a call");
    println!("  describe embed upsert records/call      ideal   measured  ratio");
    let mut good = true;
    for (describe, embed, upsert, batch) in
        [(8, 8, 4, 64), (4, 8, 4, 64), (32, 8, 4, 64), (16, 2, 4, 64), (16, 1, 1, 64), (32, 16, 1, 1)]
    {
        let runtime = Builder::new_current_thread().enable_all().start_paused(true).build()?;
        let measured = runtime.block_on(async {
            let store =
                MemoryVectorStore::new().with_capabilities(VectorStoreCapabilities::new(batch, 100, 64));
            let pipeline = pipeline(
                ScriptedDescriber::new().with_latency(DESCRIBE),
                Scripted::of(one_at_a_time()).with_latency(EMBED),
                Scripted::of(store).with_latency(STORE),
                MemoryAssetStore::new(),
            )?;
            let settings =
                IndexSettings::default().with_describe(describe).with_embed(embed).with_upsert(upsert);
            let started = Instant::now();
            let report = pipeline.library().with_settings(settings).index_list(items(&images()?)).await?;
            check_complete(&report, 0)?;
            Outcome::Ok(started.elapsed())
        })?;
        // The collection is made first; every picture is looked up, which takes as many calls as upserts.
        let step = Step(upsert, STORE, batch);
        let ideal = ideal(
            STORE,
            &[Step(upsert, STORE, batch), Step(describe, DESCRIBE, 1), Step(embed, EMBED, 1), step],
        );
        let ratio = measured.as_secs_f64() / ideal.as_secs_f64();
        let holds = ratio <= MAX_OVERHEAD;
        good &= holds;
        println!(
            "  {describe:>8} {embed:>5} {upsert:>6} {batch:>12} {:>7} ms {:>7} ms  {ratio:.3}{}",
            ideal.as_millis(),
            measured.as_millis(),
            if holds { "" } else { "  above the bound of 1.02" }
        );
    }
    Ok(good)
}

fn check_complete(report: &IndexReport, failed: usize) -> Outcome<()> {
    if report.indexed + failed as u64 == u64::from(PICTURES) && report.failed.len() == failed {
        return Ok(());
    }
    Err(format!("{report}: {failed} were to fail and all others to be new").into())
}

fn scheduling() -> Outcome<bool> {
    let runs = (0..RUNS).map(|_| scheduled()).collect::<Outcome<Vec<_>>>()?;
    let least = runs.into_iter().min_by_key(|(whole, alone)| whole.saturating_sub(*alone));
    let (whole, alone) = least.unwrap_or_default();
    let own = whole.saturating_sub(alone);
    let times = own.as_secs_f64() / alone.as_secs_f64();
    let holds = times <= MAX_SCHEDULING;
    println!(
        "scheduling: {own:.1?} a picture ({whole:.1?} in all), {times:.1} times the {alone:.1?} of the calls alone, the least of {RUNS} runs; bound {MAX_SCHEDULING}: {}",
        if holds { "holds" } else { "BROKEN" }
    );
    Ok(holds)
}

/// CPU time of a picture in a run, and of its calls made by hand.
fn scheduled() -> Outcome<(Duration, Duration)> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    // The system counts CPU time in ticks of some milliseconds: only the sum of many rounds means anything.
    let (mut whole, mut alone) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..ROUNDS {
        let (round, calls) = runtime.block_on(async {
            let images = images()?;
            let store = Arc::new(MemoryVectorStore::new());
            let fakes =
                pipeline(FakeDescriber::new(), one_at_a_time(), Arc::clone(&store), MemoryAssetStore::new())?;
            let library = fakes.library();
            library.count().await?;
            let items = items(&images);
            let before = cpu();
            let report = library.index_list(items).await?;
            let whole = cpu() - before;
            check_complete(&report, 0)?;
            let by_hand = by_hand(&images, records(&store, &images).await?).await?;
            Outcome::Ok((whole, by_hand))
        })?;
        whole += round;
        alone += calls;
    }
    let pictures = ROUNDS * PICTURES;
    Ok((whole / pictures, alone / pictures))
}

/// The CPU time of the calls that indexing makes, one after another.
async fn by_hand(images: &[Image], records: Vec<Record>) -> Outcome<Duration> {
    let (describer, embedder) = (FakeDescriber::new(), one_at_a_time());
    let (store, assets) = (MemoryVectorStore::new(), MemoryAssetStore::new());
    store.create(CreateRequest::new(embedder.capabilities().space.clone(), schema_of(&records))).await?;

    let before = cpu();
    for (image, record) in images.iter().zip(records) {
        imaging::probe(image.bytes())?;
        let id = image.hash().as_str().to_owned();
        store.get(GetRequest::new(vec![id.clone()])).await?;
        assets.put(PutAssetRequest::new(format!("images/{id}"), image.bytes().clone())).await?;
        let (described, embedded) =
            (format!("library/{id}/describe.json"), format!("library/{id}/embed.f32"));
        let reply = describer.describe(DescribeRequest::new(image.clone())).await?;
        assets.put(PutAssetRequest::new(&described, serde_json::to_vec(&reply)?)).await?;
        let input = EmbedInput::Both { text: reply.description, image: image.clone() };
        let vectors = embedder.embed(EmbedRequest::new(vec![input], Purpose::Index)).await?;
        assets.put(PutAssetRequest::new(&embedded, vec![0_u8; 4 * 32])).await?;
        black_box(vectors);
        store.upsert(UpsertRequest::new(vec![record])).await?;
    }
    Ok(cpu() - before)
}

/// A schema that takes the records; which fields may be filtered does not matter here.
fn schema_of(records: &[Record]) -> Schema {
    let fields = records.iter().flat_map(|record| &record.fields);
    fields.fold(Schema::new(), |schema, (name, value)| schema.with_stored(name, value.field_type()))
}

async fn records(store: &MemoryVectorStore, images: &[Image]) -> Outcome<Vec<Record>> {
    let mut records = Vec::new();
    for image in images {
        let reply = store.get(GetRequest::new(vec![image.hash().as_str().to_owned()])).await?;
        records.extend(reply.results.into_iter().flatten().flatten());
    }
    Ok(records)
}

fn failures() -> Outcome<bool> {
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build()?;
    let (failed, there) = runtime.block_on(async {
        let mut describer = ScriptedDescriber::new().with_latency(DESCRIBE);
        for call in 1..=PICTURES {
            describer = if call % 7 == 0 {
                describer.then_fail(KvError::new(ErrorKind::Blocked, "not this one"))
            } else {
                describer.then_answer()
            };
        }
        let pipeline =
            pipeline(describer, FakeEmbedder::new(), MemoryVectorStore::new(), MemoryAssetStore::new())?;
        let report = pipeline.library().index_list(items(&images()?)).await?;
        check_complete(&report, PICTURES as usize / 7)?;
        Outcome::Ok((report.failed.len(), pipeline.library().count().await?))
    })?;
    let holds = there + failed as u64 == u64::from(PICTURES);
    println!("failures: {failed} of {PICTURES} pictures failed, {there} are in the library");
    Ok(holds)
}

fn local() -> Outcome<bool> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/library");
    let mut images = Vec::new();
    for entry in fs::read_dir(&samples)? {
        images.push(Image::new(fs::read(entry?.path())?)?);
    }
    let folder = tempfile::tempdir()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    println!("local backends, {} pictures of the sample library, one call after another:", images.len());
    runtime.block_on(async {
        let describer = MeasuringDescriber::new();
        let assets = FolderAssets::open(folder.path().join("assets"))?;
        let embedder = LexicalEmbedder::new();
        let store = EmbeddedStore::open(folder.path().join("vectors")).await?;
        let count = u32::try_from(images.len())?;

        let started = std::time::Instant::now();
        for image in &images {
            assets
                .put(PutAssetRequest::new(format!("images/{}", image.hash()), image.bytes().clone()))
                .await?;
        }
        println!("  put      {:>8.2?}  (two syncs)", started.elapsed() / count);

        let started = std::time::Instant::now();
        let mut described = Vec::new();
        for image in &images {
            let request = DescribeRequest::new(image.clone()).with_caption(Caption::new("a sample"));
            described.push(describer.describe(request).await?);
        }
        println!("  describe {:>8.2?}", started.elapsed() / count);

        let started = std::time::Instant::now();
        for (image, reply) in images.iter().zip(described) {
            let input = EmbedInput::Both { text: reply.description, image: image.clone() };
            let embedded = embedder.embed(EmbedRequest::new(vec![input], Purpose::Index)).await?;
            embedded.results.into_iter().collect::<Result<Vec<_>, _>>()?;
        }
        println!("  embed    {:>8.2?}", started.elapsed() / count);

        let pipeline = pipeline(describer, embedder, store, assets)?;
        let items = images.iter().map(|image| LibraryItem::new("sample", image.clone())).collect();
        let started = std::time::Instant::now();
        let report = pipeline.library().index_list(items).await?;
        println!("  index    {:>8.2?}  (all steps: {report})", started.elapsed() / count);
        Ok(report.indexed == images.len() as u64)
    })
}

/// The CPU time of this thread so far; the wall clock where the system does not tell.
fn cpu() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.as_deref().and_then(|text| text.split(' ').next()?.parse().ok());
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    nanos.map_or_else(|| START.get_or_init(std::time::Instant::now).elapsed(), Duration::from_nanos)
}
