//! Which text is in which language.

use std::sync::Arc;

use keyvisual::{
    ErrorKind, Result,
    chat::{ChatDescriber, ChatPromptWriter},
    domain::{Brand, Brief, Concept, Product},
    roles::*,
};
use serde_json::{Value, json};

use super::{Script, picture, says, texts};

const SPANISH: &str = "Mañanas lentas en la ciudad, luz cálida y una taza de café recién hecho";
const ENGLISH: &str = "Autumn is worth slowing down for, and a warm cup of coffee in the morning says so";
const GERMAN: &str = "Der Herbst ist es wert, langsamer zu werden, mit einer warmen Tasse in der Hand";

/// A concept whose texts for people are `text`.
fn concept(text: &str) -> Result<ChatReply> {
    let fields = json!({"reasoning": text, "campaign_concept": text, "visual_concept": text, "image_description": "A mug."});
    says(fields.to_string())
}

async fn ask(brief: Brief, answers: Vec<Result<ChatReply>>) -> (Result<ConceptReply>, Vec<ChatRequest>) {
    let model = Script::new(answers);
    let reply = ChatPromptWriter::new(Arc::clone(&model)).concept(ConceptRequest::new(brief)).await;
    (reply, model.requests())
}

#[tokio::test]
async fn the_briefs_language_is_the_one_it_states_or_the_one_it_is_surely_written_in() {
    let stated = |tag: &str| Brief::new("Tea", "Té").with_language(tag);
    for (brief, tag, told) in [
        (Brief::new("Café", SPANISH), Some("es"), "write them in Spanish"),
        (Brief::new("Coffee", ENGLISH), Some("en"), "Write every field in English"),
        (Brief::new("コーヒー", "木のテーブルの上の緑のマグカップ"), Some("ja"), "write them in Japanese"),
        (Brief::new("Herbst", GERMAN).with_language("fr-CA"), Some("fr-CA"), "write them in French"),
        (stated("pt-BR"), Some("pt-BR"), "write them in Portuguese"),
        (stated("NB"), Some("NB"), "write them in Norwegian"),
        (stated("deu"), Some("deu"), "write them in German"),
        (stated("eu"), Some("eu"), "write them in the language of the brief"),
        (Brief::new("Tea", "Green tea"), None, "write them in the language of the brief"),
        (Brief::new("Herbstkaffee", "Herbstkaffee"), None, "write them in the language of the brief"),
    ] {
        let named = format!("{brief:?}");
        let (reply, requests) = ask(brief, vec![concept("")]).await;
        assert_eq!(reply.unwrap().concept.language.as_deref(), tag, "{named}");
        let system = &requests[0].system;
        assert!(system.contains(told) && system.contains("in English"), "{system}");
    }
}

#[tokio::test]
async fn names_are_of_no_language() {
    let name = "Die große Kaffeerösterei mit der alten Mühle am Hamburger Hafen";
    let brief = Brief::new(name, format!("{name}: {ENGLISH}. {name}, {name}!"))
        .with_brand(Brand::new(name))
        .with_product(Product::new("Das Beste aus der Rösterei"));
    let (reply, _) =
        ask(brief.clone(), vec![concept(&format!("{name}. {name}. Slow mornings, warm light."))]).await;
    assert_eq!(reply.unwrap().concept.language.as_deref(), Some("en"));

    let prompt = format!("A cup of {name} on a table by the window. Das Beste aus der Rösterei");
    let answer = json!({"reasoning": name, "prompt": prompt, "negative_prompt": ""});
    let writer = ChatPromptWriter::new(Script::new([says(answer.to_string())]));
    let reply = writer.write(WriteRequest::new(brief, Concept::new("A cup."))).await.unwrap();
    assert_eq!((reply.prompt.text, reply.usage.requests), (prompt, 1));
}

#[tokio::test]
async fn texts_for_people_in_another_language_than_theirs_are_sent_back_once() {
    for (brief, wrong, problem) in [
        (
            Brief::new("Café", SPANISH),
            ENGLISH,
            "what should be in Spanish is in English: write \"reasoning\" in Spanish",
        ),
        (Brief::new("Coffee", ENGLISH), GERMAN, "what should be in English is in German"),
        (Brief::new("Tea", "Té").with_language("de-CH"), SPANISH, "what should be in German is in Spanish"),
    ] {
        let right = if brief.language.is_some() { GERMAN } else { brief.description.clone().leak() };
        let (reply, requests) = ask(brief.clone(), vec![concept(wrong), concept(right)]).await;
        let reply = reply.unwrap();
        assert_eq!((reply.usage.requests, reply.concept.campaign_concept.as_str()), (2, right));
        let repair = texts(requests[1].messages.last().unwrap());
        assert!(repair.contains(problem), "{repair}");

        let (reply, requests) = ask(brief, vec![concept(wrong), concept(wrong)]).await;
        let error = reply.unwrap_err();
        assert_eq!((error.kind(), requests.len()), (ErrorKind::InvalidReply, 2));
        assert!(error.message().contains(problem), "{error}");
    }
}

#[tokio::test]
async fn a_prompt_in_the_language_of_the_brief_is_sent_back_once() {
    let prompt = |text: &str, reasoning: &str| {
        says(json!({"reasoning": reasoning, "prompt": text, "negative_prompt": ""}).to_string())
    };
    let ask = async |answers: [Result<ChatReply>; 2]| {
        let model = Script::new(answers);
        let request = WriteRequest::new(Brief::new("Café", SPANISH), Concept::new("A cup."));
        (ChatPromptWriter::new(Arc::clone(&model)).write(request).await, model)
    };
    let (reply, model) = ask([prompt(SPANISH, SPANISH), prompt(ENGLISH, SPANISH)]).await;
    assert_eq!(reply.unwrap().prompt.text, ENGLISH);
    let repair = texts(&model.requests()[1].messages[2]);
    assert!(repair.contains("\"prompt\" is not in English but in Spanish: write it in English"), "{repair}");
    let (reply, _) = ask([prompt(ENGLISH, ENGLISH), prompt(SPANISH, SPANISH)]).await;
    assert!(reply.unwrap_err().message().contains("not in English but in Spanish"));
}

#[tokio::test]
async fn short_and_mixed_texts_are_not_blamed() {
    for text in
        ["", "Ja.", "Tea! Tee! Thé!", "Hygge", "Nordkap Aurora 42", "mug, sun, table", "OK OK OK OK OK OK"]
    {
        for brief in [Brief::new("Café", SPANISH), Brief::new("Coffee", ENGLISH)] {
            let (reply, requests) = ask(brief, vec![concept(text)]).await;
            assert!(reply.is_ok() && requests.len() == 1, "{text}");
        }
    }
}

fn strings(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::String(text) => all.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, all)),
        Value::Object(fields) => fields.values().for_each(|field| strings(field, all)),
        _ => {}
    }
}

#[tokio::test]
async fn no_caption_of_the_sample_library_is_taken_for_another_language() {
    let captions = include_str!("../../../examples/data/captions.json");
    let mut texts = Vec::new();
    strings(&serde_json::from_str(captions).unwrap(), &mut texts);
    assert!(texts.len() > 100);
    for text in texts.iter().filter(|text| !text.trim().is_empty()) {
        let answer = json!({"description": text, "elements": []});
        let describer = ChatDescriber::new(Script::new([says(answer.to_string())]));
        assert!(describer.describe(DescribeRequest::new(picture())).await.is_ok(), "{text}");
    }
}
