//! `cargo xtask soak`: a release process at full load, killed again and again, and a line about it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::campaign::{self, figures};
use crate::workspace::{self, Kept};

const PAGE: &str = "docs/campaigns/soak.md";

/// What is to be done.
#[derive(clap::Args)]
pub(crate) struct Settings {
    /// How long.
    #[arg(long, default_value_t = 30)]
    minutes: u64,
    /// Where the store lies, new or empty; by default a folder in `target` that is emptied.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Chooses the times of the kills.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the figures as JSON to this file too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Builds and runs the soak, and records it.
///
/// # Errors
/// A loss, a finding, memory that grows; what cannot be built, run or written.
pub(crate) fn run(root: &Path, settings: &Settings) -> Result<(), String> {
    let failed = |what: &str, path: &Path| {
        let what = format!("cannot {what} {}", path.display());
        move |error: std::io::Error| format!("{what}: {error}")
    };
    let commit = campaign::commit(root)?;
    let program = Kept::of(&workspace::released_program(root, "soak")?)?;
    let target = workspace::target(root);
    let folder = settings.dir.clone().unwrap_or_else(|| target.join("soak"));
    if settings.dir.is_none() && folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed("empty", &folder))?;
    }
    let json = settings.json.clone().unwrap_or_else(|| target.join("soak.json"));
    if json.exists() {
        // What a soak that does not begin would leave are not its figures.
        fs::remove_file(&json).map_err(failed("remove", &json))?;
    }
    let status = Command::new(program.path())
        .args(["supervise", "--seconds", &(settings.minutes * 60).to_string()])
        .args(["--seed", &settings.seed.to_string(), "--dir"])
        .arg(&folder)
        .arg("--json")
        .arg(&json)
        .status()
        .map_err(failed("start", program.path()))?;
    let row = row(&commit, &figures::read(&json)?);
    figures::append_row(root, PAGE, &row)?;
    if status.success() { Ok(()) } else { Err("soak: failed".into()) }
}

/// A row of the page's table.
fn row(commit: &str, figures: &Value) -> String {
    let number = |name: &str| figures[name].as_u64().unwrap_or(0);
    let mebibytes = |name: &str| number(name) >> 20;
    format!(
        "| {commit} | {:.1} | {} | {} | {} / {} / {} / {} | {} / {} / {} | {} | {} | {} | \
         {} / {} | {} / {} | {} / {} | {} |",
        figures["seconds"].as_f64().unwrap_or(0.0) / 60.0,
        number("kills"),
        number("acknowledged"),
        number("p50_us"),
        number("p99_us"),
        number("p999_us"),
        number("longest_us"),
        number("per_second_first"),
        number("per_second_middle"),
        number("per_second_last"),
        number("backups"),
        number("index_builds"),
        number("snapshots"),
        number("longest_build_ms"),
        number("longest_open_ms"),
        mebibytes("resident_middle"),
        mebibytes("resident_last"),
        mebibytes("log_bytes"),
        mebibytes("store_bytes"),
        match number("failures") {
            0 => "none".to_owned(),
            count => format!("{count} failures"),
        },
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    /// Guards the table: as many cells as its head, and failures said.
    #[test]
    fn a_row_has_the_cells_of_the_head() {
        let head = include_str!("../../docs/campaigns/soak.md");
        let head = head.lines().find(|line| line.starts_with("| commit")).unwrap();
        let row = super::row("abcdef0", &json!({"seconds": 90, "kills": 2, "failures": 3}));
        assert_eq!(row.matches('|').count(), head.matches('|').count(), "{row}");
        assert!(row.starts_with("| abcdef0 | 1.5 | 2 |") && row.ends_with("3 failures |"), "{row}");
    }
}
