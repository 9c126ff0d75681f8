//! The files and packages of the workspace, as the tasks see them.

mod build;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

pub(crate) use self::build::{Kept, released_program, target, tested_program};
use crate::tidy::code;

/// Larger files are data, which no rule reads.
const TEXT_BYTES_MAX: u64 = 1 << 20;

/// Hidden folders that belong to the project; all others belong to tools.
const HIDDEN_FOLDERS: [&str; 3] = [".ci", ".cargo", ".github"];

/// A text file of the project.
#[derive(Debug)]
pub(crate) struct Document {
    /// Path below the workspace's root, with slashes.
    pub(crate) path: String,
    /// What the file says.
    pub(crate) text: String,
    /// Of a Rust file the text with comments and literals blanked out, line by line and column
    /// by column; empty for others.
    pub(crate) code: String,
}

impl Document {
    pub(crate) fn new(path: impl Into<String>, text: impl Into<String>) -> Document {
        let (path, text) = (path.into(), text.into());
        let code = if path.ends_with(".rs") { code::code_only(&text) } else { String::new() };
        Document { path, text, code }
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    pub(crate) fn is_markdown(&self) -> bool {
        self.path.ends_with(".md") && !self.is_verbatim()
    }

    /// Whether the file is a licence or notice, whose words and shape are somebody else's.
    fn is_verbatim(&self) -> bool {
        ["LICENSE", "NOTICE"].iter().any(|name| self.file_name().starts_with(name))
    }

    /// The last component of the path.
    pub(crate) fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether people write and read the file line by line, unlike golden output or data.
    pub(crate) fn is_source(&self) -> bool {
        if self.is_verbatim() {
            return false;
        }
        match self.file_name().rsplit_once('.') {
            None => true,
            Some((stem, extension)) => {
                stem.is_empty()
                    || matches!(
                        extension,
                        "rs" | "md" | "toml" | "sh" | "yml" | "yaml" | "py" | "css" | "js"
                    )
            }
        }
    }
}

/// The folder of the workspace's Cargo.toml.
///
/// Cargo says where the package is when it runs a task or a test. What it said at compile time is
/// no substitute: checkouts that share a target folder share the program too.
pub(crate) fn root() -> PathBuf {
    match std::env::var_os("CARGO_MANIFEST_DIR") {
        Some(package) => Path::new(&package).parent().unwrap_or(Path::new("/")).to_path_buf(),
        None => PathBuf::from("."),
    }
}

/// All text files of the project, sorted by path.
///
/// Git names them where it can: those it tracks and those it would, so that a new file is checked
/// before it is added. A source archive has no git; there every file that no tool made counts.
pub(crate) fn documents(root: &Path) -> Result<Vec<Document>, String> {
    let mut paths = match tracked_paths(root) {
        Some(paths) => paths,
        None => {
            let mut paths = Vec::new();
            walk(root, "", &mut paths)?;
            paths
        }
    };
    paths.sort();
    paths.dedup();
    let mut documents = Vec::new();
    for path in paths {
        let file = root.join(&path);
        // A file that git tracks may be gone from the work tree, and a link may point anywhere.
        let Ok(about) = fs::symlink_metadata(&file) else { continue };
        if !about.is_file() || about.len() > TEXT_BYTES_MAX {
            continue;
        }
        let bytes = fs::read(&file).map_err(|error| format!("cannot read {path}: {error}"))?;
        if let Ok(text) = String::from_utf8(bytes) {
            documents.push(Document::new(path, text));
        }
    }
    Ok(documents)
}

fn tracked_paths(root: &Path) -> Option<Vec<String>> {
    if !root.join(".git").exists() {
        return None;
    }
    // A CI machine often runs as another user than the one who owns the checkout, and git then
    // refuses to look at it unless told that the folder is meant.
    let output = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z"])
        .args(["--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    let names = String::from_utf8(output.stdout).ok()?;
    Some(names.split('\0').filter(|name| !name.is_empty()).map(String::from).collect())
}

fn walk(root: &Path, folder: &str, paths: &mut Vec<String>) -> Result<(), String> {
    let failed = |error| format!("cannot list {folder:?}: {error}");
    for entry in fs::read_dir(root.join(folder)).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        let kind = entry.file_type().map_err(failed)?;
        if !kind.is_dir() {
            paths.push(path);
        } else if name != "target" && (!name.starts_with('.') || is_project_folder(&name)) {
            walk(root, &path, paths)?;
        }
    }
    Ok(())
}

fn is_project_folder(name: &str) -> bool {
    HIDDEN_FOLDERS.contains(&name)
}

/// What `cargo metadata` says of the workspace, with these arguments.
pub(crate) fn metadata(root: &Path, arguments: &[&str]) -> Result<Value, String> {
    let output = cargo()
        .args(["metadata", "--locked", "--format-version", "1"])
        .args(arguments)
        .current_dir(root)
        .output()
        .map_err(|error| format!("cannot run cargo metadata: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("cargo metadata failed: {}", said.trim()));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata printed no JSON: {error}"))
}

/// The cargo that runs this task, so that a toolchain chosen by hand stays chosen. It is not told
/// of the package that it has run: dependencies whose build looks at that (ring's does) would be
/// built anew for each task, and all that uses them.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}
