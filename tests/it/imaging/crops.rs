//! Whether crops keep what the eye calls the subject, on the sample photographs.

use std::{collections::BTreeMap, fs, path::Path, sync::LazyLock};

use keyvisual::{
    domain::{Image, PixelSize},
    imaging::{self, Interest, Limits, Picture, Rect, Side},
};
use proptest::prelude::*;
use serde::Deserialize;

/// Link, square, portrait and story.
const FRAMES: [(u32, u32); 4] = [(1200, 628), (1080, 1080), (1080, 1350), (1080, 1920)];

/// A box drawn by eye as left, top, width and height in shares, and in it what no crop may lose.
#[derive(Deserialize)]
struct Drawn {
    r#box: [f32; 4],
    core: Option<[f32; 4]>,
    /// Where there are two subjects and one of them is enough, each of them; the box is round both.
    #[serde(default)]
    either: Vec<[f32; 4]>,
}

impl Drawn {
    /// The boxes of which a crop must keep one.
    fn wanted(&self) -> Vec<[f32; 4]> {
        if self.either.is_empty() { vec![self.r#box] } else { self.either.clone() }
    }
}

struct Sample {
    file: String,
    picture: Picture,
    interest: Interest,
    /// None where there is no single subject.
    drawn: Option<Drawn>,
}

static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/library");
    let drawn: BTreeMap<String, Option<Drawn>> =
        serde_json::from_str(include_str!("../data/subjects.json")).unwrap();
    let sample = |(file, drawn): (String, Option<Drawn>)| {
        let image = Image::new(fs::read(library.join(&file)).unwrap()).unwrap();
        let picture = imaging::decode(&image, Limits::default()).unwrap();
        Sample { interest: Interest::of(&picture).unwrap(), file, picture, drawn }
    };
    drawn.into_iter().map(sample).collect()
});

/// The share of a box inside a region.
fn kept(region: Rect, [x, y, width, height]: [f32; 4]) -> f32 {
    let across = (region.x + region.width).min(x + width) - region.x.max(x);
    let down = (region.y + region.height).min(y + height) - region.y.max(y);
    across.max(0.0) * down.max(0.0) / (width * height)
}

/// Whether a crop of this shape can hold the box at all.
fn fits(picture: PixelSize, frame: PixelSize, [_, _, width, height]: [f32; 4]) -> bool {
    let shape = (frame.ratio() / picture.ratio()) as f32;
    width <= shape.min(1.0) && height <= (1.0 / shape).min(1.0)
}

#[test]
fn crops_keep_the_subject_that_the_eye_sees() {
    let (mut all, mut could, mut did, mut wrong) = (Vec::new(), 0, 0, Vec::new());
    for sample in SAMPLES.iter() {
        let Some(drawn) = &sample.drawn else { continue };
        let mut row = format!("{:42}", sample.file);
        for (width, height) in FRAMES {
            let frame = PixelSize::new(width, height);
            let crop = sample.interest.crop(frame, None, 1);
            let wanted = drawn.wanted();
            let share = wanted.iter().map(|part| kept(crop.region, *part)).fold(0.0, f32::max);
            let core = drawn.core.map_or(1.0, |core| kept(crop.region, core));
            let fits = wanted.iter().any(|part| fits(sample.picture.size(), frame, *part));
            could += u32::from(fits);
            did += u32::from(fits && share >= 0.97);
            all.push(share);
            // An accepted crop may tighten a close-up, but not lose what it shows.
            if crop.accepted && drawn.core.map_or(share < 0.9, |_| core < 0.97) {
                wrong.push(format!("{} at {frame}", sample.file));
            }
            let mark = if fits { ' ' } else { '*' };
            let verdict = if crop.accepted { 'y' } else { 'n' };
            row += &format!("  {share:.2}{mark}{verdict} {core:.2}");
        }
        println!("{row}  conc {:.1}", sample.interest.concentration());
    }
    let mean = all.iter().sum::<f32>() / all.len() as f32;
    let rate = did as f32 / could as f32;
    println!(
        "subject kept {mean:.3} of {} crops; {did} of {could} that can keep it do: {rate:.3}",
        all.len()
    );
    assert!(wrong.is_empty(), "accepted, and the subject is cut: {wrong:?}");
    assert!(rate >= 0.90, "{rate}");
    assert!(mean >= 0.81, "{mean}");
}

#[test]
fn a_crop_may_cut_only_what_is_diffuse() {
    for sample in SAMPLES.iter() {
        let is_one = !sample.interest.is_diffuse();
        for (width, height) in FRAMES {
            for copy in [None, Some(Side::Left), Some(Side::Right), Some(Side::Top), Some(Side::Bottom)] {
                let framing = sample.interest.framing(PixelSize::new(width, height), copy, 5);
                if framing.accepted && is_one {
                    let whole = framing.kept >= 0.95 && framing.cut <= 0.20;
                    assert!(whole, "{} at {width}x{height}: {framing:?}", sample.file);
                }
            }
        }
    }
}

#[test]
fn enlarging_is_what_the_frame_asks_of_the_picture() {
    let sample = SAMPLES.iter().find(|sample| sample.file.starts_with("person-in-beanie")).unwrap();
    let (size, frame) = (sample.picture.size(), PixelSize::new(1080, 1080));
    let crop = sample.interest.crop(frame, None, 1);
    let used = crop.region.width * size.width as f32;
    assert!((crop.enlarging(size, frame) - 1080.0 / used).abs() < 0.02);
    assert!(crop.enlarging(size, PixelSize::new(64, 64)) < 1.0);
}

#[test]
fn only_a_smooth_edge_is_drawn_out() {
    let wall = SAMPLES.iter().find(|sample| sample.file.starts_with("black-bicycle")).unwrap();
    let story = wall.interest.framing(PixelSize::new(1080, 1920), None, 1);
    assert!(story.accepted && story.extension.is_some(), "a white wall goes on: {story:?}");
    for busy in ["forest-stream", "canal", "pink-cakes", "tabby-cat", "espresso"] {
        let sample = SAMPLES.iter().find(|sample| sample.file.starts_with(busy)).unwrap();
        let framing = sample.interest.framing(PixelSize::new(1200, 400), None, 1);
        assert_eq!(framing.extension, None, "{busy}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_frame_is_filled_exactly(
        which in 0..24_usize,
        width in 64..700_u32,
        ratio in 0.334..12.0_f32,
        copy in prop::sample::select(vec![None, Some(Side::Left), Some(Side::Right), Some(Side::Top), Some(Side::Bottom)]),
        seed in any::<u64>(),
    ) {
        let sample = &SAMPLES[which];
        let frame = PixelSize::new(width, ((width as f32 / ratio) as u32).clamp(8, 2000));
        let framing = sample.interest.framing(frame, copy, seed);
        let Rect { x, y, width, height, .. } = framing.region;
        prop_assert!(x >= 0.0 && y >= 0.0 && x + width <= 1.0001 && y + height <= 1.0001, "{framing:?}");
        prop_assert!(!framing.accepted || sample.interest.is_diffuse() || framing.kept >= 0.95, "{framing:?}");
        prop_assert_eq!(framing, sample.interest.framing(frame, copy, seed));
        prop_assert_eq!(framing.render(&sample.picture, frame).unwrap().size(), frame);
    }
}
