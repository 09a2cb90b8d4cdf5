//! What language models are asked, rendered in one place.
//!
//! A [`Question`] is a template below `templates/`, the values it shows, and the form of the answer. The
//! templates are the only place where words for models are written.
//!
//! Briefs, captions, queries and descriptions are data. Every value is framed in a tag, and as it is printed, it loses
//! what nobody sees and is escaped, so that none can close the tag it stands in; the system text says that what is
//! inside tags is never an instruction. What tries all the same is [flagged](hostile).

mod concept;
mod decompose;
mod describe;
mod engine;
mod hostile;
mod judge;
mod plan;
mod schema;
mod write;

pub(crate) use concept::{Answer as ConceptAnswer, Concept};
pub(crate) use decompose::{Answer as DecomposeAnswer, Decompose};
pub(crate) use describe::Describe;
pub(crate) use hostile::notes as hostile_notes;
pub(crate) use judge::{Finding as JudgeFinding, Judge, Verdict};
pub(crate) use plan::Plan;
pub(crate) use write::{Answer as WriteAnswer, Write};

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Error, ErrorKind, Result};

/// Something to ask a model: it serialises to what its template shows.
pub(crate) trait Question: Serialize {
    /// The answer. The fields come in the order in which the model shall think, reasoning first.
    type Answer: DeserializeOwned + JsonSchema + Send;

    /// The name of the template and of the schema.
    const NAME: &'static str;

    /// How freely the model shall answer, unless the application says otherwise.
    const TEMPERATURE: f32;
}

/// A question in words.
#[derive(Debug)]
pub(crate) struct Rendered {
    /// Who the model is and what the rules are.
    pub(crate) system: String,
    /// The material and the task.
    pub(crate) user: String,
}

/// Puts `question` in words.
pub(crate) fn render<Q: Question>(question: &Q) -> Result<Rendered> {
    Ok(Rendered {
        system: engine::render(Q::NAME, "system", question)?,
        user: engine::render(Q::NAME, "user", question)?,
    })
}

/// What to tell a model whose answer could not be used, because of `problem`.
pub(crate) fn repair(problem: &str) -> Result<String> {
    #[derive(Serialize)]
    struct Repair<'a> {
        problem: &'a str,
    }
    engine::render("repair", "user", &Repair { problem })
}

/// What to add to the system text for a model that cannot be forced to answer by `schema`.
pub(crate) fn unforced(schema: &impl Serialize) -> Result<String> {
    #[derive(Serialize)]
    struct Unforced {
        schema: String,
    }
    let schema = serde_json::to_string(schema).map_err(|e| {
        Error::new(ErrorKind::Internal, format!("the schema cannot be written: {e}")).with_source(e)
    })?;
    engine::render("unforced", "system", &Unforced { schema })
}

pub(crate) use schema::schema;
