//! Requests to Nova Canvas and Titan Image: a task with parameters of its own, up to five pictures.

use super::{
    json::{Field, Object},
    pictures::Pictures,
    rules::TaskRules,
    settings::Settings,
};
use crate::{
    domain::{Image, Palette},
    error::{Error, ErrorKind, Result},
    roles::{GenerateRequest, Task},
};

/// The body for `request` with the seed `seed`. The models would take the same seed each time none is given, so there is
/// always one where the task takes any.
pub(super) fn body(
    request: &GenerateRequest,
    pictures: &Pictures,
    rules: &TaskRules,
    settings: &Settings,
    seed: Option<u64>,
) -> Result<Vec<u8>> {
    let mask = mask(&request.task, pictures)?;
    let colors = request.palette.map(colors);
    let kind = Kind::of(request)?;
    let mut body = Object::default();
    body.put("taskType", kind.task);
    body.put(kind.params, params(request, pictures, mask.as_ref(), colors.as_deref(), rules, settings)?);
    if rules.capabilities.seeds.is_some() {
        body.put("imageGenerationConfig", config(request, settings, seed));
    }
    body.to_bytes(rules.max_bytes)
}

/// What the models call a task, and where its parameters stand.
struct Kind {
    task: &'static str,
    params: &'static str,
}

impl Kind {
    fn of(request: &GenerateRequest) -> Result<Self> {
        let (task, params) = match &request.task {
            Task::TextToImage if request.palette.is_some() => {
                ("COLOR_GUIDED_GENERATION", "colorGuidedGenerationParams")
            }
            Task::TextToImage | Task::Structure { .. } => ("TEXT_IMAGE", "textToImageParams"),
            Task::ImageToImage { .. } => ("IMAGE_VARIATION", "imageVariationParams"),
            Task::Inpaint { .. } | Task::Erase { .. } | Task::Replace { .. } => {
                ("INPAINTING", "inPaintingParams")
            }
            Task::ReplaceBackground { .. } => ("OUTPAINTING", "outPaintingParams"),
            Task::RemoveBackground { .. } => ("BACKGROUND_REMOVAL", "backgroundRemovalParams"),
            other => {
                let message = format!("the task {}: the interface of this model has none such", other.kind());
                return Err(Error::new(ErrorKind::Unsupported, message));
            }
        };
        Ok(Self { task, params })
    }
}

fn params<'a>(
    request: &'a GenerateRequest,
    pictures: &'a Pictures,
    mask: Option<&'a Image>,
    colors: Option<&'a [String]>,
    rules: &'a TaskRules,
    settings: &'a Settings,
) -> Result<Object<'a>> {
    let mut params = Object::default();
    params.put_text("text", Some(&request.prompt));
    params.put_text("negativeText", request.negative_prompt.as_deref());
    if let Some(colors) = colors {
        params.put("colors", Field::List(colors.iter().map(|color| Field::Text(color)).collect()));
        if settings.get("style_preset").is_some() {
            let message = "a style preset together with a palette: leave one of them out";
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    }
    params.put_some("style", settings.get("style_preset"));
    match &request.task {
        Task::ImageToImage { .. } => {
            let images = pictures.image.iter().chain(&pictures.references).map(Field::Picture);
            params.put("images", Field::List(images.collect()));
        }
        Task::Structure { .. } => {
            params.put_some("conditionImage", pictures.image.as_ref());
            params.put_some("controlMode", settings.get("control_mode"));
        }
        _ => params.put_some("image", pictures.image.as_ref()),
    }
    match &request.task {
        Task::Replace { search, .. } => params.put("maskPrompt", search.as_str()),
        _ => params.put_some("maskImage", mask),
    }
    params.put_some("outPaintingMode", settings.get("outpainting_mode"));
    if let Some(strength) = &rules.strength {
        params.put_some(&strength.field, strength.theirs(request.strength));
    }
    Ok(params)
}

fn config<'a>(request: &GenerateRequest, settings: &'a Settings, seed: Option<u64>) -> Object<'a> {
    let mut config = Object::default();
    config.put_some("width", request.size.map(|size| size.width));
    config.put_some("height", request.size.map(|size| size.height));
    config.put_some("quality", settings.get("quality"));
    config.put_some("cfgScale", settings.get("cfg_scale"));
    config.put("numberOfImages", request.count);
    config.put_some("seed", seed);
    config
}

/// The mask in the models' colours, pure black and white: black is painted, but white when the ground is replaced.
fn mask(task: &Task, pictures: &Pictures) -> Result<Option<Image>> {
    let Some(mask) = &pictures.mask else { return Ok(None) };
    let mask = mask.clone().hard();
    let mask = if matches!(task, Task::ReplaceBackground { .. }) { mask } else { mask.inverted() };
    mask.to_png().map(Some)
}

fn colors(palette: Palette) -> Vec<String> {
    let Palette { primary, dark, light, accent } = palette;
    [primary, dark, light, accent].map(|color| color.to_string()).to_vec()
}
