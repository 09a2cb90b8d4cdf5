//! Writes concepts and prompts by a grammar.

mod clauses;
mod concept;
mod cues;
mod prompt;

use async_trait::async_trait;

use crate::{
    domain::Card,
    error::{Error, Result},
    roles::{ConceptReply, ConceptRequest, PromptWriter, PromptWriterCapabilities, WriteReply, WriteRequest},
};

/// The shortest limit a prompt can be written in, in characters.
const MIN_CHARS: usize = 32;

/// Puts the words at hand in the order of a caption. It has no ideas of its own and translates nothing.
///
/// The order is: subject, point of reference, environment, then pose, lighting, camera position, style. Clauses
/// of the brief are known for what they say by some two hundred English and Spanish words; in other languages
/// they stay as they are. References give things, places, light, camera and colours, the first the most; the
/// brand gives its palette by name and its tone. Clauses that ask for text in the picture or name a
/// resolution are left out, and the reasoning says so. What is fixed is English.
///
/// ```
/// use keyvisual::backends::local::GrammarPromptWriter;
/// use keyvisual::domain::Brief;
/// use keyvisual::roles::{ConceptRequest, PromptWriter, WriteRequest};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> keyvisual::Result<()> {
/// let writer = GrammarPromptWriter::new();
/// let brief = Brief::new("Autumn coffee", "Slow mornings in the city, warm light");
/// let concept = writer.concept(ConceptRequest::new(brief.clone())).await?.concept;
/// assert_eq!(concept.image_description, "Autumn coffee: Slow mornings in the city, warm light.");
/// let prompt = writer.write(WriteRequest::new(brief, concept)).await?.prompt;
/// assert_eq!(
///     prompt.text,
///     "Autumn coffee: Slow mornings in the city. Warm light. Photorealistic advertising photograph."
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct GrammarPromptWriter {
    card: Card,
    capabilities: PromptWriterCapabilities,
}

impl GrammarPromptWriter {
    /// A writer.
    #[must_use]
    pub fn new() -> Self {
        Self {
            card: Card::local("grammar-prompt-writer", "1"),
            capabilities: PromptWriterCapabilities::new(false, true),
        }
    }
}

impl Default for GrammarPromptWriter {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl PromptWriter for GrammarPromptWriter {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &PromptWriterCapabilities {
        &self.capabilities
    }

    async fn concept(&self, request: ConceptRequest) -> Result<ConceptReply> {
        request.brief.validate()?;
        Ok(ConceptReply::new(concept::of(&request.brief)))
    }

    async fn write(&self, request: WriteRequest) -> Result<WriteReply> {
        request.brief.validate()?;
        if request.max_chars < MIN_CHARS {
            return Err(Error::invalid(format!(
                "a prompt of at most {} characters cannot be written: allow {MIN_CHARS} or more",
                request.max_chars
            )));
        }
        Ok(WriteReply::new(prompt::write(&request)))
    }
}
