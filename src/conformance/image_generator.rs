//! The contract of [`ImageGenerator`].

use super::{kind, sample};
use crate::{
    domain::{Color, Palette, PixelSize},
    error::ErrorKind,
    imaging,
    roles::{GenerateRequest, ImageGenerator, Picture},
};

/// Everything below. `request` is one picture that this generator makes, without a seed; a generator that
/// needs references or products has them in it. A provider bills about eight pictures.
pub async fn all(generator: &dyn ImageGenerator, request: GenerateRequest) {
    delivers_the_size_asked_for(generator, &request).await;
    delivers_as_many_as_asked_for(generator, &request).await;
    repeats_itself_where_it_says_so(generator, &request).await;
    refuses_what_it_cannot_do(generator, &request).await;
    refuses_bad_requests(generator, &request).await;
}

/// The picture can be decoded and has the size asked for, in its bytes too.
pub async fn delivers_the_size_asked_for(generator: &dyn ImageGenerator, request: &GenerateRequest) {
    let picture = generate(generator, request.clone()).await.remove(0);
    assert_eq!(picture.size, request.size, "the size that is reported");
    assert_eq!(imaging::probe(picture.image.bytes()).ok(), Some(request.size), "the size of the bytes");
}

/// As many pictures as one call may make, each different, with seeds where the generator takes them.
pub async fn delivers_as_many_as_asked_for(generator: &dyn ImageGenerator, request: &GenerateRequest) {
    let capabilities = generator.capabilities();
    let mut request = request.clone().with_count(capabilities.max_count.min(3));
    if capabilities.max_seed.is_some() {
        request = request.with_seed(7);
    }
    let pictures = generate(generator, request.clone()).await;
    assert_eq!(pictures.len() as u32, request.count, "one result per picture");
    for (place, picture) in pictures.iter().enumerate() {
        let twin = pictures[..place].iter().any(|other| other.image == picture.image);
        assert!(!twin, "the pictures of one call differ");
    }
    if request.seed.is_some() && capabilities.deterministic {
        assert!(pictures.iter().all(|picture| picture.seed.is_some()), "each says which seed was used");
    }
}

/// The same request with the same seed gives the same bytes where the capabilities say `deterministic`.
pub async fn repeats_itself_where_it_says_so(generator: &dyn ImageGenerator, request: &GenerateRequest) {
    let capabilities = generator.capabilities();
    if !capabilities.deterministic || capabilities.max_seed.is_none() {
        return;
    }
    let request = request.clone().with_seed(11);
    let first = generate(generator, request.clone()).await;
    assert_eq!(generate(generator, request).await, first, "equal requests, equal pictures");
}

/// What the capabilities exclude is `Unsupported`, never dropped.
pub async fn refuses_what_it_cannot_do(generator: &dyn ImageGenerator, request: &GenerateRequest) {
    let can = generator.capabilities();
    let mut excluded = vec![request.clone().with_count(can.max_count.saturating_add(1))];
    let odd = PixelSize::new(1, 100_003);
    if !can.sizes.contains(odd) {
        excluded.push(GenerateRequest { size: odd, ..request.clone() });
    }
    if !can.negative_prompt {
        excluded.push(request.clone().with_negative_prompt("text"));
    }
    match can.max_seed {
        None => excluded.push(request.clone().with_seed(1)),
        Some(most) if most < u64::MAX => excluded.push(request.clone().with_seed(most + 1)),
        Some(_) => {}
    }
    if !can.palette {
        let grey = Color::rgb(90, 90, 90);
        excluded.push(request.clone().with_palette(Palette {
            primary: grey,
            dark: grey,
            light: grey,
            accent: grey,
        }));
    }
    if can.max_references < 64 {
        excluded.push(request.clone().with_references(vec![sample::jpeg(1); can.max_references + 1]));
    }
    if can.max_products < 64 {
        excluded.push(request.clone().with_products(vec![sample::jpeg(1); can.max_products + 1]));
    }
    for request in excluded {
        let refusal = generator.generate(request.clone()).await;
        assert_eq!(kind(&refusal), Some(ErrorKind::Unsupported), "{request:?} gave {refusal:?}");
    }
}

/// An empty or over-long prompt and no pictures are `InvalidInput`.
pub async fn refuses_bad_requests(generator: &dyn ImageGenerator, request: &GenerateRequest) {
    let mut bad = vec![
        GenerateRequest { prompt: " ".into(), ..request.clone() },
        GenerateRequest { count: 0, ..request.clone() },
    ];
    let most = generator.capabilities().max_prompt_chars;
    if most < 1 << 20 {
        bad.push(GenerateRequest { prompt: "x".repeat(most + 1), ..request.clone() });
    }
    for request in bad {
        let refusal = generator.generate(request.clone()).await;
        let prompt: String = request.prompt.chars().take(20).collect();
        assert_eq!(kind(&refusal), Some(ErrorKind::InvalidInput), "{} of {prompt:?}", request.count);
    }
}

async fn generate(generator: &dyn ImageGenerator, request: GenerateRequest) -> Vec<Picture> {
    let reply = generator.generate(request).await.expect("pictures");
    assert!(reply.usage.requests >= 1, "a call counts as a request");
    reply.results.into_iter().map(|result| result.expect("a picture")).collect()
}
