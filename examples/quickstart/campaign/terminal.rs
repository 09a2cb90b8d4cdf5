//! What is printed: a few labelled paragraphs.

use std::path::Path;

use keyvisual::{
    IndexReport,
    domain::{Brief, Campaign, KpiOrigin, Prompt, References},
};

use super::view::{policy, title};

/// Columns of the labels, and of a line.
const LABEL: usize = 12;
const WIDTH: usize = 100;

pub(crate) fn library(report: &IndexReport) {
    let what = if report.found > 0 && report.indexed == 0 && report.failed.is_empty() {
        "; nothing to do, the library is used as it is"
    } else {
        ""
    };
    paragraph("Library", &format!("{report} in {:.1} s{what}", report.took.as_secs_f64()));
}

pub(crate) fn brief(brief: &Brief) {
    let mut what = vec![brief.name.clone()];
    what.extend(brief.objective.iter().map(ToString::to_string));
    what.extend(brief.audience.iter().map(ToString::to_string));
    what.extend(brief.products.iter().map(|product| product.name.clone()));
    paragraph("Brief", &what.join(" · "));
}

pub(crate) fn references(found: &References) {
    paragraph("Idea", &found.query);
    paragraph("References", &format!("ranked by {}", policy(found.policy)));
    for (place, hit) in (1..).zip(&found.hits) {
        paragraph("", &format!("{place}  {}", title(&hit.reference.name)));
        paragraph("", &format!("   {}", hit.reason));
    }
    if let Some(shortfall) = &found.shortfall {
        note(&format!("Fewer than the {} asked for: {shortfall}.", found.asked));
    }
    let mut results = found.hits.iter().flat_map(|hit| &hit.reference.results);
    if results.any(|kpi| kpi.origin == KpiOrigin::Synthetic) {
        note("These results are synthetic, made up for this demonstration.");
    }
}

pub(crate) fn prompt(prompt: &Prompt) {
    paragraph("Prompt", &prompt.text);
    if let Some(negative) = &prompt.negative {
        paragraph("Not", negative);
    }
    paragraph("Why", &prompt.reasoning);
}

pub(crate) fn sheet(campaign: &Campaign, failed: &[String], page: &Path) {
    for reason in failed {
        note(&format!("Not made: {reason}"));
    }
    paragraph(
        "Pictures",
        &format!("{} made, none approved: that is for a person to do", campaign.creatives.len()),
    );
    let page = page.canonicalize().unwrap_or_else(|_| page.to_owned());
    println!("{:LABEL$} {}", "Sheet", page.display());
}

pub(crate) fn note(text: &str) {
    paragraph("", text);
}

/// Prints `text` beside its label, in lines of at most a hundred columns where words allow.
fn paragraph(label: &str, text: &str) {
    let indent = text.len() - text.trim_start().len();
    let mut line = " ".repeat(indent);
    let mut label = label;
    for word in text.split_whitespace() {
        if !line.trim().is_empty() && LABEL + line.chars().count() + word.chars().count() > WIDTH {
            println!("{label:LABEL$} {}", line.trim_end());
            line = " ".repeat(indent);
            label = "";
        }
        line.push_str(word);
        line.push(' ');
    }
    println!("{label:LABEL$} {}", line.trim_end());
}
