//! What holds for the source as a whole.

use std::{fs, path::PathBuf};

use keyvisual::{calls, domain, roles, testing};

const HEADINGS: [&str; 6] =
    ["Guarantees", "Ordering", "Partial failure", "Idempotency", "Cancellation", "Errors"];

/// The methods of a trait that take a request, each with the lines of its docs.
fn methods(source: &str) -> Vec<(String, Vec<String>)> {
    let (mut docs, mut found) = (Vec::new(), Vec::new());
    let in_trait =
        source.lines().skip_while(|line| !line.starts_with("pub trait ")).take_while(|line| *line != "}");
    for line in in_trait.map(str::trim) {
        if let Some(doc) = line.strip_prefix("///") {
            docs.push(doc.trim().to_owned());
        } else if let Some(signature) = line.strip_prefix("async fn ") {
            let name = signature.split('(').next().unwrap_or_default().to_owned();
            found.push((name, std::mem::take(&mut docs)));
        } else {
            docs.clear();
        }
    }
    found
}

#[test]
fn every_method_of_a_role_has_the_six_headings_of_a_contract_in_order() {
    let roles = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/roles");
    let mut count = 0;
    for file in fs::read_dir(roles).unwrap() {
        let path = file.unwrap().path();
        let path = if path.is_dir() { path.join("mod.rs") } else { path };
        let source = fs::read_to_string(&path).unwrap();
        if path.ends_with("request.rs") || !source.contains("#[async_trait]\npub trait ") {
            continue;
        }
        for (method, docs) in methods(&source) {
            let headings: Vec<_> = docs.iter().filter_map(|line| line.strip_prefix("# ")).collect();
            assert_eq!(headings, HEADINGS, "{method} in {}", path.display());
            let empty = docs.windows(2).find(|pair| pair[0].starts_with('#') && pair[1].starts_with('#'));
            assert_eq!(empty, None, "{method} in {}", path.display());
            count += 1;
        }
    }
    let table = include_str!("../../src/roles/table.rs");
    assert_eq!(count, table.matches(") -> ").count() - 1, "as many methods as the table has");
}

#[test]
fn public_types_go_from_thread_to_thread() {
    fn send_and_sync<T: Send + Sync + ?Sized + 'static>() {}
    macro_rules! check {
        ($($module:ident: $($name:ident $(<$of:ty>)?),+;)+) => {$($(
            send_and_sync::<$module::$name $(<$of>)?>();
        )+)+};
    }
    check! {
        calls: CallEvent, Door, Event, Guarded<testing::FakeChatModel>, Happening, Policy;
        domain: Brand, Brief, Campaign, CampaignHead, Card, Concept, Creative, Embedding, EmbeddingSpace, Entry,
            Filter, Image, Kpi, Money, Prompt, Record, Reference, References, Schema, Spend, Timestamp, Usage;
        roles: CallContext, ChatRequest, ChatReply, DescribeRequest, DescribeReply, EmbedRequest, EmbedReply,
            GenerateRequest, GenerateReply, JudgeRequest, JudgeReply, SearchRequest, SearchReply, Tab, UpsertRequest;
        testing: Calls, FakeChatModel, MemoryAssetStore, MemoryCampaignStore, MemoryVectorStore, MockChatModel,
            Scripted<testing::FakeChatModel>;
    }
    send_and_sync::<keyvisual::Error>();
    send_and_sync::<keyvisual::CampaignPipeline>();
    send_and_sync::<dyn roles::ChatModel>();
    send_and_sync::<dyn roles::VectorStore>();
}
