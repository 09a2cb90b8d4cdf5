//! What stands under a comp: how it is put together, in words and figures.

use keyvisual::domain::{
    Area, Campaign, CopySpace, Extended, GenerationRecord, PhotoSource, PlacedPhoto, PlacedProduct,
    ReferenceId,
};
use serde::Serialize;

use super::view::title;

/// A label and what it says.
#[derive(Serialize)]
pub(crate) struct Fact {
    label: &'static str,
    text: String,
}

/// The facts of a picture; of one that is no comp only its room for copy.
pub(crate) fn of(record: &GenerationRecord, campaign: &Campaign) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |label: &'static str, text: String| facts.push(Fact { label, text });
    if let Some(comp) = &record.comp {
        for photo in &comp.photos {
            add("photo", self::photo(photo, record, campaign));
        }
        for product in &comp.products {
            add("product", self::product(product, record, campaign));
        }
        if comp.grade > 0.0 {
            add("grade", format!("{:.2}", comp.grade));
        }
    }
    add("copy", record.copy_space.as_ref().map_or_else(|| "no calm room".into(), copy));
    facts
}

fn photo(photo: &PlacedPhoto, record: &GenerationRecord, campaign: &Campaign) -> String {
    let name = match photo.source {
        PhotoSource::Reference(place) => record.references.get(place).map(|id| reference(id, campaign)),
        PhotoSource::Product(place) => product_name(place, record, campaign),
        _ => None,
    };
    let mut text = name.unwrap_or_else(|| photo.source.to_string());
    text += &format!(", {} of it", size(photo.crop));
    if let Some(Extended { side, share }) = photo.extended {
        text += &format!(", {side} drawn out by {}", percent(share));
    }
    text + &format!(", {:.1}x", photo.enlarged)
}

fn product(placed: &PlacedProduct, record: &GenerationRecord, campaign: &Campaign) -> String {
    let mut text = product_name(placed.product, record, campaign).unwrap_or_else(|| "product".into());
    text += &format!(", {}, {:.2}x", place(placed.area), placed.scale);
    if placed.degrees != 0.0 {
        text += &format!(", turned {:.0}°", placed.degrees);
    }
    text + if placed.light < 0.0 { ", light from the left" } else { ", light from the right" }
}

fn copy(space: &CopySpace) -> String {
    let area = Area { x: space.x, y: space.y, width: space.width, height: space.height };
    let scrim = space.scrim.map(|scrim| format!(", scrim {}", percent(scrim.strength))).unwrap_or_default();
    format!("{}, {} at {:.1} : 1{scrim}", place(area), space.text, space.contrast)
}

fn reference(id: &ReferenceId, campaign: &Campaign) -> String {
    let listed = campaign.current_references().map_or(&[][..], |found| &found.hits);
    let hit = listed.iter().find(|hit| hit.reference.id == *id);
    hit.map_or_else(|| id.to_string(), |hit| title(&hit.reference.name))
}

fn product_name(place: usize, record: &GenerationRecord, campaign: &Campaign) -> Option<String> {
    let packshot = record.products.get(place)?;
    let product =
        campaign.brief.products.iter().find(|product| product.packshot.as_ref() == Some(packshot))?;
    Some(product.name.clone())
}

fn percent(share: f32) -> String {
    format!("{:.0} %", share * 100.0)
}

fn size(area: Area) -> String {
    format!("{:.0} × {:.0} %", area.width * 100.0, area.height * 100.0)
}

fn place(area: Area) -> String {
    format!("{} at {:.0}, {:.0} %", size(area), area.x * 100.0, area.y * 100.0)
}
