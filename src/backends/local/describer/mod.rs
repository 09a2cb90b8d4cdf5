//! Describes a picture by what its file says and what can be measured.

mod exif;
mod iptc;
mod metadata;
mod text;
mod told;
mod words;
mod xmp;

use async_trait::async_trait;

use self::told::Words;
use super::blocking::blocking;
use crate::{
    domain::{Card, Image},
    error::Result,
    imaging::{self, Limits, measure::Measured},
    roles::{Caption, DescribeReply, DescribeRequest, Describer, DescriberCapabilities},
};

/// Describes a picture by the words it carries and by what can be measured. It recognises nothing.
///
/// Words come from the caption of the request, then from XMP (`dc:description`, else the alternative
/// text; `dc:title`, `dc:subject`), IPTC-IIM (2:120, 2:105, 2:25; JPEG only) and EXIF (`ImageDescription`).
/// The first caption there is wins, a title stands in for a missing one, and keywords of all are kept: at
/// most 2 000 characters and 64 keywords, without control characters, file names and what cameras write by
/// themselves. Broken metadata counts as absent. Extended and compressed XMP are not read.
///
/// Then comes one measured sentence: light, warmth, contrast, format, the main colours by name (39
/// names), framing, and where the picture is calm enough for copy. The thresholds were set by eye on 24
/// photographs. Elements are the keywords, then the measured words.
///
/// ```
/// use keyvisual::backends::local::MeasuringDescriber;
/// use keyvisual::domain::PixelSize;
/// use keyvisual::imaging::{Encoding, Picture};
/// use keyvisual::roles::{Caption, DescribeRequest, Describer};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> keyvisual::Result<()> {
/// let wall = Picture::filled(PixelSize::new(300, 200), [0xc5, 0x6a, 0x4a, 255]).encode(Encoding::Png)?;
/// let request = DescribeRequest::new(wall).with_caption(Caption::new("A plastered wall").with_keywords(["wall"]));
/// let reply = MeasuringDescriber::new().describe(request).await?;
/// assert!(reply.description.starts_with("A plastered wall. A warm, low-contrast, horizontal picture, mostly terracotta"));
/// assert_eq!(reply.elements[..2], ["wall", "terracotta"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct MeasuringDescriber {
    card: Card,
    capabilities: DescriberCapabilities,
    limits: Limits,
}

impl MeasuringDescriber {
    /// A describer that decodes within the default [`Limits`].
    #[must_use]
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    /// A describer that refuses pictures beyond `limits`.
    #[must_use]
    pub fn with_limits(limits: Limits) -> Self {
        Self {
            card: Card::local("measuring-describer", "1"),
            capabilities: DescriberCapabilities::new(false).with_max_bytes(limits.max_bytes),
            limits,
        }
    }
}

impl Default for MeasuringDescriber {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Describer for MeasuringDescriber {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &DescriberCapabilities {
        &self.capabilities
    }

    async fn describe(&self, request: DescribeRequest) -> Result<DescribeReply> {
        let limits = self.limits;
        blocking(move || describe(&request.image, request.caption, limits)).await
    }
}

fn describe(image: &Image, caption: Option<Caption>, limits: Limits) -> Result<DescribeReply> {
    let measured = Measured::of(&imaging::decode(image, limits)?)?;
    let told = caption
        .map(|Caption { text, keywords }| Words { caption: text, title: String::new(), keywords })
        .unwrap_or_default();
    let words = told.cleaned().or(metadata::read(image));
    let caption = if words.caption.is_empty() { words.title } else { words.caption };
    let measured_sentence = words::sentence(&measured);
    let description = if caption.is_empty() {
        measured_sentence
    } else {
        let stop = if caption.ends_with(|c: char| c.is_alphanumeric() || c == ')') { "." } else { "" };
        format!("{caption}{stop} {measured_sentence}")
    };
    let keywords = text::keywords(words.keywords);
    let elements = text::distinct(keywords.into_iter().chain(words::elements(&measured)));
    Ok(DescribeReply::new(description, elements))
}
