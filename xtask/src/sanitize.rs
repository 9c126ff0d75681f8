//! `cargo xtask sanitize`: the unit tests of the only crate with unsafe code under
//! AddressSanitizer, and those that do no I/O under Miri where it is installed. Both need a nightly
//! toolchain.
//!
//! Pages, trees, the cache and the pager are covered by AddressSanitizer: an access outside of what
//! was allocated, or to what was freed, ends the test. Frames lie in one anonymous mapping, whose
//! inside it does not know; that a frame is reused too early is what `models` and the pager's own
//! tests look for.

use std::path::Path;
use std::process::Command;

/// What Miri runs: bytes of pages, nodes and trees, keys and rows. Most of the rest does I/O or
/// maps memory, which Miri does not know.
const MIRI: [(&str, &[&str]); 2] =
    [("bourse-storage", &["page::", "tree::"]), ("bourse", &["key::", "row::"])];

/// Runs both, Miri only where it is installed.
///
/// # Errors
/// Says what is not installed or what failed.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    // The proxy, not the cargo that runs this task: the nightly one is meant.
    let nightly = Command::new("cargo").args(["+nightly", "--version"]).output();
    if !nightly.is_ok_and(|output| output.status.success()) {
        return Err(
            "sanitize: needs a nightly toolchain: rustup toolchain install nightly".to_string()
        );
    }
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let mut address = Command::new("cargo");
    address
        .args(["+nightly", "test", "--locked", "--package", "bourse-storage", "--lib"])
        .args(["--target", &target, "--target-dir", "target/sanitize"])
        .env("RUSTFLAGS", "-Zsanitizer=address");
    execute(address.current_dir(root), "the tests under AddressSanitizer")?;
    let miri = Command::new("cargo").args(["+nightly", "miri", "--version"]).output();
    if !miri.is_ok_and(|output| output.status.success()) {
        println!(
            "sanitize: without Miri, which is not installed \
             (rustup +nightly component add miri rust-src)"
        );
        return Ok(());
    }
    for (package, filters) in MIRI {
        let mut command = Command::new("cargo");
        command
            .args(["+nightly", "miri", "test", "--locked", "--package", package, "--lib", "--"])
            .args(filters)
            .env("MIRIFLAGS", "-Zmiri-disable-isolation")
            .env("PROPTEST_CASES", "8")
            .env("CARGO_TARGET_DIR", "target/miri");
        execute(command.current_dir(root), package)?;
    }
    Ok(())
}

fn execute(command: &mut Command, what: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("sanitize: {what}: failed")),
        Err(error) => Err(format!("sanitize: cannot run cargo: {error}")),
    }
}
