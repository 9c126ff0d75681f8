//! `cargo xtask instructions`: how many instructions the hot operations take, counted by callgrind
//! and compared with what was committed.
//!
//! Times on a machine that others use too say little; counts repeat. The program
//! `tests/instructions`, built for release, runs one operation after the other, each in a
//! call of one function. Callgrind sets its counts to zero when that function begins and writes
//! them down when it ends, so one run gives a count for each operation and what lies between is not
//! counted. What a system call does is not counted either.
//!
//! Counts depend on the compiler, so `tests/instructions.toml` names the one that they were counted
//! with. Under another one a count may differ by 15 %, not 5 %, before the check fails: it then
//! finds what would be called a mistake whatever the compiler, and an update of the compiler alone
//! does not fail. Who updates the compiler updates the counts.

#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::workspace;

/// The committed counts, below the workspace's root.
const RECORD: &str = "tests/instructions.toml";
/// The program's function that each operation is counted in. Callgrind also takes patterns, but
/// then it missed the function.
const MEASURED: &str = "instructions::measure_operation";
/// By how many percent a count may differ, counted with the recorded compiler.
const PERCENT_MAX: f64 = 5.0;
/// By how many with another one.
const PERCENT_MAX_OTHER_COMPILER: f64 = 15.0;

/// The operations and the compiler that their code is from.
#[derive(Debug, Clone, PartialEq)]
struct Counts {
    compiler: String,
    /// Instructions that an operation takes once.
    operations: Vec<(String, f64)>,
}

/// What is done with the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Compare them with the committed ones.
    Check,
    /// Commit to them.
    Update,
}

/// Counts, prints a table and compares with the committed counts, or writes these.
///
/// # Errors
/// Says what is missing, or which operations take more instructions, or fewer, than committed.
pub(crate) fn run(root: &Path, purpose: Purpose) -> Result<(), String> {
    let valgrind = Command::new("valgrind").arg("--version").output();
    if !valgrind.is_ok_and(|output| output.status.success()) {
        return Err("instructions: valgrind does not run: install it (apt-get install valgrind)"
            .to_string());
    }
    let now = count(root)?;
    let record = root.join(RECORD);
    if purpose == Purpose::Update {
        fs::write(&record, encode(&now)).map_err(|error| format!("{RECORD}: {error}"))?;
        println!("{}", encode(&now));
        return Ok(());
    }
    let text = fs::read_to_string(&record).map_err(|error| {
        format!("{RECORD}: {error}: cargo xtask instructions --update makes it")
    })?;
    let (table, findings) = compare(&decode(&text)?, &now);
    print!("{table}");
    if findings.is_empty() { Ok(()) } else { Err(findings.join("\n")) }
}

/// Runs the operations under callgrind.
fn count(root: &Path) -> Result<Counts, String> {
    // Absolute, for callgrind is run elsewhere.
    let root = std::path::absolute(root).map_err(|error| format!("instructions: {error}"))?;
    let program = workspace::released_program(&root, "instructions")?;
    let list = said(Command::new(&program).arg("--list"))?;
    let operations = decode_list(&list)?;
    let folder = workspace::target(&root).join("instructions");
    let failed = |error: std::io::Error| format!("instructions: {}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed)?;
    }
    fs::create_dir_all(folder.join("stores")).map_err(failed)?;
    let mut callgrind = Command::new("valgrind");
    callgrind.args(["--tool=callgrind", "--quiet", "--callgrind-out-file=counts"]);
    callgrind.arg(format!("--zero-before={MEASURED}"));
    callgrind.arg(format!("--dump-after={MEASURED}"));
    said(callgrind.arg(&program).arg("stores").current_dir(&folder))?;
    let counts = (1..).zip(&operations).map(|(place, operation)| {
        let path = folder.join(format!("counts.{place}"));
        let text = fs::read_to_string(&path).map_err(|error| {
            format!("instructions: callgrind left no {}: {error}", path.display())
        })?;
        Ok((operation.name.clone(), total(&text)? as f64 / operation.count as f64))
    });
    let operations = counts.collect::<Result<Vec<_>, String>>()?;
    Ok(Counts { compiler: said(Command::new("rustc").arg("--version"))?.trim().into(), operations })
}

/// What a program wrote to standard output.
fn said(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().display().to_string();
    let output =
        command.output().map_err(|error| format!("instructions: cannot run {program}: {error}"))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(format!("instructions: {program} ended with {}: {error}", output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A line of what the program lists.
#[derive(Debug, PartialEq, Eq)]
struct Operation {
    name: String,
    count: u64,
}

fn decode_list(list: &str) -> Result<Vec<Operation>, String> {
    let line = |line: &str| {
        let (name, count) = line.split_once(' ')?;
        Some(Operation { name: name.to_string(), count: count.parse().ok()? })
    };
    let decoded = list.lines().map(line).collect::<Option<Vec<_>>>();
    decoded.ok_or_else(|| format!("instructions: the list is no list of operations:\n{list}"))
}

/// Instructions that a file of callgrind's counts.
fn total(counts: &str) -> Result<u64, String> {
    let summary = counts
        .lines()
        .find_map(|line| line.strip_prefix("summary:").or_else(|| line.strip_prefix("totals:")));
    let number = summary.and_then(|text| text.split_whitespace().next()?.parse().ok());
    number.ok_or_else(|| "instructions: a file of callgrind has no summary".to_string())
}

/// The table of both counts, and what is wrong.
fn compare(committed: &Counts, now: &Counts) -> (String, Vec<String>) {
    let same_compiler = committed.compiler == now.compiler;
    let percent_max = if same_compiler { PERCENT_MAX } else { PERCENT_MAX_OTHER_COMPILER };
    let mut table = String::new();
    if !same_compiler {
        table += &format!(
            "the counts are of {}, this is {}: {percent_max} % may be the compiler's\n",
            committed.compiler, now.compiler
        );
    }
    table += &format!("{:<24} {:>12} {:>12} {:>8}\n", "operation", "committed", "now", "%");
    let mut findings = Vec::new();
    for (name, count) in &now.operations {
        let Some((_, before)) = committed.operations.iter().find(|(known, _)| known == name) else {
            table += &format!("{name:<24} {:>12} {count:>12.0}\n", "-");
            findings.push(format!("instructions: {name} is not in {RECORD}: {UPDATE}"));
            continue;
        };
        let percent = (count / before - 1.0) * 100.0;
        table += &format!("{name:<24} {before:>12.0} {count:>12.0} {percent:>+8.2}\n");
        if percent > percent_max {
            findings.push(format!(
                "instructions: {name} takes {percent:.1} % more than committed: find out why, or \
                 say in the commit why it must: {UPDATE}"
            ));
        } else if percent < -percent_max {
            findings.push(format!("instructions: {name} takes {:.1} % less: {UPDATE}", -percent));
        }
    }
    for (name, _) in &committed.operations {
        if !now.operations.iter().any(|(known, _)| known == name) {
            findings.push(format!("instructions: {name} of {RECORD} is gone: {UPDATE}"));
        }
    }
    (table, findings)
}

const UPDATE: &str = "cargo xtask instructions --update";

fn encode(counts: &Counts) -> String {
    let mut text = "# Instructions that each hot operation takes once, written by\n\
                    # `cargo xtask instructions --update`. A rise of more than 5 % fails.\n"
        .to_string();
    text += &format!("compiler = \"{}\"\n", counts.compiler);
    for (name, count) in &counts.operations {
        text += &format!("{name} = {count:.0}\n");
    }
    text
}

fn decode(text: &str) -> Result<Counts, String> {
    let mut counts = Counts { compiler: String::new(), operations: Vec::new() };
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let wrong = || format!("{RECORD}: {line} is no line of it: {UPDATE}");
        let (name, value) = line.split_once(" = ").ok_or_else(wrong)?;
        if name == "compiler" {
            counts.compiler = value.trim_matches('"').to_string();
            continue;
        }
        let count: f64 = value.parse().map_err(|_| wrong())?;
        if !(count.is_finite() && count > 0.0) {
            return Err(wrong());
        }
        counts.operations.push((name.to_string(), count));
    }
    Ok(counts)
}
