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
    /// Print the figures as JSON.
    #[arg(long)]
    json: bool,
}

/// What is counted, by name.
pub type Figures = Vec<(&'static str, u64)>;

/// Runs the seeds that the command line asks for by `run`, and sums up what happened by `add`.
/// Stops at the first seed that breaks a promise, and names both.
pub fn main<C: Default + Debug>(
    (program, about): (&'static str, &'static str),
    run: impl Fn(u64) -> (C, Option<Violation>),
    add: impl Fn(&mut C, &C),
) -> ExitCode {
    main_with((program, about), run, add, |_| Figures::new())
}

/// As [`main`], with figures for a campaign's record.
pub fn main_with<C: Default + Debug>(
    (program, about): (&'static str, &'static str),
    run: impl Fn(u64) -> (C, Option<Violation>),
    add: impl Fn(&mut C, &C),
    figures: impl Fn(&C) -> Figures,
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
            match arguments.json {
                true => {
                    let failure = (seed, &violation);
                    println!("{}", json(seed - arguments.from, &figures(&all), Some(failure)));
                }
                false => println!("FAILED seed {seed}: {violation}"),
            }
            return ExitCode::FAILURE;
        }
        add(&mut all, &counts);
    }
    if arguments.json {
        println!("{}", json(arguments.seeds, &figures(&all), None));
        return ExitCode::SUCCESS;
    }
    println!("{} seeds keep all promises: {all:?}", arguments.seeds);
    ExitCode::SUCCESS
}

/// What seeds came to, as a campaign records it.
fn json(seeds: u64, figures: &Figures, failure: Option<(u64, &Violation)>) -> serde_json::Value {
    let failures: Vec<_> = failure
        .iter()
        .map(|(seed, violation)| {
            serde_json::json!({
                "seed": seed, "invariant": violation.invariant, "detail": violation.detail,
            })
        })
        .collect();
    let mut all = serde_json::json!({ "seeds": seeds, "failures": failures });
    for (name, count) in figures {
        all[*name] = (*count).into();
    }
    all
}
