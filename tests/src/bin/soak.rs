//! `soak`: a process at full load that is killed again and again; `cargo xtask soak` calls it.
#![expect(clippy::print_stdout, reason = "what it prints is its result")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use bourse::{Error, Result};
use bourse_tests::soak::child;
use bourse_tests::soak::supervisor::{self, Settings};
use clap::{Parser, Subcommand};

/// Kills a process at full load again and again: it must lose nothing and not grow.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    role: Role,
}

#[derive(Subcommand)]
enum Role {
    /// Starts, kills and checks.
    Supervise {
        /// How long.
        #[arg(long, default_value_t = 30 * 60)]
        seconds: u64,
        /// The shortest time between two kills, in seconds; the longest is three times that.
        #[arg(long, default_value_t = 60)]
        kill_seconds: u64,
        /// Where the store lies: a folder that is new or empty.
        #[arg(long)]
        dir: PathBuf,
        /// Chooses the times of the kills.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Write the figures as JSON to this file.
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
        /// Acknowledge each such row without writing it: the soak must fail.
        #[arg(long)]
        withhold: Option<i64>,
    },
    /// The process under load.
    Child {
        /// Where the store lies.
        dir: PathBuf,
        /// Acknowledge each such row without writing it.
        #[arg(long)]
        withhold: Option<i64>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().role) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("soak: {error:?}");
            ExitCode::FAILURE
        }
    }
}

fn run(role: Role) -> Result<bool> {
    match role {
        Role::Child { dir, withhold } => child::run(&dir, withhold).map(|()| true),
        Role::Supervise { seconds, kill_seconds, dir, seed, json, withhold } => {
            let io = |error| Error::io("cannot use the soak's folder and files", error);
            std::fs::create_dir_all(&dir).map_err(io)?;
            let outcome = supervisor::run(&Settings {
                program: std::env::current_exe().map_err(io)?,
                folder: dir,
                length: Duration::from_secs(seconds),
                between_kills: (
                    Duration::from_secs(kill_seconds),
                    Duration::from_secs(3 * kill_seconds),
                ),
                seed,
                withhold,
            })?;
            print!("{}", outcome.text());
            if let Some(path) = json {
                std::fs::write(path, outcome.json()).map_err(io)?;
            }
            Ok(outcome.failures.is_empty())
        }
    }
}
