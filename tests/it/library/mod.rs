//! The library: indexing, what it costs, what it survives, and what is found again.

mod files;
mod index;
mod resume;
mod shelf;

use std::{fs, path::Path, sync::Arc, time::Duration};

use keyvisual::{
    CampaignPipeline, IndexReport, LibraryItem,
    domain::{Image, PixelSize},
    imaging::{Encoding, Picture},
    testing::{
        Calls, FakeImageGenerator, FakePromptWriter, MemoryCampaignStore, ScriptedAssetStore,
        ScriptedDescriber, ScriptedEmbedder, ScriptedVectorStore,
    },
};

/// What outlives a process.
#[derive(Clone, Default)]
struct Stores {
    vectors: Arc<ScriptedVectorStore>,
    assets: Arc<ScriptedAssetStore>,
}

/// A pipeline of fakes with a count of their calls.
struct Rig {
    pipeline: CampaignPipeline,
    stores: Stores,
    described: Calls,
    embedded: Calls,
}

impl Rig {
    fn new() -> Self {
        Self::on(&Stores::default())
    }

    /// A pipeline on stores that another one used before.
    fn on(stores: &Stores) -> Self {
        Self::with(stores, ScriptedDescriber::new(), ScriptedEmbedder::new())
    }

    fn with(stores: &Stores, describer: ScriptedDescriber, embedder: ScriptedEmbedder) -> Self {
        let (described, embedded) = (describer.calls(), embedder.calls());
        let pipeline = CampaignPipeline::builder()
            .with_describer(describer)
            .with_embedder(embedder)
            .with_vector_store(Arc::clone(&stores.vectors))
            .with_asset_store(Arc::clone(&stores.assets))
            .with_campaign_store(MemoryCampaignStore::new())
            .with_prompt_writer(FakePromptWriter::new())
            .with_image_generator(FakeImageGenerator::new())
            .build()
            .unwrap();
        Self { pipeline, stores: stores.clone(), described, embedded }
    }

    fn upserts(&self) -> usize {
        self.stores.vectors.calls().operations().iter().filter(|operation| **operation == "upsert").count()
    }

    async fn index(&self, items: Vec<LibraryItem>) -> IndexReport {
        self.pipeline.library().index_list(items).await.unwrap()
    }
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A small picture of its own for every number.
fn image(number: u32) -> Image {
    let [_, r, g, b] = number.to_be_bytes();
    Picture::filled(PixelSize::new(8, 6), [r, g, b, 255]).encode(Encoding::Png).unwrap()
}

fn item(number: u32) -> LibraryItem {
    LibraryItem::new(format!("{number}.png"), image(number))
}

fn items(count: u32) -> Vec<LibraryItem> {
    (0..count).map(item).collect()
}

/// Writes a file below `folder`, with the folders above it.
fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn write_picture(folder: &Path, name: &str, number: u32) {
    write(folder, name, image(number).bytes());
}

/// What a report counts: found, indexed, updated, unchanged, duplicates, failed.
fn counts(report: &IndexReport) -> [usize; 6] {
    [
        report.found as usize,
        report.indexed as usize,
        report.updated as usize,
        report.unchanged as usize,
        report.duplicates.len(),
        report.failed.len(),
    ]
}
