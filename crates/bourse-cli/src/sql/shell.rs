//! Runs lines: statements as soon as their semicolons are there, and commands.
//!
//! Where a person asks, an error is told and the next line is read; in a script it ends the run.
//! Ctrl-C ends the statement that runs.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::sync::Arc;
use std::time::Duration;

use bourse::Database;
use bourse_sql::Dialect;
use bourse_sql::connection::{Canceler, Connection, Rows};
use bourse_sql::copy;
use bourse_sql::error::SqlError;
use bourse_sql::parse::scan::{Scanner, Within};
use bourse_storage::sync::{self, Mutex};
use bourse_storage::{Error, Result};
use indicatif::{ProgressBar, ProgressStyle};

use super::command;
use super::pager;
use super::print::{self, Style};

/// A statement that takes longer is seen to be at work.
const PATIENCE: Duration = Duration::from_secs(1);

/// How a text ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ended {
    /// With its last line.
    AllRead,
    /// With a command to end.
    Quit,
}

/// What runs lines.
pub(crate) struct Shell {
    connection: Connection,
    /// Whose statement Ctrl-C ends.
    canceler: Arc<Mutex<Option<Canceler>>>,
    scanner: Scanner,
    /// The statement so far.
    buffer: String,
    /// A COPY FROM STDIN, and its lines so far.
    copying: Option<(String, String)>,
    /// The statement before.
    previous: String,
    pub(crate) style: Style,
    pub(crate) timing: bool,
    /// Whether a person asks, who sees errors and goes on.
    is_interactive: bool,
    output: Output,
}

/// Where rows go.
enum Output {
    Standard,
    Other(Box<dyn std::io::Write>),
    #[cfg(test)]
    Kept(String),
}

impl Shell {
    /// A shell over a store.
    pub(crate) fn new(
        database: &Database,
        dialect: Dialect,
        style: Style,
        is_interactive: bool,
    ) -> Shell {
        let connection = Connection::of(database).with_dialect(dialect);
        let canceler = Arc::new(Mutex::new(Some(connection.canceler())));
        Shell {
            connection,
            canceler,
            scanner: Scanner::new(dialect),
            buffer: String::new(),
            copying: None,
            previous: String::new(),
            style,
            timing: false,
            is_interactive,
            output: Output::Standard,
        }
    }

    /// From now on Ctrl-C ends statements, not the process.
    pub(crate) fn watch_interrupts(&self) -> Result<()> {
        let canceler = Arc::clone(&self.canceler);
        let ends = !self.is_interactive;
        ctrlc::set_handler(move || {
            if let Some(canceler) = &*canceler.lock() {
                canceler.cancel();
            }
            if ends {
                // Whoever runs a script wants it to end as a whole: 130 is what shells expect.
                std::process::exit(130);
            }
        })
        .map_err(|error| Error::io("cannot watch for interrupts", std::io::Error::other(error)))
    }

    /// The connection.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Another dialect from now on.
    pub(crate) fn set_dialect(&mut self, dialect: Dialect) {
        self.connection = Connection::of(self.connection.database()).with_dialect(dialect);
        *self.canceler.lock() = Some(self.connection.canceler());
        self.forget();
    }

    /// What is asked for: the next statement, or more of one, and of what.
    pub(crate) fn prompt(&self) -> String {
        let open = self.connection.in_transaction();
        if self.copying.is_some() {
            return ">> ".to_owned();
        }
        let what = match self.scanner.within() {
            Within::Quote { end: '\'', .. } => "'",
            Within::Quote { .. } => "\"",
            Within::Dollar(_) => "$",
            Within::Block(_) => "*",
            _ if self.scanner.parentheses() > 0 => "(",
            _ if self.scanner.has_text() => "-",
            _ => "=",
        };
        let dialect = match self.connection.dialect() {
            Dialect::Postgres => "bourse",
            Dialect::Sqlite => "sqlite",
        };
        format!("{dialect}{what}{}> ", if open { "*" } else { "" })
    }

    /// Where the statement is.
    pub(crate) fn scanner(&self) -> Scanner {
        self.scanner.clone()
    }

    /// Whether a statement has begun.
    pub(crate) fn is_within_statement(&self) -> bool {
        self.scanner.has_text() || self.copying.is_some()
    }

    /// Forgets the statement that has begun.
    pub(crate) fn forget(&mut self) {
        self.buffer.clear();
        self.copying = None;
        self.scanner = Scanner::new(self.connection.dialect());
    }

    /// Runs all lines of a text. A statement at its end needs no semicolon.
    pub(crate) fn script(&mut self, text: &str) -> Result<Ended> {
        for line in text.split_inclusive('\n') {
            if self.line(line)? == Ended::Quit {
                return Ok(Ended::Quit);
            }
        }
        if self.copying.is_some() {
            self.end_copy()?;
        }
        if self.scanner.has_text() {
            let rest = std::mem::take(&mut self.buffer);
            self.forget();
            self.statement(&rest)?;
        }
        self.forget();
        Ok(Ended::AllRead)
    }

    /// Takes a line, and runs what it completes.
    pub(crate) fn line(&mut self, line: &str) -> Result<Ended> {
        if let Some((_, data)) = &mut self.copying {
            if line.trim_end() == "\\." {
                self.end_copy()?;
            } else {
                data.push_str(line);
            }
            return Ok(Ended::AllRead);
        }
        if !self.scanner.has_text() && command::is_command(line) {
            self.forget();
            let ended = command::run(self, line.trim());
            return match ended {
                Ok(ended) => Ok(ended),
                Err(error) => self.told(error).map(|()| Ended::AllRead),
            };
        }
        let mut rest = line;
        while let Some(end) = self.scanner.feed(rest) {
            self.buffer.push_str(&rest[..end]);
            rest = &rest[end..];
            let statement = std::mem::take(&mut self.buffer);
            if copy::takes_data(&statement, self.connection.dialect()) {
                // What stands behind the semicolon in its line is no data.
                self.copying = Some((statement, String::new()));
                return Ok(Ended::AllRead);
            }
            self.statement(&statement)?;
        }
        self.buffer.push_str(rest);
        if !self.scanner.has_text() && !matches!(self.scanner.within(), Within::Block(_)) {
            self.buffer.clear();
        }
        Ok(Ended::AllRead)
    }

    /// Runs the COPY whose lines have ended.
    fn end_copy(&mut self) -> Result<()> {
        let Some((statement, data)) = self.copying.take() else { return Ok(()) };
        match self.connection.copy_in(&statement, data.as_bytes()) {
            Ok(rows) if self.style.shows_tags() => self.write(&format!("COPY {rows}\n")),
            Ok(_) => Ok(()),
            Err(error) => self.told(told(&error)),
        }
    }

    /// The statement that was run last.
    pub(crate) fn previous(&self) -> &str {
        &self.previous
    }

    /// Runs a statement and shows its rows.
    pub(crate) fn statement(&mut self, text: &str) -> Result<()> {
        self.previous = text.trim().to_owned();
        let spinner = Spinner::new(self.is_interactive);
        let begin = sync::monotonic();
        let mut results = Vec::new();
        let result = self.connection.query_batch(text, |rows| {
            results.push(rows);
            Ok(())
        });
        let taken = sync::monotonic() - begin;
        spinner.clear();
        for notice in self.connection.take_notices() {
            eprintln!("{}:  {}", notice.severity, notice.message);
            if let Some(hint) = notice.hint {
                eprintln!("HINT:  {hint}");
            }
        }
        for rows in results {
            self.show(rows)?;
        }
        if let Err(error) = result {
            let error = told(&error);
            return self.told(error);
        }
        if self.timing {
            let mut footer = format!("Time: {:.3} ms", taken.as_secs_f64() * 1000.0);
            if let Some(plan) = self.plan_head(text) {
                let _ = write!(footer, "  ({plan})");
            }
            footer.push('\n');
            self.write(&footer)?;
        }
        Ok(())
    }

    /// Shows rows.
    pub(crate) fn show(&mut self, rows: Rows) -> Result<()> {
        let text = print::rows(rows, &self.style).map_err(|error| told(&error))?;
        self.write(&text)
    }

    /// Writes to where rows go.
    pub(crate) fn write(&mut self, text: &str) -> Result<()> {
        let result = match &mut self.output {
            Output::Standard if self.is_interactive => pager::show(text),
            Output::Standard => std::io::stdout().lock().write_all(text.as_bytes()),
            Output::Other(file) => file.write_all(text.as_bytes()),
            #[cfg(test)]
            Output::Kept(kept) => {
                kept.push_str(text);
                Ok(())
            }
        };
        result.map_err(|error| Error::io("cannot write rows", error))
    }

    /// Rows go to a file from now on, or to standard output.
    pub(crate) fn redirect(&mut self, file: Option<Box<dyn std::io::Write>>) {
        self.output = file.map_or(Output::Standard, Output::Other);
    }

    /// Keeps what is written.
    #[cfg(test)]
    pub(super) fn keep(&mut self) {
        self.output = Output::Kept(String::new());
    }

    /// What was written and kept.
    #[cfg(test)]
    pub(super) fn kept(&mut self) -> String {
        match &mut self.output {
            Output::Kept(kept) => std::mem::take(kept),
            _ => String::new(),
        }
    }

    /// Tells an error where a person asks; elsewhere it ends the run.
    fn told(&mut self, error: Error) -> Result<()> {
        if !self.is_interactive {
            return Err(error);
        }
        eprintln!("ERROR:  {error}");
        Ok(())
    }

    /// The first node of a query's plan, with what it reads.
    ///
    /// It is asked for on a connection of its own: what cannot be explained is an error, and would
    /// end the transaction that is open.
    fn plan_head(&self, text: &str) -> Option<String> {
        let dialect = self.connection.dialect();
        let beside = Connection::of(self.connection.database()).with_dialect(dialect);
        let mut rows = beside.query(&format!("EXPLAIN {text}"), ()).ok()?;
        let row = rows.next()?;
        let line = row.text(0).ok()??;
        Some(line.split("  (").next().unwrap_or_default().to_owned())
    }
}

/// An error as PostgreSQL's clients write it.
pub(crate) fn told(error: &SqlError) -> Error {
    let mut text = format!("{}: {}", error.sqlstate(), error.message());
    if let Some(detail) = error.detail() {
        let _ = write!(text, "; {detail}");
    }
    if let Some(hint) = error.hint() {
        let _ = write!(text, "; hint: {hint}");
    }
    Error::invalid(text).with_sqlstate(error.sqlstate())
}

/// What shows a person that a statement is at work.
struct Spinner(Option<ProgressBar>);

impl Spinner {
    fn new(is_interactive: bool) -> Spinner {
        if !is_interactive || !std::io::stderr().is_terminal() {
            return Spinner(None);
        }
        let bar = ProgressBar::new_spinner();
        let template = "{spinner} running for {elapsed_precise}; Ctrl-C cancels";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        // Its first sign comes after one tick, so that short statements show none.
        bar.enable_steady_tick(PATIENCE);
        Spinner(Some(bar))
    }

    fn clear(self) {
        if let Some(bar) = self.0 {
            bar.finish_and_clear();
        }
    }
}
