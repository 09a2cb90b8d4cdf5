//! What a file says of one picture.

use std::path::Path;

use serde_json::{Map, Value};

use super::super::LibraryItem;
use crate::{
    domain::{Audience, Kpi, Objective, Timestamp, Window},
    error::{Error, Result},
    roles::Caption,
};

/// What a file says of one picture, whatever its format.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in super::super) struct Row {
    /// The picture, relative to the file.
    pub(in super::super) file: Option<String>,
    name: Option<String>,
    objective: Option<Objective>,
    audience: Option<Audience>,
    caption: Option<Caption>,
    pub(super) results: Vec<Kpi>,
}

impl Row {
    /// The names of the one field that a list must have.
    pub(super) const FILE: [&str; 3] = ["file", "path", "image"];

    /// A row that has nothing but a caption.
    pub(in super::super) fn of_caption(text: &str) -> Self {
        Self { caption: (!text.is_empty()).then(|| Caption::new(text)), ..Self::default() }
    }

    /// A row out of the text of a JSON object.
    pub(in super::super) fn from_json(text: &str) -> Result<Self> {
        let value = serde_json::from_str(text.trim_start_matches('\u{feff}'));
        Self::from_value(value.map_err(|e| Error::invalid(format!("this is not JSON: {e}")).with_source(e))?)
    }

    pub(super) fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Object(fields) => Self::from_map(&fields),
            other => Err(Error::invalid(format!("a picture is described by an object, not by {other}"))),
        }
    }

    pub(super) fn from_map(fields: &Map<String, Value>) -> Result<Self> {
        let objective = text(fields, &["objective"])?.map(Objective::new);
        let caption = text(fields, &["caption", "description"])?.unwrap_or_default();
        let keywords = words(fields, &["keywords", "elements"])?;
        let some = !caption.is_empty() || !keywords.is_empty();
        let figures = match fields.get("results") {
            Some(Value::Array(figures)) => {
                figures.iter().map(|figure| kpi_of(figure, objective.as_ref())).collect()
            }
            _ => kpi(fields, objective.as_ref()).map(|kpi| kpi.into_iter().collect()),
        };
        Ok(Self {
            file: text(fields, &Self::FILE)?,
            name: text(fields, &["name"])?,
            audience: text(fields, &["audience", "node"])?.map(Audience::new),
            caption: some.then(|| Caption::new(caption).with_keywords(keywords)),
            results: figures?,
            objective,
        })
    }

    /// The name of the picture's file.
    pub(super) fn require_file(&self) -> Result<&str> {
        let missing = || Error::invalid("\"file\" is missing: it names the picture").with_operation("index");
        self.file.as_deref().ok_or_else(missing)
    }

    /// The item; its picture is looked for in `folder`.
    pub(super) fn into_item(self, folder: &Path) -> Result<LibraryItem> {
        let file = self.require_file()?;
        let mut item = LibraryItem::file(file, folder.join(file));
        self.write_to(&mut item);
        Ok(item)
    }

    /// Writes what this row says over what the item says.
    pub(in super::super) fn write_to(self, item: &mut LibraryItem) {
        item.name = self.name.unwrap_or(std::mem::take(&mut item.name));
        item.objective = self.objective.or(item.objective.take());
        item.audience = self.audience.or(item.audience.take());
        item.caption = self.caption.or(item.caption.take());
        if !self.results.is_empty() {
            item.results = self.results;
        }
    }
}

fn kpi_of(figure: &Value, objective: Option<&Objective>) -> Result<Kpi> {
    let kpi = figure.as_object().map(|fields| kpi(fields, objective)).transpose()?.flatten();
    kpi.ok_or_else(|| Error::invalid(format!("the result {figure} has no \"count\"")))
}

fn kpi(fields: &Map<String, Value>, objective: Option<&Objective>) -> Result<Option<Kpi>> {
    let Some(count) = number(fields, &["count", "numerator", "value", "results"])? else { return Ok(None) };
    let metric =
        text(fields, &["metric"])?.or_else(|| objective.map(ToString::to_string)).ok_or_else(|| {
            Error::invalid(format!(
                "what was counted {count} times? name it in \"metric\", or give the objective"
            ))
        })?;
    let mut kpi = match number(fields, &["exposure", "denominator", "impressions"])? {
        Some(exposure) => {
            let out_of = text(fields, &["out_of"])?.unwrap_or_else(|| "impressions".into());
            Kpi::rate_of(metric.as_str(), count, out_of.as_str(), exposure)?
        }
        None => Kpi::total(metric.as_str(), count)?,
    };
    kpi = match (text(fields, &["from"])?, text(fields, &["to"])?) {
        (Some(from), Some(to)) => {
            kpi.with_window(Window { from: time(&from, "00:00:00")?, to: time(&to, "23:59:59")? })
        }
        (None, None) => kpi,
        _ => return Err(Error::invalid("of \"from\" and \"to\" one is missing: give both or none")),
    };
    Ok(Some(if flag(fields, "synthetic")? { kpi.synthetic() } else { kpi }))
}

/// A time, or a day with the time of day that is meant.
fn time(text: &str, of_day: &str) -> Result<Timestamp> {
    if text.contains('T') { text.parse() } else { format!("{text}T{of_day}Z").parse() }
}

fn first<'a>(fields: &'a Map<String, Value>, names: &[&'a str]) -> Option<(&'a str, &'a Value)> {
    names.iter().find_map(|name| Some((*name, fields.get(*name).filter(|value| !value.is_null())?)))
}

fn text(fields: &Map<String, Value>, names: &[&str]) -> Result<Option<String>> {
    match first(fields, names) {
        Some((_, Value::String(text))) => {
            Ok(Some(text.trim().into()).filter(|text: &String| !text.is_empty()))
        }
        Some((name, other)) => Err(Error::invalid(format!("\"{name}\" is {other}, not a text"))),
        None => Ok(None),
    }
}

fn number(fields: &Map<String, Value>, names: &[&str]) -> Result<Option<f64>> {
    let Some((name, value)) = first(fields, names) else { return Ok(None) };
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    match number {
        Some(number) => Ok(Some(number)),
        None => Err(Error::invalid(format!("\"{name}\" is {value}, not a number like 1234.5"))),
    }
}

fn flag(fields: &Map<String, Value>, name: &str) -> Result<bool> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(yes)) => Ok(*yes),
        Some(Value::String(text)) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(true),
            "false" | "no" | "0" | "" => Ok(false),
            _ => Err(Error::invalid(format!("\"{name}\" is \"{text}\", not true or false"))),
        },
        Some(other) => Err(Error::invalid(format!("\"{name}\" is {other}, not true or false"))),
    }
}

/// A list of texts, or a text with several words or phrases in it.
fn words(fields: &Map<String, Value>, names: &[&str]) -> Result<Vec<String>> {
    if let Some((name, Value::Array(list))) = first(fields, names) {
        let word = |value: &Value| value.as_str().map(|word| word.trim().to_owned());
        let words: Option<Vec<_>> = list.iter().map(word).collect();
        return words.ok_or_else(|| Error::invalid(format!("\"{name}\" holds something that is not a text")));
    }
    let text = text(fields, names)?.unwrap_or_default();
    let separator = if text.contains(';') { ';' } else { ',' };
    Ok(text.split(separator).map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect())
}
