//! A request trimmed to what the generator can do.

use super::best_size;
use crate::{
    error::Result,
    roles::{GenerateRequest, GeneratorCapabilities, Sizes},
};

/// Trims `request` to what a generator of these `capabilities` takes, with a note for each change.
///
/// - The size becomes the [best one](best_size) the generator delivers, or none where the task gives it; bring the
///   pictures to the size asked for with [`to_size`](super::to_size), which writes its own note.
/// - References and products beyond the limits are left out, the last ones first; so are a palette, and grounds of
///   references that are left out.
/// - An unsupported negative prompt is moved to the end of the prompt as `Without: ...`, or left out where there
///   is no room.
/// - The `count` is not touched: [`fan_out`](super::fan_out) makes any number.
///
/// # Errors
/// [`Unsupported`](crate::ErrorKind::Unsupported) for a seed that the generator does not take, because a picture
/// with another seed is another picture; [`InvalidInput`](crate::ErrorKind::InvalidInput) for an empty or over-long
/// prompt, a count of 0 or an empty size.
pub fn fit_request(
    request: GenerateRequest,
    capabilities: &GeneratorCapabilities,
) -> Result<(GenerateRequest, Vec<String>)> {
    let offered = Offered::by(&request);
    fit_offered(request, offered, capabilities)
}

/// How many pictures there are to choose from. A request may hold only the first of them: what no generator takes need
/// not be read to be counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offered {
    pub(crate) references: usize,
    pub(crate) products: usize,
}

impl Offered {
    pub(super) fn by(request: &GenerateRequest) -> Self {
        Self { references: request.references.len(), products: request.products.len() }
    }
}

pub(super) fn fit_offered(
    mut request: GenerateRequest,
    offered: Offered,
    capabilities: &GeneratorCapabilities,
) -> Result<(GenerateRequest, Vec<String>)> {
    let mut notes = Vec::new();
    request.size = match (request.size, &capabilities.sizes) {
        (_, Sizes::OfTask) => None,
        (size, sizes) => size.map(|size| best_size(sizes, size)).transpose()?,
    };
    request.references.truncate(capabilities.max_references);
    request.products.truncate(capabilities.max_products);
    notes.extend(left_out("references", request.references.len(), offered.references));
    notes.extend(left_out("products", request.products.len(), offered.products));
    let grounds = request.grounds.len();
    let taken = request.references.len();
    // What was never a reference is no ground of one left out: it is refused with the request.
    request.grounds.retain(|ground| {
        capabilities.grounds && (ground.reference < taken || ground.reference >= offered.references)
    });
    notes.extend(match request.grounds.len() {
        taken if taken == grounds => None,
        0 if !capabilities.grounds => {
            Some("the grounds were left out: this generator places no product in a reference".into())
        }
        taken => {
            Some(format!("{} of {grounds} grounds were left out with their references", grounds - taken))
        }
    });
    if !capabilities.palette && request.palette.take().is_some() {
        notes.push("the palette was left out: this generator keeps to none".into());
    }
    if !capabilities.negative_prompt
        && let Some(negative) = request.negative_prompt.take()
    {
        notes.push(move_into_prompt(&mut request, &negative, capabilities.max_prompt_chars));
    }
    let one_call = GenerateRequest { count: request.count.min(capabilities.max_count), ..request.clone() };
    one_call.validate(capabilities)?;
    Ok((request, notes))
}

fn left_out(what: &str, taken: usize, offered: usize) -> Option<String> {
    match (taken, offered.saturating_sub(taken)) {
        (_, 0) => None,
        (0, _) => Some(format!("the {what} were left out: this generator takes none")),
        (_, left) => Some(format!("{left} of {offered} {what} were left out: this generator takes {taken}")),
    }
}

fn move_into_prompt(request: &mut GenerateRequest, negative: &str, max_chars: usize) -> String {
    let moved = format!("{}\nWithout: {negative}", request.prompt);
    if moved.chars().count() <= max_chars {
        request.prompt = moved;
        "the negative prompt stands at the end of the prompt: this generator takes none of its own".into()
    } else {
        "the negative prompt was left out: this generator takes none, and the prompt has no room for it"
            .into()
    }
}
