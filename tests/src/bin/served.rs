//! `served`: a server under load that is killed again and again: `cargo xtask kill-server`.
#![expect(clippy::print_stdout, reason = "what it prints is its result")]

use std::path::PathBuf;
use std::process::ExitCode;

use bourse_tests::served::{campaign, process};
use clap::{Parser, Subcommand};

/// Kills a server under load again and again: nothing that its clients were told may be lost.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    role: Role,
}

#[derive(Subcommand)]
enum Role {
    /// Starts, kills and asks.
    Campaign {
        /// How often it is killed.
        #[arg(long, default_value_t = 50)]
        rounds: u64,
        /// Clients at once.
        #[arg(long, default_value_t = 64)]
        clients: u32,
        /// Where the store lies: a folder that is new or empty.
        #[arg(long)]
        dir: PathBuf,
        /// Chooses the times of the kills, and what clients do.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Write the figures as JSON to this file.
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    },
    /// The server.
    Serve {
        /// Where the store lies.
        dir: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().role) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("served: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(role: Role) -> Result<(), String> {
    match role {
        Role::Serve { dir } => process::run(&dir).map_err(|error| error.to_string()),
        Role::Campaign { rounds, clients, dir, seed, json } => {
            let failed = |error: std::io::Error| format!("the campaign's folder: {error}");
            std::fs::create_dir_all(&dir).map_err(failed)?;
            let program = std::env::current_exe().map_err(failed)?;
            let settings = campaign::Settings { program, folder: dir, rounds, clients, seed };
            let outcome = campaign::run(&settings)?;
            let figures = outcome.json(&settings);
            print!("{figures}");
            match json {
                Some(path) => std::fs::write(path, figures).map_err(failed),
                None => Ok(()),
            }
        }
    }
}
