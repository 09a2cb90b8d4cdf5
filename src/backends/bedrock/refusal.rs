//! What content filters say, and where they refused.

use crate::error::{Blocked, BlockedStage};

/// What a message says a filter refused; none if it is about something else.
///
/// Nova and Titan: "This request has been blocked by our content filters. Please adjust your text prompt to submit a new
/// request." for what was sent, "All of the generated images have been blocked by our content filters." for what was
/// made. Stability: "Filter reason: prompt", "Filter reason: output image", "Filter reason: input image".
pub(super) fn said(message: &str) -> Option<Blocked> {
    let text = message.to_lowercase();
    if !["content filter", "filter reason", "guardrail intervened"].iter().any(|words| text.contains(words)) {
        return None;
    }
    let says = |word| text.contains(word);
    let stage = match (says("prompt"), says("image")) {
        _ if says("generated") || says("output") => BlockedStage::Output,
        (true, false) => BlockedStage::Prompt,
        (false, true) => BlockedStage::InputImage,
        _ => BlockedStage::Unknown,
    };
    Some(Blocked::new(stage, message))
}
