//! Vectors that place similar inputs near: spelling and measured colours, spread over the dimensions asked for.

use keyvisual::{
    backends::local::LexicalEmbedder,
    roles::{EmbedInput, EmbedRequest, Embedder, Purpose},
};

use crate::{
    pictures::Input,
    refusal::{Refusal, Result},
};

/// Over how many places one number is spread: more keep angles better and cost more time.
const SPREAD: usize = 8;

/// One vector of `length` for a text, a picture or both; text and pictures share a space.
pub(crate) async fn embed(
    text: Option<&str>,
    image: Option<Input>,
    dimensions: usize,
    length: f32,
) -> Result<Vec<f32>> {
    let broken = image.as_ref().map(Input::corrupt);
    let input = match (text, image) {
        (Some(text), Some(image)) => EmbedInput::Both { text: text.into(), image: image.image },
        (Some(text), None) => EmbedInput::Text(text.into()),
        (None, Some(image)) => EmbedInput::Image(image.image),
        (None, None) => return Err(Refusal::validation("There is nothing to embed.")),
    };
    let reply = LexicalEmbedder::new().embed(EmbedRequest::new(vec![input], Purpose::Index)).await;
    let result = reply.and_then(|mut reply| reply.results.remove(0));
    let vector = result
        .map_err(|error| broken.unwrap_or_else(|| Refusal::validation(format!("Invalid input: {error}."))))?;
    Ok(spread(vector.as_slice(), dimensions, length))
}

/// A sparse random projection that is the same every time.
fn spread(numbers: &[f32], dimensions: usize, length: f32) -> Vec<f32> {
    let mut out = vec![0.0; dimensions];
    for (index, number) in numbers.iter().enumerate().filter(|(_, number)| **number != 0.0) {
        let mut random = fastrand::Rng::with_seed(index as u64);
        for _ in 0..SPREAD {
            let place = random.usize(..dimensions);
            out[place] += if random.bool() { *number } else { -number };
        }
    }
    let norm = out.iter().map(|number| number * number).sum::<f32>().sqrt();
    if norm > 0.0 {
        out.iter_mut().for_each(|number| *number *= length / norm);
    }
    out
}
