//! What the programs have in common that run one kind of simulated worlds, seed after seed.
#![expect(clippy::print_stdout, reason = "what it prints is its result")]

use std::fmt::Debug;
use std::process::ExitCode;

use bourse_storage::bug::{self, Bug};
use clap::{CommandFactory as _, FromArgMatches as _, Parser};

use crate::Violation;

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

/// Runs the seeds that the command line asks for by `run`, and sums up what happened by `add`.
/// Stops at the first seed that breaks a promise, and names both.
pub fn main<C: Default + Debug>(
    (program, about): (&'static str, &'static str),
    run: impl Fn(u64) -> (C, Option<Violation>),
    add: impl Fn(&mut C, &C),
) -> ExitCode {
    let command = Arguments::command().name(program).about(about);
    let arguments = Arguments::from_arg_matches(&command.get_matches());
    let arguments = arguments.unwrap_or_else(|error| error.exit());
    if let Some(name) = &arguments.bug {
        let Some(bug) = Bug::named(name) else {
            eprintln!("{program}: there is no bug {name}");
            return ExitCode::from(2);
        };
        bug::switch_on(bug);
    }
    let mut all = C::default();
    for seed in arguments.from..arguments.from + arguments.seeds {
        let (counts, violation) = run(seed);
        if let Some(violation) = violation {
            println!("FAILED seed {seed}: {violation}");
            return ExitCode::FAILURE;
        }
        add(&mut all, &counts);
    }
    println!("{} seeds keep all promises: {all:?}", arguments.seeds);
    ExitCode::SUCCESS
}
