//! The campaign that examples run: a library, a brief, references, a prompt, pictures, a contact sheet.

pub(crate) mod args;
pub(crate) mod brief;
mod credits;
mod facts;
mod files;
pub(crate) mod progress;
mod report;
pub(crate) mod sample;
mod terminal;
mod view;

use std::collections::HashMap;

use keyvisual::{
    CampaignPipeline, Generate, Search,
    domain::{Brief, Campaign, ContentHash, Image, PixelSize},
};

pub(crate) use args::Args;
use report::Sheet;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// References that are shown, and how many of them the prompt and the pictures are made from.
const SHOWN: usize = 8;
const CHOSEN: usize = 6;

/// As many seeds are dealt from one deck of layouts; another deck makes another format look different.
const DECK: u64 = 16;

/// Runs it on `pipeline`, whatever engines that has.
pub(crate) async fn run(pipeline: &CampaignPipeline, args: &Args) -> Result<()> {
    let file = brief::read(&args.brief)?;
    fill_library(pipeline, args).await?;

    let brief = for_this_library(pipeline, file.keep(pipeline).await?).await?;
    terminal::brief(&brief);
    let campaign = pipeline.create(brief).await?;
    let id = &campaign.id;
    let references = pipeline.references(id, SHOWN).await?;
    terminal::references(&references);
    let prompt = pipeline.suggest_prompt(id, &references.top(CHOSEN)).await?;
    terminal::prompt(&prompt);
    let failed = generate(pipeline, &campaign, args).await?;

    let campaign = pipeline.get(id).await?;
    let pictures = pictures(pipeline, &campaign).await?;
    let sheet = Sheet {
        credits: credits::of(pictures.keys())?,
        library_size: pipeline.library().count().await?,
        campaign,
        pictures,
        failed,
    };
    let page = args.output.join("index.html");
    std::fs::write(&page, sheet.render()?)
        .map_err(|error| format!("cannot write {}: {error}", page.display()))?;
    terminal::sheet(&sheet.campaign, &sheet.failed, &page);
    Ok(())
}

/// Indexes the photographs; those that are in the library already cost a look at their bytes.
async fn fill_library(pipeline: &CampaignPipeline, args: &Args) -> Result<()> {
    let library = pipeline.library();
    let run = if args.photos == args::data("library") {
        library.index_list(sample::items(&args.photos)?)
    } else {
        library.index_folder(&args.photos)
    };
    let report = progress::index(run).await?;
    terminal::library(&report);
    match library.count().await? {
        0 => Err(format!("no JPEG, PNG or WebP picture below {}", args.photos.display()).into()),
        _ => Ok(()),
    }
}

/// Pictures without a past have neither objective nor audience; then the brief looks at all of them.
async fn for_this_library(pipeline: &CampaignPipeline, mut brief: Brief) -> Result<Brief> {
    let mut search = Search::text(&brief.name, 1);
    search.objective = brief.objective.clone();
    search.audience = brief.audience.clone();
    if pipeline.library().search(search).await?.hits.is_empty() {
        terminal::note("No picture has the brief's objective and audience, so all of them are looked at.");
        brief.objective = None;
        brief.audience = None;
    }
    Ok(brief)
}

/// Makes the pictures of every format, half of them with the product. Says why some were not made.
async fn generate(pipeline: &CampaignPipeline, campaign: &Campaign, args: &Args) -> Result<Vec<String>> {
    let sizes = sizes(&campaign.brief, args);
    let shows_product = campaign.brief.products.iter().any(|product| product.packshot.is_some());
    let with_product = if shows_product { args.pictures.div_ceil(2) } else { 0 };
    let mut seed = args.seed;
    let mut orders = Vec::new();
    for size in sizes {
        for (count, products) in [(with_product, true), (args.pictures - with_product, false)] {
            let order = Generate::new(count).with_size(size.width, size.height).with_seed(seed);
            orders.push(if products { order } else { order.without_products() });
            seed = seed.saturating_add(DECK);
        }
    }
    orders.retain(|order| order.count > 0);
    progress::generate(pipeline, &campaign.id, orders).await
}

fn sizes(brief: &Brief, args: &Args) -> Vec<PixelSize> {
    let mut sizes: Vec<_> = args.sizes.iter().map(|size| size.0).collect();
    if sizes.is_empty() {
        sizes = brief.channels.iter().map(|channel| channel.size).collect();
    }
    if sizes.is_empty() {
        sizes = vec![PixelSize::new(1200, 628), PixelSize::new(1080, 1350)];
    }
    sizes
}

/// Every picture that the sheet shows, by its hash.
async fn pictures(pipeline: &CampaignPipeline, campaign: &Campaign) -> Result<HashMap<ContentHash, Image>> {
    let mut pictures = HashMap::new();
    for creative in &campaign.creatives {
        pictures.insert(creative.image.hash.clone(), pipeline.creative_picture(creative).await?);
    }
    let references = campaign.references.iter().flat_map(|search| &search.value.hits);
    let references = references.map(|hit| &hit.reference.image);
    let packshots = campaign.brief.products.iter().filter_map(|product| product.packshot.as_ref());
    for image in references.chain(packshots) {
        pictures.insert(image.hash.clone(), pipeline.picture(image).await?);
    }
    Ok(pictures)
}
