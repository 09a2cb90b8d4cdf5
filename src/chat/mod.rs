//! The five language roles made out of one [`ChatModel`](crate::roles::ChatModel).
//!
//! A provider implements `ChatModel` once; these make a describer, a prompt writer, a decomposer, a planner and
//! a judge out of it. What they have in common:
//!
//! - **The form of the answer is forced.** A JSON schema goes with every request; a model that cannot be forced gets
//!   the schema in words.
//! - **The stop reason is read first.** An answer cut off at its limit is [`Truncated`](crate::ErrorKind::Truncated), one that a
//!   filter stopped is [`Blocked`](crate::ErrorKind::Blocked); neither is parsed.
//! - **One repair.** An answer of another form is shown to the model again with what is wrong about it. A second one is
//!   [`InvalidReply`](crate::ErrorKind::InvalidReply). So a role makes one or two wire calls; its reply adds up both.
//! - **The token limit is computed** from what the answer must hold, with room for
//!   reasoning on top (`with_reasoning_tokens`).
//! - **Text from outside is data.** Briefs, captions, queries and descriptions are escaped into tags, and the
//!   model is told never to follow what stands there. What reads like an instruction to a model is noted on the concept,
//!   prompt or description for a person to see, and told as a warning of `tracing`. File names and addresses are not sent.
//! - **Each text has its language.** What goes to other models is in English; what the people who wrote a brief read is in
//!   the language that the brief states, or is written in where that can be told. An answer that is surely in another
//!   is one of another form.
//!
//! Guard the model, not the role: the [door](crate::calls::Door) then limits, retries and
//! bills each wire call. `card()` is the model's own.
//!
//! ```
//! use keyvisual::{
//!     chat::ChatDecomposer,
//!     domain::Card,
//!     roles::{ChatCapabilities, ChatReply, DecomposeRequest, Decomposer, MockChatModel},
//! };
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> keyvisual::Result<()> {
//! let mut model = MockChatModel::new(); // stands for any model
//! model.expect_card().return_const(Card::new("example", "small"));
//! model.expect_capabilities().return_const(ChatCapabilities::new());
//! model.expect_chat().returning(|_request| {
//!     Ok(ChatReply::new(r#"{"products": ["green mug"], "backgrounds": ["forest"], "themes": []}"#))
//! });
//!
//! let decomposer = ChatDecomposer::new(model);
//! let parts = decomposer.decompose(DecomposeRequest::new("our green mug in the woods")).await?;
//! assert_eq!(parts.products, ["green mug"]);
//! assert_eq!(parts.backgrounds, ["forest"]);
//! # Ok(()) }
//! ```

mod ask;
mod decomposer;
mod describer;
mod json;
mod judge;
mod language;
mod planner;
mod prompt_writer;
mod text;

pub use decomposer::ChatDecomposer;
pub use describer::ChatDescriber;
pub use judge::ChatJudge;
pub use planner::ChatPlanner;
pub use prompt_writer::ChatPromptWriter;
