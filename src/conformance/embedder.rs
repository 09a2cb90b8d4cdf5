//! The contract of [`Embedder`].

use super::{kind, sample};
use crate::{
    domain::Embedding,
    error::{ErrorKind, Result},
    roles::{EmbedInput, EmbedRequest, Embedder, Purpose},
};

/// Everything below. A provider bills about thirty short inputs.
pub async fn all(embedder: &dyn Embedder) {
    gives_unit_vectors_of_its_space(embedder).await;
    keeps_the_order(embedder).await;
    repeats_itself_where_it_says_so(embedder).await;
    puts_like_near_like(embedder).await;
    spoils_one_place_for_a_bad_input(embedder).await;
    refuses_what_it_does_not_take(embedder).await;
}

/// Every kind of input it takes has a vector of length 1 with the dimensions of the space, for either purpose.
pub async fn gives_unit_vectors_of_its_space(embedder: &dyn Embedder) {
    let capabilities = embedder.capabilities();
    for (taken, input) in kinds(embedder) {
        for purpose in [Purpose::Index, Purpose::Query] {
            if !taken {
                continue;
            }
            let vector = embed(embedder, vec![input.clone()], purpose).await.remove(0).expect("a vector");
            let norm = vector.dot(&vector).expect("one length").sqrt();
            assert_eq!(vector.dimensions(), capabilities.space.dimensions, "{}", capabilities.space);
            assert!((norm - 1.0).abs() < 1e-3, "the vector has length {norm}");
        }
    }
}

/// A batch gives one vector per input, the same as one by one.
pub async fn keeps_the_order(embedder: &dyn Embedder) {
    let texts = ["a red car", "a mountain in snow", "two dogs", "a cup of coffee", "the sea"];
    let inputs: Vec<_> = texts.iter().map(|text| EmbedInput::Text((*text).into())).collect();
    if !embedder.capabilities().text {
        return;
    }
    let count = embedder.capabilities().max_batch.min(inputs.len());
    let together = embed(embedder, inputs[..count].to_vec(), Purpose::Index).await;
    assert_eq!(together.len(), count, "one result per input");
    for (input, vector) in inputs.into_iter().zip(together) {
        let alone = embed(embedder, vec![input], Purpose::Index).await.remove(0).expect("a vector");
        let near = alone.dot(&vector.expect("a vector")).expect("one length");
        assert!(near > 0.999, "a vector out of a batch is the one made alone: cosine {near}");
    }
}

/// Equal inputs give equal vectors where the capabilities say `deterministic`.
pub async fn repeats_itself_where_it_says_so(embedder: &dyn Embedder) {
    if !embedder.capabilities().deterministic {
        return;
    }
    for (_, input) in kinds(embedder).into_iter().filter(|(taken, _)| *taken) {
        let first = embed(embedder, vec![input.clone()], Purpose::Index).await;
        assert_eq!(embed(embedder, vec![input], Purpose::Index).await, first, "equal inputs, equal vectors");
    }
}

/// A text is nearer to one with the same words than to one about something else.
pub async fn puts_like_near_like(embedder: &dyn Embedder) {
    if !embedder.capabilities().text {
        return;
    }
    let text = |text: &str| vec![EmbedInput::Text(text.into())];
    let query =
        embed(embedder, text("a red car on a street"), Purpose::Query).await.remove(0).expect("a vector");
    let like = embed(embedder, text("red car parked on the street"), Purpose::Index).await.remove(0);
    let unlike = embed(embedder, text("snow lies over silent mountains"), Purpose::Index).await.remove(0);
    let near = query.dot(&like.expect("a vector")).expect("one length");
    let far = query.dot(&unlike.expect("a vector")).expect("one length");
    assert!(near > far, "a red car is nearer to a red car ({near:.3}) than to mountains ({far:.3})");
}

/// An empty text or a broken picture has an error at its place; its neighbours have vectors.
pub async fn spoils_one_place_for_a_bad_input(embedder: &dyn Embedder) {
    let capabilities = embedder.capabilities();
    let (good, bad) = match (capabilities.text, capabilities.image) {
        (true, _) => (EmbedInput::Text("two dogs".into()), EmbedInput::Text(String::new())),
        (false, true) => (EmbedInput::Image(sample::jpeg(1)), EmbedInput::Image(sample::cut_off())),
        (false, false) => return,
    };
    if capabilities.max_batch < 3 {
        let alone = embed(embedder, vec![bad], Purpose::Index).await.remove(0);
        assert_eq!(kind(&alone), Some(ErrorKind::InvalidInput), "a bad input alone: {alone:?}");
        return;
    }
    let results = embed(embedder, vec![good.clone(), bad, good], Purpose::Index).await;
    assert_eq!(kind(&results[1]), Some(ErrorKind::InvalidInput), "a bad input: {:?}", results[1]);
    assert!(results[0].is_ok() && results[2].is_ok(), "its neighbours are not affected: {results:?}");
}

/// No inputs and one too many are `InvalidInput`; a kind of input it does not take is `Unsupported`.
pub async fn refuses_what_it_does_not_take(embedder: &dyn Embedder) {
    let none = embedder.embed(EmbedRequest::new(Vec::new(), Purpose::Index)).await;
    assert_eq!(kind(&none), Some(ErrorKind::InvalidInput), "an empty batch");
    let kinds = kinds(embedder);
    let most = embedder.capabilities().max_batch;
    if let Some((_, input)) = kinds.iter().find(|(taken, _)| *taken && most < 10_000) {
        let many = vec![input.clone(); most + 1];
        let refusal = embedder.embed(EmbedRequest::new(many, Purpose::Index)).await;
        assert_eq!(kind(&refusal), Some(ErrorKind::InvalidInput), "{} inputs", most + 1);
    }
    for (_, input) in kinds.into_iter().filter(|(taken, _)| !taken) {
        let refusal = embedder.embed(EmbedRequest::new(vec![input.clone()], Purpose::Index)).await;
        let refusal = refusal.and_then(|mut reply| reply.results.remove(0));
        assert_eq!(kind(&refusal), Some(ErrorKind::Unsupported), "{input:?} is refused, not dropped");
    }
}

/// An input of each kind, and whether the embedder takes it.
fn kinds(embedder: &dyn Embedder) -> [(bool, EmbedInput); 3] {
    let capabilities = embedder.capabilities();
    let (text, image) = ("two fields of colour".to_owned(), sample::jpeg(1));
    [
        (capabilities.text, EmbedInput::Text(text.clone())),
        (capabilities.image, EmbedInput::Image(image.clone())),
        (capabilities.both, EmbedInput::Both { text, image }),
    ]
}

async fn embed(embedder: &dyn Embedder, inputs: Vec<EmbedInput>, purpose: Purpose) -> Vec<Result<Embedding>> {
    let count = inputs.len();
    let reply = match embedder.embed(EmbedRequest::new(inputs, purpose)).await {
        Ok(reply) => reply,
        // Nothing was made of a single bad input: either form says so.
        Err(error) if count == 1 => return vec![Err(error)],
        Err(error) => panic!("a good batch is embedded: {error}"),
    };
    assert_eq!(reply.results.len(), count, "one result per input");
    reply.results
}
