//! Comps made in process: exact sizes, the same bytes again, whole subjects, untouched products.

use keyvisual::{
    ErrorKind,
    backends::local::Compositor,
    domain::{Archetype, Color, CompFacts, Image, Palette, PhotoSource, PixelSize},
    imaging::{self, Encoding, Limits, Picture},
    roles::{GenerateRequest, ImageGenerator, Picture as Generated},
};

use crate::imaging::{input::palette_png, turned};

mod ground;
mod properties;

/// No other colour of these tests is near it, graded or not.
const MAGENTA: [u8; 3] = [230, 20, 200];

fn png(picture: &Picture) -> Image {
    picture.encode(Encoding::Png).unwrap()
}

/// A disc on a soft ground, its centre and radius in shares of width and height.
fn disc(size: PixelSize, x: f32, y: f32, radius: f32) -> Image {
    let (w, h) = (size.width as f32, size.height as f32);
    png(&Picture::from_fn(size, |px, py| {
        let (dx, dy) = (px as f32 - x * w, py as f32 - y * h);
        if dx.hypot(dy) < radius * h {
            let [r, g, b] = MAGENTA;
            // A little texture, as things in focus have.
            return [r - ((px / 3 + py / 3) % 2 * 24) as u8, g, b, 255];
        }
        let shade = (150.0 + 40.0 * py as f32 / h) as u8;
        [shade - 12, shade, shade - 6, 255]
    }))
}

fn is_magenta([r, g, b, _]: [u8; 4]) -> bool {
    r > 150 && g < 110 && b > 130 && i32::from(r) - i32::from(g) > 90
}

/// A box of fine noise on transparent ground.
fn noisy_product(width: u32, height: u32) -> (Picture, Image) {
    let mut rng = fastrand::Rng::with_seed(5);
    let product = Picture::from_fn(PixelSize::new(width + 20, height + 20), |x, y| {
        let inside = (10..width + 10).contains(&x) && (10..height + 10).contains(&y);
        if inside { [rng.u8(..), rng.u8(..), rng.u8(..), 255] } else { [255, 255, 255, 0] }
    });
    let image = png(&product);
    (product, image)
}

fn request(size: (u32, u32)) -> GenerateRequest {
    GenerateRequest::new("a disc", PixelSize::new(size.0, size.1)).with_seed(0)
}

fn one_disc() -> Vec<Image> {
    vec![disc(PixelSize::new(480, 320), 0.3, 0.55, 0.2)]
}

async fn generate(request: GenerateRequest) -> Vec<Generated> {
    let size = request.size.unwrap();
    let reply = Compositor::new().generate(request).await.unwrap();
    let pictures: Vec<Generated> = reply.results.into_iter().map(Result::unwrap).collect();
    for picture in &pictures {
        assert_eq!(imaging::probe(picture.image.bytes()).unwrap(), size);
        assert_eq!(picture.size, size);
    }
    pictures
}

fn decode(picture: &Generated) -> Picture {
    decode_image(&picture.image)
}

fn decode_image(image: &Image) -> Picture {
    imaging::decode(image, Limits::default()).unwrap()
}

/// The mean difference of two pictures of one size, in steps of 0 to 255.
fn difference(a: &Picture, b: &Picture) -> f64 {
    let sum: u64 = a
        .pixels()
        .iter()
        .flatten()
        .zip(b.pixels().iter().flatten())
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / (a.pixels().len() * 3) as f64
}

/// The luminance of WCAG 2.
fn luminance([r, g, b]: [u8; 3]) -> f64 {
    let linear = |step: u8| {
        let s = f64::from(step) / 255.0;
        if s <= 0.04045 { s / 12.92 } else { ((s + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

fn check_whole_disc(comp: &Generated) {
    let picture = decode(comp);
    let (mut count, mut x0, mut y0, mut x1, mut y1) = (0_u32, u32::MAX, u32::MAX, 0, 0);
    for (i, _) in picture.pixels().iter().enumerate().filter(|(_, pixel)| is_magenta(**pixel)) {
        let (x, y) = (i as u32 % comp.size.width, i as u32 / comp.size.width);
        (count, x0, y0, x1, y1) = (count + 1, x0.min(x), y0.min(y), x1.max(x + 1), y1.max(y + 1));
    }
    let (w, h) = (f64::from(x1) - f64::from(x0), f64::from(y1) - f64::from(y0));
    let case = format!("{} seed {:?}: {w} x {h}, {:?}", comp.size, comp.seed, comp.notes);
    assert!((w / h - 1.0).abs() < 0.08, "no disc any more at {case}");
    let filled = f64::from(count) / (w * h);
    assert!((0.72..0.86).contains(&filled), "filled {filled:.2} at {case}");
}

async fn check_refused(request: GenerateRequest, words: &[&str]) {
    let error = Compositor::new().generate(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    for word in words {
        assert!(error.to_string().contains(word), "\"{word}\" is not in: {error}");
    }
}

#[tokio::test]
async fn every_size_is_delivered_exactly() {
    for size in [(64, 64), (65, 64), (4096, 64), (64, 4096), (728, 90), (160, 600), (1200, 628), (999, 1777)]
    {
        let (_, product) = noisy_product(90, 70);
        generate(request(size).with_references(one_disc()).with_count(2)).await;
        generate(request(size).with_products(vec![product.clone()])).await;
        generate(request(size).with_references(one_disc()).with_products(vec![product])).await;
    }
}

#[tokio::test]
async fn the_largest_size_is_delivered() {
    generate(request((4096, 4096)).with_references(one_disc())).await;
}

#[tokio::test]
async fn the_same_seed_gives_the_same_bytes_in_any_company() {
    let request = request((300, 200)).with_references(one_disc());
    let three = generate(request.clone().with_seed(14).with_count(3)).await;
    for (place, seed) in [(0, 14), (1, 15), (2, 16)] {
        assert_eq!(three[place].seed, Some(seed));
        let alone = generate(request.clone().with_seed(seed)).await;
        assert_eq!(alone[0], three[place], "seed {seed}");
    }
}

/// Pixels of the sample library, a product and a palette go through every step here. When a change of the recipe makes
/// other pixels, write down what this test then says.
#[tokio::test]
async fn the_bytes_are_the_same_on_every_platform() {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    let file = |name: &str| Image::new(std::fs::read(data.join(name)).unwrap()).unwrap();
    let request = request((240, 126))
        .with_references(vec![
            file("library/brown-leather-chair-by-tall-windows.jpg"),
            file("library/mountain-path-below-rocky-peaks.jpg"),
        ])
        .with_palette(Palette::default());
    let products = vec![file("products/film-camera-cutout.png"), file("products/blue-scissors-cutout.png")];
    let mut hashes = Vec::new();
    for request in [request.clone(), request.with_products(products)] {
        for comp in generate(request.with_count(4)).await {
            let archetype = facts(&comp).archetype;
            hashes.push(format!("{archetype} {}", &comp.image.reference().hash.as_str()[..12]));
        }
    }
    assert_eq!(hashes, GOLDEN, "{hashes:#?}");
}

const GOLDEN: [&str; 8] = [
    "pair 0055c1869c57",
    "split 55c6e26c584f",
    "diagonal c298a1652251",
    "framed 5a8925a1b137",
    "split with a product 8f781cd338e2",
    "studio 83108cc403db",
    "split with a product cc7aa801dac1",
    "studio bd08a6a2635f",
];

#[tokio::test]
async fn different_seeds_look_different() {
    let comps = generate(request((300, 200)).with_references(one_disc()).with_count(5)).await;
    let comps: Vec<Picture> = comps.iter().map(decode).collect();
    for (i, a) in comps.iter().enumerate() {
        for (j, b) in comps.iter().enumerate().skip(i + 1) {
            let difference = difference(a, b);
            assert!(difference > 6.0, "seeds {i} and {j} differ by {difference:.1} of 255");
        }
    }
}

#[tokio::test]
async fn the_subject_is_never_cut() {
    for (x, y) in [(0.3, 0.55), (0.78, 0.4), (0.5, 0.7)] {
        for size in [(400, 209), (240, 300), (240, 240), (216, 384), (728, 90)] {
            let reference = disc(PixelSize::new(480, 320), x, y, 0.2);
            for comp in generate(request(size).with_references(vec![reference]).with_count(4)).await {
                check_whole_disc(&comp);
            }
        }
    }
}

#[tokio::test]
async fn a_tall_subject_makes_a_banners_tile_short() {
    let tall = disc(PixelSize::new(480, 320), 0.5, 0.5, 0.42);
    for size in [(728, 90), (970, 90), (160, 600)] {
        for comp in generate(request(size).with_references(vec![tall.clone()]).with_count(4)).await {
            check_whole_disc(&comp);
        }
    }
}

#[tokio::test]
async fn copy_space_is_free_and_as_legible_as_reported() {
    let palette = Palette {
        primary: Color::rgb(0x1f, 0x55, 0x66),
        dark: Color::rgb(0x12, 0x30, 0x3c),
        light: Color::rgb(0xee, 0xf4, 0xf2),
        accent: Color::rgb(0xe0, 0x98, 0x2e),
    };
    let (_, product) = noisy_product(90, 70);
    let with_product = request((600, 314)).with_products(vec![product]).with_count(3);
    let with_photo = request((600, 314)).with_references(one_disc()).with_count(5);
    let mut seen = 0;
    for request in [with_photo, with_product] {
        for comp in generate(request.with_palette(palette)).await {
            let picture = decode(&comp);
            let Some(space) = comp.copy_space else { continue };
            seen += 1;
            let at = |share: f32, side: u32| (share * side as f32).round() as u32;
            let (x, y) = (at(space.x, 600), at(space.y, 314));
            let (w, h) = (at(space.width, 600), at(space.height, 314));
            assert!(x + w <= 600 && y + h <= 314 && w * h > 600 * 314 / 20, "{space:?}");
            let mut ground = Vec::new();
            for (x, y) in (y..y + h).flat_map(|y| (x..x + w).map(move |x| (x, y))) {
                let pixel = picture.pixel(x, y).unwrap();
                assert!(!is_magenta(pixel), "the subject is in {space:?} of {:?}", comp.notes);
                ground.push(luminance([pixel[0], pixel[1], pixel[2]]));
            }
            ground.sort_by(f64::total_cmp);
            let text = luminance([space.text.r, space.text.g, space.text.b]);
            let ratio = |ground: f64| (text.max(ground) + 0.05) / (text.min(ground) + 0.05);
            let rank = |share: f64| ground[((ground.len() - 1) as f64 * share) as usize];
            let measured = ratio(rank(0.03)).min(ratio(rank(0.97)));
            let said = f64::from(space.contrast);
            assert!(said >= 3.0, "{said} in {:?}", comp.notes);
            assert!((measured - said).abs() < 0.12 * said, "{measured} is not {said} in {:?}", comp.notes);
        }
    }
    assert!(seen >= 6, "only {seen} of 8 comps have room for copy");
}

#[tokio::test]
async fn a_scrim_leaves_the_subject_as_it_is() {
    // Soft waves on which neither dark nor light text can be read, and a disc beside them.
    let waves = Picture::from_fn(PixelSize::new(480, 252), |x, y| {
        let (dx, dy) = (x as f32 - 370.0, y as f32 - 140.0);
        if dx.hypot(dy) < 56.0 {
            let [r, g, b] = MAGENTA;
            return [r - ((x / 3 + y / 3) % 2 * 24) as u8, g, b, 255];
        }
        let wave = ((x + y) % 120).abs_diff(60) as u8;
        [88 + wave, 92 + wave, 90 + wave, 255]
    });
    let request = request((480, 252)).with_references(vec![png(&waves)]).with_count(8);
    let compositor = Compositor::new().with_archetypes([Archetype::FullBleed]);
    let mut seen = 0;
    for comp in compositor.generate(request).await.unwrap().results.into_iter().map(Result::unwrap) {
        check_whole_disc(&comp);
        seen += u32::from(comp.copy_space.is_some_and(|space| space.scrim.is_some()));
    }
    assert!(seen > 0, "no comp has a scrim");
}

#[tokio::test]
async fn a_product_at_its_own_size_keeps_its_pixels() {
    // The studio gives a product 58 % of a square canvas: 348 of 600 pixels.
    let (product, image) = noisy_product(348, 260);
    let request = request((600, 600)).with_products(vec![image]);
    let reply = Compositor::new().with_encoding(Encoding::Png).generate(request).await.unwrap();
    let comp = decode(reply.results[0].as_ref().unwrap());
    let mark: Vec<_> = (0..12).map(|i| product.pixel(60 + i, 60)).collect();
    let place = (0..588 * 600_u32)
        .map(|i| (i % 588, i / 588))
        .find(|&(x, y)| (0..12).all(|i| comp.pixel(x + i, y) == mark[i as usize]));
    let (x, y) = place.expect("the product is not in the comp, pixel for pixel");
    for (px, py) in (16..254).flat_map(|py| (16..342).map(move |px| (px, py))) {
        assert_eq!(comp.pixel(x + px - 60, y + py - 60), product.pixel(px, py), "at {px}, {py}");
    }
}

fn facts(comp: &Generated) -> &CompFacts {
    comp.comp.as_ref().unwrap()
}

/// A view without a single subject: what may stand out of focus behind a table.
fn view() -> Image {
    let mut rng = fastrand::Rng::with_seed(3);
    let noise: Vec<u8> = (0..480 * 320).map(|_| rng.u8(..40)).collect();
    png(&Picture::from_fn(PixelSize::new(480, 320), |x, y| {
        let grain = noise[(y * 480 + x) as usize];
        [120 + grain, 140 + grain, 90 + grain, 255]
    }))
}

#[tokio::test]
async fn every_archetype_is_dealt() {
    use Archetype::*;
    let photos = vec![one_disc()[0].clone(), disc(PixelSize::new(480, 320), 0.5, 0.5, 0.2), view()];
    let (_, product) = noisy_product(120, 90);
    let cases = [
        ((400, 209), true, false, &[FullBleed, Split, Framed, Diagonal, Pair, Inset][..]),
        ((400, 209), true, true, &[Studio, SplitProduct, Tabletop]),
        ((240, 300), true, true, &[Studio, SplitProduct, Tabletop]),
        ((400, 209), false, true, &[Studio]),
        ((728, 90), true, true, &[Leaderboard]),
        ((300, 200), false, false, &[Panel]),
    ];
    for (size, with_photos, with_product, expected) in cases {
        let mut request = request(size).with_count(16);
        if with_photos {
            request = request.with_references(photos.clone());
        }
        if with_product {
            request = request.with_products(vec![product.clone()]);
        }
        let mut dealt: Vec<_> = generate(request).await.iter().map(|comp| facts(comp).archetype).collect();
        dealt.sort_unstable();
        dealt.dedup();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(dealt, expected, "at {size:?}");
    }
}

#[tokio::test]
async fn only_the_archetypes_that_are_asked_for_are_dealt() {
    let compositor = Compositor::new().with_archetypes([Archetype::FullBleed, Archetype::Split]);
    let ask = |size| request(size).with_references(one_disc()).with_count(16);
    let mut dealt = Vec::new();
    for comp in compositor.generate(ask((400, 209))).await.unwrap().results {
        dealt.push(facts(&comp.unwrap()).archetype);
    }
    dealt.sort_unstable();
    dealt.dedup();
    assert_eq!(dealt, [Archetype::FullBleed, Archetype::Split]);
    let error = compositor.generate(ask((728, 90))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    for words in ["full bleed, split", "728x90", "what can: leaderboard"] {
        assert!(error.to_string().contains(words), "\"{words}\" is not in: {error}");
    }
    let none = Compositor::new().with_archetypes([]).generate(ask((400, 209))).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::InvalidInput, "{none}");
}

#[tokio::test]
async fn a_photograph_of_few_pixels_gets_a_smaller_place() {
    let mut seen = Vec::new();
    for width in [110, 900] {
        let reference = disc(PixelSize::new(width, width * 2 / 3), 0.3, 0.55, 0.2);
        let (mut bleeds, mut place) = (0, 0.0_f32);
        for deck in 0..3 {
            let request = request((600, 314)).with_references(vec![reference.clone()]);
            for comp in generate(request.with_seed(16 * deck).with_count(3)).await {
                bleeds += u32::from(facts(&comp).archetype == Archetype::FullBleed);
                let photo = &facts(&comp).photos[0];
                place += photo.area.width * photo.area.height / 9.0;
            }
        }
        seen.push((bleeds, place));
    }
    let [few, many] = seen[..] else { unreachable!() };
    // Over the whole canvas 110 pixels would be enlarged more than four times.
    assert!(many.0 >= 2 && few.0 == 0, "full bleeds and mean place: {few:?} of 110 px, {many:?} of 900 px");
    assert!(few.1 < 0.9 * many.1, "{few:?}, {many:?}");
}

#[tokio::test]
async fn the_reply_tells_what_is_where() {
    let (_, product) = noisy_product(120, 90);
    let references = vec![one_disc()[0].clone(), view()];
    let request = request((400, 300)).with_references(references).with_products(vec![product]);
    for comp in generate(request.with_palette(Palette::default()).with_count(8)).await {
        let facts = facts(&comp);
        let inside = |area: keyvisual::domain::Area| {
            area.x >= 0.0 && area.y >= 0.0 && area.x + area.width <= 1.001 && area.y + area.height <= 1.001
        };
        for photo in &facts.photos {
            assert!(matches!(photo.source, PhotoSource::Reference(0 | 1)), "{facts:?}");
            assert!(inside(photo.area) && inside(photo.crop) && photo.enlarged > 0.1, "{facts:?}");
            assert!(facts.grade > 0.0, "{facts:?}");
        }
        let [placed] = &facts.products[..] else { panic!("{facts:?}") };
        assert_eq!(placed.product, 0);
        assert!(inside(placed.area) && placed.light.abs() >= 0.25, "{facts:?}");
        // The mask is black in the middle of the product and white everywhere outside its box.
        let mask = imaging::decode(comp.product_mask.as_ref().unwrap(), Limits::default()).unwrap();
        assert_eq!(mask.size(), comp.size);
        let (x0, y0) = ((placed.area.x * 400.0).round() as u32, (placed.area.y * 300.0).round() as u32);
        let (w, h) =
            ((placed.area.width * 400.0).round() as u32, (placed.area.height * 300.0).round() as u32);
        assert_eq!(mask.pixel(x0 + w / 2, y0 + h / 2), Some([0, 0, 0, 255]), "{facts:?}");
        for (i, pixel) in (0_u32..).zip(mask.pixels()) {
            let (x, y) = (i % 400, i / 400);
            let is_beside = x < x0 || y < y0 || x >= x0 + w || y >= y0 + h;
            assert!(!is_beside || pixel[0] == 255, "at {x}, {y} of {facts:?}");
        }
    }
}

#[tokio::test]
async fn a_scaled_product_keeps_its_color() {
    let color = [37, 142, 201, 255];
    let product = Picture::from_fn(PixelSize::new(700, 500), |x, y| {
        if (20..680).contains(&x) && (20..480).contains(&y) { color } else { [255, 255, 255, 0] }
    });
    for comp in generate_png(request((400, 209)).with_products(vec![png(&product)]).with_count(3)).await {
        let (picture, placed) = (decode(&comp), &facts(&comp).products[0]);
        assert!(placed.scale < 0.92, "{placed:?}");
        let edge = |share: f32, side: f32| (share * side).round() as u32;
        let (x, y) = (edge(placed.area.x, 400.0), edge(placed.area.y, 209.0));
        let (w, h) = (edge(placed.area.width, 400.0), edge(placed.area.height, 209.0));
        for (px, py) in (y + 6..y + h - 6).flat_map(|py| (x + 6..x + w - 6).map(move |px| (px, py))) {
            let pixel = picture.pixel(px, py).unwrap();
            let off = pixel.iter().zip(color).map(|(a, b)| a.abs_diff(b)).max().unwrap();
            assert!(off <= 1, "{pixel:?} at {px}, {py}");
        }
    }
}

async fn generate_png(request: GenerateRequest) -> Vec<Generated> {
    let reply = Compositor::new().with_encoding(Encoding::Png).generate(request).await.unwrap();
    reply.results.into_iter().map(Result::unwrap).collect()
}

#[tokio::test]
async fn other_campaign_seeds_look_different() {
    let references = vec![one_disc()[0].clone(), view()];
    let (_, product) = noisy_product(120, 90);
    for products in [vec![], vec![product]] {
        let mut comps = Vec::new();
        for deck in 0..4 {
            let request = request((300, 200)).with_references(references.clone());
            let request = request.with_products(products.clone()).with_seed(16 * deck).with_count(4);
            comps.push(generate(request).await.iter().map(decode).collect::<Vec<_>>());
        }
        for (i, a) in comps.iter().enumerate() {
            for (j, b) in comps.iter().enumerate().skip(i + 1) {
                let far = a.iter().zip(b).filter(|(a, b)| perceived_difference(a, b) > 0.04).count();
                assert!(far >= 2, "of four comps of seeds {} and {} only {far} differ", 16 * i, 16 * j);
            }
        }
    }
}

/// The mean distance in a rough opponent space (luma and two colour differences, 0 to 1) of pictures made so small
/// that only what is seen at a glance is left.
fn perceived_difference(a: &Picture, b: &Picture) -> f64 {
    const CELLS: u32 = 12;
    let cell = |picture: &Picture, i: u32, j: u32| {
        let size = picture.size();
        let (w, h) = (size.width / CELLS, size.height / CELLS);
        let mut sum = [0.0; 3];
        for (x, y) in (0..h).flat_map(|y| (0..w).map(move |x| (i * w + x, j * h + y))) {
            let [r, g, b, _] = picture.pixel(x, y).unwrap().map(|step| f64::from(step) / 255.0);
            let luma = 0.299 * r + 0.587 * g + 0.114 * b;
            for (sum, value) in sum.iter_mut().zip([luma, b - luma, r - luma]) {
                *sum += value / f64::from(w * h);
            }
        }
        sum
    };
    let cells = (0..CELLS).flat_map(|j| (0..CELLS).map(move |i| (i, j)));
    let off = cells.map(|(i, j)| {
        let (a, b) = (cell(a, i, j), cell(b, i, j));
        a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
    });
    off.sum::<f64>() / f64::from(CELLS * CELLS)
}

#[tokio::test]
async fn pictures_of_any_shape_and_a_palette_of_one_color_do() {
    let grey = Color::rgb(128, 128, 128);
    let one = Palette { primary: grey, dark: grey, light: grey, accent: grey };
    let dot = png(&Picture::filled(PixelSize::new(1, 1), [200, 30, 30, 255]));
    let line = png(&Picture::filled(PixelSize::new(1, 4000), [30, 30, 200, 255]));
    let (_, large) = noisy_product(1400, 900);
    let (_, thread) = noisy_product(900, 12);
    for size in [(64, 64), (300, 200), (120, 360), (768, 64)] {
        for products in [vec![], vec![large.clone()], vec![thread.clone()]] {
            let request =
                request(size).with_references(vec![dot.clone(), line.clone()]).with_products(products);
            generate(request.with_palette(one).with_count(4)).await;
        }
        for comp in generate(request(size).with_palette(one).with_count(2)).await {
            assert!(comp.notes.iter().any(|note| note.contains("no picture")), "{:?}", comp.notes);
            assert!(comp.copy_space.unwrap().contrast >= 4.0);
        }
    }
}

#[tokio::test]
async fn a_banner_shows_a_tile_and_a_panel() {
    for comp in generate(request((728, 90)).with_references(one_disc()).with_count(3)).await {
        let picture = decode(&comp);
        // A column of panel hardly varies; the tile takes 2.9 heights and its slanted edge.
        let flat = |x: u32| {
            let column = (0..90).map(|y| i32::from(picture.pixel(x, y).unwrap()[1]));
            column.clone().max().unwrap() - column.min().unwrap() < 24
        };
        let panel = (0..728).filter(|&x| flat(x)).count();
        assert!(panel > 400, "{panel} of 728 columns are panel");
        let space = comp.copy_space.unwrap();
        assert!(space.width > 0.5 && space.contrast >= 4.5, "{space:?}");
    }
}

#[tokio::test]
async fn a_product_with_its_ground_is_taken_as_a_photograph() {
    let packshot = png(&Picture::filled(PixelSize::new(200, 150), [240, 240, 240, 255]));
    let comps = generate(request((300, 200)).with_products(vec![packshot])).await;
    assert!(comps[0].notes.iter().any(|note| note.contains("no cut-out")), "{:?}", comps[0].notes);
}

#[tokio::test]
async fn every_kind_of_picture_is_taken() {
    use image::{DynamicImage, ImageFormat, buffer::ConvertBuffer};
    let rgb = image::RgbImage::from_fn(90, 60, |x, y| image::Rgb([(x * 2) as u8, (y * 4) as u8, 90]));
    let grey: image::GrayImage = rgb.convert();
    let deep: image::ImageBuffer<image::Rgba<u16>, Vec<u16>> = rgb.convert();
    let file = |picture: DynamicImage, format: ImageFormat| {
        let mut out = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut out, format).unwrap();
        Image::new(out.into_inner()).unwrap()
    };
    let references = vec![
        file(grey.clone().into(), ImageFormat::Png),
        file(grey.into(), ImageFormat::Jpeg),
        file(deep.into(), ImageFormat::Png),
        file(rgb.into(), ImageFormat::WebP),
        png(&Picture::filled(PixelSize::new(80, 80), [0, 0, 0, 0])),
        png(&Picture::filled(PixelSize::new(1, 1), [9, 9, 9, 255])),
        png(&Picture::filled(PixelSize::new(900, 2), [9, 200, 9, 255])),
        Image::new(include_bytes!("data/cmyk.jpg").as_slice()).unwrap(),
        Image::new(palette_png()).unwrap(),
    ];
    for reference in references {
        generate(request((200, 120)).with_references(vec![reference]).with_count(3)).await;
    }
}

#[tokio::test]
async fn a_photograph_that_was_taken_on_its_side_stands_upright() {
    let stored = decode_image(&one_disc()[0]).encode(Encoding::Jpeg { quality: 90 }).unwrap();
    let pixels = decode_image(&stored);
    let (width, height) = (pixels.size().width, pixels.size().height);
    // Orientation 6: what is stored is to be turned clockwise.
    let upright =
        Picture::from_fn(PixelSize::new(height, width), |x, y| pixels.pixel(y, height - 1 - x).unwrap());
    let files = [Image::new(turned(&stored, 6)).unwrap(), png(&upright)];
    let [turned, upright] = files.map(|file| request((240, 300)).with_references(vec![file]).with_count(4));
    for (a, b) in generate(turned).await.iter().zip(generate(upright).await) {
        assert_eq!((a.image.bytes(), &a.notes), (b.image.bytes(), &b.notes));
    }
}

/// A comp of one reference in each of the layouts that four seeds deal, by the colour of its middle.
async fn middle_of(reference: Image) -> [u8; 4] {
    let comps = generate(request((240, 126)).with_references(vec![reference]).with_count(4)).await;
    let comp = &comps[0];
    let photo = facts(comp).photos[0].area;
    let (x, y) = ((photo.x + photo.width / 2.0) * 240.0, (photo.y + photo.height / 2.0) * 126.0);
    decode(comp).pixel(x as u32, y as u32).unwrap()
}

#[tokio::test]
async fn a_profile_reaches_the_comp() {
    use image::ImageEncoder;
    let with_profile = |profile: Option<moxcms::ColorProfile>| {
        let mut out = Vec::new();
        let mut encoder = image::codecs::png::PngEncoder::new(&mut out);
        if let Some(profile) = profile {
            encoder.set_icc_profile(profile.encode().unwrap()).unwrap();
        }
        let pixels = [100, 180, 90].repeat(120 * 80);
        encoder.write_image(&pixels, 120, 80, image::ExtendedColorType::Rgb8).unwrap();
        Image::new(out).unwrap()
    };
    // Worked out by hand from the matrices: Adobe RGB (100, 180, 90) lies at (0, 181, 83) in sRGB.
    let profiles = [
        (None, [100, 180, 90]),
        (Some(moxcms::ColorProfile::new_adobe_rgb()), [0, 181, 83]),
        (Some(moxcms::ColorProfile::new_display_p3()), [65, 182, 79]),
    ];
    for (profile, expected) in profiles {
        let found = middle_of(with_profile(profile)).await;
        let off = found.iter().zip(expected).map(|(a, b)| a.abs_diff(b)).max().unwrap();
        assert!(off <= 14, "{found:?} instead of {expected:?}");
    }
}

#[tokio::test]
async fn broken_and_missing_pictures_are_named() {
    let whole = one_disc()[0].clone();
    let half = Image::new(whole.bytes().slice(..whole.bytes().len() / 2)).unwrap();
    let empty = png(&Picture::filled(PixelSize::new(80, 80), [0, 0, 0, 0]));
    check_refused(request((300, 200)).with_references(vec![whole, half]), &["cut off", "reference 2"]).await;
    check_refused(request((300, 200)).with_products(vec![empty]), &["transparent", "product 1"]).await;
}

#[tokio::test]
async fn sizes_beyond_the_limits_are_unsupported() {
    for size in [(63, 200), (200, 4097)] {
        let error = Compositor::new().generate(request(size).with_references(one_disc())).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    }
}
