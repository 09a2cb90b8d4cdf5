//! The language roles over Bedrock, and what went wrong in the systems they come from.

use keyvisual::{
    ErrorKind,
    chat::{ChatDecomposer, ChatDescriber, ChatJudge, ChatPlanner, ChatPromptWriter},
    conformance,
    domain::{Brief, Concept},
    imaging::Encoding,
    roles::*,
};
use serde_json::json;

use super::{CLAUDE, FakeBedrock, PRO, TWO_LITE, model, picture, sent};

#[tokio::test]
async fn models_of_every_family_keep_the_contract() {
    for id in [PRO, "amazon.nova-lite-v1:0", TWO_LITE, CLAUDE] {
        let id = if id.starts_with("us.") { id.to_owned() } else { format!("us.{id}") };
        conformance::chat_model::all(&model(&id).await.1).await;
    }
}

#[tokio::test]
async fn the_five_roles_keep_their_contracts() {
    for id in [PRO, TWO_LITE] {
        conformance::describer::all(&ChatDescriber::new(model(id).await.1)).await;
        conformance::prompt_writer::all(&ChatPromptWriter::new(model(id).await.1)).await;
        conformance::decomposer::all(&ChatDecomposer::new(model(id).await.1)).await;
        conformance::planner::all(&ChatPlanner::new(model(id).await.1)).await;
        conformance::judge::all(&ChatJudge::new(model(id).await.1)).await;
    }
}

/// B11: the format was fixed to JPEG, and the system text went into a second turn of the user.
#[tokio::test]
async fn a_picture_is_described_in_one_turn_by_its_own_format() {
    let (caller, model) = model(PRO).await;
    let request = DescribeRequest::new(picture(8, 8, Encoding::Png));
    ChatDescriber::new(model).describe(request).await.unwrap();
    let [body] = sent(&caller).try_into().unwrap();
    let turns = body["messages"].as_array().unwrap();
    assert_eq!((turns.len(), &turns[0]["role"]), (1, &json!("user")));
    assert_eq!(turns[0]["content"][0]["image"]["format"], "png");
    assert_eq!(body["system"].as_array().unwrap().len(), 1);
}

/// B34: the tool was never forced, and an answer in words crashed.
#[tokio::test]
async fn the_tool_is_forced_and_words_in_its_place_are_mended_or_refused() {
    let (caller, model) = model(PRO).await;
    let decomposer = ChatDecomposer::new(model);
    let ask = || decomposer.decompose(DecomposeRequest::new("a green mug in the snow"));
    let fake = FakeBedrock::shared();

    fake.set_faults(&caller, json!(["text_instead_of_tool"]));
    assert_eq!(ask().await.unwrap().usage.requests, 2, "the model was told what was wrong");
    fake.set_faults(&caller, json!(["text_instead_of_tool", "text_instead_of_tool"]));
    let error = ask().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidReply, "{error}");

    for body in sent(&caller) {
        let config = &body["toolConfig"];
        assert_eq!(config["toolChoice"]["tool"]["name"], config["tools"][0]["toolSpec"]["name"]);
    }
}

/// B9: 500 tokens had to hold the reasoning and a prompt of 2 000 characters.
#[tokio::test]
async fn the_token_limit_has_room_for_the_longest_prompt_and_a_cut_one_is_an_error() {
    let (caller, model) = model(PRO).await;
    let writer = ChatPromptWriter::new(model);
    let mut concept = Concept::default();
    concept.image_description = "A cup on a windowsill".into();
    let request = || WriteRequest::new(Brief::new("Tea", "Green tea"), concept.clone()).with_max_chars(2_000);
    writer.write(request()).await.unwrap();
    let [body] = sent(&caller).try_into().unwrap();
    let tokens = body["inferenceConfig"]["maxTokens"].as_u64().unwrap();
    assert!(tokens >= 2_000 / 4 + 500, "{tokens} tokens");

    FakeBedrock::shared().set_faults(&caller, json!(["max_tokens"]));
    let error = writer.write(request()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Truncated, "{error}");
    assert!(error.message().contains(&format!("its limit of {tokens} tokens")), "{error}");
}
