//! Converse: what is refused of a conversation, and what is answered.

mod check;
mod read;
mod reply;

use super::table::CONVERSE;
use crate::{
    answers::describe,
    call::{Answer, Call},
    faults::Kind,
    models::Family,
    refusal::{Refusal, Result},
};

/// The faults that mean something here.
const FAULTS: [Kind; 9] = [
    Kind::FilteredPrompt,
    Kind::FilteredInput,
    Kind::FilteredOutput,
    Kind::MaxTokens,
    Kind::TextInsteadOfTool,
    Kind::MalformedToolUse,
    Kind::ContentFiltered,
    Kind::Guardrail,
    Kind::WrongLanguage,
];

/// Answers a Converse.
pub(crate) async fn converse(call: &Call<'_>) -> Result<Answer> {
    call.model.require(Family::converses)?;
    call.allow_faults(&FAULTS)?;
    let body = call.json()?;
    CONVERSE.check("converse", &body)?;
    check::conversation(&body)?;
    check::settings(&body, call.model)?;
    let pictures = read::pictures(&body, call.model.body)?;
    match call.fault {
        Kind::FilteredPrompt => return Err(Refusal::filtered("text prompt")),
        Kind::FilteredInput => return Err(Refusal::filtered("input image")),
        _ => {}
    }
    let input_tokens = read::tokens(&body, &pictures, call.model.body);
    let mut material = read::material(&body);
    material.wrong_language = call.fault == Kind::WrongLanguage;
    for picture in &pictures {
        material.pictures.push(describe(picture).await?);
    }
    let reply = reply::reply(&body, &material, call.fault);
    reply::answer(reply, call, input_tokens)
}
