//! Embeds texts and pictures by what they say and what can be measured.

mod hash;
mod layout;
mod measured_words;
mod seen;
mod text;
mod words;

use async_trait::async_trait;

use super::{blocking::blocking, words::normalised};
use crate::{
    domain::{Card, Embedding, EmbeddingSpace, Image},
    error::{Error, Result},
    imaging::{self, Lab, Limits, Plane},
    roles::{EmbedInput, EmbedReply, EmbedRequest, Embedder, EmbedderCapabilities},
};

const DIMENSIONS: usize = 1_024;
/// Where the hashed features of texts end and the measured ones begin.
const TEXT: usize = DIMENSIONS - 64 - layout::PLACES;
const MEASURED: usize = TEXT + 64;

/// Shares of a picture with words: what the words say, what colours and light say, the layout.
const TEXT_SHARE: f32 = 0.80;
const MEASURED_SHARE: f32 = 0.50;
const LAYOUT_SHARE: f32 = 0.33;
/// How much the colour words of a caption count beside the measured colours.
const CAPTION_COLORS: f32 = 0.4;

const MAX_BATCH: usize = 64;
const MAX_CHARS: usize = 32_768;
/// The long side a picture is measured at.
const MEASURED_AT: u32 = 96;

/// Embeds by spelling and by measured colour, not by meaning: no model is behind it.
///
/// A text becomes its words, its pairs of words and the pieces of its words, hashed to fixed places; a thesaurus
/// of some hundred groups lets `espresso` meet `coffee` and `perro` meet `dog`, and beyond it words must be
/// spelt alike to meet. A picture becomes its colours by name, its light and its layout at nine places.
/// Colours and light named in a text fall on the same numbers as those measured in a picture, so
/// `turquoise water` finds turquoise pictures without any caption. So do format, framing, shallow focus and calm areas,
/// as far as a description says them: `space for text on the left`. A picture with words has all three parts.
///
/// [`Purpose`](crate::roles::Purpose) makes no difference. Texts give the same numbers in every process and on
/// every platform; pictures do so up to the rounding of the decoder. A text has at most 32 768 characters.
///
/// ```
/// use keyvisual::backends::local::LexicalEmbedder;
/// use keyvisual::roles::{EmbedInput, EmbedRequest, Embedder, Purpose};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> keyvisual::Result<()> {
/// let texts = ["two dogs at a window", "un perro en la ventana", "a red typewriter"];
/// let inputs = texts.map(|text| EmbedInput::Text(text.into())).to_vec();
/// let reply = LexicalEmbedder::new().embed(EmbedRequest::new(inputs, Purpose::Index)).await?;
/// let [dogs, perro, typewriter] = &reply.results[..] else { unreachable!() };
/// let (dogs, perro, typewriter) = (dogs.clone()?, perro.clone()?, typewriter.clone()?);
/// assert!(dogs.dot(&perro)? > dogs.dot(&typewriter)? + 0.1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct LexicalEmbedder {
    card: Card,
    capabilities: EmbedderCapabilities,
    limits: Limits,
}

impl LexicalEmbedder {
    /// An embedder that decodes within the default [`Limits`].
    #[must_use]
    pub fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    /// An embedder that refuses pictures beyond `limits`.
    #[must_use]
    pub fn with_limits(limits: Limits) -> Self {
        let space = EmbeddingSpace::new("keyvisual.local/lexical", "2", DIMENSIONS)
            .with_pairing("text 0.8, colours 0.5, layout 0.33")
            .with_preparation("longest side 96");
        Self {
            card: Card::local("lexical-embedder", "1"),
            capabilities: EmbedderCapabilities::multimodal(space)
                .with_max_batch(MAX_BATCH)
                .with_determinism(),
            limits,
        }
    }
}

impl Default for LexicalEmbedder {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Embedder for LexicalEmbedder {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &EmbedderCapabilities {
        &self.capabilities
    }

    async fn embed(&self, request: EmbedRequest) -> Result<EmbedReply> {
        let count = request.inputs.len();
        if count == 0 || count > MAX_BATCH {
            return Err(Error::invalid(format!("a batch has 1 to {MAX_BATCH} inputs, this one has {count}")));
        }
        let limits = self.limits;
        blocking(move || {
            Ok(EmbedReply::new(request.inputs.iter().map(|input| embed(input, limits)).collect()))
        })
        .await
    }
}

fn embed(input: &EmbedInput, limits: Limits) -> Result<Embedding> {
    let mut numbers = vec![0.0; DIMENSIONS];
    if let Some(text) = input.text() {
        check(text)?;
        let normalised = normalised(text);
        text::add_features(&normalised, &mut numbers[..TEXT]);
        let profile = measured_words::of_text(&normalised);
        numbers[TEXT..][..profile.len()].copy_from_slice(&profile);
    }
    if let Some(image) = input.image() {
        scale_to(&mut numbers[..TEXT], TEXT_SHARE);
        scale_to(&mut numbers[TEXT..MEASURED], CAPTION_COLORS);
        measured_words::lift_seen(&mut numbers[TEXT..MEASURED]);
        add_picture(image, limits, &mut numbers)?;
        scale_to(&mut numbers[TEXT..MEASURED], MEASURED_SHARE);
        scale_to(&mut numbers[MEASURED..], LAYOUT_SHARE);
    }
    Embedding::new(numbers)?.unit()
}

fn check(text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(Error::invalid("the text to embed is empty"));
    }
    let chars = text.chars().count();
    if chars > MAX_CHARS {
        return Err(Error::invalid(format!(
            "the text has {chars} characters, at most {MAX_CHARS} are embedded"
        )));
    }
    Ok(())
}

fn add_picture(image: &Image, limits: Limits, numbers: &mut [f32]) -> Result<()> {
    let picture = imaging::decode(image, limits)?.at_most(MEASURED_AT)?;
    let alpha = picture.pixels().iter().map(|pixel| f32::from(pixel[3]) / 255.0).collect();
    let opacity = Plane::from_values(picture.width(), picture.height(), alpha);
    let profile = measured_words::of_picture(&Lab::of(&picture), &opacity);
    numbers[TEXT..].iter_mut().zip(profile).for_each(|(number, value)| *number += value);
    let layout = layout::of_picture(&Lab::of(&picture.on_white()));
    numbers[MEASURED..].copy_from_slice(&layout);
    Ok(())
}

/// Scales a part of a vector to a length; zeros stay zeros.
fn scale_to(part: &mut [f32], length: f32) {
    let norm = part.iter().map(|x| x * x).sum::<f32>().sqrt();
    if norm > 0.0 {
        part.iter_mut().for_each(|x| *x *= length / norm);
    }
}
