//! `bourse sql`: statements on a store, from the command line, from files, or one by one at a
//! prompt.
//!
//! - [`shell`] runs statements and what begins with a backslash or a dot ([`command`]), [`print`]
//!   writes rows;
//! - [`editor`] is the line at a terminal: history, completion, colors;
//! - [`describe`] tells what there is, [`dump`] writes all of it as statements.

use std::io::{IsTerminal, Read};
use std::path::PathBuf;

use bourse_sql::Dialect;
use bourse_storage::{Error, Result};

use crate::output::Outcome;
use crate::store;

mod command;
mod describe;
mod dump;
mod editor;
mod pager;
mod print;
mod shell;
#[cfg(test)]
mod tests;

use print::{Format, Style};
use shell::{Ended, Shell};

/// What the user asks of it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The store's folder. No other process may have it open.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Make the store if it is not there.
    #[arg(long)]
    create: bool,
    /// Statements to run, or one command; may be given more than once.
    #[arg(short, long, value_name = "STATEMENTS")]
    command: Vec<String>,
    /// A file of statements and commands; `-` is standard input.
    #[arg(short, long, value_name = "FILE")]
    file: Vec<PathBuf>,
    /// Whose SQL it is.
    #[arg(long, value_enum, default_value = "postgres")]
    dialect: SqlDialect,
    /// How rows are written.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

/// Whose SQL.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum SqlDialect {
    /// PostgreSQL's.
    Postgres,
    /// SQLite's.
    Sqlite,
}

impl SqlDialect {
    fn dialect(self) -> Dialect {
        match self {
            SqlDialect::Postgres => Dialect::Postgres,
            SqlDialect::Sqlite => Dialect::Sqlite,
        }
    }
}

/// Runs the statements, or asks for them.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let texts = texts(arguments)?;
    let database = store::open_or_create(&arguments.data, arguments.create)?;
    let asks = texts.is_empty();
    let style = Style::new(arguments.format);
    let mut shell = Shell::new(&database, arguments.dialect.dialect(), style, asks);
    shell.watch_interrupts()?;
    if asks {
        editor::talk(&mut shell)?;
    }
    for text in texts {
        match shell.script(&text)? {
            Ended::AllRead => {}
            Ended::Quit => break,
        }
    }
    drop(shell);
    database.close()?;
    Ok(Outcome::Good)
}

/// What is to be run; nothing if a person is to be asked.
fn texts(arguments: &Arguments) -> Result<Vec<String>> {
    let mut texts = arguments.command.clone();
    for file in &arguments.file {
        if file.as_os_str() == "-" {
            texts.push(standard_input()?);
            continue;
        }
        let text = std::fs::read_to_string(file)
            .map_err(|error| Error::io(format!("cannot read {}", file.display()), error))?;
        texts.push(text);
    }
    if texts.is_empty() && !std::io::stdin().is_terminal() {
        texts.push(standard_input()?);
    }
    Ok(texts)
}

fn standard_input() -> Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| Error::io("cannot read standard input", error))?;
    Ok(text)
}
