//! The command line of a campaign.

use std::{path::PathBuf, str::FromStr};

use keyvisual::domain::PixelSize;

/// What goes in and where it comes out.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The brief, a JSON file; a product's `picture` is a path beside it.
    #[arg(long, value_name = "FILE", default_value_os_t = data("brief.json"))]
    pub(crate) brief: PathBuf,

    /// The folder of photographs (JPEG, PNG, WebP). Without captions, what a file says of itself and
    /// what can be measured has to do.
    #[arg(long, value_name = "DIR", default_value_os_t = data("library"))]
    pub(crate) photos: PathBuf,

    /// Where the library, the campaigns and the contact sheet go.
    #[arg(long, value_name = "DIR", default_value = "keyvisual-quickstart")]
    pub(crate) output: PathBuf,

    /// Pictures of each size; half of them show the product, if the brief has one.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=50))]
    pub(crate) pictures: u32,

    /// A size such as 1200x628, once or more; otherwise those of the brief's channels.
    #[arg(long = "size", value_name = "WxH")]
    pub(crate) sizes: Vec<Size>,

    /// The same seed makes the same pictures.
    #[arg(long, value_name = "N", default_value_t = 16)]
    pub(crate) seed: u64,
}

/// A width and a height in pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size(pub(crate) PixelSize);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split_once(['x', 'X'])
            .and_then(|(width, height)| Some(PixelSize::new(width.parse().ok()?, height.parse().ok()?)))
            .map(Self)
            .ok_or_else(|| "write it as WIDTHxHEIGHT in pixels, such as 1200x628".into())
    }
}

/// A file of the sample library.
pub(crate) fn data(file: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "examples", "data", file].iter().collect()
}
