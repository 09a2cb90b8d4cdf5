//! What holds for any size, any seed and any picture of the sample library.

use std::{fs, path::Path, sync::LazyLock};

use keyvisual::{
    ErrorKind,
    backends::local::Compositor,
    domain::{Archetype, Area, Image, Palette, PhotoSource, PixelSize, PlacedProduct},
    imaging::{self, Encoding, Interest, Limits, Picture},
    roles::{GenerateRequest, Ground, ImageGenerator, Picture as Generated},
};
use proptest::prelude::*;

use super::{decode, facts, noisy_product};

/// The share of a subject's box that a comp must show, where there is a single subject: boxes have empty corners, so
/// that a crop that keeps the subject may lose some of them.
const SHOWN: f32 = 0.6;

/// The photographs of the sample library and what is known of them.
static PHOTOS: LazyLock<Vec<(Image, Interest)>> = LazyLock::new(|| {
    let read = |image: Image| {
        let picture = imaging::decode(&image, Limits::default()).unwrap();
        (image, Interest::of(&picture).unwrap())
    };
    files("library", "jpg").into_iter().map(read).collect()
});

static CUTOUTS: LazyLock<Vec<Image>> = LazyLock::new(|| files("products", "png"));

fn files(folder: &str, extension: &str) -> Vec<Image> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data").join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    paths.into_iter().map(|path| Image::new(fs::read(path).unwrap()).unwrap()).collect()
}

/// A product of the sample library, or a noisy box this wide in shares of the canvas.
#[derive(Clone, Copy, Debug)]
enum Product {
    Sample(usize),
    Noise(f32),
}

#[derive(Clone, Debug)]
struct Case {
    size: (u32, u32),
    seed: u32,
    photos: Vec<usize>,
    product: Option<Product>,
    /// The row of the first photograph that a product may stand on.
    row: Option<f64>,
    palette: bool,
    archetype: Option<Archetype>,
}

/// Sides of 64 to 4096 pixels and ratios of 1:3 to 12:1; most of them small, so that the test stays quick.
fn size() -> impl Strategy<Value = (u32, u32)> {
    let area = prop_oneof![30 => 70.0..350.0_f32, 1 => 350.0..1300.0_f32];
    // Ratios are drawn by their logarithm, so that there are as many upright as wide ones.
    (area, -1.0986..2.4849_f32).prop_map(|(side, ratio)| {
        let root = (ratio / 2.0).exp();
        let at = |pixels: f32| (pixels.round() as u32).clamp(64, 4096);
        let (width, height) = (at(side * root), at(side / root));
        (width.min(height * 12), height.min(width * 3))
    })
}

fn archetype() -> impl Strategy<Value = Archetype> {
    use Archetype::*;
    prop::sample::select(vec![
        FullBleed,
        Split,
        Framed,
        Diagonal,
        Studio,
        Tabletop,
        SplitProduct,
        Pair,
        Inset,
        Leaderboard,
        Panel,
    ])
}

fn case() -> impl Strategy<Value = Case> {
    let product =
        prop_oneof![(0..3_usize).prop_map(Product::Sample), (0.2..0.6_f32).prop_map(Product::Noise)];
    let photos = prop::collection::vec(0..24_usize, 0..3);
    let row = prop::option::of(0.0..=1.0_f64);
    let given = (photos, prop::option::of(product), row, any::<bool>());
    (size(), any::<u32>(), given, prop::option::of(archetype())).prop_map(
        |(size, seed, (photos, product, row, palette), archetype)| Case {
            size,
            seed,
            photos,
            product,
            row,
            palette,
            archetype,
        },
    )
}

fn request(case: &Case) -> (GenerateRequest, Option<Picture>) {
    let (width, height) = case.size;
    let mut request = GenerateRequest::new("", PixelSize::new(width, height)).with_prompt("a comp");
    request = request.with_seed(case.seed.into());
    request = request.with_references(case.photos.iter().map(|&i| PHOTOS[i].0.clone()).collect());
    let mut noise = None;
    match case.product {
        None => {}
        Some(Product::Sample(i)) => request = request.with_products(vec![CUTOUTS[i].clone()]),
        Some(Product::Noise(share)) => {
            let side = ((share * width as f32) as u32).max(12);
            let (picture, image) = noisy_product(side, side * 3 / 4);
            noise = Some(picture);
            request = request.with_products(vec![image]);
        }
    }
    if let Some(row) = case.row.filter(|_| !case.photos.is_empty()) {
        request = request.with_grounds(vec![Ground::new(0, row)]);
    }
    let request = if case.palette { request.with_palette(Palette::default()) } else { request };
    (request, noise)
}

fn shared(a: Area, b: Area) -> f32 {
    let across = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
    let down = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
    across.max(0.0) * down.max(0.0)
}

fn is_inside(Area { x, y, width, height }: Area) -> bool {
    x >= -1e-4 && y >= -1e-4 && x + width <= 1.0001 && y + height <= 1.0001 && width > 0.0 && height > 0.0
}

/// Whether the inner pixels of a product stand on the comp unchanged, where its box says or up to four pixels beside,
/// which its smoothed edge may have lost.
fn is_exact(comp: &Picture, product: &Picture, placed: &PlacedProduct) -> bool {
    let size = comp.size();
    let (x, y) = (placed.area.x * size.width as f32, placed.area.y * size.height as f32);
    let (x, y) = (x.round() as i64, y.round() as i64);
    let (w, h) = (i64::from(product.size().width), i64::from(product.size().height));
    let inner = move || (18..h - 18).flat_map(move |py| (18..w - 18).map(move |px| (px, py)));
    let at =
        |picture: &Picture, x: i64, y: i64| picture.pixel(u32::try_from(x).ok()?, u32::try_from(y).ok()?);
    let offsets = (8..=14).flat_map(|dy| (8..=14).map(move |dx| (dx, dy)));
    offsets
        .into_iter()
        .any(|(dx, dy)| inner().all(|(px, py)| at(comp, x + px - dx, y + py - dy) == at(product, px, py)))
}

fn check(case: &Case, comp: &Generated, noise: Option<&Picture>) -> Result<(), TestCaseError> {
    let (facts, size) = (facts(comp), PixelSize::new(case.size.0, case.size.1));
    prop_assert_eq!(imaging::probe(comp.image.bytes()).unwrap(), size);
    for photo in &facts.photos {
        prop_assert!(is_inside(photo.area) && is_inside(photo.crop), "{:?}", photo);
        let PhotoSource::Reference(place) = photo.source else { continue };
        let interest = &PHOTOS[case.photos[place]].1;
        let subject = interest.subject();
        let subject = Area { x: subject.x, y: subject.y, width: subject.width, height: subject.height };
        let shown = shared(subject, photo.crop) / (subject.width * subject.height);
        // The tile of a leaderboard is cut where no length of it holds the subject.
        let whole = interest.is_diffuse() || shown >= SHOWN || facts.archetype == Archetype::Leaderboard;
        prop_assert!(whole, "{} of the subject is shown: {:?}", shown, photo);
    }
    for placed in &facts.products {
        let (taken, canvas) = (placed.area, Area { x: 0.0, y: 0.0, width: 1.0, height: 1.0 });
        prop_assert!(shared(taken, canvas) >= 0.98 * taken.width * taken.height, "{:?}", placed);
        prop_assert_eq!(
            placed.ground.is_some(),
            facts.archetype == Archetype::FullBleed || facts.archetype == Archetype::Split
        );
        if let Some(noise) = noise.filter(|_| placed.scale == 1.0 && placed.degrees == 0.0) {
            prop_assert!(is_exact(&decode(comp), noise, placed), "its pixels are not its own: {:?}", placed);
        }
    }
    prop_assert_eq!(comp.product_mask.is_some(), !facts.products.is_empty());
    if let Some(copy) = comp.copy_space {
        let area = Area { x: copy.x, y: copy.y, width: copy.width, height: copy.height };
        prop_assert!(is_inside(area) && copy.contrast >= 3.0, "{:?}", copy);
        let short = size.width.min(size.height) as f32;
        let margins = [copy.x, 1.0 - copy.x - copy.width].map(|share| share * size.width as f32);
        prop_assert!(margins.iter().all(|margin| *margin >= 0.01 * short), "{:?}", copy);
        for placed in &facts.products {
            prop_assert!(shared(area, placed.area) < 1e-4, "copy at {:?} over {:?}", copy, placed);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, max_shrink_iters: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_size_and_seed_make_a_comp_that_is_as_it_says(case in case()) {
        let (request, noise) = request(&case);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut compositor = Compositor::new().with_encoding(Encoding::Png);
        if let Some(archetype) = case.archetype {
            compositor = compositor.with_archetypes([archetype]);
        }
        let reply = match runtime.block_on(compositor.generate(request)) {
            Err(error) if case.archetype.is_some() && error.kind() == ErrorKind::InvalidInput => return Ok(()),
            reply => reply.unwrap(),
        };
        for comp in reply.results {
            let comp = comp.unwrap();
            prop_assert!(case.archetype.is_none_or(|asked| facts(&comp).archetype == asked), "{:?}", comp.comp);
            check(&case, &comp, noise.as_ref()).map_err(|error| {
                let about = format!("{error}\n{:?}\n{:?}", comp.comp, comp.notes);
                TestCaseError::fail(about)
            })?;
        }
    }
}
