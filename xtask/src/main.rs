//! Development tasks, run as `cargo xtask <task>`.
//!
//! `tidy` checks the house rules that no compiler knows; `ci` runs what decides whether a change
//! may be merged. Both print to people, so this package writes to standard output.
#![expect(clippy::print_stdout, reason = "what a task prints is its result")]

mod bench;
mod campaign;
mod ci;
mod clients;
mod differential;
mod fuzz;
mod instructions;
mod kill_group;
mod kill_server;
mod licences;
mod models;
mod python;
mod sanitize;
mod soak;
mod syscalls;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Development tasks of Bourse.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Check the house rules that no compiler knows.
    Tidy,
    /// Measure beside the peers.
    Bench {
        /// What: `engine`, `views`, `sql`, `server` or `cow`; `--help` after `--` tells more.
        name: String,
        /// Passed on to it.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run PostgreSQL's programs and drivers against a server.
    Clients {
        /// Which; all unless named.
        names: Vec<String>,
    },
    /// Check that every dependency has a licence and a source that deny.toml accepts.
    Licences,
    /// Trace the system calls of a loaded process: is each acknowledgement after its sync?
    Syscalls,
    /// Run the engine in simulated worlds that crash; `--help` after `--` tells how.
    Simulate {
        /// What the simulator is given: --seeds N, --seed S, --bug NAME, --json FILE.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run simulated seeds after the last recorded one, and record them in docs/campaigns.
    Campaign(campaign::Settings),
    /// Draw statements of SQL, compare their answers with SQLite's, and record them in
    /// docs/campaigns.
    Differential(differential::Settings),
    /// Compare the golden scripts of SQL with what Bourse answers; `--help` after `--` tells more.
    Scripts {
        /// What the program is given: --record, --psql COMMAND, --accept.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Count the instructions of hot operations under callgrind, and compare with those committed.
    Instructions {
        /// Commit to the counts of today instead.
        #[arg(long)]
        update: bool,
    },
    /// Explore the lock-free code with loom: every order of its atomic operations.
    Models {
        /// How often a thread may be interrupted in one execution: 3 takes minutes.
        #[arg(long, default_value_t = 2)]
        preemptions: u32,
    },
    /// Run unit tests of unsafe code under AddressSanitizer, and Miri where it is installed.
    Sanitize,
    /// Run the fuzz targets, and note each run in docs/campaigns/fuzz.md.
    Fuzz {
        /// How long each target runs.
        #[arg(long, default_value_t = 15)]
        minutes: u32,
        /// The targets to run; all unless named.
        targets: Vec<String>,
    },
    /// Kill a process at full load again and again, and check what it left.
    Soak(soak::Settings),
    /// Kill a server under the load of its clients again and again, and ask it what is there.
    KillServer(kill_server::Settings),
    /// Kill, pause and separate members of a group under load, and compare what is there
    KillGroup(kill_group::Settings),
    /// Build the package for Python and run what tests it; needs Python 3.11 or later.
    Python {
        /// Passed on: `--quick` leaves out the public programs, which pip downloads.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Stores of earlier format versions, kept for the tests.
    Compat {
        #[command(subcommand)]
        action: CompatAction,
    },
    /// Run everything that decides whether a change may be merged.
    Ci {
        /// Only what ends within three minutes when little has changed.
        #[arg(long)]
        quick: bool,
        /// Leave a step out, by its name in the report; may be repeated.
        #[arg(long, value_name = "STEP")]
        skip: Vec<String>,
    },
}

#[derive(Subcommand)]
enum CompatAction {
    /// Make the store of the present format version, tests/compat/format-N.tar.gz. Once in the
    /// repository it is never made again.
    Make,
}

fn main() -> ExitCode {
    let root = workspace::root();
    let result = match Arguments::parse().task {
        Task::Tidy => tidy::run(&root),
        Task::Bench { name, arguments } => bench::run(&root, &name, &arguments),
        Task::Clients { names } => clients::run(&root, &names),
        Task::Licences => licences::run(&root),
        Task::Syscalls => syscalls::run(&root),
        Task::Simulate { arguments } => program(&root, "simulate", &arguments),
        Task::Campaign(settings) => campaign::run(&root, &settings),
        Task::Differential(settings) => differential::run(&root, &settings),
        Task::Scripts { arguments } if arguments.is_empty() => {
            program(&root, "scripts", &["--bourse".to_owned()])
        }
        Task::Scripts { arguments } => program(&root, "scripts", &arguments),
        Task::Instructions { update: true } => {
            instructions::run(&root, instructions::Purpose::Update)
        }
        Task::Instructions { update: false } => {
            instructions::run(&root, instructions::Purpose::Check)
        }
        Task::Python { arguments } => python::run(&root, &arguments),
        Task::Models { preemptions } => models::run(&root, preemptions),
        Task::Sanitize => sanitize::run(&root),
        Task::Fuzz { minutes, targets } => fuzz::run(&root, minutes, &targets),
        Task::Soak(settings) => soak::run(&root, &settings),
        Task::KillServer(settings) => kill_server::run(&root, &settings),
        Task::KillGroup(settings) => kill_group::run(&root, &settings),
        Task::Compat { action: CompatAction::Make } => program(&root, "compat", &[] as &[&str]),
        Task::Ci { quick: true, skip } => ci::run(&root, ci::Scope::Quick, &skip),
        Task::Ci { quick: false, skip } => ci::run(&root, ci::Scope::Full, &skip),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a program of the package bourse-tests: the simulator, for one.
pub(crate) fn program(
    root: &std::path::Path,
    name: &str,
    arguments: &[impl AsRef<std::ffi::OsStr>],
) -> Result<(), String> {
    let mut command = std::process::Command::new(workspace::tested_program(root, name)?);
    match command.args(arguments).current_dir(root).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("{name}: failed")),
        Err(error) => Err(format!("cannot run {name}: {error}")),
    }
}
