//! `cargo xtask bench <name>`: builds a benchmark for release and runs it.

use std::path::Path;
use std::process::Command;

/// Runs the benchmark `name` of the package `bourse-benches`.
pub(crate) fn run(root: &Path, name: &str, arguments: &[String]) -> Result<(), String> {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--release", "-p", "bourse-benches", "--bin", name, "--"]);
    let status = cargo
        .args(arguments)
        .current_dir(root)
        .status()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("the benchmark {name} ended with {status}")) }
}
