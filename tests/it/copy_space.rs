//! Where copy stands on a channel that lays its own controls over the picture.

use std::{collections::BTreeSet, path::Path};

use keyvisual::{
    backends::local::Compositor,
    domain::{Archetype, Image, PixelSize},
    imaging::{Encoding, Picture},
    roles::{GenerateRequest, ImageGenerator},
};

/// What a story leaves free, from top to bottom, and a pixel's rounding.
const FREE: std::ops::RangeInclusive<f32> = 0.138..=0.653;

#[tokio::test]
async fn copy_in_a_story_keeps_clear_of_the_controls() {
    let size = PixelSize::new(540, 960);
    let wall = Picture::from_fn(size, |_, y| [40 + (y / 16) as u8, 60, 90, 255]);
    let request = GenerateRequest::new("a quiet wall", size)
        .with_references(vec![wall.encode(Encoding::Png).unwrap()])
        .with_count(8)
        .with_seed(16);
    let pictures = Compositor::new().generate(request).await.unwrap().results;
    let mut seen = 0;
    for picture in pictures.into_iter().map(Result::unwrap) {
        if !picture.notes.iter().any(|note| note.contains("full bleed")) {
            continue;
        }
        let copy = picture.copy_space.expect("a wall has room for copy");
        seen += 1;
        assert!(FREE.contains(&copy.y) && FREE.contains(&(copy.y + copy.height)), "{copy:?}");
        assert!(copy.contrast >= 3.0, "{copy:?}");
    }
    assert!(seen > 0, "no comp was full bleed");
}

#[tokio::test]
async fn every_layout_of_a_story_keeps_copy_and_product_clear_of_the_controls() {
    let file = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data").join(name);
        Image::new(std::fs::read(path).unwrap()).unwrap()
    };
    let photos =
        ["black-bicycle-against-white-wall", "canal-with-half-timbered-houses", "halved-fig-in-red-bowl"];
    let photos: Vec<_> = photos.iter().map(|name| file(&format!("library/{name}.jpg"))).collect();
    let products = ["film-camera-cutout", "blue-scissors-cutout"];
    let products: Vec<_> = products.iter().map(|name| file(&format!("products/{name}.png"))).collect();
    let request = GenerateRequest::new("a story", PixelSize::new(270, 480)).with_count(16).with_seed(0);
    let request = request.with_references(photos);
    let (mut dealt, mut without) = (BTreeSet::new(), 0);
    for request in [request.clone(), request.with_products(products)] {
        for comp in Compositor::new().generate(request).await.unwrap().results {
            let comp = comp.unwrap();
            let facts = comp.comp.unwrap();
            dealt.insert(facts.archetype);
            for placed in &facts.products {
                let foot = placed.area.y + placed.area.height;
                assert!(FREE.contains(&placed.area.y) && FREE.contains(&foot), "{facts:?}");
            }
            let Some(copy) = comp.copy_space else {
                without += 1;
                let may = facts.archetype == Archetype::FullBleed;
                assert!(may, "a layout with a panel always has copy: {facts:?}");
                continue;
            };
            assert!(
                FREE.contains(&copy.y) && FREE.contains(&(copy.y + copy.height)),
                "{copy:?} of {facts:?}"
            );
            assert!(copy.contrast >= 3.5 || copy.scrim.is_some(), "{copy:?} of {facts:?}");
            assert!(copy.width * copy.height > 0.04, "{copy:?} of {facts:?}");
        }
    }
    assert!(dealt.len() >= 6, "{dealt:?}");
    assert!(without <= 2, "{without} of 32 stories have no room for copy");
}
