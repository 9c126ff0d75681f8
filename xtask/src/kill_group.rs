//! `cargo xtask kill-group`: a group whose members are killed, paused and separated under load, and
//! a line about it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::campaign::{self, figures};
use crate::workspace::{self, Kept};

const PAGE: &str = "docs/campaigns/kill-group.md";

/// What is to be done.
#[derive(clap::Args)]
pub(crate) struct Settings {
    /// Faults.
    #[arg(long, default_value_t = 250)]
    rounds: u64,
    /// Clients that insert rows.
    #[arg(long, default_value_t = 4)]
    writers: u32,
    /// Chooses the faults, and what clients do.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only this fault, say "kill leader".
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// The program `bourse`; without it, it is built for release.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// A group of PostgreSQL 15 by Patroni and etcd instead: the peer (Debian's packages `patroni`
    /// and `etcd-server`).
    #[arg(long, conflicts_with = "program")]
    peer: bool,
}

/// Builds and runs the campaign, and records it.
///
/// # Errors
/// What was lost or told wrongly; what cannot be built, run or written.
pub(crate) fn run(root: &Path, settings: &Settings) -> Result<(), String> {
    let commit = campaign::commit(root)?;
    let program = Kept::of(&workspace::tested_program(root, "grouped")?)?;
    let server = match &settings.program {
        _ if settings.peer => None,
        Some(server) => Some(Kept::of(server)?),
        None => Some(Kept::of(&workspace::released_program(root, "bourse")?)?),
    };
    let mut command = Command::new(program.path());
    command
        .args(["--rounds", &settings.rounds.to_string()])
        .args(["--writers", &settings.writers.to_string()])
        .args(["--seed", &settings.seed.to_string()])
        .args(server.iter().flat_map(|server| [Path::new("--program"), server.path()]))
        .args(settings.only.iter().flat_map(|only| ["--only", only]));
    let figures = figures::run(root, "kill-group", &mut command)?;
    figures::append_row(root, PAGE, &row(&commit, &figures))
}

/// A row of the page's table.
fn row(commit: &str, figures: &Value) -> String {
    let number = |of: &Value, name: &str| of[name].as_u64().unwrap_or(0);
    let faults = figures["faults"].as_array().map_or(&[][..], Vec::as_slice);
    let faults = faults.iter().map(|fault| {
        format!(
            "{} {}x {} / {} / {}",
            fault["name"].as_str().unwrap_or_default(),
            number(fault, "count"),
            number(fault, "p50_ms"),
            number(fault, "p99_ms"),
            number(fault, "longest_ms"),
        )
    });
    format!(
        "| {commit} | {} | {} | {} | {} | {} / {} | {} | {} |",
        figures["system"].as_str().unwrap_or_default(),
        number(figures, "seed"),
        number(figures, "writers"),
        number(figures, "commits"),
        number(figures, "unknown"),
        number(figures, "unknown_there"),
        number(figures, "operations"),
        faults.collect::<Vec<_>>().join("; "),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    /// Guards the table: as many cells as its head.
    #[test]
    fn a_row_has_the_cells_of_the_head() {
        let head = include_str!("../../docs/campaigns/kill-group.md");
        let head = head.lines().find(|line| line.starts_with("| commit")).unwrap();
        let fault = json!({"name": "kill leader", "count": 2, "p50_ms": 5, "p99_ms": 6});
        let row = super::row("abcdef0", &json!({"commits": 2, "faults": [fault]}));
        assert_eq!(row.matches('|').count(), head.matches('|').count(), "{row}");
        assert!(row.ends_with("| kill leader 2x 5 / 6 / 0 |"), "{row}");
    }
}
