//! The survey as a page of text, at most 110 columns wide.

use std::fmt::Write;

use keyvisual::{
    backends::bedrock::registry::{LifecycleEntry, Role, State},
    domain::Timestamp,
};

use crate::{
    estimate::Estimate,
    survey::{Row, Survey},
};

const WIDTH: usize = 110;

/// Columns of the labels at the head.
const LABEL: usize = 14;

/// The page; writing to a string cannot fail.
pub(crate) fn page(survey: &Survey) -> String {
    let mut page = String::new();
    let _ = head(&mut page, survey);
    let roles = [
        (Some(Role::Chat), "CHAT"),
        (Some(Role::Embed), "EMBEDDINGS"),
        (Some(Role::Generate), "PICTURES"),
        (None, "OTHERS"),
    ];
    for (role, title) in roles {
        let rows: Vec<_> = survey.models.iter().filter(|row| row.role == role).collect();
        if !rows.is_empty() {
            let _ = group(&mut page, title, &rows, survey.selected);
        }
    }
    let _ = foot(&mut page, survey);
    page
}

fn head(page: &mut String, survey: &Survey) -> std::fmt::Result {
    writeln!(page, "Amazon Bedrock, as keyvisual would use it\n")?;
    let registry = format!("{} models, as of {}", survey.registry_models, survey.registry_as_of);
    for (label, text) in [
        ("region", &survey.region),
        ("endpoint", &survey.endpoint),
        ("credentials", &survey.credentials),
        ("registry", &registry),
    ] {
        wrapped(page, &format!("  {label:0$}", LABEL - 2), text)?;
    }
    Ok(())
}

fn group(page: &mut String, title: &str, rows: &[&Row], notes: bool) -> std::fmt::Result {
    writeln!(page, "\n  {title:33} {:48} {:>5} {:>7} {:>10}", "called as", "a min", "$/1000", "as of")?;
    for row in rows {
        let pace = row.calls_per_minute.map_or_else(|| "-".to_owned(), |calls| calls.to_string());
        let (cost, of) =
            row.estimate.as_ref().map_or_else(|| ("-".to_owned(), ""), |e| (cost(e), e.as_of.as_str()));
        let line = format!("{} {:33} {:48} {pace:>5} {cost:>7} {of:>10}", mark(row), row.name, row.called_as);
        writeln!(page, "{}", line.trim_end())?;
        let about = about(row);
        if !about.is_empty() {
            wrapped(page, "    ", &about)?;
        }
        for note in row.notes.iter().filter(|_| notes) {
            wrapped(page, "    - ", note)?;
        }
    }
    Ok(())
}

fn foot(page: &mut String, survey: &Survey) -> std::fmt::Result {
    writeln!(
        page,
        "\n+ no end announced   ~ legacy or preview   x ended   . not to be called from this region   ? not known"
    )?;
    for line in &survey.assumptions {
        writeln!(page, "{line}")?;
    }
    if let Some(online) = &survey.online {
        writeln!(
            page,
            "\nOnline: {} models and {} inference profiles are listed.",
            online.models, online.profiles
        )?;
        match online.differences.as_slice() {
            [] => writeln!(page, "The registry agrees with the lists.")?,
            lines => lines.iter().try_for_each(|line| wrapped(page, "  - ", line))?,
        }
    }
    if !survey.problems.is_empty() {
        writeln!(page, "\nPROBLEMS")?;
        survey.problems.iter().try_for_each(|line| wrapped(page, "  x ", line))?;
    }
    Ok(())
}

fn mark(row: &Row) -> char {
    match row.state {
        Some(State::Ended) => 'x',
        _ if !row.callable => '.',
        None => '?',
        Some(State::Legacy | State::Preview) => '~',
        _ => '+',
    }
}

fn cost(estimate: &Estimate) -> String {
    format!("{}{:.2}", if estimate.at_least { ">" } else { "" }, estimate.usd)
}

/// Tasks, places and life of a model, in a sentence or two.
fn about(row: &Row) -> String {
    let parts = [
        row.tasks.join(", "),
        places(row),
        row.lifecycle.as_ref().map_or_else(String::new, |life| story(row, life)),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

fn places(row: &Row) -> String {
    let more = if row.more_regions { " and more" } else { "" };
    let regions = (!row.regions.is_empty()).then(|| format!("in {}{more}", row.regions.join(", ")));
    let (near, far): (Vec<_>, Vec<_>) = row.profiles.iter().partition(|(_, from)| from.is_empty());
    let near = near.into_iter().map(|(prefix, _)| prefix.as_str()).collect::<Vec<_>>().join(", ");
    let near = (!near.is_empty()).then(|| format!("profiles {near}"));
    let far = far.into_iter().map(|(prefix, from)| format!("profile {prefix} from {}", from.join(", ")));
    regions.into_iter().chain(near).chain(far).collect::<Vec<_>>().join("; ")
}

fn story(row: &Row, life: &LifecycleEntry) -> String {
    let to = match life.replacements.as_slice() {
        [] => String::new(),
        list => format!(", move to {}", list.join(" or ")),
    };
    let legacy = life.legacy.map_or_else(String::new, |day| format!("legacy since {day}, "));
    match (row.state, life.end) {
        (Some(State::Ended), Some(end)) => format!("{legacy}ended on {end}{to}"),
        (Some(State::Ended), None) => format!("ended{to}"),
        (_, Some(end)) => format!("{legacy}ends on {end}{to}"),
        (Some(State::Preview), _) => format!("not in AWS's list of models{to}"),
        _ => life
            .not_before
            .filter(|day| day.begins().is_ok_and(|at| at > Timestamp::now()))
            .map_or_else(String::new, |day| format!("stays until {day} at least")),
    }
}

/// `text` behind `label`, in lines of at most [`WIDTH`] columns where words allow.
fn wrapped(page: &mut String, label: &str, text: &str) -> std::fmt::Result {
    let indent = label.chars().count();
    let mut line = label.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            writeln!(page, "{line}")?;
            line = " ".repeat(indent);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    writeln!(page, "{line}")
}
