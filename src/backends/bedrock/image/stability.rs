//! Requests to the Stability models: one flat object, one picture.

use super::{json::Object, pictures::Pictures, rules::TaskRules, settings::Settings};
use crate::{
    domain::PixelSize,
    error::{Error, ErrorKind, Result},
    roles::{GenerateRequest, Task, TaskKind},
};

/// The settings of these models, which are fields of the same names.
const SETTINGS: [&str; 4] = ["style_preset", "grow_mask", "composition_fidelity", "style_strength"];

/// The body for `request`. Without a seed the model draws one and says which.
pub(super) fn body(
    request: &GenerateRequest,
    pictures: &Pictures,
    rules: &TaskRules,
    settings: &Settings,
) -> Result<Vec<u8>> {
    let mask = pictures.mask.as_ref().map(|mask| mask.to_png()).transpose()?;
    let mut body = Object::default();
    body.put_text("prompt", Some(&request.prompt));
    body.put_text("negative_prompt", request.negative_prompt.as_deref());
    body.put_some("mode", rules.images.mode.as_deref().filter(|_| pictures.image.is_some()));
    body.put_some(picture_field(rules.task), pictures.image.as_ref());
    body.put_some("mask", mask.as_ref());
    body.put_some("style_image", pictures.style.as_ref());
    put_task(&mut body, &request.task);
    if let Some(size) = request.size {
        body.put("aspect_ratio", ratio(rules, size)?);
    }
    if let Some(strength) = &rules.strength {
        body.put_some(&strength.field, strength.theirs(request.strength));
    }
    for name in SETTINGS {
        body.put_some(name, settings.get(name));
    }
    body.put_some("seed", request.seed);
    body.put_some("output_format", settings.format(rules));
    body.to_bytes(rules.max_bytes)
}

fn picture_field(task: TaskKind) -> &'static str {
    if task == TaskKind::StyleTransfer { "init_image" } else { "image" }
}

fn put_task<'a>(body: &mut Object<'a>, task: &'a Task) {
    match task {
        Task::Replace { search, .. } => body.put("search_prompt", search.as_str()),
        Task::Recolor { search, .. } => body.put("select_prompt", search.as_str()),
        Task::Outpaint { margins, .. } => {
            let sides = [
                ("left", margins.left),
                ("right", margins.right),
                ("up", margins.top),
                ("down", margins.bottom),
            ];
            sides
                .into_iter()
                .filter(|(_, pixels)| *pixels > 0)
                .for_each(|(side, pixels)| body.put(side, pixels));
        }
        _ => {}
    }
}

fn ratio(rules: &TaskRules, size: PixelSize) -> Result<&str> {
    rules.ratio(size).ok_or_else(|| {
        Error::new(
            ErrorKind::Unsupported,
            format!("the size {size}: no aspect ratio of this model delivers it"),
        )
    })
}
