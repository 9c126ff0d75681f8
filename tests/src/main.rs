//! `simulate`: runs seeds of the simulator; `cargo xtask simulate` calls it.
#![expect(clippy::print_stdout, reason = "what it prints is its result")]

use std::process::ExitCode;

use bourse_storage::bug::{self, Bug};
use bourse_tests::report::{self, Summary};
use bourse_tests::seed;
use clap::Parser;

/// Runs the engine in simulated worlds that crash.
#[derive(Parser)]
struct Arguments {
    /// How many seeds.
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first seed of many.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// This seed alone.
    #[arg(long)]
    seed: Option<u64>,
    /// How many seeds at a time; by default as many as there are processors.
    #[arg(long)]
    jobs: Option<usize>,
    /// Make the engine make this mistake; it must be found.
    #[arg(long, value_parser = bug_named)]
    bug: Option<Bug>,
    /// Write the figures as JSON to this file, or to standard output for `-`.
    #[arg(long, value_name = "FILE")]
    json: Option<String>,
}

fn bug_named(name: &str) -> Result<Bug, String> {
    Bug::named(name).ok_or_else(|| {
        let names: Vec<_> = Bug::ALL.iter().map(|bug| bug.name()).collect();
        format!("there is no such bug; there are {}", names.join(", "))
    })
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(bug) = arguments.bug {
        bug::switch_on(bug);
    }
    let summary = match arguments.seed {
        None => match arguments.jobs {
            None => report::run(arguments.from, arguments.seeds),
            Some(jobs) => report::run_beside(arguments.from, arguments.seeds, jobs),
        },
        Some(number) => {
            let mut summary = Summary::default();
            summary.add(seed::run(number));
            summary
        }
    };
    let is_stdout = arguments.json.as_deref() == Some("-");
    if !is_stdout {
        print!("{}", summary.text(arguments.bug.map(Bug::name)));
    }
    match arguments.json.as_deref() {
        Some("-") => print!("{}", summary.json()),
        Some(file) => {
            if let Err(error) = std::fs::write(file, summary.json()) {
                eprintln!("cannot write {file}: {error}");
                return ExitCode::FAILURE;
            }
        }
        None => {}
    }
    if summary.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
