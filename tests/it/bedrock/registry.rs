//! The registry of models: what it says of each, how ids are understood, how it is overridden.

use std::fmt::Write;

use keyvisual::{
    ErrorKind,
    backends::bedrock::{
        Registry,
        registry::{Case, Family, ModelId, Role, State, Tier, Via},
    },
    domain::{Lifecycle, Money, Timestamp, Usage},
    roles::TaskKind,
};

fn builtin() -> Registry {
    Registry::builtin().unwrap()
}

/// One line per model, so that a change of the data is seen as one.
#[test]
fn every_model_of_the_facts_is_there_with_its_life_and_price() {
    let mut table = String::new();
    for entry in &builtin().models {
        let life = &entry.lifecycle;
        let end = life.end.map_or_else(|| "-".to_owned(), |day| day.to_string());
        let rpm = entry.quotas.iter().filter_map(|quota| quota.calls_per_minute).min().unwrap_or(0);
        let price = entry.price(&Case::new()).map_or_else(
            || "unpriced".to_owned(),
            |p| {
                let sent = p.input_picture.unwrap_or_default();
                format!("{}/{}/{sent}/{}", p.input_tokens, p.output_tokens, p.output_picture)
            },
        );
        let id = &entry.id;
        writeln!(table, "{id:47} {:?} {:?} {end} {rpm} {price}", entry.role, life.state).unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn every_entry_says_where_it_is_from() {
    let registry = builtin();
    let known = |source: &str| assert!(registry.sources.contains_key(source), "{source}");
    for entry in &registry.models {
        known(&entry.source);
        known(&entry.lifecycle.source);
        entry.prices.iter().for_each(|price| known(&price.source));
        entry.quotas.iter().for_each(|quota| known(&quota.source));
        assert!(entry.as_of <= registry.as_of, "{}", entry.id);
        assert_eq!(Family::of(&entry.id), entry.family, "{}", entry.id);
        assert_eq!(entry.family.role(), entry.role, "{}", entry.id);
        assert!(entry.lifecycle.replacements.iter().all(|id| registry.find(id).is_some()), "{}", entry.id);
        assert_eq!(entry.role == Role::Generate, !entry.tasks.is_empty(), "{}", entry.id);
        let geography = |prefix: &String| registry.geographies.contains_key(prefix);
        assert!(entry.profiles.keys().all(geography), "{}", entry.id);
    }
}

#[test]
fn every_task_but_background_replacement_has_a_model_that_is_not_ending() {
    let registry = builtin();
    for task in [
        TaskKind::TextToImage,
        TaskKind::ImageToImage,
        TaskKind::Inpaint,
        TaskKind::Outpaint,
        TaskKind::Erase,
        TaskKind::Replace,
        TaskKind::Recolor,
        TaskKind::RemoveBackground,
        TaskKind::StyleGuide,
        TaskKind::StyleTransfer,
        TaskKind::Sketch,
        TaskKind::Structure,
        TaskKind::Upscale,
    ] {
        let serves = registry
            .models
            .iter()
            .any(|entry| entry.tasks.contains(&task) && entry.lifecycle.state == State::Active);
        assert!(serves, "{task}");
    }
}

#[test]
fn an_id_is_understood_in_all_its_forms() {
    const ARN: &str = "arn:aws:bedrock:eu-west-1:111122223333";
    let profile = |geography: &str| Via::Profile(geography.into());
    for (id, model, via, region) in [
        ("amazon.nova-pro-v1:0", Some("amazon.nova-pro-v1:0"), Via::Model, None),
        ("us.amazon.nova-pro-v1:0", Some("amazon.nova-pro-v1:0"), profile("us"), None),
        ("eu.amazon.nova-pro-v1:0", Some("amazon.nova-pro-v1:0"), profile("eu"), None),
        ("apac.amazon.nova-pro-v1:0", Some("amazon.nova-pro-v1:0"), profile("apac"), None),
        ("jp.amazon.nova-2-lite-v1:0", Some("amazon.nova-2-lite-v1:0"), profile("jp"), None),
        ("global.amazon.nova-2-lite-v1:0", Some("amazon.nova-2-lite-v1:0"), profile("global"), None),
        ("us.stability.stable-outpaint-v1:0", Some("stability.stable-outpaint-v1:0"), profile("us"), None),
        (
            &format!("{ARN}:inference-profile/eu.amazon.nova-pro-v1:0"),
            Some("amazon.nova-pro-v1:0"),
            profile("eu"),
            Some("eu-west-1"),
        ),
        (
            "arn:aws:bedrock:us-west-2::foundation-model/stability.sd3-5-large-v1:0",
            Some("stability.sd3-5-large-v1:0"),
            Via::Model,
            Some("us-west-2"),
        ),
        (&format!("{ARN}:application-inference-profile/a1b2"), None, Via::Opaque, Some("eu-west-1")),
        (&format!("{ARN}:provisioned-model/x"), None, Via::Opaque, Some("eu-west-1")),
        ("meta.llama3-1-8b-instruct-v1:0", Some("meta.llama3-1-8b-instruct-v1:0"), Via::Model, None),
        ("mistral.pixtral-large-2502.v1", Some("mistral.pixtral-large-2502.v1"), Via::Model, None),
        ("", Some(""), Via::Model, None),
        ("arn:", None, Via::Opaque, None),
    ] {
        let parsed = ModelId::parse(id);
        assert_eq!(
            (parsed.model.as_deref(), &parsed.via, parsed.region.as_deref()),
            (model, &via, region),
            "{id}"
        );
    }
}

#[test]
fn an_unknown_model_has_a_family_by_its_id() {
    for (id, family) in [
        ("us.amazon.nova-premier-v1:0", Family::Nova),
        ("global.amazon.nova-2-pro-v9:0", Family::Nova2),
        ("stability.stable-image-ultra-v1:0", Family::Stability),
        ("us.stability.stable-relight-v1:0", Family::StabilityService),
        ("us.anthropic.claude-sonnet-4-v1:0", Family::Other),
        ("arn:aws:bedrock:us-east-1:1:application-inference-profile/x", Family::Other),
    ] {
        assert_eq!(Family::of(id), family, "{id}");
    }
}

/// The region, and words of the reason why not.
#[test]
fn a_region_that_cannot_serve_is_refused_with_the_ones_that_can() {
    let registry = builtin();
    for (id, region, words) in [
        ("stability.stable-image-core-v1:1", "us-west-2", None),
        ("stability.stable-image-core-v1:1", "eu-west-1", Some("served in us-west-2")),
        ("stability.stable-outpaint-v1:0", "us-west-2", Some("\"us.stability.stable-outpaint-v1:0\"")),
        ("us.stability.stable-outpaint-v1:0", "us-east-2", None),
        ("us.stability.stable-outpaint-v1:0", "us-west-1", Some("us-east-1, us-east-2, us-west-2")),
        ("amazon.nova-2-lite-v1:0", "us-east-1", Some("\"us.amazon.nova-2-lite-v1:0\"")),
        ("eu.amazon.nova-pro-v1:0", "us-east-1", Some("only from eu-*")),
        ("us.amazon.nova-pro-v1:0", "us-east-1", None),
        ("amazon.nova-pro-v1:0", "eu-north-1", None),
        ("amazon.titan-embed-image-v1", "eu-north-1", Some("eu-central-1")),
        ("anybody.model-v1:0", "eu-north-1", None),
        (
            "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.amazon.nova-pro-v1:0",
            "eu-north-1",
            Some("with_region(\"eu-west-1\")"),
        ),
    ] {
        match (registry.check_region(id, region), words) {
            (Ok(()), None) => {}
            (Err(error), Some(words)) => {
                assert_eq!(error.kind(), ErrorKind::InvalidInput);
                assert!(error.message().contains(words) && error.message().contains(region), "{error}");
            }
            (found, words) => panic!("{id} in {region}: {found:?}, not {words:?}"),
        }
    }
}

#[test]
fn a_card_has_the_end_the_pace_and_the_price_of_the_way_it_is_called() {
    let registry = builtin();
    let card = |id: &str, region: &str| registry.find(id).unwrap().card(id, region);
    let million = Usage::REQUEST.with_tokens(1_000_000, 1_000_000);

    let nova = card("us.amazon.nova-pro-v1:0", "us-east-1");
    assert_eq!((nova.provider.as_str(), nova.name.as_str()), ("aws.bedrock", "us.amazon.nova-pro-v1:0"));
    assert_eq!(
        (nova.max_calls_per_minute, nova.cost(million)),
        (Some(500), Some(Money::from_micros(4_000_000)))
    );
    assert_eq!(card("amazon.nova-pro-v1:0", "us-east-1").max_calls_per_minute, Some(250));
    assert_eq!(card("amazon.nova-lite-v1:0", "us-east-1").max_calls_per_minute, Some(2_000));
    assert_eq!(card("amazon.nova-lite-v1:0", "eu-north-1").max_calls_per_minute, Some(200));
    assert_eq!(
        card("global.amazon.nova-2-lite-v1:0", "us-east-1").cost(million),
        Some(Money::from_micros(2_800_000))
    );
    assert_eq!(
        card("us.amazon.nova-2-lite-v1:0", "us-east-1").cost(million),
        Some(Money::from_micros(3_080_000))
    );

    let picture = Usage::REQUEST.with_output_pictures(1);
    let outpaint = card("us.stability.stable-outpaint-v1:0", "us-west-2");
    assert_eq!(
        (outpaint.max_calls_per_minute, outpaint.cost(picture)),
        (Some(2), Some(Money::from_micros(60_000)))
    );

    let Lifecycle::Ends { at, replacement } = card("amazon.nova-canvas-v1:0", "us-east-1").lifecycle else {
        panic!("Canvas has ended")
    };
    assert_eq!(at.to_string(), "2026-09-30T00:00:00Z");
    assert!(replacement.unwrap().starts_with("stability.stable-image-core-v1:1"));
    let v1 = card("amazon.titan-image-generator-v1", "us-east-1").lifecycle;
    assert!(
        matches!(v1, Lifecycle::Ends { at, .. } if at <= Timestamp::now()),
        "its day is not known, but it is gone"
    );
}

#[test]
fn prices_depend_on_tier_quality_and_pixels() {
    let registry = builtin();
    let canvas = registry.find("amazon.nova-canvas-v1:0").unwrap();
    for (quality, pixels, dollars) in [
        ("standard", 1 << 20, 0.04),
        ("standard", (1 << 20) + 1, 0.06),
        ("premium", 1, 0.06),
        ("premium", 4 << 20, 0.08),
    ] {
        let price = canvas.price(&Case::new().with_quality(quality).with_pixels(pixels)).unwrap();
        assert_eq!(price.output_picture, dollars, "{quality} {pixels}");
    }
    let nova = registry.find("amazon.nova-2-multimodal-embeddings-v1:0").unwrap();
    let prices = nova.price(&Case::new()).unwrap().prices();
    assert_eq!(
        prices.cost(Usage::REQUEST.with_input_pictures(1)),
        None,
        "no source says what a picture costs"
    );
    assert!(prices.cost(Usage::REQUEST.with_tokens(1_000, 0)).is_some());
    assert!(canvas.price(&Case::new().with_pixels(5 << 20)).is_none());
    assert!(canvas.price(&Case::new().with_tier(Tier::Flex)).is_none());
}

#[test]
fn a_state_follows_the_calendar() {
    let registry = builtin();
    let canvas = &registry.find("amazon.nova-canvas-v1:0").unwrap().lifecycle;
    for (now, state) in [("2026-09-29T23:59:59Z", State::Legacy), ("2026-09-30T00:00:00Z", State::Ended)] {
        assert_eq!(canvas.state_at(now.parse().unwrap()), state);
    }
}

#[test]
fn an_application_overrides_single_fields_and_adds_models() {
    const OVERRIDES: &str = r#"{
        "as_of": "2027-01-15",
        "models": [
            {"id": "amazon.nova-canvas-v1:0", "lifecycle": {"state": "active", "end": null}},
            {"id": "amazon.nova-pro-v1:0", "aliases": ["arn:aws:bedrock:us-east-1:1:application-inference-profile/x"]},
            {
                "id": "maker.new-v1:0", "name": "New", "family": "other", "role": "chat",
                "lifecycle": {"state": "active", "source": "us", "as_of": "2027-01-15"},
                "source": "us", "as_of": "2027-01-15"
            }
        ]
    }"#;
    let registry = builtin().with_overrides(OVERRIDES).unwrap();
    assert_eq!(registry.as_of.to_string(), "2027-01-15");
    let canvas = registry.find("amazon.nova-canvas-v1:0").unwrap();
    assert_eq!((canvas.lifecycle.end, canvas.lifecycle.state), (None, State::Active));
    assert_eq!(canvas.prices, builtin().find("amazon.nova-canvas-v1:0").unwrap().prices);
    let own = registry.find("arn:aws:bedrock:us-east-1:1:application-inference-profile/x").unwrap();
    assert_eq!(own.name, "Nova Pro");
    assert_eq!(registry.find("us.maker.new-v1:0").unwrap().name, "New");
    assert_eq!(registry.models.len(), builtin().models.len() + 1);
}

#[test]
fn overrides_that_cannot_be_read_are_refused() {
    for (overrides, words) in [
        ("{", "EOF"),
        ("[]", "object"),
        (r#"{"models": {}}"#, "list"),
        (r#"{"models": [{"name": "x"}]}"#, "no id"),
        (r#"{"modles": []}"#, "modles"),
        (r#"{"models": [{"id": "amazon.nova-pro-v1:0", "price": 1}]}"#, "price"),
        (r#"{"models": [{"id": "amazon.nova-pro-v1:0", "lifecycle": {"end": "soon"}}]}"#, "soon"),
        (r#"{"models": [{"id": "new"}]}"#, "missing field"),
    ] {
        let error = builtin().with_overrides(overrides).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{overrides}");
        assert!(error.message().contains(words), "{error}");
    }
}

#[test]
fn a_picture_counts_tokens_by_its_size() {
    let registry = builtin();
    let tokens = |id, pixels| registry.find(id).unwrap().limits.tokens.of_image(pixels);
    for (pixels, count) in [(1, 800), (900 * 450, 800), (900 * 900, 1_300), (8_000 * 8_000, 2_600)] {
        assert_eq!(tokens("amazon.nova-pro-v1:0", pixels), Some(count), "{pixels}");
    }
    assert_eq!(tokens("amazon.nova-2-lite-v1:0", 1 << 24), Some(230));
    assert_eq!(tokens("amazon.titan-embed-image-v1", 1), None);
}
