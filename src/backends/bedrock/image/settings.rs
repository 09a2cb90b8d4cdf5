//! What a generator is set to beyond the request: refused where the model does not know it.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::rules::TaskRules;
use crate::{
    backends::bedrock::registry::SettingLimits,
    domain::MediaType,
    error::{Error, ErrorKind, Result},
};

/// The value of a setting.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Value {
    Word(String),
    Number(f64),
    Whole(u32),
}

/// What a generator is set to, by the names of the registry.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Settings {
    format: Option<MediaType>,
    values: BTreeMap<&'static str, Value>,
}

impl Settings {
    /// Sets the file format of the pictures.
    pub(super) fn set_format(&mut self, format: MediaType, rules: &TaskRules) -> Result<()> {
        if !rules.formats.iter().any(|known| known == format.name()) {
            let known = if rules.formats.is_empty() { "no choice".into() } else { rules.formats.join(", ") };
            return refuse(format!("the format {format}: the model has {known} for {}", rules.task));
        }
        self.format = Some(format);
        Ok(())
    }

    /// Sets a field of the model's own.
    pub(super) fn set(&mut self, name: &'static str, value: Value, rules: &TaskRules) -> Result<()> {
        let Some(limits) = rules.settings.get(name) else {
            return refuse(format!("the setting `{name}`: the model does not know it for {}", rules.task));
        };
        if !value.is_within(limits) {
            let known = match limits.range {
                Some((least, most)) => format!("{least} to {most}"),
                None => limits.words.join(", "),
            };
            return refuse(format!("the setting `{name}` with {value}: the model takes {known}"));
        }
        self.values.insert(name, value);
        Ok(())
    }

    /// Holds everything that is set against the rules of another task.
    pub(super) fn check(&self, rules: &TaskRules) -> Result<()> {
        let mut again = Self::default();
        self.format.into_iter().try_for_each(|format| again.set_format(format, rules))?;
        self.values.iter().try_for_each(|(name, value)| again.set(name, value.clone(), rules))
    }

    /// The file format to ask for, the model's first unless told; none where it has one of its own.
    pub(super) fn format<'a>(&self, rules: &'a TaskRules) -> Option<&'a str> {
        let told = |known: &&String| self.format.is_none_or(|format| *known == format.name());
        rules.formats.iter().find(told).map(String::as_str)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }
}

impl Value {
    fn is_within(&self, limits: &SettingLimits) -> bool {
        let within = |number: f64| limits.range.is_some_and(|(least, most)| (least..=most).contains(&number));
        match self {
            Self::Word(word) => limits.words.contains(word),
            Self::Number(number) => within(*number),
            Self::Whole(number) => within((*number).into()),
        }
    }
}

fn refuse(message: String) -> Result<()> {
    Err(Error::new(ErrorKind::Unsupported, message))
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => write!(f, "\"{word}\""),
            Self::Number(number) => write!(f, "{number}"),
            Self::Whole(number) => write!(f, "{number}"),
        }
    }
}
