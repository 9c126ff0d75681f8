//! The workspace's programs, built.
//!
//! Cargo resolves the features of dependencies anew for each set of packages that it is asked for:
//! a program that is built by `--package` shares next to nothing with what `cargo test` has built.
//! So the tasks build in two ways only, each once: as the tests are, and for release.

use std::path::{Path, PathBuf};

use super::cargo;

/// The folder that cargo builds into.
pub(crate) fn target(root: &Path) -> PathBuf {
    root.join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// Builds a program as `cargo test` does, and returns its path. Only beside a test, any test, are
/// the features of dependencies those of the tests.
///
/// # Errors
/// Says that it does not build; cargo has told why.
pub(crate) fn tested_program(root: &Path, name: &str) -> Result<PathBuf, String> {
    let beside = ["--bin", name, "--test", "program"];
    let arguments = [&["build", "--locked", "--workspace"][..], &beside].concat();
    build(root, name, "debug", &arguments)
}

/// Builds a program for release, and returns its path.
///
/// # Errors
/// Says that it does not build; cargo has told why.
pub(crate) fn released_program(root: &Path, name: &str) -> Result<PathBuf, String> {
    build(root, name, "release", &["build", "--locked", "--release", "--bin", name])
}

/// A copy of a program, which no build replaces while it runs. It is removed with this value.
pub(crate) struct Kept(PathBuf);

impl Kept {
    /// # Errors
    /// Says which file could not be copied.
    pub(crate) fn of(program: &Path) -> Result<Kept, String> {
        let copy = program.with_extension(std::process::id().to_string());
        std::fs::copy(program, &copy)
            .map_err(|error| format!("cannot copy {}: {error}", program.display()))?;
        Ok(Kept(copy))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // What cannot be removed can only be left.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn build(root: &Path, name: &str, folder: &str, arguments: &[&str]) -> Result<PathBuf, String> {
    let status = cargo().args(arguments).current_dir(root).status();
    if !status.is_ok_and(|status| status.success()) {
        return Err(format!("{name} does not build: cargo {}", arguments.join(" ")));
    }
    Ok(target(root).join(folder).join(name))
}
