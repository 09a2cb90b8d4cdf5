//! What makes a picture the brand's own: colours and rules.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// An opaque sRGB colour, 8 bits a channel. Text form: `#rrggbb`.
///
/// ```
/// use keyvisual::domain::Color;
///
/// let teal: Color = "#1f7f80".parse()?;
/// assert_eq!(teal, Color::rgb(0x1f, 0x7f, 0x80));
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

impl Color {
    /// The colour with these channels.
    #[must_use]
    pub const fn rgb(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b }
    }
}

impl FromStr for Color {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        let value = (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .then(|| u32::from_str_radix(digits, 16).ok())
            .flatten()
            .ok_or_else(|| Error::invalid(format!("\"{text}\" is not a colour: write it as #rrggbb")))?;
        let [_, r, g, b] = value.to_be_bytes();
        Ok(Self { r, g, b })
    }
}

impl TryFrom<String> for Color {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Color> for String {
    fn from(color: Color) -> Self {
        color.to_string()
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.r, self.g, self.b)
    }
}

impl fmt::Debug for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The four colours a picture is graded to and panels are filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Palette {
    /// The colour people know the brand by.
    pub primary: Color,
    /// For shadows and text on light ground.
    pub dark: Color,
    /// For light ground and text on dark.
    pub light: Color,
    /// For small marks that shall be seen.
    pub accent: Color,
}

impl Default for Palette {
    /// A quiet neutral palette: warm white, ink, sand and terracotta.
    fn default() -> Self {
        Self {
            primary: Color::rgb(0xb5, 0x8b, 0x5e),
            dark: Color::rgb(0x2a, 0x26, 0x24),
            light: Color::rgb(0xf4, 0xef, 0xe6),
            accent: Color::rgb(0xc5, 0x6a, 0x4a),
        }
    }
}

/// A brand: its name, colours, tone of voice and rules for pictures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Brand {
    /// The name as written in public.
    pub name: String,
    /// The colours; none leaves pictures ungraded.
    pub palette: Option<Palette>,
    /// How the brand speaks and looks, in a few words: "calm, honest, a little dry".
    pub tone: Option<String>,
    /// Rules that a picture must meet, one sentence each.
    pub guidelines: Vec<String>,
    /// What must never be seen, in a few words each; becomes part of the negative prompt.
    pub avoid: Vec<String>,
}

impl Brand {
    /// A brand known only by its name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Sets the colours.
    #[must_use]
    pub fn with_palette(mut self, palette: Palette) -> Self {
        self.palette = Some(palette);
        self
    }

    /// Sets the tone.
    #[must_use]
    pub fn with_tone(mut self, tone: impl Into<String>) -> Self {
        self.tone = Some(tone.into());
        self
    }

    /// Adds a rule.
    #[must_use]
    pub fn with_guideline(mut self, rule: impl Into<String>) -> Self {
        self.guidelines.push(rule.into());
        self
    }

    /// Adds something that must never be seen.
    #[must_use]
    pub fn with_avoided(mut self, thing: impl Into<String>) -> Self {
        self.avoid.push(thing.into());
        self
    }
}
