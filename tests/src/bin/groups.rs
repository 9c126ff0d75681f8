//! Leaders and groups in simulated worlds: `groups [--from S] [--seeds N] [--bug NAME]`.
//!
//! Stops at the first seed that breaks a promise, and names both.
#![expect(clippy::print_stdout, reason = "what it prints is its result")]

use std::process::ExitCode;

use bourse_storage::bug::{self, Bug};
use bourse_tests::groups::{self, Counts};
use clap::Parser;

/// Runs groups of three stores in simulated worlds that crash.
#[derive(Parser)]
struct Arguments {
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// How many seeds.
    #[arg(long, default_value_t = 20)]
    seeds: u64,
    /// Make the engine make this mistake; it must be found.
    #[arg(long)]
    bug: Option<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(name) = &arguments.bug {
        let Some(bug) = Bug::named(name) else {
            eprintln!("groups: there is no bug {name}");
            return ExitCode::from(2);
        };
        bug::switch_on(bug);
    }
    let mut all = Counts::default();
    for seed in arguments.from..arguments.from + arguments.seeds {
        let report = groups::run(seed);
        if let Some(violation) = report.violation {
            println!("FAILED seed {seed}: {violation}");
            return ExitCode::FAILURE;
        }
        all.add(&report.counts);
    }
    println!("{} seeds keep all promises: {all:?}", arguments.seeds);
    ExitCode::SUCCESS
}
