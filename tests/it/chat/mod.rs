//! The five language roles over a scripted model.

mod ask;
mod hostile;
mod language;
mod prompts;
mod roles;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use keyvisual::{
    Error, ErrorKind, Result,
    domain::{Card, Image, Usage},
    roles::{ChatCapabilities, ChatModel, ChatReply, ChatRequest, Message, Part},
};

/// Answers in turn what it was told to, each for 10 tokens in and 5 out, and keeps the requests.
#[derive(Debug)]
struct Script {
    card: Card,
    capabilities: ChatCapabilities,
    answers: Mutex<VecDeque<Result<ChatReply>>>,
    requests: Mutex<Vec<ChatRequest>>,
}

impl Script {
    fn new(answers: impl IntoIterator<Item = Result<ChatReply>>) -> Arc<Self> {
        Self::with(ChatCapabilities::new(), answers)
    }

    fn with(
        capabilities: ChatCapabilities,
        answers: impl IntoIterator<Item = Result<ChatReply>>,
    ) -> Arc<Self> {
        Arc::new(Self {
            card: Card::new("example", "scripted"),
            capabilities,
            answers: Mutex::new(answers.into_iter().collect()),
            requests: Mutex::default(),
        })
    }

    fn requests(&self) -> Vec<ChatRequest> {
        self.requests.lock().unwrap().clone()
    }
}

#[async_trait]
impl ChatModel for Script {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &ChatCapabilities {
        &self.capabilities
    }

    async fn chat(&self, request: ChatRequest) -> Result<ChatReply> {
        self.requests.lock().unwrap().push(request);
        let answer = self.answers.lock().unwrap().pop_front();
        answer.unwrap_or_else(|| Err(Error::new(ErrorKind::Internal, "the script is at its end")))
    }
}

fn says(text: impl Into<String>) -> Result<ChatReply> {
    Ok(ChatReply::new(text).with_usage(Usage::REQUEST.with_tokens(10, 5)))
}

fn picture() -> Image {
    Image::new(b"\x89PNG\r\n\x1a\n picture".as_slice()).unwrap()
}

fn texts(message: &Message) -> String {
    let texts = message.parts.iter().filter_map(|part| match part {
        Part::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

fn pictures(message: &Message) -> usize {
    message.parts.iter().filter(|part| matches!(part, Part::Image(_))).count()
}
