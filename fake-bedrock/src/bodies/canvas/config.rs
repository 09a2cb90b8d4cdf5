//! `imageGenerationConfig`: size, count, quality, seed.

use keyvisual::domain::PixelSize;
use serde_json::Value;

use crate::refusal::{Refusal, Result};

/// The schema says less than this many pixels, the overview lists exactly 2048 x 2048: both are taken.
const MAX_PIXELS: u64 = 4_194_304;

/// The sizes of Titan Image v2.
const TITAN_SIZES: &[(u32, u32)] = &[
    (1024, 1024),
    (768, 768),
    (512, 512),
    (768, 1152),
    (384, 576),
    (1152, 768),
    (576, 384),
    (768, 1280),
    (384, 640),
    (1280, 768),
    (640, 384),
    (896, 1152),
    (448, 576),
    (1152, 896),
    (576, 448),
    (768, 1408),
    (384, 704),
    (1408, 768),
    (704, 384),
    (640, 1408),
    (320, 704),
    (1408, 640),
    (704, 320),
    (1152, 640),
    (1173, 640),
];

/// What holds for any task.
#[derive(Debug)]
pub(super) struct Config {
    pub(super) size: PixelSize,
    pub(super) count: u64,
    pub(super) premium: bool,
    pub(super) seed: u64,
}

impl Config {
    pub(super) fn read(body: &Value, titan: bool) -> Result<Self> {
        let config = &body["imageGenerationConfig"];
        let side = |name: &str| config[name].as_u64().unwrap_or(1_024) as u32;
        let size = PixelSize::new(side("width"), side("height"));
        check(size, titan)?;
        Ok(Self {
            size,
            count: config["numberOfImages"].as_u64().unwrap_or(1),
            premium: config["quality"] == "premium",
            seed: config["seed"].as_u64().unwrap_or(if titan { 42 } else { 12 }),
        })
    }

    pub(super) fn is_large(&self) -> bool {
        self.size.area() > 1_024 * 1_024
    }
}

fn check(size: PixelSize, titan: bool) -> Result<()> {
    if titan {
        let known = TITAN_SIZES.contains(&(size.width, size.height));
        return if known { Ok(()) } else { refuse(size, "is not one of the supported sizes") };
    }
    let (short, long) = (size.width.min(size.height), size.width.max(size.height));
    if long > 4 * short {
        return refuse(size, "must have an aspect ratio between 1:4 and 4:1");
    }
    if size.area() > MAX_PIXELS {
        return refuse(size, "must have at most 4194304 pixels");
    }
    Ok(())
}

fn refuse(size: PixelSize, what: &str) -> Result<()> {
    let (width, height) = (size.width, size.height);
    Err(Refusal::validation(format!(
        "Invalid imageGenerationConfig: width {width} and height {height} {what}."
    )))
}
