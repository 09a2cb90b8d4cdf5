//! What is refused before anything is sent.

use super::BedrockChat;
use crate::{
    backends::bedrock::registry::Family,
    error::{Error, ErrorKind, Result},
    roles::{ChatRequest, Part, Speaker},
};

impl BedrockChat {
    pub(super) fn check(&self, request: &ChatRequest) -> Result<()> {
        request.validate(&self.capabilities)?;
        take_turns(request)?;
        // `Converse` allows less than other interfaces do.
        if let Some(t) = request.temperature.filter(|t| *t > 1.0) {
            return Err(Error::invalid(format!("the temperature is {t}, but must be 0 to 1")));
        }
        if self.settings.reasoning.is_some() && self.model.family != Family::Nova2 {
            return Err(Error::new(ErrorKind::Unsupported, "reasoning effort: only Nova 2 takes one"));
        }
        self.settings.check_metadata()
    }
}

/// `Converse` refuses a conversation that does not go to and fro, begun by the user, and pictures that the model would have sent.
fn take_turns(request: &ChatRequest) -> Result<()> {
    for (place, message) in request.messages.iter().enumerate() {
        let number = place + 1;
        let wrong = match (message.speaker, place.is_multiple_of(2)) {
            (Speaker::User, true) => None,
            (Speaker::User, false) => Some("is the user's like the one before: put both into one"),
            (Speaker::Assistant, true) => Some("is the model's, but it is the user's turn"),
            (Speaker::Assistant, false) => {
                let seen = message.parts.iter().any(|part| matches!(part, Part::Image(_)));
                seen.then_some("is the model's and has a picture: only the user's messages take them")
            }
        };
        if let Some(wrong) = wrong {
            return Err(Error::invalid(format!("message {number} {wrong}")));
        }
    }
    Ok(())
}
