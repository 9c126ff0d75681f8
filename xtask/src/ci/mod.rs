//! What decides whether a change may be merged: a table of steps, run one after the other.
//!
//! A step that fails does not end the run; whoever waits for it wants to know of all that fail.
//! Every step prints as it goes. The report at the end has a line for each step with the time it
//! took, and a last line `N passed, N failed`.
//!
//! To add a step, add a line to [`STEPS`]: what is quick and needs no build goes first.

#[cfg(test)]
mod tests;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::{instructions, licences, models, syscalls, tidy, workspace};

/// How much to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// What ends within three minutes when little has changed.
    Quick,
    /// Everything.
    Full,
}

struct Step {
    name: &'static str,
    /// The only scope that has the step; `None` when both have it.
    only: Option<Scope>,
    action: Action,
}

enum Action {
    /// A task of this program.
    Task(fn(&Path) -> Result<(), String>),
    /// A program of the workspace, built as the tests are, with these arguments.
    Program(&'static str, &'static [&'static str]),
    /// Cargo with these arguments.
    Cargo(&'static [&'static str]),
    /// A cargo command that need not be installed; its name is the first argument.
    Extension(&'static [&'static str]),
}

const STEPS: &[Step] = &[
    Step { name: "format", only: None, action: Action::Cargo(&["fmt", "--all", "--check"]) },
    Step { name: "tidy", only: None, action: Action::Task(tidy::run) },
    Step { name: "licences", only: Some(Scope::Full), action: Action::Task(licences::run) },
    Step {
        name: "deny",
        only: Some(Scope::Full),
        action: Action::Extension(&["deny", "check", "bans", "licenses", "sources"]),
    },
    Step {
        name: "clippy",
        only: None,
        action: Action::Cargo(&[
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]),
    },
    Step {
        name: "unit-test",
        only: Some(Scope::Quick),
        action: Action::Cargo(&["test", "--locked", "--workspace", "--lib", "--bins"]),
    },
    Step {
        name: "test",
        only: Some(Scope::Full),
        action: Action::Cargo(&["test", "--locked", "--workspace"]),
    },
    Step {
        name: "models",
        only: Some(Scope::Full),
        action: Action::Task(|root| models::run(root, 2)),
    },
    Step { name: "syscalls", only: Some(Scope::Full), action: Action::Task(syscalls::run) },
    Step {
        name: "simulate",
        only: Some(Scope::Full),
        action: Action::Program("simulate", &["--seeds", "500"]),
    },
    Step {
        name: "consensus",
        only: Some(Scope::Full),
        action: Action::Program("consensus", &["--seeds", "40"]),
    },
    Step {
        name: "differential",
        only: Some(Scope::Full),
        action: Action::Program("differential", &["--scripts", "60", "--agree", "97"]),
    },
    Step {
        name: "release",
        only: Some(Scope::Full),
        action: Action::Cargo(&["build", "--locked", "--release", "--bin", "bourse"]),
    },
    Step {
        name: "instructions",
        only: Some(Scope::Full),
        action: Action::Task(|root| instructions::run(root, instructions::Purpose::Check)),
    },
];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed(String),
    Skipped(&'static str),
}

struct Line {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

/// Runs the steps of a scope but those named in `skip`, and prints the report.
///
/// # Errors
/// Says that a step failed, or that there is no step of a name in `skip`.
pub(crate) fn run(root: &Path, scope: Scope, skip: &[String]) -> Result<(), String> {
    let steps = select(STEPS, scope, skip)?;
    let lines: Vec<Line> = steps.iter().map(|step| run_step(root, step)).collect();
    print!("\n{}", report(&lines));
    match lines.iter().any(|line| matches!(line.outcome, Outcome::Failed(_))) {
        false => Ok(()),
        true => Err("ci: failed".to_string()),
    }
}

fn select<'a>(steps: &'a [Step], scope: Scope, skip: &[String]) -> Result<Vec<&'a Step>, String> {
    let in_scope = |step: &&Step| step.only.is_none_or(|only| only == scope);
    let names: Vec<&str> = steps.iter().filter(in_scope).map(|step| step.name).collect();
    if let Some(unknown) = skip.iter().find(|name| !names.contains(&name.as_str())) {
        return Err(format!("there is no step {unknown}; there are {}", names.join(", ")));
    }
    let is_kept = |step: &&Step| !skip.iter().any(|name| name == step.name);
    Ok(steps.iter().filter(in_scope).filter(is_kept).collect())
}

#[expect(clippy::disallowed_methods, reason = "the report tells how long each step took")]
fn run_step(root: &Path, step: &Step) -> Line {
    println!("ci: {} ...", step.name);
    let start = Instant::now();
    let outcome = act(root, &step.action);
    let took = start.elapsed();
    if let Outcome::Failed(reason) = &outcome {
        println!("ci: {} failed: {reason}", step.name);
    }
    Line { name: step.name, outcome, took }
}

fn act(root: &Path, action: &Action) -> Outcome {
    let result = match action {
        Action::Task(task) => task(root),
        Action::Program(name, arguments) => crate::program(root, name, arguments),
        Action::Cargo(arguments) => status(workspace::cargo().args(*arguments).current_dir(root)),
        Action::Extension(arguments) => {
            if !is_installed(root, arguments[0]) {
                return Outcome::Skipped("not installed");
            }
            status(workspace::cargo().args(*arguments).current_dir(root))
        }
    };
    result.map_or_else(Outcome::Failed, |()| Outcome::Passed)
}

/// Runs a command with this program's own output, so that it is seen while it runs.
fn status(command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(status.to_string()),
        Err(error) => Err(format!("cannot run {}: {error}", command.get_program().display())),
    }
}

fn is_installed(root: &Path, extension: &str) -> bool {
    let output = workspace::cargo().args([extension, "--version"]).current_dir(root).output();
    output.is_ok_and(|output| output.status.success())
}

fn report(lines: &[Line]) -> String {
    let mut text = format!("{:<12} {:>9}  result\n", "step", "seconds");
    let (mut passed, mut failed) = (0, 0);
    for Line { name, outcome, took } in lines {
        let result = match outcome {
            Outcome::Passed => {
                passed += 1;
                "passed".to_string()
            }
            Outcome::Failed(reason) => {
                failed += 1;
                format!("FAILED: {reason}")
            }
            Outcome::Skipped(reason) => format!("skipped: {reason}"),
        };
        text += &format!("{name:<12} {:>9.1}  {result}\n", took.as_secs_f64());
    }
    text += &format!("{passed} passed, {failed} failed\n");
    text
}
