//! From a request to the bytes that are sent, and from those that come back to the reply: no network.

use super::{
    amazon,
    pictures::Pictures,
    reply,
    rules::{Interface, TaskRules},
    settings::Settings,
    stability,
};
use crate::{
    error::{Error, Result},
    roles::{GenerateReply, GenerateRequest, Task},
};

/// All that is needed to write a request and to read its reply.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) rules: TaskRules,
    pub(super) settings: Settings,
}

impl Plan {
    /// The seed to send. Stability's models draw one and say which; the others always take the same.
    pub(super) fn seed(&self, request: &GenerateRequest) -> Option<u64> {
        let drawn = || match (self.rules.interface, &self.rules.capabilities.seeds) {
            (Interface::Amazon, Some(seeds)) => Some(fastrand::u64(seeds.clone())),
            _ => None,
        };
        request.seed.or_else(drawn)
    }

    pub(super) fn body(&self, request: &GenerateRequest, seed: Option<u64>) -> Result<Vec<u8>> {
        self.check_search(&request.task)?;
        let pictures = Pictures::of(request, &self.rules)?;
        match self.rules.interface {
            Interface::Stability => stability::body(request, &pictures, &self.rules, &self.settings),
            Interface::Amazon => amazon::body(request, &pictures, &self.rules, &self.settings, seed),
        }
    }

    pub(super) fn reply(&self, body: &[u8], count: u32, seed: Option<u64>) -> Result<GenerateReply> {
        match self.rules.interface {
            Interface::Stability => reply::stability(body),
            Interface::Amazon => reply::amazon(body, count, seed),
        }
    }

    /// What to look for is as long as a prompt may be.
    fn check_search(&self, task: &Task) -> Result<()> {
        let (Task::Replace { search, .. } | Task::Recolor { search, .. }) = task else { return Ok(()) };
        let (length, most) = (search.chars().count(), self.rules.capabilities.max_prompt_chars);
        if search.trim().is_empty() {
            return Err(Error::invalid("there is nothing to look for: `search` is empty"));
        }
        if length > most {
            return Err(Error::invalid(format!("`search` has {length} characters, this model takes {most}")));
        }
        Ok(())
    }
}
