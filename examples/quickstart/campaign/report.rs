//! The contact sheet: one HTML file that holds everything, the pictures as data URLs.

use std::collections::HashMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use keyvisual::domain::{
    Campaign, Concept, ContentHash, Creative, Image, ImageRef, Palette, Prompt, Shortfall,
};
use minijinja::{Environment, value::Serde};
use serde::Serialize;

use super::{
    Result,
    credits::Credit,
    view::{Comp, Hit, is_local, policy, spent},
};

/// What the sheet shows.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) campaign: Campaign,
    /// Every picture that is shown, by its hash.
    pub(crate) pictures: HashMap<ContentHash, Image>,
    /// How many pictures are in the library.
    pub(crate) library_size: u64,
    pub(crate) credits: Vec<Credit>,
    /// Why pictures were not made.
    pub(crate) failed: Vec<String>,
}

/// What the template sees.
#[derive(Serialize)]
struct Page<'a> {
    campaign: &'a Campaign,
    palette: Palette,
    made_on: String,
    spent: String,
    products: Vec<Packshot<'a>>,
    concept: Option<&'a Concept>,
    library_size: u64,
    policy: Option<String>,
    asked: usize,
    shortfall: Option<String>,
    synthetic: bool,
    references: Vec<Hit<'a>>,
    prompt: Option<&'a Prompt>,
    formats: Vec<Format<'a>>,
    rolls: [Vec<Comp<'a>>; 2],
    credits: &'a [Credit],
    failed: &'a [String],
    comps: bool,
}

#[derive(Serialize)]
struct Packshot<'a> {
    name: &'a str,
    picture: Option<String>,
}

/// A size that pictures have.
#[derive(Serialize)]
struct Format<'a> {
    name: &'a str,
    size: String,
}

/// From this ratio on a picture is long and stands in rows of its own.
const LONG: f64 = 3.0;

impl Sheet {
    /// The sheet as HTML.
    pub(crate) fn render(&self) -> Result<String> {
        let mut environment = Environment::new();
        environment.add_template("contact_sheet.html", include_str!("contact_sheet.html"))?;
        Ok(environment.get_template("contact_sheet.html")?.render(Serde(self.page()))?)
    }

    fn page(&self) -> Page<'_> {
        let campaign = &self.campaign;
        let found = campaign.current_references();
        let references = self.references();
        Page {
            campaign,
            palette: campaign.brief.brand.as_ref().and_then(|brand| brand.palette).unwrap_or_default(),
            made_on: campaign.created_at.to_string().chars().take(10).collect(),
            spent: spent(&campaign.spend),
            products: self.products(),
            concept: campaign.concept(),
            library_size: self.library_size,
            policy: found.map(|found| policy(found.policy)),
            asked: found.map_or(0, |found| found.asked),
            shortfall: found.and_then(|found| found.shortfall.as_ref()).map(Shortfall::to_string),
            synthetic: references.iter().any(|hit| hit.synthetic),
            references,
            prompt: campaign.prompt(),
            formats: self.formats(),
            rolls: self.rolls(),
            credits: &self.credits,
            failed: &self.failed,
            comps: campaign.creatives.iter().all(|creative| is_local(&creative.record.provider)),
        }
    }

    fn references(&self) -> Vec<Hit<'_>> {
        let Some(found) = self.campaign.current_references() else { return Vec::new() };
        let best = found.hits.iter().filter_map(|hit| hit.rate).fold(f64::MIN_POSITIVE, f64::max);
        let hits = found.hits.iter();
        hits.map(|hit| Hit::new(hit, &self.campaign, best, self.data_url(&hit.reference.image))).collect()
    }

    fn products(&self) -> Vec<Packshot<'_>> {
        let products = self.campaign.brief.products.iter();
        products
            .map(|product| Packshot {
                name: &product.name,
                picture: product.packshot.as_ref().map(|packshot| self.data_url(packshot)),
            })
            .collect()
    }

    /// The sizes, in the order in which they were asked for.
    fn formats(&self) -> Vec<Format<'_>> {
        let mut formats: Vec<Format<'_>> = Vec::new();
        for creative in &self.campaign.creatives {
            let size = creative.record.requested;
            let text = format!("{} × {}", size.width, size.height);
            if formats.iter().all(|format| format.size != text) {
                let channel = self.campaign.brief.channels.iter().find(|channel| channel.size == size);
                formats
                    .push(Format { name: channel.map_or("Pictures", |channel| &channel.name), size: text });
            }
        }
        formats
    }

    /// The pictures with sizes and kinds mixed, as they lie on a table: first the others, then the long ones.
    fn rolls(&self) -> [Vec<Comp<'_>>; 2] {
        let mut by_size: Vec<Vec<&Creative>> = Vec::new();
        for creative in &self.campaign.creatives {
            let size = creative.record.requested;
            match by_size.iter_mut().find(|all| all[0].record.requested == size) {
                Some(all) => all.push(creative),
                None => by_size.push(vec![creative]),
            }
        }
        let most = by_size.iter().map(Vec::len).max().unwrap_or_default();
        // Each size begins two places later: the first half of an order shows products, the second does not.
        let mixed = (0..most).flat_map(|round| {
            let mixed = by_size.iter().enumerate();
            mixed.filter_map(move |(place, all)| all.get((round + 2 * place) % most).copied())
        });
        let (long, other): (Vec<_>, Vec<_>) =
            mixed.partition(|creative| creative.record.requested.ratio() >= LONG);
        let mut number = 0;
        [other, long].map(|roll| {
            roll.into_iter()
                .map(|creative| {
                    number += 1;
                    Comp::new(creative, number, &self.campaign, self.data_url(&creative.image))
                })
                .collect()
        })
    }

    /// A picture as a data URL; empty when it is not at hand.
    fn data_url(&self, image: &ImageRef) -> String {
        self.pictures.get(&image.hash).map_or_else(String::new, |image| {
            format!("data:{};base64,{}", image.media_type(), BASE64_STANDARD.encode(image.bytes()))
        })
    }
}
