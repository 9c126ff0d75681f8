//! The trace of a real process's system calls: every acknowledgement comes after the completed sync
//! of the log write that holds it.
//!
//! A loading process (`tests/src/bin/load.rs`) runs under `strace`. Each row that it inserts holds
//! a marker, and the marker is written to standard output once the commit has returned, or, in
//! further runs, by the callback of its completion. So for each marker the trace must show, in this
//! order: a write of the marker to a file that is durable when it completes (`RWF_DSYNC`), or that
//! an `fdatasync` of the same file follows; the completion; the write to standard output. Runs
//! whose file system forgets its syncs must fail this check, or the check is worth nothing.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::workspace;

/// Rows that each of the process's four threads inserts.
const ROWS: &str = "40";

/// Runs the processes under strace and judges their traces.
///
/// # Errors
/// Says what the trace shows, or that strace is not there.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let load = workspace::tested_program(root, "load")?;
    for (what, options) in [("returns", &[][..]), ("callbacks", &["--completions"])] {
        let acknowledged = judge(&trace(root, &load, options)?)?;
        println!("syscalls: {acknowledged} {what}, each after the sync that covers it");
        match judge(&trace(root, &load, &[options, &["--without-sync"]].concat())?) {
            Ok(_) => {
                return Err(format!("syscalls: {what} without a sync pass the check"));
            }
            Err(found) => {
                println!("syscalls: without syncs the check fails, as it must: {found}");
            }
        }
    }
    Ok(())
}

/// The trace of one run, a line for each call.
fn trace(root: &Path, load: &Path, options: &[&str]) -> Result<String, String> {
    let folder = workspace::target(root).join("syscalls");
    let store = folder.join("store");
    if store.exists() {
        std::fs::remove_dir_all(&store).map_err(|error| format!("syscalls: {error}"))?;
    }
    std::fs::create_dir_all(&folder).map_err(|error| format!("syscalls: {error}"))?;
    let output = folder.join("trace.txt");
    let status = Command::new("strace")
        .args(["-f", "-s", "65536", "-e", "trace=write,pwrite64,pwritev2,fdatasync,fsync", "-o"])
        .arg(&output)
        .arg(load)
        .arg(&store)
        .args(["--count", ROWS])
        .args(options)
        .stdout(Stdio::null())
        .status()
        .map_err(|error| format!("syscalls: strace does not run ({error}): install it"))?;
    if !status.success() {
        return Err(format!("syscalls: the loading process ended with {status}"));
    }
    let bytes = std::fs::read(&output).map_err(|error| format!("syscalls: {error}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A call of the trace: where it began and where it had returned, in lines.
struct Call<'t> {
    text: &'t str,
    began: usize,
    returned: usize,
}

/// Puts calls that were interrupted by others' lines together again.
fn calls(trace: &str) -> Vec<Call<'_>> {
    let mut calls: Vec<Call<'_>> = Vec::new();
    let mut unfinished: HashMap<&str, usize> = HashMap::new();
    for (line, text) in trace.lines().enumerate() {
        let Some((process, text)) = text.trim_start().split_once(' ') else { continue };
        let text = text.trim_start();
        if text.starts_with("<...") {
            if let Some(call) = unfinished.remove(process) {
                calls[call].returned = line;
            }
            continue;
        }
        if text.ends_with("<unfinished ...>") {
            unfinished.insert(process, calls.len());
            calls.push(Call { text, began: line, returned: usize::MAX });
        } else {
            calls.push(Call { text, began: line, returned: line });
        }
    }
    calls
}

/// Counts the acknowledgements of a trace.
///
/// # Errors
/// The first acknowledgement that no completed sync covers.
fn judge(trace: &str) -> Result<usize, String> {
    let calls = calls(trace);
    let mut acknowledged = 0;
    for acknowledgement in calls.iter().filter(|call| call.text.starts_with("write(1, \"<")) {
        let marker = acknowledgement.text.split(['<', '>']).nth(1).unwrap_or_default();
        let marker = format!("<{marker}>");
        let covers =
            |call: &&Call<'_>| !call.text.starts_with("write(") && call.text.contains(&marker);
        let durable = calls.iter().filter(covers).filter_map(|call| durable_at(call, &calls)).min();
        match durable {
            Some(line) if line < acknowledgement.began => acknowledged += 1,
            Some(line) => {
                let at = acknowledgement.began;
                return Err(format!("{marker} was acknowledged in line {at}, durable in {line}"));
            }
            None => return Err(format!("{marker} was acknowledged and never synced")),
        }
    }
    if acknowledged == 0 {
        return Err("the trace shows no acknowledgement".to_string());
    }
    Ok(acknowledged)
}

/// The line in which the call's bytes are durable.
fn durable_at(call: &Call<'_>, calls: &[Call<'_>]) -> Option<usize> {
    if call.text.contains("RWF_DSYNC") {
        return Some(call.returned);
    }
    let file = call.text.split(['(', ',']).nth(1)?;
    let syncs = calls.iter().filter(|sync| {
        let name = sync.text.split('(').next();
        let of_file = sync.text.split(['(', ')', ' ']).nth(1) == Some(file);
        matches!(name, Some("fdatasync" | "fsync")) && of_file && sync.began > call.returned
    });
    syncs.map(|sync| sync.returned).min()
}
