//! `cargo xtask python`: builds the package for Python and runs what tests it.

use std::path::Path;
use std::process::Command;

/// Whether there is a Python that the package can be built for.
pub(crate) fn is_there() -> bool {
    let version = "import sys; sys.exit(sys.version_info < (3, 11))";
    Command::new("python3").args(["-c", version]).status().is_ok_and(|status| status.success())
}

/// Runs the tests of `crates/bourse-python`, which install what they need into `target`.
///
/// # Errors
/// Says that they failed, or that there is no Python.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), String> {
    if !is_there() {
        return Err("there is no python3 of version 3.11 or later".to_owned());
    }
    let script = root.join("crates/bourse-python/tests/all.py");
    let status = Command::new("python3").arg(&script).args(arguments).current_dir(root).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{}: {status}", script.display())),
        Err(error) => Err(format!("cannot run python3: {error}")),
    }
}
