//! `cargo xtask differential`: drawn statements of SQL, compared with SQLite, that add up.
//!
//! As `cargo xtask campaign` does with the simulator: each step is a run of the program
//! `differential` over the seeds after the last recorded one, and becomes a line of
//! `docs/campaigns/differential.jsonl`; `docs/campaigns/differential.md` is made anew of the lines.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::campaign::{self, ledger::Ledger};
use crate::workspace;

const LEDGER: Ledger = Ledger {
    lines: "docs/campaigns/differential.jsonl",
    page: "docs/campaigns/differential.md",
    seeds: "scripts",
    text: page,
};
/// What stands between the totals and the rows.
const HEAD: &str = "\
Statements that `cargo xtask differential` drew, in SQLite's dialect, and ran by SQLite and by
Bourse. It goes on after the last seed, appends to `differential.jsonl` and makes this page of it.
A row is a commit; what differs is told again by `cargo run -p bourse-tests --bin differential --
--from SEED --scripts 1`. \"Not done\" is what Bourse says that it does not do, or does not store.

| commit | scripts (seeds) | statements | taken by SQLite | not done | differ | of seeds |
|---|---|---|---|---|---|---|
";
/// Seeds that a row names, at most.
const SEEDS_MAX: usize = 12;

/// What is to be done.
#[derive(clap::Args)]
pub(crate) struct Settings {
    /// How long; the last step is ended, not cut off.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// Scripts of a step.
    #[arg(long, default_value_t = 200)]
    step: u64,
    /// Run nothing, and make the page anew.
    #[arg(long)]
    page: bool,
}

/// Runs, or only makes the page.
///
/// # Errors
/// What cannot be built, run, read or written. A difference is recorded and no error.
#[expect(clippy::disallowed_methods, reason = "a campaign lasts so many minutes")]
pub(crate) fn run(root: &Path, settings: &Settings) -> Result<(), String> {
    if settings.page {
        return LEDGER.write_page(root);
    }
    let program = workspace::tested_program(root, "differential")?;
    let commit = campaign::commit(root)?;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(settings.minutes * 60) {
        let from = LEDGER.next_seed(&LEDGER.read(root)?);
        let mut command = Command::new(&program);
        command.args(["--from", &from.to_string(), "--scripts", &settings.step.to_string()]);
        command.args(["--show", "0", "--json"]).current_dir(root).stderr(Stdio::inherit());
        let output = command.output().map_err(|error| format!("cannot run it: {error}"))?;
        let line = line_of(&String::from_utf8_lossy(&output.stdout), &commit, from)?;
        LEDGER.append(root, &line)?;
        println!("{commit}: {} statements, {} differ", line["statements"], line["differences"]);
    }
    Ok(())
}

/// The line of a run, of the last line of what it printed.
fn line_of(text: &str, commit: &str, from: u64) -> Result<Value, String> {
    let last = text.lines().last().unwrap_or_default();
    let mut line: Value = serde_json::from_str(last)
        .map_err(|error| format!("the figures of differential are no JSON: {error}"))?;
    line["commit"] = json!(commit);
    line["first_seed"] = json!(from);
    Ok(line)
}

/// The lines of one commit, added up.
#[derive(Default)]
struct Row {
    commit: String,
    first: u64,
    scripts: u64,
    statements: u64,
    refused: u64,
    not_done: u64,
    differences: u64,
    seeds: Vec<u64>,
}

/// The whole page.
fn page(lines: &[Value]) -> String {
    let mut rows: Vec<Row> = Vec::new();
    for line in lines {
        let number = |name: &str| line[name].as_u64().unwrap_or(0);
        let commit = line["commit"].as_str().unwrap_or("?");
        let first = number("first_seed");
        let goes_on =
            |row: &Row| row.commit == commit && row.first.saturating_add(row.scripts) == first;
        if !rows.last().is_some_and(goes_on) {
            rows.push(Row { commit: commit.to_owned(), first, ..Row::default() });
        }
        let Some(row) = rows.last_mut() else { continue };
        row.scripts += number("scripts");
        row.statements += number("statements");
        row.refused += number("refused");
        row.not_done += number("not_done");
        row.differences += number("differences");
        row.seeds.extend(line["seeds"].as_array().into_iter().flatten().filter_map(Value::as_u64));
    }
    let statements: u64 = rows.iter().map(|row| row.statements).sum();
    let mut text = format!("# Differential campaigns\n\n**{statements} statements in all.**\n\n");
    text.push_str(HEAD);
    for row in rows {
        let mut seeds: Vec<String> = row.seeds.iter().take(SEEDS_MAX).map(u64::to_string).collect();
        if row.seeds.len() > SEEDS_MAX {
            seeds.push("...".to_owned());
        }
        let taken = 100 * (row.statements - row.refused) / row.statements.max(1);
        let _ = writeln!(
            text,
            "| {} | {} ({} to {}) | {} | {taken} % | {} | {} | {} |",
            row.commit,
            row.scripts,
            row.first,
            row.first + row.scripts.max(1) - 1,
            row.statements,
            row.not_done,
            row.differences,
            seeds.join(", ")
        );
    }
    text
}
