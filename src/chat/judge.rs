//! Picture and guidelines to findings.

use async_trait::async_trait;

use super::ask::{Asker, settings};
use crate::{
    domain::Card,
    error::{Error, Result},
    prompts::{self, Verdict},
    roles::{ChatModel, Finding, Judge, JudgeCapabilities, JudgeReply, JudgeRequest, Outcome},
};

/// The most guidelines of one request: with more, models lose some.
const MAX_GUIDELINES: usize = 30;

/// A reason and a correction, in characters.
const FINDING_CHARS: usize = 450;

/// Judges with a chat model that takes pictures, at temperature 0 and at most 30 guidelines at a time.
///
/// A guideline the model passes over, or judges twice and differently, is `Unknown`.
#[derive(Clone, Debug)]
pub struct ChatJudge<M> {
    asker: Asker<M>,
    capabilities: JudgeCapabilities,
}

impl<M: ChatModel> ChatJudge<M> {
    /// A judge that asks `model`.
    pub fn new(model: M) -> Self {
        Self { asker: Asker::new(model), capabilities: JudgeCapabilities::new(MAX_GUIDELINES) }
    }
}

settings!(ChatJudge);

#[async_trait]
impl<M: ChatModel> Judge for ChatJudge<M> {
    fn card(&self) -> &Card {
        self.asker.model.card()
    }

    fn capabilities(&self) -> &JudgeCapabilities {
        &self.capabilities
    }

    async fn judge(&self, request: JudgeRequest) -> Result<JudgeReply> {
        self.asker.require_sight()?;
        let JudgeRequest { image, caption, product, guidelines, context } = request;
        match guidelines.len() {
            0 => return Err(Error::invalid("there are no guidelines to judge by")),
            1..=MAX_GUIDELINES => {}
            count => {
                return Err(Error::invalid(format!(
                    "{count} guidelines are too many for one request: ask for at most {MAX_GUIDELINES}"
                )));
            }
        }
        let question =
            prompts::Judge { caption: caption.trim(), guidelines: &guidelines, product: product.is_some() };
        let pictures = std::iter::once(image).chain(product);
        let (request, _) =
            self.asker.request(&question, pictures, guidelines.len() * FINDING_CHARS, context)?;
        let (answer, usage) = self.asker.ask::<prompts::Judge<'_>>(request, |_, _| Ok(())).await?;
        let findings = guidelines.into_iter().zip(1..);
        let findings = findings.map(|(guideline, number)| finding(guideline, number, &answer.findings));
        Ok(JudgeReply::new(findings.collect()).with_usage(usage))
    }
}

fn finding(guideline: String, number: usize, answers: &[prompts::JudgeFinding]) -> Finding {
    let mut answers = answers.iter().filter(|answer| answer.number == number);
    let Some(first) = answers.next() else {
        return Finding::new(guideline, Outcome::Unknown, "the model gave no finding on this guideline");
    };
    if answers.any(|other| other.outcome != first.outcome) {
        return Finding::new(
            guideline,
            Outcome::Unknown,
            "the model gave two findings that contradict each other",
        );
    }
    let reason = first.reason.trim();
    let correction = first.correction.trim();
    match first.outcome {
        Verdict::Pass => Finding::new(guideline, Outcome::Pass, reason),
        Verdict::Unknown => Finding::new(guideline, Outcome::Unknown, reason),
        Verdict::Fail if correction.is_empty() => Finding::new(guideline, Outcome::Fail, reason),
        Verdict::Fail => Finding::new(guideline, Outcome::Fail, reason).with_correction(correction),
    }
}
