//! What a comp takes: `cargo bench --bench comps`.
//!
//! One comp of 1200 x 628 from two photographs of 768 px and a product: decoded, read, planned, composed and written
//! as JPEG. CPU time of one thread, the least of several runs, for every layout that shows a product. Bound: 120 ms.
//!
//! Beside it the same tabletop in Python with numpy, OpenCV and scikit-image on one core, in the same run, if
//! `benches/peers/comps/` can be run: with `KEYVISUAL_PYTHON`, or else `python3`, as the interpreter. Bound: five
//! times as long with each step at full size, as a script is written; twice as long with the short cuts of this crate,
//! which look at less where less shows the same: decoding is as fast there, and OpenCV blurs and encodes in hand-written
//! SIMD.
//! Without these packages it says so and how to get them.
//!
//! It ends with an error when a bound is broken.

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    sync::LazyLock,
    time::Duration,
};

use keyvisual::{
    backends::local::Compositor,
    domain::{Archetype, Image, Palette, PixelSize},
    imaging::{self, Encoding, Interest, Limits, Picture},
    roles::{GenerateRequest, ImageGenerator},
};
use tokio::runtime::{Builder, Runtime};

type Outcome<T> = Result<T, Box<dyn Error>>;

const SIZE: PixelSize = PixelSize::new(1200, 628);
/// So small that only decoding, reading and planning take time.
const SMALL: PixelSize = PixelSize::new(122, 64);
const RUNS: u32 = 25;
const MAX_COMP: Duration = Duration::from_millis(120);
/// How many times as long as the tabletop here Python takes at least: at full size, and with the same short cuts.
const MIN_FASTER: [f64; 2] = [5.0, 2.0];

const PHOTOS: [&str; 2] = ["mountain-path-below-rocky-peaks.jpg", "red-railcar-on-steel-bridge.jpg"];
const PRODUCT: &str = "folded-striped-sweater-cutout.png";

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<bool> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    let photo = |file: &&str| picture(&data.join("library").join(file));
    let photos = PHOTOS.iter().map(photo).collect::<Outcome<Vec<_>>>()?;
    let product = picture(&data.join("products").join(PRODUCT))?;
    println!(
        "One comp of {SIZE} from two photographs and a product, CPU time of one thread, least of {RUNS} runs"
    );
    let request = GenerateRequest::new("a comp", SIZE)
        .with_references(photos.clone())
        .with_products(vec![product.clone()])
        .with_palette(Palette::default());

    let decoded = || photos.iter().chain([&product]).map(|image| imaging::decode(image, Limits::default()));
    let decode = least(|| decoded().collect::<Result<Vec<_>, _>>())?;
    let pictures: Vec<Picture> = decoded().collect::<Result<_, _>>()?;
    let read = least(|| pictures[..2].iter().map(Interest::of).collect::<Result<Vec<_>, _>>())?;
    let mut small = request.clone().with_seed(0);
    small.size = Some(SMALL);
    let plan = least(|| comp(&small))?.saturating_sub(decode + read);
    let (mut worst, mut tabletop) = (Duration::ZERO, Duration::ZERO);
    for (archetype, seed) in seeds(&request)? {
        let request = request.clone().with_seed(seed);
        let all = least(|| comp(&request))?;
        let (_, made) = comp(&request)?;
        let made = imaging::decode(&made, Limits::default())?;
        let encode = least(|| made.encode(Encoding::Jpeg { quality: 90 }))?;
        let compose = all.saturating_sub(decode + read + plan + encode);
        println!("  {archetype}, seed {seed}");
        for (stage, took) in [
            ("decode", decode),
            ("read interest", read),
            ("cut-out and plan", plan),
            ("compose", compose),
            ("encode", encode),
            ("all", all),
        ] {
            println!("    {stage:18} {:>7.1} ms", millis(took));
        }
        worst = worst.max(all);
        if archetype == Archetype::Tabletop {
            tabletop = all;
        }
    }
    let fits = worst <= MAX_COMP;
    println!("  bound {} ms: {}", MAX_COMP.as_millis(), if fits { "holds" } else { "BROKEN" });
    Ok(peers(&data, tabletop)? && fits)
}

fn picture(path: &Path) -> Outcome<Image> {
    Ok(Image::new(fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?)?)
}

/// The first seed of every layout in the deck; with this product there is a tabletop among them.
fn seeds(request: &GenerateRequest) -> Outcome<BTreeMap<Archetype, u64>> {
    let mut seeds = BTreeMap::new();
    for seed in 0..16 {
        seeds.entry(comp(&request.clone().with_seed(seed))?.0).or_insert(seed);
    }
    Ok(seeds)
}

/// Makes one comp. The thread it is made on stays, so that its CPU time does.
fn comp(request: &GenerateRequest) -> keyvisual::Result<(Archetype, Image)> {
    static RUNTIME: LazyLock<Option<Runtime>> = LazyLock::new(|| {
        Builder::new_current_thread().thread_keep_alive(Duration::from_secs(3600)).build().ok()
    });
    let runtime = RUNTIME.as_ref().ok_or_else(|| keyvisual::Error::invalid("there is no runtime"))?;
    let made = runtime.block_on(Compositor::new().generate(request.clone()))?.results.remove(0)?;
    let archetype = made.comp.map_or(Archetype::Panel, |comp| comp.archetype);
    Ok((archetype, made.image))
}

/// The least CPU time of several runs: what else the machine does makes the same work take longer, never shorter.
fn least<T, E: Into<Box<dyn Error>>>(mut work: impl FnMut() -> Result<T, E>) -> Outcome<Duration> {
    let mut least = Duration::MAX;
    for _ in 0..RUNS {
        let before = cpu();
        black_box(work().map_err(Into::into)?);
        least = least.min(cpu() - before);
    }
    Ok(least)
}

/// The CPU time of all threads of this process; the wall clock where the system does not tell.
fn cpu() -> Duration {
    // The system adds up a running thread's time only when it looks at it.
    std::thread::yield_now();
    let told = fs::read_dir("/proc/self/task").ok().map(|tasks| {
        let nanos = tasks.flatten().filter_map(|task| {
            let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanos.sum())
    });
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    told.unwrap_or_else(|| START.get_or_init(std::time::Instant::now).elapsed())
}

/// The same steps in Python; true when they could not be run.
fn peers(data: &Path, own: Duration) -> Outcome<bool> {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "benches", "peers", "comps"].iter().collect();
    let python = env::var("KEYVISUAL_PYTHON").unwrap_or_else(|_| "python3".into());
    let output = Command::new(&python)
        .arg(folder.join("comp.py"))
        .args(PHOTOS.map(|file| data.join("library").join(file)))
        .arg(data.join("products").join(PRODUCT))
        .output();
    let output = match output {
        Ok(output) if output.status.success() => output,
        other => {
            let why = other.map_or_else(
                |error| error.to_string(),
                |output| {
                    String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned()
                },
            );
            println!("Python beside it: not run with {python} ({why}).");
            println!(
                "  pip install -r benches/peers/comps/requirements.txt, and name the interpreter in KEYVISUAL_PYTHON"
            );
            return Ok(true);
        }
    };
    let text = String::from_utf8(output.stdout)?;
    println!("The same steps in Python, one core");
    print!("{text}");
    let all = text.lines().filter_map(|line| line.trim().strip_prefix("all")?.trim().strip_suffix(" ms"));
    let all = all.map(|all| all.trim().parse()).collect::<Result<Vec<f64>, _>>()?;
    let [full, short] = all[..] else { return Err("comp.py prints no two lines \"all\"".into()) };
    let mut good = true;
    for (way, all, least) in
        [("at full size", full, MIN_FASTER[0]), ("with the same short cuts", short, MIN_FASTER[1])]
    {
        let faster = all / millis(own);
        good &= faster >= least;
        let holds = if faster >= least { "holds" } else { "BROKEN" };
        println!("  {way}: {faster:.1} times the tabletop above, bound {least:.0}: {holds}");
    }
    Ok(good)
}

fn millis(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}
