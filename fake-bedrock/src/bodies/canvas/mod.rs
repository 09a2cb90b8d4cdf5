//! Nova Canvas and Titan Image Generator v2, which share their form.

mod config;
mod input;
mod tasks;

use keyvisual::imaging::Picture;
use serde_json::{Value, json};

use self::config::Config;
use super::table::{CANVAS, TITAN_IMAGE};
use crate::{
    call::{Answer, Call, Usage},
    faults::Kind,
    models::{Family, Model},
    pictures::{Brush, Mask, encode},
    refusal::{Refusal, Result},
};

/// Answers any task of the two.
pub(super) fn answer(call: &Call<'_>) -> Result<Answer> {
    call.allow_faults(&[Kind::FilteredPrompt, Kind::FilteredInput, Kind::FilteredOutput])?;
    let body = call.json()?;
    let titan = call.model.body == Family::TitanImage;
    let table = if titan { &TITAN_IMAGE } else { &CANVAS };
    let task = body["taskType"].as_str().unwrap_or_default();
    if !table.has(task) {
        return Err(Refusal::malformed(format_args!("#/taskType: {task} is not a valid enum value")));
    }
    table.check(task, &body)?;
    let config = Config::read(&body, titan)?;
    let job = Job { task, parameters: parameters(&body), titan };
    let made = tokio::task::block_in_place(|| job.run(&config))?;
    match call.fault {
        Kind::FilteredPrompt => return Err(Refusal::filtered("text prompt")),
        Kind::FilteredInput => return Err(Refusal::filtered("input image")),
        _ => {}
    }
    reply(call, made, &config)
}

fn parameters(body: &Value) -> &Value {
    let objects = body.as_object().into_iter().flatten();
    let mut parameters = objects.filter(|(name, _)| name.ends_with("Params")).map(|(_, value)| value);
    parameters.next().unwrap_or(&Value::Null)
}

/// One task with its parameters.
struct Job<'a> {
    task: &'a str,
    parameters: &'a Value,
    titan: bool,
}

/// What a task made: pictures as base64, and the mask if it was asked for.
struct Made {
    images: Vec<String>,
    mask: Option<String>,
}

impl Job<'_> {
    fn run(&self, config: &Config) -> Result<Made> {
        let mut mask = None;
        let picture = |number: u64| {
            let (picture, found) = self.picture(config, &self.brush(config.seed.wrapping_add(number)))?;
            if number == 0 && self.parameters["returnMask"] == true {
                mask = found.map(|mask: Mask| encode(&mask.picture(picture.size()), "png")).transpose()?;
            }
            encode(&picture, "png")
        };
        let images = (0..config.count).map(picture).collect::<Result<_>>()?;
        Ok(Made { images, mask })
    }

    fn picture(&self, config: &Config, brush: &Brush) -> Result<(Picture, Option<Mask>)> {
        match self.task {
            "TEXT_IMAGE" => Ok((self.text_image(config, brush)?, None)),
            "COLOR_GUIDED_GENERATION" => Ok((self.color_guided(config, brush)?, None)),
            "IMAGE_VARIATION" => Ok((self.variation(config, brush)?, None)),
            "INPAINTING" => self.edit(brush, true),
            "OUTPAINTING" => self.edit(brush, false),
            "BACKGROUND_REMOVAL" => Ok((self.remove_background()?, None)),
            _ => self.try_on(brush),
        }
    }

    fn brush(&self, seed: u64) -> Brush {
        let words = ["text", "negativeText", "style"].map(|field| self.text(field).unwrap_or(""));
        Brush::new(&words, seed)
    }

    fn text(&self, field: &str) -> Option<&str> {
        self.parameters[field].as_str()
    }
}

/// Pictures that were filtered are missing, and `error` says so.
fn reply(call: &Call<'_>, mut made: Made, config: &Config) -> Result<Answer> {
    let mut error = None;
    if call.fault == Kind::FilteredOutput {
        let kept = made.images.len() - 1;
        made.images.truncate(kept);
        let some = if kept == 0 { "All" } else { "Some" };
        error = Some(format!("{some} of the generated images have been blocked by our content filters."));
    }
    let pictures = made.images.len() as u64;
    let mut reply = json!({ "images": made.images });
    if let Some(mask) = made.mask {
        reply["maskImage"] = mask.into();
    }
    if let Some(error) = error {
        reply["error"] = error.into();
    }
    Answer::new(&reply, usage(call.model, pictures, config))
}

fn usage(model: &Model, pictures: u64, config: &Config) -> Usage {
    let price = &model.price;
    let each = match (config.is_large(), config.premium) {
        (false, true) if price.premium > 0.0 => price.premium,
        (true, false) if price.large > 0.0 => price.large,
        (true, true) if price.large_premium > 0.0 => price.large_premium,
        _ => price.picture,
    };
    Usage { pictures, usd: each * pictures as f64, ..Usage::default() }
}
