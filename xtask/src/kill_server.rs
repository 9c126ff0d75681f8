//! `cargo xtask kill-server`: a server under the load of many clients, killed again and again, and
//! a line about it.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::campaign::{self, figures};
use crate::workspace::{self, Kept};

const PAGE: &str = "docs/campaigns/kill-server.md";

/// What is to be done.
#[derive(clap::Args)]
pub(crate) struct Settings {
    /// How often the server is killed.
    #[arg(long, default_value_t = 50)]
    rounds: u64,
    /// Clients at once.
    #[arg(long, default_value_t = 64)]
    clients: u32,
    /// Chooses the times of the kills, and what clients do.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Builds and runs the campaign, and records it.
///
/// # Errors
/// What was lost or told wrongly; what cannot be built, run or written.
pub(crate) fn run(root: &Path, settings: &Settings) -> Result<(), String> {
    let commit = campaign::commit(root)?;
    let program = Kept::of(&workspace::tested_program(root, "served")?)?;
    let mut command = Command::new(program.path());
    command
        .args(["campaign", "--rounds", &settings.rounds.to_string()])
        .args(["--clients", &settings.clients.to_string()])
        .args(["--seed", &settings.seed.to_string()]);
    let figures = figures::run(root, "kill-server", &mut command)?;
    figures::append_row(root, PAGE, &row(&commit, &figures))
}

/// A row of the page's table.
fn row(commit: &str, figures: &Value) -> String {
    let number = |name: &str| figures[name].as_u64().unwrap_or(0);
    let told = figures["told"].as_array().map_or(&[][..], Vec::as_slice);
    let told: Vec<&str> = told.iter().filter_map(Value::as_str).collect();
    format!(
        "| {commit} | {} | {} | {} | {} | {} / {} | {} / {} / {} | {} | {} |",
        number("seed"),
        number("kills"),
        number("clients"),
        number("commits"),
        number("in_doubt"),
        number("in_doubt_there"),
        number("recovery_p50_ms"),
        number("recovery_p95_ms"),
        number("recovery_longest_ms"),
        number("told_ms"),
        told.join("; "),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    /// Guards the table: as many cells as its head.
    #[test]
    fn a_row_has_the_cells_of_the_head() {
        let head = include_str!("../../docs/campaigns/kill-server.md");
        let head = head.lines().find(|line| line.starts_with("| commit")).unwrap();
        let row = super::row("abcdef0", &json!({"kills": 2, "told": ["a", "b"]}));
        assert_eq!(row.matches('|').count(), head.matches('|').count(), "{row}");
        assert!(row.ends_with("| a; b |"), "{row}");
    }
}
