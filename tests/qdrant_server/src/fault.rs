//! What is to go wrong before the engine is asked: `unavailable`, `internal`, `exhausted:SECONDS`, `slow:MILLISECONDS`.

use std::{str::FromStr, time::Duration};

use tonic::Status;

use crate::Failure;

#[derive(Clone, Debug)]
pub(crate) enum Fault {
    Unavailable,
    Internal,
    /// With the seconds that the answer asks to wait.
    Exhausted(String),
    Slow(Duration),
}

impl Fault {
    pub(crate) async fn happen(&self) -> Result<(), Status> {
        match self {
            Self::Unavailable => Err(Status::unavailable("no shard is available")),
            Self::Internal => Err(Status::internal("Service internal error: it broke")),
            Self::Exhausted(seconds) => {
                let mut status = Status::resource_exhausted("Rate limiting exceeded");
                if let Ok(seconds) = seconds.parse() {
                    status.metadata_mut().insert("retry-after", seconds);
                }
                Err(status)
            }
            Self::Slow(wait) => {
                tokio::time::sleep(*wait).await;
                Ok(())
            }
        }
    }
}

impl FromStr for Fault {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let (kind, value) = text.split_once(':').unwrap_or((text, ""));
        match kind {
            "unavailable" => Ok(Self::Unavailable),
            "internal" => Ok(Self::Internal),
            "exhausted" => Ok(Self::Exhausted(value.to_owned())),
            "slow" => Ok(Self::Slow(Duration::from_millis(value.parse()?))),
            _ => Err(format!("unknown fault {kind}").into()),
        }
    }
}
