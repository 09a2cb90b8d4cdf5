//! What is to be done with which pictures.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{domain::Image, roles::request::Hidden};

/// What a generator is asked to do, with the pictures it takes.
///
/// A mask has the size of its picture and one meaning everywhere: white is painted anew, black stays, and grey
/// lies between where the model knows a between.
///
/// ```
/// use keyvisual::{domain::Image, roles::{GenerateRequest, Task}};
///
/// # fn example(image: Image, mask: Image) {
/// let request = GenerateRequest::of(Task::Inpaint { image, mask }).with_prompt("a wooden table at dawn");
/// assert_eq!(request.size, None); // the picture has one
/// # }
/// ```
#[derive(Clone, Default, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Task {
    /// A new picture from the prompt, with references and products where the generator takes them.
    #[default]
    TextToImage,
    /// A new picture that begins from another.
    ImageToImage {
        /// What it begins from.
        image: Image,
    },
    /// What the mask shows is painted anew.
    Inpaint {
        /// The picture.
        image: Image,
        /// Where to paint.
        mask: Image,
    },
    /// The picture goes on beyond its edges.
    Outpaint {
        /// The picture.
        image: Image,
        /// How far.
        margins: Margins,
    },
    /// A new scene around what the mask keeps: the whole ground is painted anew.
    ReplaceBackground {
        /// The picture with the product.
        image: Image,
        /// Where to paint: all but the product.
        mask: Image,
    },
    /// What the mask shows is taken away, and the ground goes on behind it.
    Erase {
        /// The picture.
        image: Image,
        /// What to take away.
        mask: Image,
    },
    /// What is named gives way to what the prompt says.
    Replace {
        /// The picture.
        image: Image,
        /// What to look for.
        search: String,
    },
    /// What is named gets the colour that the prompt says.
    Recolor {
        /// The picture.
        image: Image,
        /// What to look for.
        search: String,
    },
    /// The subject stays, on transparent ground.
    RemoveBackground {
        /// The picture.
        image: Image,
    },
    /// A new picture from the prompt in the style of another.
    StyleGuide {
        /// The style.
        style: Image,
    },
    /// The picture in the style of another.
    StyleTransfer {
        /// What to show.
        image: Image,
        /// The style.
        style: Image,
    },
    /// A new picture along the lines of a sketch.
    Sketch {
        /// The sketch.
        sketch: Image,
    },
    /// A new picture with the structure of another.
    Structure {
        /// What has the structure.
        image: Image,
    },
    /// The picture with more pixels.
    Upscale {
        /// The picture.
        image: Image,
    },
}

/// The kinds of [`Task`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TaskKind {
    /// [`Task::TextToImage`].
    #[default]
    TextToImage,
    /// [`Task::ImageToImage`].
    ImageToImage,
    /// [`Task::Inpaint`].
    Inpaint,
    /// [`Task::Outpaint`].
    Outpaint,
    /// [`Task::ReplaceBackground`].
    ReplaceBackground,
    /// [`Task::Erase`].
    Erase,
    /// [`Task::Replace`].
    Replace,
    /// [`Task::Recolor`].
    Recolor,
    /// [`Task::RemoveBackground`].
    RemoveBackground,
    /// [`Task::StyleGuide`].
    StyleGuide,
    /// [`Task::StyleTransfer`].
    StyleTransfer,
    /// [`Task::Sketch`].
    Sketch,
    /// [`Task::Structure`].
    Structure,
    /// [`Task::Upscale`].
    Upscale,
}

/// Pixels to add at each edge of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Margins {
    /// At the left.
    pub left: u32,
    /// At the right.
    pub right: u32,
    /// Above.
    pub top: u32,
    /// Below.
    pub bottom: u32,
}

impl Task {
    /// Which task it is.
    #[must_use]
    pub fn kind(&self) -> TaskKind {
        match self {
            Self::TextToImage => TaskKind::TextToImage,
            Self::ImageToImage { .. } => TaskKind::ImageToImage,
            Self::Inpaint { .. } => TaskKind::Inpaint,
            Self::Outpaint { .. } => TaskKind::Outpaint,
            Self::ReplaceBackground { .. } => TaskKind::ReplaceBackground,
            Self::Erase { .. } => TaskKind::Erase,
            Self::Replace { .. } => TaskKind::Replace,
            Self::Recolor { .. } => TaskKind::Recolor,
            Self::RemoveBackground { .. } => TaskKind::RemoveBackground,
            Self::StyleGuide { .. } => TaskKind::StyleGuide,
            Self::StyleTransfer { .. } => TaskKind::StyleTransfer,
            Self::Sketch { .. } => TaskKind::Sketch,
            Self::Structure { .. } => TaskKind::Structure,
            Self::Upscale { .. } => TaskKind::Upscale,
        }
    }

    /// The picture that is worked on or begun from; none for a task that has only a prompt.
    #[must_use]
    pub fn image(&self) -> Option<&Image> {
        match self {
            Self::TextToImage => None,
            Self::ImageToImage { image }
            | Self::Inpaint { image, .. }
            | Self::Outpaint { image, .. }
            | Self::ReplaceBackground { image, .. }
            | Self::Erase { image, .. }
            | Self::Replace { image, .. }
            | Self::Recolor { image, .. }
            | Self::RemoveBackground { image }
            | Self::StyleTransfer { image, .. }
            | Self::Structure { image }
            | Self::Upscale { image }
            | Self::StyleGuide { style: image }
            | Self::Sketch { sketch: image } => Some(image),
        }
    }

    /// Where to paint, for tasks that have a mask.
    #[must_use]
    pub fn mask(&self) -> Option<&Image> {
        match self {
            Self::Inpaint { mask, .. } | Self::ReplaceBackground { mask, .. } | Self::Erase { mask, .. } => {
                Some(mask)
            }
            _ => None,
        }
    }
}

/// Shows no text: what to look for is part of the prompt.
impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Task");
        fields.field("kind", &self.kind()).field("image", &self.image()).field("mask", &self.mask());
        match self {
            Self::Replace { search, .. } | Self::Recolor { search, .. } => {
                fields.field("search", &Hidden(search))
            }
            Self::Outpaint { margins, .. } => fields.field("margins", margins),
            Self::StyleTransfer { style, .. } => fields.field("style", style),
            _ => &mut fields,
        }
        .finish()
    }
}

impl fmt::Display for TaskKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TextToImage => "text to image",
            Self::ImageToImage => "image to image",
            Self::Inpaint => "inpaint",
            Self::Outpaint => "outpaint",
            Self::ReplaceBackground => "replace background",
            Self::Erase => "erase",
            Self::Replace => "replace",
            Self::Recolor => "recolor",
            Self::RemoveBackground => "remove background",
            Self::StyleGuide => "style guide",
            Self::StyleTransfer => "style transfer",
            Self::Sketch => "sketch",
            Self::Structure => "structure",
            Self::Upscale => "upscale",
        })
    }
}
