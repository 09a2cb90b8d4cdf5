//! The contract of [`ImageGenerator`].

use super::{kind, sample};
use crate::{
    domain::{Color, Palette, PixelSize},
    error::ErrorKind,
    imaging,
    roles::{GenerateRequest, Ground, ImageGenerator, Picture, PromptRule, Sizes, Task, TaskKind},
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
    assert_eq!(Some(picture.size), request.size.or(Some(picture.size)), "the size that is reported");
    assert_eq!(imaging::probe(picture.image.bytes()).ok(), Some(picture.size), "the size of the bytes");
}

/// As many pictures as one call may make, each different, with seeds where the generator takes them.
pub async fn delivers_as_many_as_asked_for(generator: &dyn ImageGenerator, request: &GenerateRequest) {
    let capabilities = generator.capabilities();
    let mut request = request.clone().with_count(capabilities.max_count.min(3));
    if let Some(seeds) = &capabilities.seeds {
        request = request.with_seed(*seeds.start() + 7);
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
    let Some(seeds) = capabilities.seeds.as_ref().filter(|_| capabilities.deterministic) else { return };
    let request = request.clone().with_seed(*seeds.start() + 11);
    let first = generate(generator, request.clone()).await;
    assert_eq!(generate(generator, request).await, first, "equal requests, equal pictures");
}

/// What the capabilities exclude is `Unsupported`, never dropped.
pub async fn refuses_what_it_cannot_do(generator: &dyn ImageGenerator, request: &GenerateRequest) {
    let can = generator.capabilities();
    let mut excluded = vec![request.clone().with_count(can.max_count.saturating_add(1))];
    let odd = PixelSize::new(1, 100_003);
    if !can.sizes.contains(odd) {
        excluded.push(GenerateRequest { size: Some(odd), ..request.clone() });
    }
    if !can.negative_prompt {
        excluded.push(request.clone().with_negative_prompt("text"));
    }
    match &can.seeds {
        None => excluded.push(request.clone().with_seed(1)),
        Some(seeds) => {
            excluded.extend(seeds.end().checked_add(1).map(|seed| request.clone().with_seed(seed)))
        }
    }
    let strength = can.strength.as_ref().map_or(0.5, |range| range.end() + 0.5);
    excluded.push(request.clone().with_strength(strength));
    if can.prompt == PromptRule::Refused {
        excluded.push(request.clone().with_prompt("a cup"));
    }
    let other = match can.task {
        TaskKind::Upscale => Task::TextToImage,
        _ => Task::Upscale { image: sample::jpeg(1) },
    };
    excluded.push(request.clone().with_task(other));
    if !can.palette {
        let grey = Color::rgb(90, 90, 90);
        excluded.push(request.clone().with_palette(Palette {
            primary: grey,
            dark: grey,
            light: grey,
            accent: grey,
        }));
    }
    if !can.grounds {
        excluded.push(request.clone().with_grounds(vec![Ground::new(0, 0.8)]));
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

/// An empty or over-long prompt, no size, no pictures and a ground that is no row of a reference are `InvalidInput`.
pub async fn refuses_bad_requests(generator: &dyn ImageGenerator, request: &GenerateRequest) {
    let can = generator.capabilities();
    let mut bad = vec![GenerateRequest { count: 0, ..request.clone() }];
    if can.prompt == PromptRule::Required {
        bad.push(GenerateRequest { prompt: " ".into(), ..request.clone() });
    }
    if can.sizes != Sizes::OfTask {
        bad.push(GenerateRequest { size: None, ..request.clone() });
    }
    let most = can.max_prompt_chars;
    if most < 1 << 20 && can.prompt != PromptRule::Refused {
        bad.push(GenerateRequest { prompt: "x".repeat(most + 1), ..request.clone() });
    }
    if can.grounds {
        let beyond = Ground::new(request.references.len(), 0.8);
        bad.push(request.clone().with_grounds(vec![beyond]));
        for row in [-0.1, 1.1, f64::NAN] {
            let reference = sample::jpeg(1);
            let request = request.clone().with_references(vec![reference]);
            bad.push(request.with_grounds(vec![Ground::new(0, row)]));
        }
    }
    for request in bad {
        let refusal = generator.generate(request.clone()).await;
        let prompt: String = request.prompt.chars().take(20).collect();
        let what = (request.count, prompt, &request.grounds);
        assert_eq!(kind(&refusal), Some(ErrorKind::InvalidInput), "{what:?}");
    }
}

async fn generate(generator: &dyn ImageGenerator, request: GenerateRequest) -> Vec<Picture> {
    let reply = generator.generate(request).await.expect("pictures");
    assert!(reply.usage.requests >= 1, "a call counts as a request");
    reply.results.into_iter().map(|result| result.expect("a picture")).collect()
}
