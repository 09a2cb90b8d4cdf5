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

/// Measures a picture; one that cannot be decoded is refused.
pub(crate) async fn describe(input: &Input) -> Result<Description> {
    let request = DescribeRequest::new(input.image.clone());
    let reply = MeasuringDescriber::new().describe(request).await;
    let reply = reply.map_err(|_| input.corrupt())?;
    Ok(Description { text: reply.description, elements: reply.elements })
}
