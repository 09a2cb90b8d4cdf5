//! A generator of plain pictures.

use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;

use super::fakes::{leading_number, test_card};
use crate::{
    domain::{Card, ContentHash},
    error::Result,
    imaging::{self, Encoding},
    roles::{GenerateReply, GenerateRequest, GeneratorCapabilities, ImageGenerator, Picture, Sizes},
};

/// Makes PNGs of one colour, which follows from prompt and seed. Without a seed it counts up from 0.
#[derive(Debug)]
pub struct FakeImageGenerator {
    card: Card,
    capabilities: GeneratorCapabilities,
    next_seed: AtomicU64,
}

impl FakeImageGenerator {
    /// Takes everything: any size up to 4096 pixels a side, four pictures a call, 32-bit seeds, a negative
    /// prompt, eight references with grounds, four products and a palette.
    #[must_use]
    pub fn new() -> Self {
        let capabilities =
            GeneratorCapabilities::new(Sizes::Any { min: 1, max: 4_096, multiple_of: 1 }, 10_000)
                .with_max_count(4)
                .with_seeds(0..=u32::MAX.into())
                .with_negative_prompt()
                .with_pictures(8, 4)
                .with_grounds()
                .with_palette()
                .with_determinism();
        Self { card: test_card("FakeImageGenerator"), capabilities, next_seed: AtomicU64::new(0) }
    }

    /// Sets what it can do, and what it refuses.
    #[must_use]
    pub fn with_capabilities(mut self, capabilities: GeneratorCapabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    fn picture(&self, request: &GenerateRequest, seed: u64) -> Result<Picture> {
        let hash = ContentHash::of(format!("{seed} {}", request.prompt).as_bytes());
        let [red, green, blue, _] = leading_number(&hash).to_be_bytes();
        let size = request.required_size()?;
        let pixels = imaging::Picture::filled(size, [red, green, blue, 255]);
        let picture = Picture::new(pixels.encode(Encoding::Png)?, size);
        Ok(if self.capabilities.seeds.is_some() { picture.with_seed(seed) } else { picture })
    }
}

impl Default for FakeImageGenerator {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl ImageGenerator for FakeImageGenerator {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &GeneratorCapabilities {
        &self.capabilities
    }

    async fn generate(&self, request: GenerateRequest) -> Result<GenerateReply> {
        request.validate(&self.capabilities)?;
        let count = u64::from(request.count);
        let first = request.seed.unwrap_or_else(|| self.next_seed.fetch_add(count, Ordering::Relaxed));
        let results = (0..count).map(|place| self.picture(&request, first.saturating_add(place)));
        Ok(GenerateReply::new(results.collect()))
    }
}
