//! `bourse check`: reads all of a store, recomputes its views, and names what is wrong with it.

use std::path::{Path, PathBuf};

use bourse::{CheckReport, CheckedTable, CheckedView, Finding};
use bourse_storage::Result;
use indicatif::ProgressBar;
use serde_json::{Value, json};

use crate::output::{Destination, Outcome, progress_bar};
use crate::store;

#[cfg(test)]
mod tests;

/// What the user asks of the check.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The store's folder. No other process may have it open: a service checks its own store
    /// while it runs, by `Database::check`.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Where the report in JSON goes; `-` is standard output, where it also goes when that is a
    /// pipe.
    #[arg(long, value_name = "FILE|-")]
    json: Option<PathBuf>,
}

/// Runs the check.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let destination = Destination::new(arguments.json.as_deref());
    store::require(&arguments.data)?;
    let progress = progress_bar();
    let checked = of_folder(&arguments.data, &progress);
    progress.finish_and_clear();
    // Corrupt: damage that keeps the store from being opened at all.
    destination.write_findings(checked, table, json, CheckReport::is_sound)
}

/// Checks the store in a folder.
pub(crate) fn of_folder(folder: &Path, progress: &ProgressBar) -> Result<CheckReport> {
    let database = store::open(folder, progress)?;
    progress.set_message("pages, rows and entries checked");
    let report = database.check(&mut |checked| {
        progress.set_length(checked.steps_total);
        progress.set_position(checked.steps_done);
    })?;
    // A store with damage is left as it was found.
    if report.is_sound() {
        database.close()?;
    }
    Ok(report)
}

/// What a check found, for people.
pub(crate) fn table(report: &CheckReport) -> String {
    let mut lines = vec![format!("{:<24}{:>12}  {}", "table", "rows", "indexes (entries)")];
    for table in &report.tables {
        let indexes =
            table.indexes.iter().map(|index| format!("{} ({})", index.name, index.entries));
        let indexes: Vec<String> = indexes.collect();
        lines.push(format!("{:<24}{:>12}  {}", table.name, table.rows, indexes.join(", ")));
    }
    if !report.views.is_empty() {
        lines.push(format!("{:<24}{:>12}", "view", "states"));
    }
    lines.extend(report.views.iter().map(|view| format!("{:<24}{:>12}", view.name, view.states)));
    lines.extend(report.findings.iter().map(|finding| format!("DAMAGE: {finding}")));
    if report.findings_left_out > 0 {
        lines.push(format!("and {} findings more", report.findings_left_out));
    }
    let outcome = if report.is_sound() { "nothing is wrong" } else { "damage was found" };
    let (pages, tables, views) = (report.pages, report.tables.len(), report.views.len());
    lines.push(format!("{pages} pages read from disk, {tables} tables, {views} views: {outcome}"));
    lines.join("\n")
}

/// What a check found, for programs.
pub(crate) fn json(report: &CheckReport) -> Value {
    json!({
        "sound": report.is_sound(),
        "pages": report.pages,
        "tables": report.tables.iter().map(table_json).collect::<Vec<_>>(),
        "views": report.views.iter().map(view_json).collect::<Vec<_>>(),
        "findings": report.findings.iter().map(finding_json).collect::<Vec<_>>(),
        "findings_left_out": report.findings_left_out,
    })
}

fn table_json(table: &CheckedTable) -> Value {
    let indexes: Vec<Value> = table
        .indexes
        .iter()
        .map(|index| json!({ "name": index.name, "entries": index.entries }))
        .collect();
    json!({ "name": table.name, "rows": table.rows, "indexes": indexes })
}

fn view_json(view: &CheckedView) -> Value {
    json!({ "name": view.name, "states": view.states })
}

fn finding_json(finding: &Finding) -> Value {
    json!({
        "shard": finding.shard,
        "file": finding.file.display().to_string(),
        "tree": finding.tree,
        "place": finding.place,
        "what": finding.what,
        "remedy": finding.remedy,
    })
}
