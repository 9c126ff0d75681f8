//! `cargo xtask fuzz`: runs the fuzz targets for a while each and notes what came of it.
//!
//! All targets are built first and the programs are run as they were built, so that a campaign of
//! hours is of one state of the source, whatever is edited meanwhile. A line for each target goes
//! to `docs/campaigns/fuzz.md`, with the commit that the programs were built from.

#![expect(clippy::disallowed_types, reason = "a task writes what its programs say to a file")]

#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::campaign::figures::grouped;

/// Where campaigns are noted, below the workspace's root.
const RECORD: &str = "docs/campaigns/fuzz.md";
/// Lines of what a failed program said that are printed.
const TAIL_LINES: usize = 40;
/// An input that takes longer, in seconds, is a finding: all of them are small.
const INPUT_SECONDS_MAX: u32 = 60;

/// What a run of one target was.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Summary {
    /// Inputs that were tried.
    executions: u64,
    /// Edges of the program that they reached.
    edges: u64,
    /// Inputs that were kept because each reached something new.
    corpus: u64,
}

/// Runs `targets`, or all, for `minutes` each.
///
/// # Errors
/// Says what is not installed, that a target is unknown, or which targets failed.
pub(crate) fn run(root: &Path, minutes: u32, targets: &[String]) -> Result<(), String> {
    let known = known_targets(root)?;
    let targets = select(&known, targets)?;
    let commit = commit(root)?;
    build(root)?;
    let mut failed = Vec::new();
    for target in targets {
        println!("fuzz: {target} for {minutes} minutes ...");
        #[expect(clippy::disallowed_methods, reason = "a finding ends a run early")]
        let start = std::time::Instant::now();
        let (summary, finding) = run_target(root, target, minutes)?;
        let ran = start.elapsed().as_secs().div_ceil(60);
        note(root, &record_line(&commit, target, ran, &summary, finding.as_deref()))?;
        println!("fuzz: {target}: {} executions, {} edges", summary.executions, summary.edges);
        if let Some(finding) = finding {
            println!("fuzz: {target}: {finding}");
            failed.push(target);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("fuzz: failed: {}", failed.join(", "))) }
}

/// The targets that there are, by name.
fn known_targets(root: &Path) -> Result<Vec<String>, String> {
    let folder = root.join("fuzz/fuzz_targets");
    let files = fs::read_dir(&folder).map_err(|error| format!("fuzz: {error}"))?;
    let stems = files.filter_map(|file| {
        let path = file.ok()?.path();
        let is_rust = path.extension().is_some_and(|extension| extension == "rs");
        is_rust.then(|| path.file_stem()?.to_str().map(String::from)).flatten()
    });
    let mut names: Vec<String> = stems.collect();
    names.sort_unstable();
    Ok(names)
}

/// Those of `wanted`, in that order; all where none is wanted.
fn select<'a>(known: &'a [String], wanted: &[String]) -> Result<Vec<&'a str>, String> {
    if wanted.is_empty() {
        return Ok(known.iter().map(String::as_str).collect());
    }
    let find = |name: &String| {
        let found = known.iter().find(|target| *target == name);
        found.map(String::as_str).ok_or_else(|| {
            format!("fuzz: there is no target {name}; there are {}", known.join(", "))
        })
    };
    wanted.iter().map(find).collect()
}

/// What the programs are built from.
fn commit(root: &Path) -> Result<String, String> {
    let output = Command::new("git")
        .args(["-c", "safe.directory=*", "describe", "--always", "--dirty=, with changes"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("fuzz: cannot run git: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_string();
    if text.is_empty() { Ok("an archive".to_string()) } else { Ok(text) }
}

fn build(root: &Path) -> Result<(), String> {
    // The proxy, not the cargo that runs this task: fuzzing needs the nightly one.
    let installed = Command::new("cargo").args(["+nightly", "fuzz", "--version"]).output();
    if !installed.is_ok_and(|output| output.status.success()) {
        return Err("fuzz: cargo-fuzz does not run: it needs a nightly toolchain \
                    (rustup toolchain install nightly) and cargo install cargo-fuzz"
            .to_string());
    }
    let status =
        Command::new("cargo").args(["+nightly", "fuzz", "build"]).current_dir(root).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("fuzz: the targets do not build".to_string()),
        Err(error) => Err(format!("fuzz: cannot run cargo: {error}")),
    }
}

/// Runs one program; what it found, if it failed, comes second.
fn run_target(
    root: &Path,
    target: &str,
    minutes: u32,
) -> Result<(Summary, Option<String>), String> {
    let failed = |error: std::io::Error| format!("fuzz: {target}: {error}");
    let fuzz = root.join("fuzz");
    let (corpus, artifacts) =
        (fuzz.join("corpus").join(target), fuzz.join("artifacts").join(target));
    fs::create_dir_all(&corpus).map_err(failed)?;
    fs::create_dir_all(&artifacts).map_err(failed)?;
    let log = fuzz.join("target").join(format!("{target}.log"));
    let triple = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let status = Command::new(fuzz.join("target").join(triple).join("release").join(target))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .arg(format!("-max_total_time={}", u64::from(minutes) * 60))
        .arg(format!("-timeout={INPUT_SECONDS_MAX}"))
        .arg("-print_final_stats=1")
        .arg(&corpus)
        .stdout(Stdio::null())
        .stderr(File::create(&log).map_err(failed)?)
        .status()
        .map_err(failed)?;
    let said = fs::read(&log).map_err(failed)?;
    let said = String::from_utf8_lossy(&said);
    let summary = summary(&said);
    if status.success() {
        return Ok((summary, None));
    }
    let lines: Vec<&str> = said.lines().collect();
    println!("{}", lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n"));
    Ok((summary, Some(finding(&said, &status.to_string()))))
}

/// What libFuzzer says at the end, or said last.
fn summary(said: &str) -> Summary {
    let mut summary = Summary::default();
    for line in said.lines() {
        if let Some(count) = line.strip_prefix("stat::number_of_executed_units:") {
            summary.executions = count.trim().parse().unwrap_or(summary.executions);
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        // `#1234  NEW  cov: 56 ft: 78 corp: 9/10b ...`
        let Some(count) = words.first().and_then(|word| word.strip_prefix('#')) else { continue };
        let Ok(executions) = count.parse::<u64>() else { continue };
        summary.executions = summary.executions.max(executions);
        for pair in words.windows(2) {
            let number = pair[1].split('/').next().and_then(|number| number.parse().ok());
            match (pair[0], number) {
                ("cov:", Some(number)) => summary.edges = number,
                ("corp:", Some(number)) => summary.corpus = number,
                _ => {}
            }
        }
    }
    summary
}

/// What a failed program says of its failure, in a line.
fn finding(said: &str, status: &str) -> String {
    let panic = said.lines().skip_while(|line| !line.contains("panicked at")).nth(1);
    let summary = said.lines().find_map(|line| line.strip_prefix("SUMMARY: "));
    let what = panic.or(summary).unwrap_or(status).trim();
    let input = said.lines().find_map(|line| line.split_once("Test unit written to ").map(|x| x.1));
    let input = input.and_then(|path| path.rsplit('/').next()).unwrap_or("no input was kept");
    format!("{} ({input})", what.replace('|', "/"))
}

fn record_line(
    commit: &str,
    target: &str,
    minutes: u64,
    summary: &Summary,
    finding: Option<&str>,
) -> String {
    let Summary { executions, edges, corpus } = summary;
    let finding = finding.unwrap_or("none");
    format!(
        "| {commit} | {target} | {minutes} | {} | {} | {} | {finding} |\n",
        grouped(*executions),
        grouped(*edges),
        grouped(*corpus)
    )
}

/// Appends a line in one write, so that campaigns side by side do not mix theirs.
fn note(root: &Path, line: &str) -> Result<(), String> {
    let failed = |error| format!("fuzz: cannot note the run in {RECORD}: {error}");
    let mut file = OpenOptions::new().append(true).open(root.join(RECORD)).map_err(failed)?;
    file.write_all(line.as_bytes()).map_err(failed)
}
