//! Progress bars, driven by what the pipeline tells.

use std::time::Duration;

use futures_util::StreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use keyvisual::{CampaignPipeline, Generate, IndexProgress, IndexReport, IndexRun, domain::CampaignId};

use super::Result;

/// Follows an index run to its end.
pub(crate) async fn index(mut run: IndexRun) -> Result<IndexReport> {
    let bar = bar("Library", 0)?;
    while let Some(event) = run.next().await {
        match event.progress {
            IndexProgress::Found => bar.inc_length(1),
            IndexProgress::Described { .. } | IndexProgress::Embedded { .. } => {}
            IndexProgress::Noted { note } => bar.suspend(|| eprintln!("note: {}: {note}", event.name)),
            IndexProgress::Failed { error } => {
                bar.inc(1);
                bar.suspend(|| eprintln!("warning: {}: {error}", event.name));
            }
            _ => bar.inc(1),
        }
        bar.set_message(event.name);
    }
    bar.finish_and_clear();
    let report = run.report().clone();
    match report.stopped {
        Some(error) => Err(error.into()),
        None => Ok(report),
    }
}

/// Makes all pictures, one order after the other, and says why some were not made.
pub(crate) async fn generate(
    pipeline: &CampaignPipeline,
    id: &CampaignId,
    orders: Vec<Generate>,
) -> Result<Vec<String>> {
    let bar = bar("Pictures", orders.iter().map(|order| u64::from(order.count)).sum())?;
    let mut failed = Vec::new();
    for order in orders {
        let mut pictures = pipeline.generate_stream(id, order).await?;
        while let Some(picture) = pictures.next().await {
            match picture {
                Ok(creative) => bar.set_message(creative.record.delivered.to_string()),
                Err(error) => failed.push(error.to_string()),
            }
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    Ok(failed)
}

fn bar(what: &'static str, length: u64) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template("{prefix:12} {bar:32} {pos}/{len}  {elapsed}  {msg}")?;
    let bar = ProgressBar::new(length).with_style(style.progress_chars("━╸─")).with_prefix(what);
    bar.enable_steady_tick(Duration::from_millis(100));
    Ok(bar)
}
