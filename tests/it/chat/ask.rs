//! Stop reasons, repairs and limits, which all roles share.

use std::{sync::Arc, time::Duration};

use keyvisual::{
    Error, ErrorKind, Result,
    chat::{ChatDecomposer, ChatDescriber, ChatJudge, ChatPlanner, ChatPromptWriter},
    domain::{Brief, Concept},
    roles::*,
};
use proptest::prelude::*;

use super::{Script, says, texts};

const PARTS: &str = r#"{"products": ["mug"], "backgrounds": [], "themes": []}"#;

async fn decompose(answers: Vec<Result<ChatReply>>) -> (Result<DecomposeReply>, Vec<ChatRequest>) {
    let model = Script::new(answers);
    let reply = ChatDecomposer::new(Arc::clone(&model)).decompose(DecomposeRequest::new("a mug")).await;
    (reply, model.requests())
}

fn cut(stop: StopReason) -> Result<ChatReply> {
    Ok(ChatReply::new(PARTS).with_stop(stop))
}

#[tokio::test]
async fn one_json_object_is_found_in_what_surrounds_it() {
    for text in [
        PARTS.to_owned(),
        format!("```json\n{PARTS}\n```"),
        format!("Here you are:\n\n{PARTS}"),
        format!("{PARTS}\nI hope this helps."),
    ] {
        let (reply, requests) = decompose(vec![says(&text)]).await;
        assert_eq!(reply.unwrap().products, ["mug"], "{text}");
        assert_eq!(requests.len(), 1);
    }
}

#[tokio::test]
async fn an_unusable_answer_is_mended_once_and_both_calls_are_counted() {
    for (text, problem) in [
        ("I cannot do that.", "no JSON object"),
        (r#"{"products": ["mug"]}"#, "missing field `backgrounds`"),
        (r#"{"products": ["mug"], "backg"#, "no JSON object"),
        (r#"{"products": "mug", "backgrounds": [], "themes": []}"#, "invalid type: string"),
        (&format!("{PARTS}\n{PARTS}"), "trailing characters"),
    ] {
        let (reply, requests) = decompose(vec![says(text), says(PARTS)]).await;
        let reply = reply.unwrap();
        assert_eq!(reply.products, ["mug"]);
        assert_eq!(reply.usage.requests, 2);
        assert_eq!((reply.usage.input_tokens, reply.usage.output_tokens), (20, 10));
        let [_, said, repair] = requests[1].messages.as_slice() else { panic!("three messages") };
        assert_eq!((said.speaker, texts(said).as_str()), (Speaker::Assistant, text));
        assert_eq!(repair.speaker, Speaker::User);
        assert!(texts(repair).contains(problem), "{}", texts(repair));
        assert_eq!(requests[0].schema, requests[1].schema);
    }
}

/// Providers refuse an empty turn of the assistant, and two turns of the user in a row.
#[tokio::test]
async fn an_empty_answer_is_mended_without_an_empty_turn() {
    let (reply, requests) = decompose(vec![says("  "), says(PARTS)]).await;
    reply.unwrap();
    let [message] = requests[1].messages.as_slice() else { panic!("one message") };
    assert!(texts(message).contains("no JSON object"));
}

#[tokio::test]
async fn a_second_unusable_answer_is_an_error_that_says_what_was_wrong() {
    let (reply, requests) = decompose(vec![says("no"), says("still no")]).await;
    let error = reply.unwrap_err();
    assert_eq!((error.kind(), requests.len()), (ErrorKind::InvalidReply, 2));
    assert!(error.was_sent() && !error.is_transient());
    assert_eq!(error.context("model"), Some("scripted"));
    insta::assert_snapshot!(error, @"invalid reply: the model's answer could not be used, nor the one it was asked to mend: there is no JSON object in it (model: scripted)");
}

/// The text is whole in these cases, so only the stop reason can tell.
#[tokio::test]
async fn the_stop_reason_is_looked_at_before_the_text() {
    let (reply, requests) = decompose(vec![cut(StopReason::MaxTokens), says(PARTS)]).await;
    let error = reply.unwrap_err();
    assert_eq!((error.kind(), requests.len(), error.was_sent()), (ErrorKind::Truncated, 1, true));
    insta::assert_snapshot!(error, @"truncated: the answer was cut off at its limit of 1588 tokens: raise it with `with_reasoning_tokens` (now 1024) (model: scripted)");

    let (reply, requests) = decompose(vec![cut(StopReason::Filtered), says(PARTS)]).await;
    let error = reply.unwrap_err();
    assert_eq!((error.kind(), requests.len(), error.was_sent()), (ErrorKind::Blocked, 1, true));

    let (reply, _) = decompose(vec![cut(StopReason::Other("stop_sequence".into()))]).await;
    reply.unwrap();
}

#[tokio::test]
async fn an_answer_cut_off_at_the_models_own_limit_says_so() {
    let capabilities = ChatCapabilities::new().with_max_output_tokens(300);
    let model = Script::with(capabilities, [cut(StopReason::MaxTokens)]);
    let error =
        ChatDecomposer::new(Arc::clone(&model)).decompose(DecomposeRequest::new("a mug")).await.unwrap_err();
    assert_eq!(model.requests()[0].max_tokens, 300);
    assert!(error.message().contains("the most the model can write"), "{error}");
}

#[tokio::test]
async fn an_error_of_the_model_is_passed_on_as_it_is() {
    let limited = Error::new(ErrorKind::RateLimited, "slow down").with_retry_after(Duration::from_secs(7));
    for before in [vec![], vec![says("no JSON")]] {
        let answers = before.into_iter().chain([Err(limited.clone())]).collect();
        let (reply, _) = decompose(answers).await;
        assert_eq!(reply.unwrap_err().retry_after(), Some(Duration::from_secs(7)));
    }
}

#[tokio::test]
async fn the_form_is_told_in_words_where_it_cannot_be_forced() {
    let model = Script::with(ChatCapabilities::new().with_json_schema(false), [says(PARTS)]);
    ChatDecomposer::new(Arc::clone(&model)).decompose(DecomposeRequest::new("a mug")).await.unwrap();
    let request = &model.requests()[0];
    assert_eq!(request.schema, None);
    assert!(
        request.system.contains(r#""required":["products","backgrounds","themes"]"#),
        "{}",
        request.system
    );
    let place = |field: &str| request.system.find(&format!("\"{field}\":{{")).unwrap();
    assert!(place("products") < place("backgrounds"), "fields come in the order they shall be written in");
}

#[tokio::test]
async fn the_context_goes_along_with_every_call() {
    let model = Script::new([says("no"), says(PARTS)]);
    let context = CallContext::new().with_idempotency_key("unit 7");
    let request = DecomposeRequest::new("a mug").with_context(context);
    ChatDecomposer::new(Arc::clone(&model)).decompose(request).await.unwrap();
    for request in model.requests() {
        assert_eq!(request.context.idempotency_key.as_deref(), Some("unit 7"));
    }
}

#[tokio::test]
async fn settings_of_the_application_win() {
    let model = Script::new([says(PARTS), says(PARTS)]);
    let decomposer = ChatDecomposer::new(Arc::clone(&model)).with_reasoning_tokens(9_000);
    decomposer.clone().with_temperature(0.5).decompose(DecomposeRequest::new("a mug")).await.unwrap();
    decomposer.with_temperature(None).decompose(DecomposeRequest::new("a mug")).await.unwrap();
    let requests = model.requests();
    assert_eq!((requests[0].temperature, requests[1].temperature), (Some(0.5), None));
    assert!(requests[0].max_tokens > 9_000);
}

/// A prompt of 2 000 characters and the reasoning fit into the limit, at three characters a token.
#[tokio::test]
async fn the_token_limit_has_room_for_the_whole_prompt() {
    let model = Script::new([says(r#"{"reasoning": "r", "prompt": "A mug.", "negative_prompt": ""}"#)]);
    let request = WriteRequest::new(Brief::new("Tea", "Green tea"), Concept::new("A cup."));
    let held = request.at_most().output_tokens;
    ChatPromptWriter::new(Arc::clone(&model)).write(request).await.unwrap();
    let limit = model.requests()[0].max_tokens;
    assert!(limit >= 2_000 / 3 + 1_024 && u64::from(limit) <= held, "{limit}");
}

/// The most a role says it can use holds for any room for reasoning.
#[tokio::test]
async fn the_room_for_reasoning_is_within_what_a_role_can_use_at_most() {
    let picture = super::picture;
    let model = Script::new((0..6).map(|_| cut(StopReason::MaxTokens)));
    let much = u32::MAX;
    let writer = ChatPromptWriter::new(Arc::clone(&model)).with_reasoning_tokens(much);
    let (concept, write, decompose, describe, judge, plan) = (
        ConceptRequest::new(Brief::new("Tea", "Green tea")),
        WriteRequest::new(Brief::new("Tea", "Green tea"), Concept::new("A cup."))
            .with_max_chars(100_000)
            .with_negative(true),
        DecomposeRequest::new("a mug"),
        DescribeRequest::new(picture()),
        JudgeRequest::new(picture(), "c", vec!["g".into(); 30]),
        PlanRequest::new("c", picture(), keyvisual::domain::PixelSize::new(10, 10)),
    );
    let held = [
        concept.at_most(),
        write.at_most(),
        decompose.at_most(),
        describe.at_most(),
        judge.at_most(),
        plan.at_most(),
    ];
    let _ = writer.concept(concept).await;
    let _ = writer.write(write).await;
    let _ = ChatDecomposer::new(Arc::clone(&model)).with_reasoning_tokens(much).decompose(decompose).await;
    let _ = ChatDescriber::new(Arc::clone(&model)).with_reasoning_tokens(much).describe(describe).await;
    let _ = ChatJudge::new(Arc::clone(&model)).with_reasoning_tokens(much).judge(judge).await;
    let _ = ChatPlanner::new(Arc::clone(&model)).with_reasoning_tokens(much).plan(plan).await;
    let limits: Vec<_> = model.requests().iter().map(|request| u64::from(request.max_tokens)).collect();
    assert_eq!(limits.len(), 6);
    for (limit, held) in limits.iter().zip(held) {
        assert!((32_768..=held.output_tokens).contains(limit), "{limit} of {held:?}");
    }
}

proptest! {
    #[test]
    fn no_answer_makes_a_role_panic(first in ".{0,60}", second in "[{}\"a-z:,\\[\\] ]{0,60}") {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let model = Script::new([says(first), says(second)]);
        let decomposer = ChatDecomposer::new(model);
        let error = runtime.block_on(decomposer.decompose(DecomposeRequest::new("a mug"))).unwrap_err();
        prop_assert_eq!(error.kind(), ErrorKind::InvalidReply);
    }
}
