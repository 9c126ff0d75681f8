//! Histories of lists on the engine, judged by the checker of this package:
//! `lists [--kind KIND] [--from S] [--seeds N] [--transactions N] [--bug NAME] [--history FILE]`.
//!
//! Stops at the first seed with an anomaly, names it and writes its history, as lines of JSON.
#![expect(clippy::print_stdout, reason = "what it prints is its result")]

use std::process::ExitCode;

use bourse_storage::bug::{self, Bug};
use bourse_tests::lists::engine::{self, Kind};
use bourse_tests::lists::{check, json_lines};
use clap::Parser;

/// Judges histories of lists in simulated worlds that crash.
#[derive(Parser)]
struct Arguments {
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// How many seeds.
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// Transactions of a seed.
    #[arg(long, default_value_t = 400)]
    transactions: u64,
    /// Which transactions: closures, or interactive ones of an isolation level.
    #[arg(long, default_value = "closures", value_parser = Kind::ALL.map(Kind::name))]
    kind: String,
    /// Make the engine make this mistake.
    #[arg(long)]
    bug: Option<String>,
    /// Where the history with an anomaly goes.
    #[arg(long, value_name = "FILE")]
    history: Option<std::path::PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(name) = &arguments.bug {
        let Some(bug) = Bug::named(name) else {
            eprintln!("lists: there is no bug {name}");
            return ExitCode::from(2);
        };
        bug::switch_on(bug);
    }
    let is_asked_for = |kind: &Kind| kind.name() == arguments.kind;
    let kind = Kind::ALL.into_iter().find(is_asked_for).unwrap_or(Kind::Closures);
    for seed in arguments.from..arguments.from + arguments.seeds {
        let entries = match engine::simulated(kind, seed, arguments.transactions) {
            Ok(entries) => entries,
            Err(message) => {
                println!("FAILED seed {seed}: {message}");
                return ExitCode::FAILURE;
            }
        };
        let found = check::violations(&entries, kind.level());
        if found.is_empty() {
            continue;
        }
        for anomaly in found {
            println!("FAILED seed {seed}: {}: {}", anomaly.kind, anomaly.detail);
        }
        if let Some(path) = &arguments.history
            && let Err(error) = std::fs::write(path, json_lines(&entries))
        {
            eprintln!("lists: cannot write {}: {error}", path.display());
            return ExitCode::from(2);
        }
        return ExitCode::FAILURE;
    }
    println!("{} seeds without an anomaly", arguments.seeds);
    ExitCode::SUCCESS
}
