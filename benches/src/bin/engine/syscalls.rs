//! What a durable commit costs in system calls, seen by strace: the proof that "durable" means the
//! same for all contenders.
//!
//! Each contender commits twice, once some more commits than the other time; the difference of what
//! was called, divided by the difference of the commits, is a commit's. The check fails for a
//! contender whose commit has no call that waits for the disk, unless it is known for that.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::items;
use crate::peers::Contender;
use crate::trades;

const ROWS: i64 = 5_000;
const COMMITS: [usize; 2] = [50, 250];
/// Calls that make what was written durable, or write.
const TRACED: &str = "trace=fsync,fdatasync,msync,sync_file_range,openat,open,close,\
                      write,pwrite64,pwritev,pwritev2,writev";

/// Traces all contenders and gives the lines of a table.
pub(crate) fn run(contenders: &[&Contender], folder: &Path) -> Outcome<String> {
    let places = folder.join("places");
    trades::write_places(ROWS, &folder.join("scratch"), &places)?;
    let mut out = "| contender | calls of a durable commit |\n|---|---|\n".to_string();
    let mut failures = Vec::new();
    for contender in contenders {
        eprintln!("{}", contender.title);
        let store = folder.join(contender.name);
        step(contender, &store, &places, ("load-sorted", 1), None)?;
        let mut counts = Vec::new();
        for commits in COMMITS {
            let trace = folder.join(format!("{}-{commits}.txt", contender.name));
            step(contender, &store, &places, ("commit-1", commits), Some(&trace))?;
            counts.push(count(&fs::read_to_string(trace)?));
        }
        let [few, many] = &counts[..] else { return Err("two runs were traced".into()) };
        let commits = (COMMITS[1] - COMMITS[0]) as f64;
        let each: Vec<(&String, f64)> = many
            .iter()
            .map(|(call, count)| {
                let before = few.get(call).copied().unwrap_or(0);
                (call, (*count as f64 - before as f64) / commits)
            })
            .filter(|(_, each)| *each >= 0.005)
            .collect();
        let waits: f64 =
            each.iter().filter(|(call, _)| is_durable(call)).map(|(_, each)| each).sum();
        if (waits >= 0.99) != contender.syncs {
            failures.push(format!("{}: {waits:.2} waits for the disk a commit", contender.title));
        }
        let cells: Vec<String> =
            each.iter().map(|(call, each)| format!("{each:.2} {call}")).collect();
        out.push_str(&format!("| {} | {} |\n", contender.title, cells.join(", ")));
    }
    if failures.is_empty() { Ok(out) } else { Err(format!("{out}{}", failures.join("\n")).into()) }
}

fn step(
    contender: &Contender,
    store: &Path,
    places: &Path,
    (item, operations): (&str, usize),
    trace: Option<&Path>,
) -> Outcome<()> {
    let item = items::find(item)?;
    let program = std::env::current_exe()?;
    let mut command = match trace {
        Some(trace) => {
            let mut command = Command::new("strace");
            command.args(["-f", "-s", "0", "-e", TRACED, "-o"]).arg(trace).arg(program);
            command
        }
        None => Command::new(program),
    };
    command.arg("step").args(["--item", item.name, "--peer", contender.name, "--cold"]);
    command.arg("--folder").arg(store).arg("--places").arg(places);
    command.args(["--rows", &ROWS.to_string(), "--operations", &operations.to_string()]);
    // Another seed each time: a row that gets the value that it has costs some peers no sync.
    command.args(["--first-new", &ROWS.to_string(), "--seed", &operations.to_string()]);
    let status = command
        .stdout(Stdio::null())
        .status()
        .map_err(|error| format!("strace does not run ({error}): install it"))?;
    if status.success() { Ok(()) } else { Err(format!("{}: {status}", contender.title).into()) }
}

/// A call, named so that what waits for the disk can be told.
fn is_durable(call: &str) -> bool {
    ["fsync", "fdatasync", "msync", "O_DSYNC", "O_SYNC", "RWF_DSYNC", "RWF_SYNC"]
        .iter()
        .any(|mark| call.contains(mark))
}

/// Counts the calls of a trace by name; writes to files that were opened to be durable, or with a
/// flag that says so, are told from others. Calls of a kind that only wrote are `write`.
fn count(trace: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    // Which open files wait for the disk with every write; threads share them.
    let mut durable: BTreeMap<&str, &str> = BTreeMap::new();
    for line in trace.lines() {
        let Some((_, call)) = line.trim_start().split_once(' ') else { continue };
        let call = call.trim_start();
        let Some((name, rest)) = call.split_once('(') else { continue };
        let file = rest.split([',', ')', ' ']).next().unwrap_or_default();
        match name {
            "openat" | "open" => {
                let Some((_, opened)) = rest.rsplit_once("= ") else { continue };
                let flag = ["O_DSYNC", "O_SYNC"].into_iter().find(|flag| rest.contains(flag));
                if let Some(flag) = flag {
                    durable.insert(opened.split(' ').next().unwrap_or_default(), flag);
                }
            }
            "close" => {
                durable.remove(file);
            }
            "fsync" | "fdatasync" => *counts.entry(name.to_string()).or_insert(0) += 1,
            "msync" if rest.contains("MS_SYNC") => {
                *counts.entry("msync(MS_SYNC)".to_string()).or_insert(0) += 1;
            }
            "msync" => {}
            "sync_file_range" => *counts.entry(name.to_string()).or_insert(0) += 1,
            _ if name.contains("write") => {
                let flag = ["RWF_DSYNC", "RWF_SYNC"].into_iter().find(|flag| rest.contains(flag));
                let kind = match flag.or(durable.get(file).copied()) {
                    Some(flag) => format!("write({flag})"),
                    None => "write".to_string(),
                };
                *counts.entry(kind).or_insert(0) += 1;
            }
            _ => {}
        }
    }
    counts
}
