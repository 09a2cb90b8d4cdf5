//! One `with_*` per role; what is missing is named at `build`.

use std::{fmt, sync::Arc};

use super::{CampaignPipeline, Shared};
use crate::{
    adapt::FallBack,
    calls::{Door, Policy},
    chat::{ChatDescriber, ChatPromptWriter},
    domain::{Card, Lifecycle, Timestamp},
    error::{Error, Result},
    roles::{
        AssetStore, CampaignStore, ChatModel, Describer, Embedder, ImageGenerator, PromptWriter, VectorStore,
    },
};

/// Fills the roles that were not named; the composition root has one for a folder.
pub(crate) type Defaults = Box<dyn FnOnce(&mut CampaignPipelineBuilder) -> Result<()> + Send>;

/// Puts a [`CampaignPipeline`] together. See [`CampaignPipeline::builder`].
#[derive(Default)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct CampaignPipelineBuilder {
    pub(crate) describer: Option<Arc<dyn Describer>>,
    pub(crate) embedder: Option<Arc<dyn Embedder>>,
    pub(crate) vector_store: Option<Arc<dyn VectorStore>>,
    pub(crate) prompt_writer: Option<Arc<dyn PromptWriter>>,
    pub(crate) generator: Option<Arc<dyn ImageGenerator>>,
    pub(crate) campaigns: Option<Arc<dyn CampaignStore>>,
    pub(crate) assets: Option<Arc<dyn AssetStore>>,
    fallbacks: Vec<Arc<dyn ImageGenerator>>,
    fall_back_when_blocked: bool,
    chat_model: Option<Arc<dyn ChatModel>>,
    policy: Policy,
    ended_models: bool,
    defaults: Option<Defaults>,
}

macro_rules! with {
    ($($(#[$doc:meta])* $method:ident: $field:ident, $role:ident;)+) => {$(
        $(#[$doc])*
        pub fn $method(mut self, $field: impl $role) -> Self {
            self.$field = Some(Arc::new($field));
            self
        }
    )+};
}

impl CampaignPipelineBuilder {
    pub(super) fn new() -> Self {
        Self::default()
    }

    with! {
        /// Sets who describes pictures.
        with_describer: describer, Describer;
        /// Sets who makes vectors.
        with_embedder: embedder, Embedder;
        /// Sets where the library's vectors are kept. The store remembers the embedder's space.
        with_vector_store: vector_store, VectorStore;
        /// Sets who writes concepts and prompts.
        with_prompt_writer: prompt_writer, PromptWriter;
        /// Sets who makes pictures.
        with_image_generator: generator, ImageGenerator;
        /// Sets where campaigns are kept.
        with_campaign_store: campaigns, CampaignStore;
        /// Sets where bytes are kept.
        with_asset_store: assets, AssetStore;
        /// Makes the describer and the prompt writer out of one chat model, unless they are named themselves.
        with_chat_model: chat_model, ChatModel;
    }

    /// Adds one who makes the pictures that those named before could not, in the order of the calls: see
    /// [`FallBack`].
    pub fn with_fallback_generator(mut self, generator: impl ImageGenerator) -> Self {
        self.fallbacks.push(Arc::new(generator));
        self
    }

    /// Sets whether the next generator is also asked for what a filter refused; not by default.
    pub fn with_fallback_when_blocked(mut self, falls: bool) -> Self {
        self.fall_back_when_blocked = falls;
        self
    }

    /// Sets how calls are guarded: deadlines, retries, limits.
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Builds with models whose end of life has passed, which `build` refuses otherwise: for accounts that arranged with the
    /// provider to keep them, and for tests.
    pub fn with_ended_models(mut self) -> Self {
        self.ended_models = true;
        self
    }

    pub(crate) fn with_defaults(mut self, defaults: Defaults) -> Self {
        self.defaults = Some(defaults);
        self
    }

    /// Builds the pipeline. Default stores are opened here, which reads from the disk; nothing is sent.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) naming every role that is missing, and every model that has ended
    /// with what to move to; errors of opening the default stores.
    pub fn build(mut self) -> Result<CampaignPipeline> {
        let door = Door::new(self.policy.clone());
        if let Some(model) = self.chat_model.take() {
            let model: Arc<dyn ChatModel> = Arc::new(door.guard(model));
            self.describer.get_or_insert_with(|| Arc::new(ChatDescriber::new(Arc::clone(&model))));
            self.prompt_writer.get_or_insert_with(|| Arc::new(ChatPromptWriter::new(model)));
        }
        if let Some(fill) = self.defaults.take() {
            fill(&mut self)?;
        }
        if !self.ended_models {
            self.refuse_ended(Timestamp::now())?;
        }
        let missing = self.missing();
        let guard = |generator| -> Arc<dyn ImageGenerator> { Arc::new(door.guard(generator)) };
        match self {
            Self {
                describer: Some(describer),
                embedder: Some(embedder),
                vector_store: Some(vector_store),
                prompt_writer: Some(prompt_writer),
                generator: Some(generator),
                campaigns: Some(campaigns),
                assets: Some(assets),
                fallbacks,
                fall_back_when_blocked,
                ..
            } => Ok(CampaignPipeline {
                shared: Arc::new(Shared {
                    describer: Arc::new(door.guard(describer)),
                    embedder: Arc::new(door.guard(embedder)),
                    vector_store: Arc::new(door.guard(vector_store)),
                    prompt_writer: Arc::new(door.guard(prompt_writer)),
                    generators: fallbacks
                        .into_iter()
                        .map(guard)
                        .fold(FallBack::new(guard(generator)), FallBack::then)
                        .with_blocked(fall_back_when_blocked),
                    campaigns: Arc::new(door.guard(campaigns)),
                    assets: Arc::new(door.guard(assets)),
                    library: super::library::State::default(),
                    door,
                }),
            }),
            _ => Err(Error::invalid(format!(
                "the pipeline has no {}: name them with `with_...`, or `with_folder` to keep them in process",
                missing.join(", no ")
            ))),
        }
    }

    fn refuse_ended(&self, now: Timestamp) -> Result<()> {
        let mut ended: Vec<String> = Vec::new();
        for card in self.cards() {
            let Lifecycle::Ends { at, replacement } = &card.lifecycle else { continue };
            let line = format!(
                "\"{}\" of {} ended at {at}{}",
                card.name,
                card.provider,
                replacement.as_ref().map_or_else(String::new, |to| format!(" (move to {to})"))
            );
            if *at <= now && !ended.contains(&line) {
                ended.push(line);
            }
        }
        if ended.is_empty() {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "the pipeline has models that are gone: {}; call `with_ended_models` if the provider keeps them for you",
            ended.join("; ")
        )))
    }

    fn cards(&self) -> impl Iterator<Item = &Card> {
        [
            self.describer.as_ref().map(|role| role.card()),
            self.embedder.as_ref().map(|role| role.card()),
            self.vector_store.as_ref().map(|role| role.card()),
            self.prompt_writer.as_ref().map(|role| role.card()),
            self.generator.as_ref().map(|role| role.card()),
            self.campaigns.as_ref().map(|role| role.card()),
            self.assets.as_ref().map(|role| role.card()),
        ]
        .into_iter()
        .flatten()
        .chain(self.fallbacks.iter().map(|role| role.card()))
    }

    fn missing(&self) -> Vec<&'static str> {
        let roles = [
            (self.describer.is_none(), "describer"),
            (self.embedder.is_none(), "embedder"),
            (self.vector_store.is_none(), "vector store"),
            (self.prompt_writer.is_none(), "prompt writer"),
            (self.generator.is_none(), "image generator"),
            (self.campaigns.is_none(), "campaign store"),
            (self.assets.is_none(), "asset store"),
        ];
        roles.into_iter().filter(|(missing, _)| *missing).map(|(_, name)| name).collect()
    }
}

impl fmt::Debug for CampaignPipelineBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CampaignPipelineBuilder").field("missing", &self.missing()).finish_non_exhaustive()
    }
}
