//! Tasks whose program leaves figures, of which each run is a row of a page.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::workspace;

/// Runs a program that works in a folder (`--dir`) and writes its figures to a file (`--json`).
/// Both are in the target folder, by the task's name, and the folder is emptied before. Returns
/// the figures.
///
/// # Errors
/// What cannot be run, or has failed; what cannot be read.
pub(crate) fn run(root: &Path, task: &str, command: &mut Command) -> Result<Value, String> {
    let target = workspace::target(root);
    let (folder, json) = (target.join(task), target.join(format!("{task}.json")));
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .map_err(|error| format!("cannot empty {}: {error}", folder.display()))?;
    }
    command.arg("--dir").arg(&folder).arg("--json").arg(&json);
    let status = command.status().map_err(|error| format!("{task}: cannot be started: {error}"))?;
    if !status.success() {
        return Err(format!("{task}: failed; what it left is in {}", folder.display()));
    }
    read(&json)
}

/// The figures in a file.
///
/// # Errors
/// There is none, or it is no JSON.
pub(crate) fn read(json: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(json)
        .map_err(|error| format!("no figures were left in {}: {error}", json.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("the figures are no JSON: {error}"))
}

/// Appends a row to a page's table.
///
/// # Errors
/// The page cannot be written.
pub(crate) fn append_row(root: &Path, page: &str, row: &str) -> Result<(), String> {
    let file = fs::OpenOptions::new().append(true).open(root.join(page));
    let written = file.and_then(|mut file| writeln!(file, "{row}"));
    written.map_err(|error| format!("cannot write {page}: {error}"))
}

/// A number with commas between its thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
