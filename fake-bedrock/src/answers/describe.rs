//! A picture in measured words.

use keyvisual::{
    backends::local::MeasuringDescriber,
    roles::{DescribeRequest, Describer},
};

use crate::{pictures::Input, refusal::Result};

/// What can be said of a picture.
#[derive(Clone, Debug)]
pub(crate) struct Description {
    pub(crate) text: String,
    pub(crate) elements: Vec<String>,
}

/// The long side a picture is measured at: as fast as it gets, and the colours are right.
const SIDE: u32 = 192;

/// Measures a picture; one that cannot be decoded is refused. What its file says in words is not read: a model sees
/// pixels.
pub(crate) async fn describe(input: &Input) -> Result<Description> {
    let small = tokio::task::block_in_place(|| input.at_most(SIDE))?;
    let request = DescribeRequest::new(small);
    let reply = MeasuringDescriber::new().describe(request).await;
    let reply = reply.map_err(|_| input.corrupt())?;
    Ok(Description { text: reply.description, elements: reply.elements })
}
