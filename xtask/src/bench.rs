//! `cargo xtask bench <name>`: builds a benchmark for release and runs it.

use std::path::Path;
use std::process::Command;

use crate::workspace;

/// Builds the peers too that need more than a C compiler.
const ALL_PEERS: &str = "--all-peers";
/// The features that this turns on.
const HEAVY_FEATURES: &str = "rocksdb";

/// Runs the benchmark `name` of the package `bourse-benches`.
///
/// # Errors
/// Says that it does not build or that it failed.
pub(crate) fn run(root: &Path, name: &str, arguments: &[String]) -> Result<(), String> {
    let heavy = arguments.iter().any(|argument| argument == ALL_PEERS);
    let mut build = workspace::cargo();
    build.args(["build", "--locked", "--release", "--bin", name]);
    if heavy {
        build.args(["--package", "bourse-benches", "--features", HEAVY_FEATURES]);
    }
    let built = build.current_dir(root).status();
    if !built.is_ok_and(|status| status.success()) {
        let hint = "; RocksDB needs a C++ compiler and libclang with its headers";
        return Err(format!(
            "the benchmark {name} does not build{}",
            if heavy { hint } else { "" }
        ));
    }
    let status = Command::new(workspace::target(root).join("release").join(name))
        .args(arguments.iter().filter(|argument| *argument != ALL_PEERS))
        .current_dir(root)
        .status()
        .map_err(|error| format!("the benchmark {name} does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("the benchmark {name} ended with {status}")) }
}
