//! What each role promises beyond the form of the answer.

use std::sync::Arc;

use keyvisual::{
    ErrorKind, Result,
    chat::{ChatDecomposer, ChatDescriber, ChatJudge, ChatPlanner, ChatPromptWriter},
    domain::{Brand, Brief, Concept, PixelSize},
    roles::*,
};
use proptest::prelude::*;
use serde_json::json;

use super::{Script, picture, pictures, says};

fn blind(answer: &str) -> Arc<Script> {
    Script::with(ChatCapabilities::new().with_images(false), [says(answer)])
}

#[test]
fn the_card_is_the_models_own() {
    let model = Script::new([]);
    assert_eq!(ChatDescriber::new(Arc::clone(&model)).card(), model.card());
    assert_eq!(ChatPromptWriter::new(Arc::clone(&model)).card(), model.card());
    assert_eq!(ChatJudge::new(Arc::clone(&model) as Arc<dyn ChatModel>).card(), model.card());
}

#[tokio::test]
async fn a_description_comes_trimmed_and_each_element_once() {
    let answer = json!({"description": " A mug. ", "elements": ["Mug", " mug", "", "steam"]});
    let describer = ChatDescriber::new(Script::new([says(answer.to_string())]));
    let reply = describer.describe(DescribeRequest::new(picture())).await.unwrap();
    assert_eq!((reply.description.as_str(), reply.elements), ("A mug.", vec!["Mug".into(), "steam".into()]));
}

#[tokio::test]
async fn a_model_that_takes_no_pictures_is_not_asked_about_one() {
    let model = blind("{}");
    let describer = ChatDescriber::new(Arc::clone(&model));
    assert!(!describer.capabilities().recognises);
    let described = describer.describe(DescribeRequest::new(picture())).await.unwrap_err();
    let judge = ChatJudge::new(Arc::clone(&model));
    let judged = judge.judge(JudgeRequest::new(picture(), "c", vec!["g".into()])).await.unwrap_err();
    for error in [described, judged] {
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Unsupported, false));
    }
    assert!(model.requests().is_empty());
}

#[tokio::test]
async fn an_answer_that_is_not_english_is_sent_back() {
    let spanish = "Una taza verde sobre una mesa de madera, con luz cálida de la mañana";
    for (foreign, english) in [
        (spanish, "A green mug on a wooden table"),
        (
            "Ein grüner Becher steht auf dem Tisch und dampft in der Sonne, mit Blick auf den See",
            "Mug, table, sun",
        ),
        (
            "木のテーブルの上の緑のマグカップ",
            "A café in the rue de la Paix, seen from the pavement, with rain",
        ),
    ] {
        let concept = |text| {
            let fields = json!({"reasoning": "", "campaign_concept": "", "visual_concept": "", "image_description": text});
            says(fields.to_string())
        };
        let writer = ChatPromptWriter::new(Script::new([concept(foreign), concept(english)]));
        let request = ConceptRequest::new(Brief::new("Taza", spanish));
        let reply = writer.concept(request.clone()).await.unwrap();
        assert_eq!((reply.concept.image_description.as_str(), reply.usage.requests), (english, 2));

        let writer = ChatPromptWriter::new(Script::new([concept(foreign), concept(foreign)]));
        let error = writer.concept(request).await.unwrap_err();
        assert!(error.message().contains("not in English"), "{error}");
    }
}

fn prompt(text: &str, negative: &str) -> Result<ChatReply> {
    says(json!({"reasoning": "Because.", "prompt": text, "negative_prompt": negative}).to_string())
}

fn write(max_chars: usize) -> WriteRequest {
    let brand = Brand::new("Nordkap").with_avoided("plastic cups").with_avoided("text");
    WriteRequest::new(Brief::new("Tea", "Green tea").with_brand(brand), Concept::new("A cup."))
        .with_max_chars(max_chars)
}

#[tokio::test]
async fn a_negative_prompt_comes_only_where_it_is_taken_and_holds_what_the_brand_avoids() {
    for (asked, expected) in [(false, None), (true, Some("plastic cups, text, blur"))] {
        let writer = ChatPromptWriter::new(Script::new([prompt("A cup.", "blur, Text,, blur")]));
        let reply = writer.write(write(500).with_negative(asked)).await.unwrap();
        assert_eq!(reply.prompt.negative.as_deref(), expected);
    }
}

#[tokio::test]
async fn a_negative_prompt_names_things_and_never_says_that_they_are_not_there() {
    let list = "no people, without any text, Not no Blur, nobody, avoid noise, , no";
    let writer = ChatPromptWriter::new(Script::new([prompt("A cup.", list)]));
    let request =
        WriteRequest::new(Brief::new("Tea", "Green tea"), Concept::new("A cup.")).with_negative(true);
    let negative = writer.write(request).await.unwrap().prompt.negative;
    assert_eq!(negative.as_deref(), Some("people, text, Blur, nobody, noise"));
}

#[tokio::test]
async fn a_prompt_that_is_too_long_is_sent_back_once() {
    let long = "word ".repeat(30);
    let model = Script::new([prompt(&long, ""), prompt("A cup.", "")]);
    let reply = ChatPromptWriter::new(Arc::clone(&model)).write(write(100)).await.unwrap();
    assert_eq!((reply.prompt.text.as_str(), reply.usage.requests), ("A cup.", 2));
    let repair = super::texts(&model.requests()[1].messages[2]);
    assert!(repair.contains("the prompt has 149 characters, at most 100 are taken"), "{repair}");
}

#[tokio::test]
async fn a_prompt_that_stays_too_long_is_cut_and_says_so() {
    for (long, expected) in [
        (
            "A cup of tea stands on a table by the grey sea. Steam rises. And then more is on the way.",
            "A cup of tea stands on a table by the grey sea. Steam rises.",
        ),
        (
            "Tea. Steam is rising and rising, on and on and over and over, and more comes with every cup",
            "Tea. Steam is rising and rising, on and on and over and over, and",
        ),
    ] {
        let writer = ChatPromptWriter::new(Script::new([prompt(long, ""), prompt(long, "")]));
        let reply = writer.write(write(69)).await.unwrap();
        assert_eq!(reply.prompt.text, expected);
        assert!(reply.prompt.reasoning.starts_with("Because."), "{}", reply.prompt.reasoning);
        assert!(reply.prompt.reasoning.contains("was cut"), "{}", reply.prompt.reasoning);
    }
}

#[tokio::test]
async fn a_limit_too_small_to_write_in_is_refused() {
    let model = Script::new([]);
    let error = ChatPromptWriter::new(Arc::clone(&model)).write(write(63)).await.unwrap_err();
    assert_eq!((error.kind(), model.requests().len()), (ErrorKind::InvalidInput, 0));
}

proptest! {
    #[test]
    fn a_prompt_is_never_longer_than_its_limit(text in "(the [a-zé🍵]{1,30}[ ,.!]{0,2}){1,40}", most in 64_usize..200) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let writer = ChatPromptWriter::new(Script::new([prompt(&text, ""), prompt(&text, "")]));
        let reply = runtime.block_on(writer.write(write(most))).unwrap();
        let chars = reply.prompt.text.chars().count();
        prop_assert!(chars > 0 && chars <= most);
        prop_assert!(text.starts_with(&reply.prompt.text));
    }
}

#[tokio::test]
async fn a_query_is_taken_apart_with_each_thing_once() {
    let answer = json!({"products": ["mug", "Mug "], "backgrounds": [""], "themes": ["autumn"]});
    let decomposer = ChatDecomposer::new(Script::new([says(answer.to_string())]));
    let reply = decomposer.decompose(DecomposeRequest::new("mug, autumn")).await.unwrap();
    assert_eq!((reply.products.len(), reply.backgrounds.len(), reply.themes.len()), (1, 0, 1));

    for query in ["  ".to_owned(), "x".repeat(4_001)] {
        let error = decomposer.decompose(DecomposeRequest::new(query)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}

async fn plan(answers: Vec<Result<ChatReply>>) -> Result<PlanReply> {
    let planner = ChatPlanner::new(Script::new(answers));
    planner.plan(PlanRequest::new("A mug", picture(), PixelSize::new(100, 50))).await
}

#[tokio::test]
async fn a_plan_has_nine_places_from_left_to_right_then_by_rotation() {
    let reply = plan(vec![says(r#"{"reasoning": "As tall as the kettle.", "scale": 0.5}"#)]).await.unwrap();
    assert_eq!((reply.scale, reply.reasoning.as_str()), (0.5, "As tall as the kettle."));
    let places: Vec<_> = reply.placements.iter().map(|p| (p.x, p.rotation)).collect();
    let third = 1.0 / 6.0;
    let columns = [third, 0.5, 5.0 * third];
    let expected: Vec<_> = columns.into_iter().flat_map(|x| [-15.0, 0.0, 15.0].map(|r| (x, r))).collect();
    assert_eq!(places.len(), 9);
    for (place, expected) in places.iter().zip(&expected) {
        assert!((place.0 - expected.0).abs() < 1e-6 && place.1 == expected.1, "{place:?} {expected:?}");
    }
}

#[tokio::test]
async fn a_product_of_any_scale_stands_inside_the_canvas() {
    for scale in [0.01_f32, 0.5, 0.88, 0.95, 1.0] {
        let reply = plan(vec![says(json!({"reasoning": "", "scale": scale}).to_string())]).await.unwrap();
        assert!(reply.placements.iter().all(|p| p.y <= 1.0 && p.y - reply.scale >= -1e-6), "{scale}");
    }
}

#[tokio::test]
async fn a_scale_outside_the_canvas_is_sent_back() {
    for scale in [0.0, -0.2, 1.5, 1e30] {
        let answer = || says(json!({"reasoning": "", "scale": scale}).to_string());
        let mended = plan(vec![answer(), says(r#"{"reasoning": "", "scale": 0.3}"#)]).await.unwrap();
        assert_eq!(mended.scale, 0.3);
        assert_eq!(plan(vec![answer(), answer()]).await.unwrap_err().kind(), ErrorKind::InvalidReply);
    }
}

#[tokio::test]
async fn a_planner_that_sees_nothing_goes_by_the_caption() {
    let model = blind(r#"{"reasoning": "", "scale": 0.3}"#);
    let planner = ChatPlanner::new(Arc::clone(&model));
    assert!(!planner.capabilities().sees);
    planner.plan(PlanRequest::new("A mug", picture(), PixelSize::new(100, 50))).await.unwrap();
    let request = &model.requests()[0];
    assert_eq!(pictures(&request.messages[0]), 0);
    assert!(request.system.contains("You cannot see the pictures"));
}

#[tokio::test]
async fn an_empty_canvas_is_refused() {
    let model = Script::new([]);
    let planner = ChatPlanner::new(Arc::clone(&model));
    let error = planner.plan(PlanRequest::new("A mug", picture(), PixelSize::new(0, 50))).await.unwrap_err();
    assert_eq!((error.kind(), model.requests().len()), (ErrorKind::InvalidInput, 0));
}

#[tokio::test]
async fn every_guideline_has_its_finding_and_a_missing_one_is_unknown() {
    let finding = |number: i32, outcome: &str, correction: &str| json!({"number": number, "reason": " seen ", "outcome": outcome, "correction": correction});
    let answer = json!({"findings": [
        finding(3, "fail", "Show one mug."), finding(1, "pass", "ignored"), finding(9, "fail", ""),
        finding(4, "pass", ""), finding(4, "fail", ""), finding(5, "fail", " "), finding(6, "unknown", ""),
    ]});
    let judge = ChatJudge::new(Script::new([says(answer.to_string())]));
    let guidelines: Vec<_> = (1..=6).map(|n| format!("guideline {n}")).collect();
    let reply = judge.judge(JudgeRequest::new(picture(), "c", guidelines.clone())).await.unwrap();
    let found: Vec<_> = reply.findings.iter().map(|f| f.guideline.clone()).collect();
    assert_eq!(found, guidelines);
    let outcomes: Vec<_> = reply.findings.iter().map(|f| (f.outcome, f.correction.as_deref())).collect();
    assert_eq!(
        outcomes,
        [
            (Outcome::Pass, None),
            (Outcome::Unknown, None),
            (Outcome::Fail, Some("Show one mug.")),
            (Outcome::Unknown, None),
            (Outcome::Fail, None),
            (Outcome::Unknown, None),
        ]
    );
    assert!(!reply.findings[1].reason.is_empty() && !reply.passes());
}

#[tokio::test]
async fn a_judge_needs_guidelines_and_not_too_many() {
    let model = Script::new([]);
    let judge = ChatJudge::new(Arc::clone(&model));
    let most = judge.capabilities().max_guidelines;
    for count in [0, most + 1] {
        let request = JudgeRequest::new(picture(), "c", vec!["g".into(); count]);
        assert_eq!(judge.judge(request).await.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    assert!(model.requests().is_empty());
}
