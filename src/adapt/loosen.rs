//! A request for a generator that it was not written for.

use super::fit::{Offered, fit_offered};
use crate::{
    error::Result,
    roles::{GenerateRequest, GeneratorCapabilities, PromptRule},
    text::shorten,
};

/// Fits `request` as [`fit_request`](super::fit_request) does, and gives up more of it, with a note for each.
pub(super) fn fit_loosely(
    request: GenerateRequest,
    offered: Offered,
    can: &GeneratorCapabilities,
) -> Result<(GenerateRequest, Vec<String>)> {
    let (request, mut notes) = loosen(request, can);
    let (request, changes) = fit_offered(request, offered, can)?;
    notes.extend(changes);
    Ok((request, notes))
}

/// Gives up what is worth less than the picture.
fn loosen(mut request: GenerateRequest, can: &GeneratorCapabilities) -> (GenerateRequest, Vec<String>) {
    let mut notes = Vec::new();
    if request.seed.is_some_and(|seed| !can.seeds.as_ref().is_some_and(|seeds| seeds.contains(&seed))) {
        request.seed = None;
        notes.push("the seed was left out: it is none of this generator's".into());
    }
    if can.prompt != PromptRule::Refused {
        let negative = request.negative_prompt.as_mut().filter(|_| can.negative_prompt);
        for (what, text) in [("prompt", Some(&mut request.prompt)), ("negative prompt", negative)] {
            let Some(text) = text else { continue };
            let short = shorten(text, can.max_prompt_chars);
            if short.len() < text.len() {
                let (length, most) = (text.chars().count(), can.max_prompt_chars);
                notes.push(format!(
                    "the {what} was cut: it has {length} characters, this generator takes {most}"
                ));
                *text = short.to_owned();
            }
        }
    }
    (request, notes)
}
