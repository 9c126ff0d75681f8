//! The bourse command.
//!
//! Exit codes: 0 good, 1 failed, 2 wrong usage, 3 answers differ or damage was found.

mod backup;
mod check;
mod cluster;
mod config;
mod demo;
mod import;
mod legacy;
mod output;
mod restore;
mod serve;
mod sql;
mod sqlite;
mod store;
mod target;
#[cfg(test)]
mod tests;
mod user;

use std::error::Error as _;
use std::process::ExitCode;

use bourse_storage::{Error, ErrorKind};
use clap::Parser;

use output::Outcome;

/// Bourse, an embedded trading store.
///
/// Begin with `bourse demo`: it makes a trading platform's SQLite database, imports it, and
/// measures the platform's queries on both. Then `bourse import sqlite FILE --data DIR` takes over
/// a database of your own, and `bourse check --data DIR` reads all of a store. `bourse backup`
/// copies a store, and `bourse restore` makes one of the copies.
///
/// Reports are tables on standard error, and JSON on standard output when that is a pipe or a file.
/// Exit codes: 0 good, 1 failed, 2 wrong usage, 3 answers differ or damage was found.
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
    /// Read all of a store and name what is wrong with it.
    Check(check::Arguments),
    /// Copy a store, all of it or what is new, or verify such copies.
    ///
    /// A full backup is a folder with all pages of the store's newest state. An incremental one
    /// (--incremental-from) has the pages that are new since an earlier backup; a restore then
    /// needs both, and all that the earlier one builds upon:
    ///
    ///   bourse backup --data store --to monday
    ///   bourse backup --data store --to tuesday --incremental-from monday
    ///   bourse backup verify --from monday --from tuesday
    ///   bourse backup verify --archive archive
    ///   bourse restore --from monday --from tuesday --data copy
    ///
    /// No other process may have the store open. A service takes its own backups while it runs, by
    /// `Database::backup`: it goes on reading and writing meanwhile.
    #[command(verbatim_doc_comment)]
    Backup(backup::Arguments),
    /// Make a store of a backup, or of an archive as of any moment.
    ///
    /// The store has the state of the newest backup named, at exactly its LSN. It is another store
    /// than the one that was backed up: it has an id of its own, so the two never mix, and its
    /// first backup is a full one. Everything is checked while it is copied; `bourse check` then
    /// reads every row.
    ///
    /// An archive, which `bourse serve --archive-to URL` writes, has backups and every commit after
    /// them: the store is made of the newest backup from before the moment and of what follows it.
    /// It takes writes, in a new term; archive it elsewhere.
    ///
    ///   bourse restore --archive archive --data copy
    ///   bourse restore --archive archive --to-lsn 0/0000002A --data copy
    ///   bourse restore --archive archive --to-time 2026-11-26T14:30:00Z --data copy
    #[command(verbatim_doc_comment)]
    Restore(restore::Arguments),
    /// Run SQL statements on a store.
    ///
    ///   bourse sql --data store -c "SELECT count(*) FROM trades"
    ///   bourse sql --data store -f report.sql --format csv
    ///
    /// Each statement is a transaction of its own, unless BEGIN and COMMIT say otherwise.
    #[command(verbatim_doc_comment)]
    Sql(sql::Arguments),
    /// Serve a store to PostgreSQL's clients.
    ///
    ///   bourse serve --data store --http 127.0.0.1:8080
    ///   psql -h 127.0.0.1 -U bourse bourse
    ///
    /// Without users it trusts user `bourse`, on this machine only. Options are read from a file
    /// (--config), from variables (BOURSE_LISTEN, ...) and from flags, each over the ones before.
    #[command(verbatim_doc_comment)]
    Serve(serve::Arguments),
    /// Say who may log in to the server.
    User {
        #[command(subcommand)]
        action: user::Action,
    },
    /// Look at a group of servers that agree on each commit, and change it while it runs.
    ///
    ///   bourse cluster status --url postgresql://bourse@127.0.0.1:5001/bourse
    ///   bourse cluster switchover --url postgresql://bourse@127.0.0.1:5001/bourse
    ///
    /// The same can be done by any client of PostgreSQL: SELECT * FROM bourse_cluster_status().
    #[command(verbatim_doc_comment)]
    Cluster {
        #[command(subcommand)]
        action: cluster::Action,
    },
    /// Options of the server.
    Config {
        #[command(subcommand)]
        action: config::Action,
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
        Action::Check(arguments) => check::run(&arguments),
        Action::Backup(arguments) => backup::run(&arguments),
        Action::Restore(arguments) => restore::run(&arguments),
        Action::Sql(arguments) => sql::run(&arguments),
        Action::Serve(arguments) => serve::run(&arguments),
        Action::User { action } => user::run(&action),
        Action::Cluster { action } => cluster::run(&action),
        Action::Config { action } => config::run(&action),
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
