//! What is refused before anything is sent.

use super::BedrockChat;
use crate::{
    backends::bedrock::{picture, registry::Family},
    error::{Error, ErrorKind, Result},
    roles::{ChatRequest, Speaker},
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
        self.settings.check_metadata()?;
        request.pictures().try_for_each(|image| picture::check(image, &self.images).map(drop))
    }
}

/// `Converse` refuses a conversation that does not go to and fro, begun by the user.
fn take_turns(request: &ChatRequest) -> Result<()> {
    let mut turn = Speaker::User;
    for (place, message) in request.messages.iter().enumerate() {
        if message.speaker != turn {
            let number = place + 1;
            return Err(Error::invalid(match turn {
                Speaker::User => format!("message {number} is the model's, but it is the user's turn"),
                Speaker::Assistant => {
                    format!("message {number} is the user's like the one before: put both into one")
                }
            }));
        }
        turn = match turn {
            Speaker::User => Speaker::Assistant,
            Speaker::Assistant => Speaker::User,
        };
    }
    Ok(())
}
