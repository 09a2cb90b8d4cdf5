//! The one door that every call to a model or a store goes through.
//!
//! **One attempt of a guarded call is one billable wire request.** A [`Door`] gives every call a deadline,
//! a timeout per attempt, retries with jitter, a limit on calls at the same time and on calls a minute, a tracing
//! span with `gen_ai.*` fields, events for whoever watches, and a [tab](crate::roles::Tab) that its cost is put on.
//! Backends do none of this. What needs several calls is done above the door, in [`adapt`](crate::adapt)
//! and [`chat`](crate::chat), so that each of them is limited and paid on its own.
//!
//! ```
//! use keyvisual::{calls::{Door, Policy}, domain::Image, roles::{DescribeRequest, Describer}};
//! # use keyvisual::{Error, ErrorKind, testing::ScriptedDescriber};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> keyvisual::Result<()> {
//! # let describer = ScriptedDescriber::new().then_fail(Error::new(ErrorKind::Unavailable, "down for a moment"));
//! let door = Door::new(Policy::default());
//! let describer = door.guard(describer); // plays every role that `describer` plays
//! let reply = describer.describe(DescribeRequest::new(Image::new(b"\xff\xd8\xff ...".as_slice())?)).await?;
//! # assert!(!reply.description.is_empty());
//! # Ok(())
//! # }
//! ```

mod call;
mod clock;
mod door;
mod event;
mod guard;
mod jitter;
mod limits;
mod pace;
mod policy;
mod span;

pub use door::Door;
pub use event::{CallEvent, Event, Happening};
pub use guard::Guarded;
pub use policy::{Pace, Policy};
