//! `cargo xtask campaign`: simulated seeds, day after day, that add up.
//!
//! Every step is a run of `simulate` over the seeds after the last recorded one. What it came to is
//! a line of `docs/campaigns/simulation.jsonl`, written when the step has ended, so a campaign may
//! be ended at any moment and goes on where it was. `docs/campaigns/simulation.md` is made anew of
//! these lines after each step. With `--group` it is `consensus` in its place, and files of that
//! name. The simulator is built in the dev profile, whose assertions are
//! among what a seed may break, and runs from a copy: building goes on beside a campaign.

pub(crate) mod figures;
pub(crate) mod ledger;
mod table;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::workspace::{self, Kept};

use ledger::Ledger;
use table::Table;

/// What is run, and where it is recorded.
struct Kind {
    program: &'static str,
    ledger: Ledger,
    table: Table,
}

const ENGINE: Kind = Kind {
    program: "simulate",
    ledger: Ledger {
        lines: "docs/campaigns/simulation.jsonl",
        page: "docs/campaigns/simulation.md",
        seeds: "seeds",
        text: table::engine_page,
    },
    table: table::ENGINE,
};

const GROUP: Kind = Kind {
    program: "consensus",
    ledger: Ledger {
        lines: "docs/campaigns/consensus.jsonl",
        page: "docs/campaigns/consensus.md",
        seeds: "seeds",
        text: table::group_page,
    },
    table: table::GROUP,
};
/// Kernel ticks a second in `/proc`, the same on all Linux machines that Rust runs on.
const TICKS_A_SECOND: f64 = 100.0;

/// What is to be done.
#[derive(clap::Args)]
pub(crate) struct Settings {
    /// How long; the last step is ended, not cut off.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// Groups of three with the consensus of a server, in place of the engine alone. One at a time.
    #[arg(long, conflicts_with_all = ["jobs", "import"])]
    group: bool,
    /// Seeds at a time; by default as many as there are processors.
    #[arg(long)]
    jobs: Option<usize>,
    /// Seeds of a step.
    #[arg(long, default_value_t = 100)]
    step: u64,
    /// Go on after a finding, with the seed behind it.
    #[arg(long)]
    keep_going: bool,
    /// Run nothing, and record what `simulate --json` wrote to this file elsewhere.
    #[arg(long, value_name = "FILE", requires_all = ["from", "commit", "cpu_seconds"])]
    import: Option<PathBuf>,
    /// The first seed of the import.
    #[arg(long)]
    from: Option<u64>,
    /// The commit of the import.
    #[arg(long)]
    commit: Option<String>,
    /// What the import took of processors.
    #[arg(long)]
    cpu_seconds: Option<f64>,
    /// Run nothing, and make the page anew.
    #[arg(long)]
    page: bool,
}

/// Runs, imports, or only makes the page.
///
/// # Errors
/// A finding, by its seed; what cannot be built, run, read or written.
#[expect(clippy::disallowed_methods, reason = "a campaign lasts so many minutes")]
pub(crate) fn run(root: &Path, settings: &Settings) -> Result<(), String> {
    let kind = if settings.group { &GROUP } else { &ENGINE };
    let ledger = &kind.ledger;
    if settings.page {
        return ledger.write_page(root);
    }
    if let (Some(file), Some(from), Some(commit), Some(cpu)) =
        (&settings.import, settings.from, &settings.commit, settings.cpu_seconds)
    {
        let line = line_of(&kind.table, &read(file)?, commit, from, cpu)?;
        return ledger.append(root, &line);
    }
    let simulator = Kept::of(&workspace::tested_program(root, kind.program)?)?;
    let commit = commit(root)?;
    let begun = Instant::now();
    let mut found = Vec::new();
    while begun.elapsed() < Duration::from_secs(settings.minutes * 60) {
        let from = ledger.next_seed(&ledger.read(root)?);
        let (text, cpu) = step(root, simulator.path(), settings, from)?;
        let line = line_of(&kind.table, &text, &commit, from, cpu)?;
        ledger.append(root, &line)?;
        println!("{commit}: {} seeds from {from}, {cpu:.0} s of CPU", line["seeds"]);
        let findings = line["findings"].as_array().cloned().unwrap_or_default();
        found.extend(findings.iter().filter_map(Value::as_str).map(str::to_owned));
        if !found.is_empty() && !settings.keep_going {
            break;
        }
    }
    if found.is_empty() { Ok(()) } else { Err(format!("campaign: {}", found.join("\n"))) }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// The commit that is run; changes to it are said.
pub(crate) fn commit(root: &Path) -> Result<String, String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(root).output();
        let output = output.map_err(|error| format!("cannot run git: {error}"))?;
        Ok::<_, String>(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let head = git(&["rev-parse", "--short=7", "HEAD"])?;
    let changed = git(&["status", "--porcelain", "--", "crates", "tests"])?;
    Ok(if changed.is_empty() { head } else { format!("{head} with changes") })
}

/// Runs some seeds: the simulator's figures and the seconds of CPU that they took.
fn step(
    root: &Path,
    simulator: &Path,
    settings: &Settings,
    from: u64,
) -> Result<(String, f64), String> {
    let before = children_seconds()?;
    let mut command = Command::new(simulator);
    command.args(["--from", &from.to_string(), "--seeds", &settings.step.to_string()]);
    if let Some(jobs) = settings.jobs {
        command.args(["--jobs", &jobs.to_string()]);
    }
    match settings.group {
        true => command.arg("--json"),
        false => command.args(["--json", "-"]),
    };
    command.current_dir(root).stderr(Stdio::inherit());
    let output = command.output().map_err(|error| format!("no simulator: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok((text, children_seconds()? - before))
}

/// Seconds of CPU of all children that were waited for.
fn children_seconds() -> Result<f64, String> {
    let text = read(Path::new("/proc/self/stat"))?;
    // The name, in brackets, may have spaces; behind it come fields 3 and on.
    let behind = text.rsplit(')').next().unwrap_or_default();
    let fields: Vec<f64> = behind.split_whitespace().map(|f| f.parse().unwrap_or(0.0)).collect();
    match fields.get(13..15) {
        Some([user, system]) => Ok((user + system) / TICKS_A_SECOND),
        _ => Err("/proc/self/stat has too few fields".into()),
    }
}

/// The line that is recorded of a run.
fn line_of(table: &Table, text: &str, commit: &str, from: u64, cpu: f64) -> Result<Value, String> {
    let figures: Map<String, Value> = serde_json::from_str(text)
        .map_err(|error| format!("the simulator's figures are no JSON: {error}"))?;
    let findings: Vec<String> = figures
        .get("failures")
        .and_then(Value::as_array)
        .ok_or("the simulator's figures have no failures")?
        .iter()
        .map(|failure| {
            format!("seed {}: {}", failure["seed"], failure["invariant"].as_str().unwrap_or("?"))
        })
        .collect();
    let good = figures.get("seeds").and_then(Value::as_u64).ok_or("the figures have no seeds")?;
    // What ends with a finding is run up to the highest such seed: what ran beside it is run again.
    let last = figures["failures"].as_array().into_iter().flatten();
    let last = last.filter_map(|failure| failure["seed"].as_u64()).max();
    let seeds = last.map_or(good, |seed| seed + 1 - from);
    let mut line = json!({
        "commit": commit, "first_seed": from, "seeds": seeds,
        "cpu_seconds": (cpu * 100.0).round() / 100.0, "findings": findings,
    });
    for name in table.figures {
        line[*name] = figures.get(*name).cloned().unwrap_or(Value::Null);
    }
    Ok(line)
}
