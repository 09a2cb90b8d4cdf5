//! `POST embeddings` as an [`Embedder`].

use async_trait::async_trait;

use super::{
    OpenAi, error,
    wire::{EmbedAnswer, EmbedBody},
};
use crate::{
    domain::{Card, Embedding, EmbeddingSpace, Usage},
    error::{Error, ErrorKind, Result},
    roles::{EmbedInput, EmbedReply, EmbedRequest, Embedder, EmbedderCapabilities, Request},
};

/// The most texts in one request: OpenAI takes 2 048 of them and 300 000 tokens (its API reference, 2026), which 256
/// captions and descriptions stay well below.
const MAX_BATCH: usize = 256;

/// An embedding model for texts on a server that speaks OpenAI's interface.
///
/// Vectors for keeping and for searching are the same. How long a text may be depends on the model and is
/// not known here: the server refuses one that is too long, with the whole batch.
#[derive(Clone, Debug)]
pub struct OpenAiEmbedder {
    server: OpenAi,
    card: Card,
    capabilities: EmbedderCapabilities,
    dimensions: bool,
}

impl OpenAiEmbedder {
    pub(super) fn new(server: OpenAi, model: String, dimensions: usize) -> Result<Self> {
        if dimensions == 0 {
            return Err(Error::invalid("a vector needs at least 1 dimension"));
        }
        let provider = &server.config().provider;
        let space =
            EmbeddingSpace::new(format!("{provider}/{model}"), "1", dimensions).with_pairing("text only");
        let card = Card::new(provider, model);
        let capabilities = EmbedderCapabilities::text_only(space).with_max_batch(MAX_BATCH);
        Ok(Self { server, card, capabilities, dimensions: true })
    }

    /// Changes the card: prices, end of life, the most calls at the same time. Its name is the model that is asked for.
    #[must_use]
    pub fn with_card(mut self, change: impl FnOnce(Card) -> Card) -> Self {
        self.card = change(self.card);
        self
    }

    /// Sets the most texts in one request, 256 by default.
    #[must_use]
    pub fn with_max_batch(mut self, texts: usize) -> Self {
        self.capabilities = self.capabilities.with_max_batch(texts);
        self
    }

    /// Says whether the request names the dimensions. Models of one length refuse to be asked; what they answer must still
    /// have the dimensions this embedder was made with.
    #[must_use]
    pub fn with_dimensions_sent(mut self, sent: bool) -> Self {
        self.dimensions = sent;
        self
    }

    async fn vectors(&self, texts: Vec<&str>) -> Result<(Vec<Result<Embedding>>, Option<u64>)> {
        let count = texts.len();
        let dimensions = self.capabilities.space.dimensions;
        let body = EmbedBody {
            model: &self.card.name,
            input: texts,
            encoding_format: "float",
            dimensions: self.dimensions.then_some(dimensions),
        };
        let answer: EmbedAnswer = self.server.post("embeddings", &body).await?;
        let mut vectors: Vec<Option<Vec<f32>>> = vec![None; count];
        for vector in answer.data {
            let place = vectors.get_mut(vector.index).filter(|place| place.is_none());
            let Some(place) = place else {
                return Err(error::reply(format!(
                    "the index {} is out of range or given twice",
                    vector.index
                )));
            };
            *place = Some(vector.embedding);
        }
        let vectors = vectors.into_iter().map(|vector| {
            let numbers = vector
                .ok_or_else(|| error::reply(format!("fewer vectors came back than the {count} asked for")))?;
            if numbers.len() != dimensions {
                let found = numbers.len();
                return Err(error::reply(format!(
                    "a vector has {found} dimensions, {dimensions} were asked for"
                )));
            }
            Ok(Embedding::new(numbers).and_then(Embedding::unit).map_err(|e| error::reply(e.message())))
        });
        Ok((vectors.collect::<Result<_>>()?, answer.usage.map(|usage| usage.prompt_tokens)))
    }
}

#[async_trait]
impl Embedder for OpenAiEmbedder {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &EmbedderCapabilities {
        &self.capabilities
    }

    async fn embed(&self, request: EmbedRequest) -> Result<EmbedReply> {
        request.validate(&self.capabilities).map_err(|e| e.with_context("model", &self.card.name))?;
        let texts: Vec<_> = request.inputs.iter().filter_map(EmbedInput::text).collect();
        let empty = |text: &&str| text.trim().is_empty();
        let wanted: Vec<_> = texts.iter().copied().filter(|text| !empty(text)).collect();
        let mut usage = Usage::NONE;
        let mut vectors = Vec::new().into_iter();
        if !wanted.is_empty() {
            let sent = self.vectors(wanted).await;
            let (found, tokens) =
                sent.map_err(|e| e.with_operation("embed").with_context("model", &self.card.name))?;
            usage = tokens.map_or_else(|| request.at_most(), |tokens| Usage::REQUEST.with_tokens(tokens, 0));
            vectors = found.into_iter();
        }
        let results = texts.iter().map(|text| {
            if empty(text) {
                return Err(Error::invalid("the text is empty"));
            }
            vectors.next().unwrap_or_else(|| Err(Error::new(ErrorKind::Internal, "a vector went missing")))
        });
        Ok(EmbedReply::new(results.collect()).with_usage(usage))
    }
}
