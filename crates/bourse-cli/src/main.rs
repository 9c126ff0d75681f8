//! The bourse command.
//!
//! Exit codes: 0 good, 1 failed, 2 wrong usage, 3 answers differ or damage was found.

mod demo;
mod import;
mod legacy;
mod output;
mod sqlite;
#[cfg(test)]
mod tests;

use std::error::Error as _;
use std::process::ExitCode;

use bourse_storage::{Error, ErrorKind};
use clap::Parser;

use output::Outcome;

/// Bourse, an embedded trading store.
#[derive(Parser)]
#[command(name = "bourse", version)]
struct Command {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Make the legacy platform's database and measure its queries and trade execution.
    Demo(demo::Arguments),
    /// Take over another database.
    Import {
        #[command(subcommand)]
        from: ImportFrom,
    },
}

#[derive(clap::Subcommand)]
enum ImportFrom {
    /// A SQLite file.
    Sqlite(import::Arguments),
}

fn main() -> ExitCode {
    let result = match Command::parse().action {
        Action::Demo(arguments) => demo::run(&arguments),
        Action::Import { from: ImportFrom::Sqlite(arguments) } => import::run(&arguments),
    };
    match result {
        Ok(Outcome::Good) => ExitCode::SUCCESS,
        Ok(Outcome::Different) => ExitCode::from(3),
        Err(error) => fail(&error),
    }
}

/// Says what went wrong, with its causes.
fn fail(error: &Error) -> ExitCode {
    eprintln!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because: {error}");
        cause = error.source();
    }
    ExitCode::from(if error.kind() == ErrorKind::Corrupt { 3 } else { 1 })
}
