//! Mocks and scripted fakes for tests of applications and backends (feature `test-util`).
//!
//! Two kinds, for two questions:
//!
//! - *What was it called with, and how often?* A mock from `mockall`, one per role:
//!   [`mock_describer`] and its like have their card and capabilities set already.
//! - *What happens when it is slow, fails or hangs?* [`Scripted`] plays every role of what it wraps,
//!   on tokio's clock, so that a test with paused time waits for nothing. [`ScriptedDescriber`] and its
//!   like wrap a fake whose answers depend on nothing but the request.
//!
//! ```
//! use std::time::Duration;
//! use keyvisual::{Error, ErrorKind, domain::Image, roles::{DescribeRequest, Describer}, testing::ScriptedDescriber};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> keyvisual::Result<()> {
//! let describer = ScriptedDescriber::new()
//!     .with_latency(Duration::from_millis(50))
//!     .then_fail(Error::new(ErrorKind::RateLimited, "slow down"));
//! let calls = describer.calls();
//!
//! let request = DescribeRequest::new(Image::new(b"\xff\xd8\xff a picture".as_slice())?);
//! assert!(describer.describe(request.clone()).await.is_err());
//! assert!(describer.describe(request).await.is_ok()); // the script is used up
//! assert_eq!(calls.count(), 2);
//! # Ok(())
//! # }
//! ```

mod calls;
mod example;
mod fake_generator;
mod fakes;
mod memory_assets;
mod memory_campaigns;
mod memory_vectors;
mod mocks;
mod script;
mod scripted;

pub use calls::Calls;
pub use fake_generator::FakeImageGenerator;
pub use fakes::*;
pub use memory_assets::MemoryAssetStore;
pub use memory_campaigns::MemoryCampaignStore;
pub use memory_vectors::MemoryVectorStore;
pub use mocks::*;
pub use scripted::Scripted;

macro_rules! scripted {
    ($($scripted:ident = $fake:ident;)+) => {$(
        #[doc = concat!("A [`", stringify!($fake), "`] that follows a script.")]
        pub type $scripted = Scripted<$fake>;
    )+};
}

scripted! {
    ScriptedAssetStore = MemoryAssetStore;
    ScriptedCampaignStore = MemoryCampaignStore;
    ScriptedChatModel = FakeChatModel;
    ScriptedDecomposer = FakeDecomposer;
    ScriptedDescriber = FakeDescriber;
    ScriptedEmbedder = FakeEmbedder;
    ScriptedImageGenerator = FakeImageGenerator;
    ScriptedJudge = FakeJudge;
    ScriptedPlanner = FakePlanner;
    ScriptedPromptWriter = FakePromptWriter;
    ScriptedScorer = FakeScorer;
    ScriptedVectorStore = MemoryVectorStore;
}
