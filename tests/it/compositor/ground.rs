//! Products in a photograph, on ground that the caller points out.

use keyvisual::{
    ErrorKind,
    backends::local::Compositor,
    domain::{Archetype, Area, Extended, Image, PixelSize, PlacedPhoto, Side},
    imaging::Picture,
    roles::{GenerateRequest, Ground, GroundLine, ImageGenerator, Picture as Generated},
};

use super::{MAGENTA, decode, facts, generate, one_disc, png, request};

/// Where the floor of [`room`] begins.
const FLOOR: f32 = 0.62;
/// Where a product shall stand on it.
const ROW: f64 = 0.82;

/// A disc before a wall, and a floor with a row of dark paint where a product shall stand.
fn room() -> Image {
    png(&Picture::from_fn(PixelSize::new(600, 400), |x, y| {
        let (dx, dy) = (x as f32 - 150.0, y as f32 - 170.0);
        if dx.hypot(dy) < 60.0 {
            let [r, g, b] = MAGENTA;
            return [r - ((x / 3 + y / 3) % 2 * 24) as u8, g, b, 255];
        }
        match y as f32 / 400.0 {
            v if v < FLOOR => [206, 210, 206, 255],
            v if (v - ROW as f32).abs() < 0.006 => [20, 60, 30, 255],
            _ => [150, 170, 150, 255],
        }
    }))
}

/// A blue box on transparent ground.
fn blue_box(width: u32, height: u32) -> Image {
    png(&Picture::from_fn(PixelSize::new(width + 20, height + 20), |x, y| {
        let inside = (10..width + 10).contains(&x) && (10..height + 10).contains(&y);
        if inside { [40, 70, 190, 255] } else { [255, 255, 255, 0] }
    }))
}

fn in_the_room(size: (u32, u32)) -> GenerateRequest {
    request(size)
        .with_references(vec![room()])
        .with_products(vec![blue_box(300, 240)])
        .with_grounds(vec![Ground::new(0, ROW)])
        .with_count(16)
}

/// The comps in which the product stands in the room.
async fn standing(size: (u32, u32)) -> Vec<Generated> {
    let mut comps = generate(in_the_room(size)).await;
    comps.retain(|comp| facts(comp).products[0].ground == Some(0));
    assert!(!comps.is_empty(), "no product stands in the photograph at {size:?}");
    comps
}

/// A row of the photograph in shares of the comp.
fn row_on(photo: &PlacedPhoto, row: f32) -> f32 {
    let (above, below) = match photo.extended {
        Some(Extended { side: Side::Top, share }) => (share, 0.0),
        Some(Extended { side: Side::Bottom, share }) => (0.0, share),
        _ => (0.0, 0.0),
    };
    let inside = (row - photo.crop.y) / photo.crop.height;
    photo.area.y + (above + inside * (1.0 - above - below)) * photo.area.height
}

/// The columns of the comp that show the photograph itself, in shares.
fn columns(photo: &PlacedPhoto) -> (f32, f32) {
    let (before, after) = match photo.extended {
        Some(Extended { side: Side::Left, share }) => (share, 0.0),
        Some(Extended { side: Side::Right, share }) => (0.0, share),
        _ => (0.0, 0.0),
    };
    let Area { x, width, .. } = photo.area;
    (x + before * width, x + (1.0 - after) * width)
}

/// A column of the photograph well beside the product and its shadow, in shares of the comp.
fn column_beside(comp: &Generated) -> f32 {
    let (from, to) = columns(&facts(comp).photos[0]);
    let Area { x, width, .. } = facts(comp).products[0].area;
    if x - from > to - x - width { from + 0.02 } else { to - 0.02 }
}

/// The box of the disc in shares of the comp.
fn disc_on(photo: &PlacedPhoto) -> Area {
    let (from, to) = columns(photo);
    let column = |at: f32| from + (at - photo.crop.x) / photo.crop.width * (to - from);
    let (x, y) = (column(90.0 / 600.0), row_on(photo, 110.0 / 400.0));
    Area { x, y, width: column(210.0 / 600.0) - x, height: row_on(photo, 230.0 / 400.0) - y }
}

#[tokio::test]
async fn a_product_stands_on_the_row_that_is_given() {
    for size in [(600, 314), (400, 400), (360, 450), (270, 480)] {
        for comp in standing(size).await {
            let facts = facts(&comp);
            let (placed, picture) = (&facts.products[0], decode(&comp));
            let foot = (placed.area.y + placed.area.height) * size.1 as f32;
            let said = row_on(&facts.photos[0], ROW as f32) * size.1 as f32;
            assert!((foot - said).abs() <= 1.0, "{foot} instead of {said}: {facts:?}");
            assert!(matches!(facts.archetype, Archetype::FullBleed | Archetype::Split), "{facts:?}");
            assert!(comp.notes.iter().any(|note| note.contains("on the ground of reference 1")));
            // The painted row of the pixels, well beside the product and its shadow.
            let column = (column_beside(&comp) * size.0 as f32) as u32;
            let shade =
                |y: u32| picture.pixel(column, y).unwrap()[..3].iter().map(|v| u32::from(*v)).sum::<u32>();
            let photo = facts.photos[0].area;
            let rows = (photo.y * size.1 as f32) as u32..((photo.y + photo.height) * size.1 as f32) as u32;
            let darkest = rows.clone().map(shade).min().unwrap();
            let rows: Vec<u32> = rows.filter(|&y| shade(y) <= darkest + 40).collect();
            let middle = rows.iter().sum::<u32>() as f32 / rows.len().max(1) as f32 + 0.5;
            assert!((middle - foot).abs() <= 2.5, "painted at {middle}, foot at {foot}: {facts:?}");
        }
    }
}

#[tokio::test]
async fn a_product_leaves_the_subject_and_the_copy_free() {
    for size in [(600, 314), (400, 400), (360, 450), (270, 480)] {
        for comp in standing(size).await {
            let taken = facts(&comp).products[0].area;
            let disc = disc_on(&facts(&comp).photos[0]);
            let inside = disc.x >= 0.0 && disc.y >= 0.0 && disc.x + disc.width <= 1.0;
            assert!(inside, "the disc is cut: {:?}", facts(&comp));
            let across = (taken.x + taken.width).min(disc.x + disc.width) - taken.x.max(disc.x);
            let down = (taken.y + taken.height).min(disc.y + disc.height) - taken.y.max(disc.y);
            let hidden = across.max(0.0) * down.max(0.0) / (disc.width * disc.height);
            assert!(hidden < 0.2, "{hidden} of the disc is hidden: {:?}", facts(&comp));
            assert!(taken.x >= 0.0 && taken.x + taken.width <= 1.0 && taken.y >= 0.0, "{taken:?}");
            assert!(taken.height >= 0.06, "a speck: {taken:?}");
            let Some(copy) = comp.copy_space else { continue };
            let apart = copy.x + copy.width <= taken.x
                || taken.x + taken.width <= copy.x
                || copy.y + copy.height <= taken.y
                || taken.y + taken.height <= copy.y;
            assert!(apart, "copy at {copy:?}, product at {taken:?}");
        }
    }
}

#[tokio::test]
async fn a_product_darkens_the_ground_at_its_foot() {
    for comp in standing((600, 314)).await {
        let (picture, placed) = (decode(&comp), &facts(&comp).products[0]);
        let (left, right) = (placed.area.x * 600.0, (placed.area.x + placed.area.width) * 600.0);
        let foot = ((placed.area.y + placed.area.height) * 314.0).round() as u32;
        let mean = |from: f32, to: f32| {
            let row = (from as u32..to as u32).map(|x| f64::from(picture.pixel(x, foot + 2).unwrap()[1]));
            row.sum::<f64>() / f64::from(to as u32 - from as u32)
        };
        let beside = column_beside(&comp) * 600.0;
        let far = mean(beside - 5.0, beside + 5.0);
        let under = mean(left + 10.0, right - 10.0);
        assert!(under < far - 25.0, "{under} under the product, {far} beside it: {:?}", facts(&comp));
    }
}

#[tokio::test]
async fn a_product_stays_within_the_ends_of_its_ground() {
    let (from, to) = (0.42, 0.85);
    for size in [(600, 314), (400, 400), (360, 450), (270, 480)] {
        let line = GroundLine::new(ROW).between(from.into(), to.into());
        let mut comps = generate(in_the_room(size).with_grounds(vec![Ground::new(0, line)])).await;
        comps.retain(|comp| facts(comp).products[0].ground == Some(0));
        assert!(!comps.is_empty(), "no product stands in the photograph at {size:?}");
        for comp in comps {
            let (photo, placed) = (&facts(&comp).photos[0], facts(&comp).products[0].area);
            let (left, right) = columns(photo);
            let column = |at: f32| left + (at - photo.crop.x) / photo.crop.width * (right - left);
            let (from, to) = (column(from), column(to));
            assert!(placed.x >= from && placed.x + placed.width <= to, "{from} to {to}: {:?}", facts(&comp));
        }
    }
}

#[tokio::test]
async fn what_is_no_row_of_a_reference_is_an_error() {
    let cases = [
        (vec![Ground::new(0, f64::NAN)], "NaN"),
        (vec![Ground::new(0, -0.1)], "-0.1"),
        (vec![Ground::new(0, 1.01)], "1.01"),
        (vec![Ground::new(0, f64::INFINITY)], "reference 1"),
        (vec![Ground::new(1, 0.8)], "reference 2"),
        (vec![Ground::new(usize::MAX, 0.8)], "1 references"),
        (vec![Ground::new(0, 0.8), Ground::new(0, 0.9)], "two grounds"),
        (vec![Ground::new(0, GroundLine::new(0.8).between(0.7, 0.7))], "from 0.7 to 0.7"),
        (vec![Ground::new(0, GroundLine::new(0.8).between(0.2, 1.2))], "to 1.2"),
        (vec![Ground::new(0, GroundLine::new(0.8).between(f64::NAN, 1.0))], "NaN"),
    ];
    for (grounds, words) in cases {
        let request = in_the_room((300, 200)).with_grounds(grounds);
        let error = Compositor::new().generate(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(error.to_string().contains(words), "\"{words}\" is not in: {error}");
    }
}

#[tokio::test]
async fn a_ground_that_is_not_used_is_said() {
    let sticks = Picture::from_fn(PixelSize::new(200, 200), |x, y| {
        let on = (x + 20).abs_diff(y) < 9 && (20..180).contains(&y);
        if on { [40, 60, 160, 255] } else { [255, 255, 255, 0] }
    });
    let cases = [
        (request((400, 209)).with_products(vec![png(&sticks)]), ROW, "no cut-out that stands"),
        (request((400, 209)), ROW, "no cut-out that stands"),
        (request((728, 90)).with_products(vec![blue_box(120, 90)]), ROW, "a leaderboard is too low"),
        (request((400, 209)).with_products(vec![blue_box(120, 90)]), 0.01, "no crop to this size"),
    ];
    for (request, row, why) in cases {
        let request = request.with_references(one_disc()).with_grounds(vec![Ground::new(0, row)]);
        for comp in generate(request.with_count(2)).await {
            let said =
                comp.notes.iter().any(|note| note.contains("ground of reference 1") && note.contains(why));
            assert!(said, "{:?}", comp.notes);
            assert!(facts(&comp).products.iter().all(|placed| placed.ground.is_none()));
        }
    }
}

#[tokio::test]
async fn a_product_larger_than_the_canvas_is_made_to_fit() {
    let comps = generate(in_the_room((300, 200)).with_products(vec![blue_box(1400, 1700)])).await;
    let mut seen = 0;
    for placed in comps.iter().flat_map(|comp| &facts(comp).products).filter(|one| one.ground.is_some()) {
        seen += 1;
        assert!(placed.scale < 0.2 && placed.area.y >= 0.0 && placed.area.height <= 0.65, "{placed:?}");
    }
    assert!(seen > 0);
}
