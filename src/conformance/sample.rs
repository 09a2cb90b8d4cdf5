//! Things to try a backend with.

use std::time::Duration;

use crate::{
    domain::{
        Archetype, Area, Brief, CampaignId, Channel, Color, CompFacts, Concept, CopySpace, Creative,
        CreativeId, Entry, Extended, GenerationRecord, Image, Kpi, Money, Origin, PhotoSource, PixelSize,
        PlacedPhoto, PlacedProduct, Product, Prompt, RankingPolicy, Reference, ReferenceId, References,
        Scrim, Side, Spend, Step, Timestamp, Usage, Verdict, Window,
    },
    error::{Error, ErrorKind},
    imaging::{Encoding, Picture},
};

/// A picture with a light and a dark half, in colours that follow from `number`.
pub(super) fn picture(number: u8, encoding: Encoding) -> Image {
    let tint = number.wrapping_mul(47);
    let picture = Picture::from_fn(PixelSize::new(160, 120), |x, y| {
        let shade = (x + y) as u8 / 4;
        if x < 80 { [200 - shade, tint, 40 + shade, 255] } else { [20 + shade, 90, 255 - tint, 255] }
    });
    picture.encode(encoding).expect("a small picture can be encoded")
}

pub(super) fn jpeg(number: u8) -> Image {
    picture(number, Encoding::Jpeg { quality: 90 })
}

/// A JPEG that ends in the middle.
pub(super) fn cut_off() -> Image {
    let whole = jpeg(1);
    Image::new(whole.bytes().slice(..whole.bytes().len() / 2)).expect("its first bytes are a JPEG's")
}

pub(super) fn brief() -> Brief {
    Brief::new("Autumn coffee", "Slow mornings in the city, warm light, a cup of coffee at the window")
        .with_objective("clicks")
        .with_audience("new customers")
        .with_product(Product::new("Morning Roast").with_description("a bag of whole coffee beans"))
        .with_channel(Channel::new("meta feed", 1_080, 1_350))
}

pub(super) fn concept() -> Concept {
    Concept {
        campaign_concept: "Take ten minutes before the day begins.".into(),
        visual_concept: "A quiet corner, steam, low sun.".into(),
        image_description: "A cup of coffee on a windowsill in warm morning light".into(),
        reasoning: "The brief speaks of slow mornings.".into(),
        language: Some("en".into()),
        notes: vec!["a text in the brief was taken as material".into()],
    }
}

/// A past picture that did well.
pub(super) fn reference(number: u8) -> Reference {
    let image = jpeg(number);
    let mut reference = Reference::new(image.reference().clone(), format!("past {number}.jpg"));
    reference.description = "A red cup of espresso on a wooden table, soft light from the left.".into();
    reference.elements = vec!["espresso".into(), "red cup".into(), "wooden table".into()];
    reference.objective = Some("clicks".into());
    reference.audience = Some("new customers".into());
    reference.results = Kpi::rate_of("clicks", 130.0, "impressions", 20_000.0).into_iter().collect();
    reference
}

/// One entry of each kind, with every optional part filled and the awkward values: quotes, line breaks, large seeds.
pub(super) fn entries(campaign: &CampaignId) -> Vec<Entry> {
    let mut reference = reference(3);
    let window = Window { from: Timestamp::now(), to: Timestamp::now() };
    reference.record_result(Kpi::total("likes", 0.1 + 0.2).expect("a count").with_window(window).synthetic());
    reference.origin = Origin::Promoted { campaign: campaign.clone(), creative: CreativeId::new("earlier") };
    let policy = RankingPolicy::Blended { weight: 0.3 };
    let references = References::rank(
        "a cup",
        5,
        vec![(reference, 0.123_456_789_012_345_68)],
        Some(&"clicks".into()),
        policy,
    );
    let creative = creative(campaign);
    let verdict = Verdict::new(true, Some("the light is \"right\"".into()));
    let error = Error::new(ErrorKind::RateLimited, "too many").with_retry_after(Duration::from_millis(1_500));
    let usage = Usage::REQUEST.with_tokens(1, 2).with_output_pictures(3);
    vec![
        Entry::Began { run: "r1".into(), step: Step::Concept, at_most: usage },
        Entry::Concept { concept: concept() },
        Entry::Ended { run: "r1".into(), spend: spend(), error: None },
        Entry::Ended { run: "r2".into(), spend: spend(), error: Some(error) },
        Entry::References { references },
        Entry::Chosen { references: vec![ReferenceId::new("a"), ReferenceId::new("b")] },
        Entry::Chosen { references: Vec::new() },
        Entry::Prompt { prompt: Prompt::suggested("A cup,\nsteam", "because").with_negative("text") },
        Entry::Promoted { creative: creative.id.clone(), reference: ReferenceId::new("c") },
        Entry::Verdict { creative: creative.id.clone(), verdict },
        Entry::Creative { creative: Box::new(creative) },
    ]
}

fn creative(campaign: &CampaignId) -> Creative {
    Creative {
        id: CreativeId::fresh(),
        campaign: campaign.clone(),
        image: jpeg(2).reference().clone(),
        record: GenerationRecord {
            prompt: "A cup of coffee — ☕ at dawn".into(),
            negative_prompt: Some("text".into()),
            prompt_version: 2,
            provider: "keyvisual.local".into(),
            model: "comp".into(),
            seed: Some(u64::MAX),
            requested: PixelSize::new(1_080, 1_350),
            made: None,
            original: None,
            delivered: PixelSize::new(1_080, 1_350),
            references: vec![ReferenceId::new("a")],
            products: vec![jpeg(4).reference().clone()],
            copy_space: Some(
                CopySpace::new(0.1, 0.2, 0.3, 0.4, Color::rgb(1, 2, 3), 7.3)
                    .with_scrim(Scrim::new(Color::rgb(4, 5, 6), 0.7)),
            ),
            comp: Some(comp()),
            product_mask: Some(jpeg(5).reference().clone()),
            notes: vec!["this is a comp".into()],
            spend: spend(),
        },
        created_at: Timestamp::now(),
        verdict: None,
        promoted: None,
    }
}

fn comp() -> CompFacts {
    let all = Area { x: 0.0, y: 0.0, width: 1.0, height: 1.0 };
    let photo = PlacedPhoto::new(PhotoSource::Reference(0), all, all, 1.4)
        .with_extension(Extended { side: Side::Left, share: 0.25 });
    let mut comp = CompFacts::new(Archetype::Tabletop);
    comp.photos.push(photo);
    comp.products.push(PlacedProduct::new(0, all, 1.0, -0.5).with_degrees(7.5));
    comp.ground = Some(Color::rgb(4, 5, 6));
    comp
}

fn spend() -> Spend {
    Spend {
        usage: Usage::REQUEST.with_tokens(10, 20),
        cost: Money::from_micros(2_400),
        unpriced: 1,
        took: Duration::new(3, 141_592_653),
    }
}
