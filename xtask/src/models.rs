//! `cargo xtask models`: explores the lock-free code of `bourse-storage` with loom.
//!
//! The models are unit tests that are there only with `--cfg loom`, which changes what every lock
//! and atomic is. So they are built apart from all else, in a target folder of their own.

use std::path::Path;

use crate::workspace;

/// Runs all models, each execution with at most `preemptions` preemptions.
///
/// # Errors
/// Says that a model found something, or does not find a mistake that it must.
pub(crate) fn run(root: &Path, preemptions: u32) -> Result<(), String> {
    let status = workspace::cargo()
        .args(["test", "--locked", "--package", "bourse-storage", "--lib"])
        .args(["--target-dir", "target/models", "models::"])
        .env("RUSTFLAGS", "--cfg loom")
        .env("LOOM_MAX_PREEMPTIONS", preemptions.to_string())
        .current_dir(root)
        .status()
        .map_err(|error| format!("models: cannot run cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err("models: failed".to_string()) }
}
