//! Embedders, asked through `InvokeModel`.

mod nova;
mod prepare;
mod settings;
mod text;
mod titan;
mod vector;

pub use settings::{Pairing, Searched, TextOverflow};

use async_trait::async_trait;

use super::{
    Bedrock,
    client::Model,
    error,
    picture::{PictureOverflow, Rules},
    registry::{Family, Limits, PROVIDER, Role},
};
use crate::{
    domain::{Card, EmbeddingSpace, Usage},
    error::{Error, ErrorKind, Result},
    roles::{EmbedInput, EmbedReply, EmbedRequest, Embedder, EmbedderCapabilities, Purpose},
};
use prepare::Prepared;
use settings::Settings;
use vector::Answer;

/// Room in a request for everything but the picture: the longest text with every character escaped.
const FRAME: u64 = 64 << 10;

/// An embedder on Bedrock: Titan Multimodal Embeddings G1 or Nova Multimodal Embeddings.
///
/// - **One input a call.** The vectors of the two models have nothing in common: their spaces have their names.
/// - **Texts** longer than the model takes are cut at a word, which the notes of the reply say, or refused:
///   [`TextOverflow`]. Neither tokenizer is public, so tokens are estimated, rather too many than too few: Titan's 256
///   are about 130 English words.
/// - **Pictures** larger than the model takes, in bytes or in pixels, or of another format, are written anew within its
///   limits, which the notes say too, or refused: [`PictureOverflow`].
/// - **A text and a picture as one input** become one vector in Titan. Nova takes one of them a call: [`Pairing`].
///
/// Nova does not say how many tokens it read: usage has the estimate.
///
/// ```no_run
/// use keyvisual::backends::bedrock::{Bedrock, BedrockConfig, Pairing, Searched};
///
/// # async fn run() -> keyvisual::Result<()> {
/// let bedrock = Bedrock::new(BedrockConfig::new().with_region("us-east-1")).await?;
/// let titan = bedrock.embedder("amazon.titan-embed-image-v1")?.with_dimensions(384)?;
/// let nova = bedrock
///     .embedder("amazon.nova-2-multimodal-embeddings-v1:0")?
///     .with_dimensions(1_024)?
///     .with_pairing(Pairing::PictureOnly)?
///     .with_searched(Searched::Pictures)?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct BedrockEmbedder {
    bedrock: Bedrock,
    model: Model,
    capabilities: EmbedderCapabilities,
    limits: Limits,
    rules: Rules,
    settings: Settings,
}

impl Bedrock {
    /// The embedder `id`, with vectors of the model's usual length: 1 024 for Titan, 3 072 for Nova.
    ///
    /// # Errors
    /// `Unsupported` for a model that does not embed, and for one whose limits the registry does not know; `InvalidInput` for
    /// one that the region does not serve.
    pub fn embedder(&self, id: impl Into<String>) -> Result<BedrockEmbedder> {
        BedrockEmbedder::new(self.clone(), self.model(id, Role::Embed)?)
    }
}

impl BedrockEmbedder {
    fn new(bedrock: Bedrock, model: Model) -> Result<Self> {
        let known = model.entry.as_ref().filter(|entry| !entry.limits.dimensions.is_empty());
        let Some(entry) = known else {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("what \"{}\" takes is not known: add it with `Registry::with_overrides`", model.id),
            ));
        };
        let limits = entry.limits.clone();
        let preparation = match limits.images.max_side {
            Some(most) => format!("longest side {most}"),
            None => "as is".into(),
        };
        let space = EmbeddingSpace::new(format!("{PROVIDER}/{}", entry.id), "1", limits.dimensions[0])
            .with_preparation(preparation);
        let capabilities = EmbedderCapabilities::multimodal(space);
        // Limits of a request count base64, which has four characters for three bytes.
        let request = limits.payload_bytes.map(|most| most.saturating_sub(FRAME) / 4 * 3);
        let shrink_to = limits.images.max_side.unwrap_or(u32::MAX);
        let rules = Rules::new(&limits.images, shrink_to).with_bytes_within(request);
        let embedder = Self { bedrock, model, capabilities, limits, rules, settings: Settings::default() };
        let joint = embedder.model.family == Family::TitanEmbeddings;
        embedder.with_pairing(if joint { Pairing::Joint } else { Pairing::Refused })
    }

    /// Changes the card: prices, end of life, limits of calls. Its name is the model that is asked for.
    #[must_use]
    pub fn with_card(mut self, change: impl FnOnce(Card) -> Card) -> Self {
        self.model.card = change(self.model.card);
        self
    }

    /// Sets the length of the vectors.
    ///
    /// # Errors
    /// `InvalidInput` for one that the model does not have; the message lists those it has.
    pub fn with_dimensions(mut self, dimensions: usize) -> Result<Self> {
        let known = &self.limits.dimensions;
        if !known.contains(&dimensions) {
            let name = &self.model.id;
            return Err(Error::invalid(format!(
                "\"{name}\" makes no vectors of {dimensions} dimensions, only {known:?}"
            )));
        }
        self.capabilities.space.dimensions = dimensions;
        Ok(self)
    }

    /// Sets what is done with a text that is too long; it is cut unless told.
    #[must_use]
    pub fn with_text_overflow(mut self, overflow: TextOverflow) -> Self {
        self.settings.texts = overflow;
        self
    }

    /// Sets what is done with a picture that the model does not take as it is; it is written anew unless told.
    #[must_use]
    pub fn with_picture_overflow(mut self, overflow: PictureOverflow) -> Self {
        self.settings.pictures = overflow;
        self
    }

    /// Sets what is done with a text and a picture as one input, and names the space after it.
    ///
    /// # Errors
    /// `Unsupported` for [`Pairing::Joint`] with a model that takes one of them a call.
    pub fn with_pairing(mut self, pairing: Pairing) -> Result<Self> {
        if pairing == Pairing::Joint && self.model.family != Family::TitanEmbeddings {
            return Err(self.unsupported("embeds a text or a picture a call, not both"));
        }
        self.capabilities.both = pairing != Pairing::Refused;
        self.capabilities.space.pairing = pairing.as_str().into();
        self.settings.pairing = pairing;
        Ok(self)
    }

    /// Sets what queries look for; pictures unless told.
    ///
    /// # Errors
    /// `Unsupported` for a model that makes no difference between what is kept and what is asked for: Titan.
    pub fn with_searched(mut self, searched: Searched) -> Result<Self> {
        if self.model.family != Family::NovaEmbeddings {
            return Err(self.unsupported("makes the same vectors for every purpose"));
        }
        self.settings.searched = searched;
        Ok(self)
    }

    fn unsupported(&self, what: &str) -> Error {
        Error::new(ErrorKind::Unsupported, format!("\"{}\" {what}", self.model.id))
    }

    async fn answer(&self, prepared: &Prepared, purpose: Purpose) -> Result<Answer> {
        let dimensions = self.capabilities.space.dimensions;
        let (id, titan) = (&self.model.id, self.model.family == Family::TitanEmbeddings);
        let body = match titan {
            true => titan::body(prepared, dimensions)?,
            false => nova::body(prepared, purpose, dimensions, &self.settings)?,
        };
        let bytes = self.bedrock.invoke(id, body).await?;
        let answer = if titan { titan::read(&bytes) } else { nova::read(&bytes, prepared) };
        answer.map_err(|e| e.with_context("model", id))
    }

    async fn one(&self, input: EmbedInput, purpose: Purpose) -> Result<EmbedReply> {
        let prepared = match prepare::prepare(input, self).await {
            Ok(prepared) => prepared,
            Err(error) => return Ok(EmbedReply::new(vec![Err(error)])),
        };
        let Answer { numbers, tokens, note } = self.answer(&prepared, purpose).await?;
        let vector = vector::unit(numbers, self.capabilities.space.dimensions);
        let usage = Usage::REQUEST.with_tokens(tokens, 0);
        let usage = usage.with_input_pictures(prepared.image.is_some().into());
        let mut reply = EmbedReply::new(vec![vector]).with_usage(usage);
        reply.notes = prepared.notes;
        reply.notes.extend(note);
        Ok(reply)
    }
}

#[async_trait]
impl Embedder for BedrockEmbedder {
    fn card(&self) -> &Card {
        &self.model.card
    }

    fn capabilities(&self) -> &EmbedderCapabilities {
        &self.capabilities
    }

    async fn embed(&self, request: EmbedRequest) -> Result<EmbedReply> {
        let embed = async {
            request.validate(&self.capabilities).map_err(|e| e.with_context("model", &self.model.id))?;
            let EmbedRequest { inputs, purpose, .. } = request;
            let input = inputs.into_iter().next().ok_or_else(|| error::reply("there is no input"))?;
            self.one(input, purpose).await
        };
        embed.await.map_err(|e: Error| e.with_operation("embed"))
    }
}
