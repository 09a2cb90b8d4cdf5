//! What one task of one model takes and delivers: the registry's figures and the family's ways.

use std::collections::BTreeMap;

use crate::{
    backends::bedrock::registry::{
        Family, ImageLimits, Limits, ModelEntry, OutputLimits, SettingLimits, Shape, Strength,
    },
    domain::PixelSize,
    error::{Error, ErrorKind, Result},
    roles::{GeneratorCapabilities, PromptRule, Sizes, TaskKind},
};

/// The longest prompt where the registry knows none: that of the Stability models.
const PROMPT_CHARS: usize = 10_000;

/// One task of one model.
#[derive(Clone, Debug)]
pub(super) struct TaskRules {
    pub(super) task: TaskKind,
    pub(super) interface: Interface,
    pub(super) capabilities: GeneratorCapabilities,
    /// What the size is asked for by, where it is by aspect ratios.
    pub(super) shapes: Vec<Shape>,
    pub(super) strength: Option<Strength>,
    pub(super) images: ImageLimits,
    /// The most bytes of a request.
    pub(super) max_bytes: Option<u64>,
    /// The file formats to choose from, the first unless told; none where the model has one of its own.
    pub(super) formats: Vec<String>,
    pub(super) settings: BTreeMap<String, SettingLimits>,
}

/// The two shapes of requests and replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interface {
    /// Flat, one picture a call.
    Stability,
    /// `taskType` with parameters of its own, up to five pictures a call: Nova Canvas and Titan Image.
    Amazon,
}

impl TaskRules {
    /// The rules of `task`, or of the first one where none is named.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) for a task the model does not serve.
    pub(super) fn of(entry: &ModelEntry, task: Option<TaskKind>) -> Result<Self> {
        let unsupported = |message: String| Err(Error::new(ErrorKind::Unsupported, message));
        let served = |task: &TaskKind| entry.tasks.contains(task);
        let Some(task) = task.or(entry.tasks.first().copied()).filter(served) else {
            let tasks = entry.tasks.iter().map(TaskKind::to_string).collect::<Vec<_>>().join(", ");
            let asked = task.map_or("no task".to_owned(), |task| format!("the task {task}"));
            return unsupported(format!("{asked}: {} serves {tasks}", entry.name));
        };
        let interface = match entry.family {
            Family::Stability | Family::StabilityService => Interface::Stability,
            Family::NovaCanvas | Family::TitanImage => Interface::Amazon,
            _ => return unsupported(format!("{} makes no pictures", entry.name)),
        };
        let limits = &entry.limits;
        let strength = strength(limits, interface, task);
        let settings = limits.settings.iter();
        let settings =
            settings.filter(|(_, setting)| setting.tasks.is_empty() || setting.tasks.contains(&task));
        Ok(Self {
            task,
            interface,
            capabilities: capabilities(limits, interface, task, strength.as_ref()),
            shapes: limits.output.shapes.clone(),
            strength,
            images: limits.images.clone(),
            max_bytes: limits.payload_bytes,
            formats: formats(limits, interface, task),
            settings: settings.map(|(name, setting)| (name.clone(), setting.clone())).collect(),
        })
    }

    /// The aspect ratio that delivers `size`.
    pub(super) fn ratio(&self, size: PixelSize) -> Option<&str> {
        let fits = |shape: &&Shape| (shape.width, shape.height) == (size.width, size.height);
        self.shapes.iter().find(fits).and_then(|shape| shape.ratio.as_deref())
    }
}

/// What is cut out lies on transparent ground, which JPEG does not have.
fn formats(limits: &Limits, interface: Interface, task: TaskKind) -> Vec<String> {
    let can = |format: &&String| task != TaskKind::RemoveBackground || *format != "jpeg";
    match interface {
        Interface::Stability => limits.output.formats.iter().filter(can).cloned().collect(),
        Interface::Amazon => Vec::new(),
    }
}

/// Models that make pictures from prompts have a strength only where they begin from a picture.
fn strength(limits: &Limits, interface: Interface, task: TaskKind) -> Option<Strength> {
    match (interface, task) {
        (_, TaskKind::TextToImage) => None,
        (Interface::Stability, _) | (Interface::Amazon, TaskKind::ImageToImage) => limits.strength.clone(),
        (Interface::Amazon, TaskKind::Structure) => limits.control.clone(),
        (Interface::Amazon, _) => None,
    }
}

fn capabilities(
    limits: &Limits,
    interface: Interface,
    task: TaskKind,
    strength: Option<&Strength>,
) -> GeneratorCapabilities {
    use TaskKind::{Erase, ImageToImage, RemoveBackground, TextToImage};
    let amazon = interface == Interface::Amazon;
    // Nova Canvas and Titan erase by inpainting without words, and cut out without anything else.
    let prompt = match task {
        Erase | RemoveBackground => PromptRule::Refused,
        ImageToImage if amazon => PromptRule::Optional,
        _ => limits.prompt.rule.unwrap_or(PromptRule::Required),
    };
    let cut_out = task == RemoveBackground;
    let chars = limits.prompt.chars.unwrap_or(PROMPT_CHARS);
    let mut can = GeneratorCapabilities::new(sizes(&limits.output, interface, task), chars)
        .with_task(task, prompt)
        .with_max_count(if cut_out { 1 } else { limits.output.most.unwrap_or(1) });
    can.negative_prompt = limits.prompt.negative && prompt != PromptRule::Refused;
    // The seed that stands for any seed would not give the same picture twice.
    let seeds = limits.seeds.filter(|_| !cut_out);
    can.seeds = seeds.map(|seeds| seeds.min + u64::from(seeds.random == Some(seeds.min))..=seeds.max);
    can.strength = strength.map(Strength::ours);
    can.palette = amazon && task == TextToImage && limits.control.is_some();
    if amazon && task == ImageToImage {
        can.max_references = limits.images.most.unwrap_or(1).saturating_sub(1);
    }
    can
}

/// A task that works on a picture gives the picture's size; what is new has the size asked for.
fn sizes(output: &OutputLimits, interface: Interface, task: TaskKind) -> Sizes {
    let new = match task {
        TaskKind::TextToImage | TaskKind::StyleGuide => true,
        TaskKind::ImageToImage | TaskKind::Structure => interface == Interface::Amazon,
        _ => false,
    };
    if !new {
        return Sizes::OfTask;
    }
    if !output.shapes.is_empty() {
        let sizes = output.shapes.iter().map(|shape| PixelSize::new(shape.width, shape.height));
        return Sizes::These(sizes.collect());
    }
    Sizes::Within {
        min: output.min_side.unwrap_or(1),
        max: output.max_side.unwrap_or(u32::MAX),
        multiple_of: output.multiple_of.unwrap_or(1),
        max_pixels: output.max_pixels.unwrap_or(u64::MAX),
        max_ratio: output.max_aspect.map_or(u32::MAX, |ratio| ratio as u32),
    }
}

impl Strength {
    /// The strengths of this crate, by which 0 keeps the picture and 1 ignores it.
    fn ours(&self) -> std::ops::RangeInclusive<f64> {
        if self.keeps { turned(self.max)..=turned(self.min) } else { self.min..=self.max }
    }

    /// The value to send for `strength`.
    pub(super) fn theirs(&self, strength: Option<f64>) -> Option<f64> {
        match strength {
            None => self.required.then_some(self.default),
            Some(strength) if self.keeps => Some(turned(strength)),
            Some(strength) => Some(strength),
        }
    }
}

/// 1 - x without the dust of binary fractions, which would miss the end of a range.
fn turned(x: f64) -> f64 {
    ((1.0 - x) * 1e6).round() / 1e6
}
