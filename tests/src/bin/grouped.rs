//! `grouped`: a group of servers on networks that fail: `cargo xtask kill-group`.
#![expect(clippy::print_stdout, reason = "what it prints is its result")]

use std::path::PathBuf;
use std::process::ExitCode;

use bourse_tests::grouped::campaign;
use bourse_tests::grouped::fault::Fault;
use bourse_tests::grouped::system::System;
use clap::Parser;

/// Kills, pauses and separates members of a group under load: nothing that clients were told may be
/// lost. Needs Linux, iproute2 and the rights of root.
#[derive(Parser)]
struct Arguments {
    /// The program `bourse`; without it the group is of PostgreSQL 15, by Patroni and etcd.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Faults.
    #[arg(long, default_value_t = 20)]
    rounds: u64,
    /// Clients that insert rows.
    #[arg(long, default_value_t = 4)]
    writers: i32,
    /// Where the stores lie: a folder that is new or empty.
    #[arg(long)]
    dir: PathBuf,
    /// Chooses the faults, and what clients do.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only this fault, say "kill leader".
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// The level of reads; `local` shows that stale ones are found.
    #[arg(long, default_value = "linearizable")]
    level: String,
    /// Write the figures as JSON to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("grouped: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), String> {
    let only = arguments.only.as_deref().map(Fault::of_name).transpose()?;
    let settings = campaign::Settings {
        system: arguments.program.map_or(System::Patroni, System::Bourse),
        folder: arguments.dir,
        rounds: arguments.rounds,
        writers: arguments.writers,
        seed: arguments.seed,
        only,
        level: arguments.level,
    };
    let outcome = campaign::run(&settings, &mut |line| eprintln!("{line}"))?;
    let figures = outcome.json(&settings);
    print!("{figures}");
    match arguments.json {
        Some(path) => {
            std::fs::write(&path, figures).map_err(|error| format!("{}: {error}", path.display()))
        }
        None => Ok(()),
    }
}
