//! `cargo xtask differential`: drawn statements of SQL, compared with SQLite or with PostgreSQL,
//! that add up.
//!
//! As `cargo xtask campaign` does with the simulator: each step is a run of the program
//! `differential` over the seeds after the oracle's last recorded one, and becomes a line of
//! `docs/campaigns/differential.jsonl`; `docs/campaigns/differential.md` is made anew of the lines.

mod places;
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
Statements that `cargo xtask differential` drew, in SQLite's dialect or (`--postgres`) in
PostgreSQL's, and ran by that oracle and by Bourse. It goes on after the oracle's last seed, appends
to `differential.jsonl` and makes this page of it. A row is a commit and an oracle; what differs is
told again by `cargo run -p bourse-tests --bin differential -- --from SEED --scripts 1`, with
`--postgres OPTIONS` if that was the oracle. \"Not done\" is what Bourse says that it does not do,
or does not store; what differs for a reason of the list below is not counted as differing.

| commit | oracle | scripts (seeds) | statements | taken by it | not done | differ | of seeds |
|---|---|---|---|---|---|---|---|
";
/// The oracle of lines that name none.
const SQLITE: &str = "sqlite";
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
    /// Where PostgreSQL 15 listens that was made with `--locale=C`, which is the oracle then.
    #[arg(long, value_name = "OPTIONS")]
    postgres: Option<String>,
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
    let oracle = if settings.postgres.is_some() { "postgres" } else { SQLITE };
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(settings.minutes * 60) {
        let own: Vec<Value> =
            LEDGER.read(root)?.into_iter().filter(|line| oracle_of(line) == oracle).collect();
        let from = LEDGER.next_seed(&own);
        let mut command = Command::new(&program);
        command.args(["--from", &from.to_string(), "--scripts", &settings.step.to_string()]);
        command.args(settings.postgres.iter().flat_map(|options| ["--postgres", options]));
        command.args(["--show", "0", "--json"]).current_dir(root).stderr(Stdio::inherit());
        let output = command.output().map_err(|error| format!("cannot run it: {error}"))?;
        let mut line = line_of(&String::from_utf8_lossy(&output.stdout), &commit, oracle, from)?;
        // Another campaign, beside another oracle, may have written since.
        let mut lines = LEDGER.read(root)?;
        places::carry(&mut lines, &mut line);
        lines.push(line.clone());
        LEDGER.replace(root, &lines)?;
        println!("{commit}: {} statements, {} differ", line["statements"], line["differences"]);
    }
    Ok(())
}

/// The line of a run, of the last line of what it printed.
fn line_of(text: &str, commit: &str, oracle: &str, from: u64) -> Result<Value, String> {
    let last = text.lines().last().unwrap_or_default();
    let mut line: Value = serde_json::from_str(last)
        .map_err(|error| format!("the figures of differential are no JSON: {error}"))?;
    line["commit"] = json!(commit);
    line["oracle"] = json!(oracle);
    line["first_seed"] = json!(from);
    Ok(line)
}

/// The oracle of a line: the first one where it says none.
fn oracle_of(line: &Value) -> &str {
    line["oracle"].as_str().unwrap_or(SQLITE)
}

/// The lines of one commit and oracle, added up.
#[derive(Default)]
struct Row {
    commit: String,
    oracle: String,
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
        let oracle = oracle_of(line);
        let goes_on = |row: &Row| {
            row.commit == commit
                && row.oracle == oracle
                && row.first.saturating_add(row.scripts) == first
        };
        let at = rows.iter().position(goes_on).unwrap_or(rows.len());
        if at == rows.len() {
            let (commit, oracle) = (commit.to_owned(), oracle.to_owned());
            rows.push(Row { commit, oracle, first, ..Row::default() });
        }
        let row = &mut rows[at];
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
            "| {} | {} | {} ({} to {}) | {} | {taken} % | {} | {} | {} |",
            row.commit,
            row.oracle,
            row.scripts,
            row.first,
            row.first + row.scripts.max(1) - 1,
            row.statements,
            row.not_done,
            row.differences,
            seeds.join(", ")
        );
    }
    places::tell(lines, &mut text);
    text
}
