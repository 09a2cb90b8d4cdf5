//! The brief as a file: what [`Brief`] reads, and beside each product the path of its picture.

use std::path::{Path, PathBuf};

use keyvisual::{
    CampaignPipeline,
    domain::{Brief, Image},
};
use serde::Deserialize;

use super::{
    Result,
    files::{self, json},
};

/// A brief with the packshots that its file names.
#[derive(Debug)]
pub(crate) struct BriefFile {
    brief: Brief,
    packshots: Vec<Option<Image>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Pictured {
    products: Vec<PicturedProduct>,
}

#[derive(Deserialize)]
struct PicturedProduct {
    picture: Option<PathBuf>,
}

/// Reads a brief and the pictures of its products, whose paths begin at the file.
pub(crate) fn read(file: &Path) -> Result<BriefFile> {
    let brief: Brief = json(file)?;
    brief.validate().map_err(|error| format!("{}: {}", file.display(), error.message()))?;
    let Pictured { products } = json(file)?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let packshots = products
        .into_iter()
        .map(|product| product.picture.map(|picture| files::picture(&folder.join(picture))).transpose());
    Ok(BriefFile { brief, packshots: packshots.collect::<Result<_>>()? })
}

impl BriefFile {
    /// Keeps the packshots in the pipeline's asset store and gives the brief that refers to them.
    pub(crate) async fn keep(self, pipeline: &CampaignPipeline) -> Result<Brief> {
        let mut brief = self.brief;
        for (product, packshot) in brief.products.iter_mut().zip(self.packshots) {
            if let Some(packshot) = packshot {
                product.packshot = Some(pipeline.add_picture(&packshot).await?);
            }
        }
        Ok(brief)
    }
}
