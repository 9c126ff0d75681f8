//! `bourse import sqlite`: reads a SQLite file, decides what each column becomes, finds what does
//! not fit, fills a store, and compares checksums of both sides.
//!
//! ```text
//! schema::discover -> rows::survey -> plan -> definition -> load -> constraints added -> report
//! ```
//!
//! # Invariants
//!
//! - **I1** The source is opened read-only, with `query_only` on, and read in one transaction.
//! - **I2** Nothing is written before every table was surveyed: a bad value under `fail` ends the
//!   import with the target as it was.
//! - **I3** What is not taken is listed by name; nothing is left out in silence.
//! - **I4** Constraints are added when all rows are there: what rows of the source break is not
//!   taken, and no row is left out for it.

mod checksum;
mod constraints;
mod definition;
mod expression;
mod load;
mod plan;
mod report;
mod rows;
mod schema;
#[cfg(test)]
mod tests;
mod types;

use std::path::{Path, PathBuf};

use bourse::{Database, Options};
use bourse_storage::{Error, Result};
use indicatif::ProgressBar;
use rusqlite::Connection;

use crate::output::{Destination, Outcome, progress_bar};
use crate::sqlite;
use crate::target::{self, Target};
use checksum::Checksum;
use load::MoreIndexes;
use plan::{Plan, check_bad_values, plan_table};
use report::Report;
use schema::Schema;
use types::{OnBadValue, Typed};

/// What the user asks of the import.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The SQLite database; it is opened read-only and never changed.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder of the store that is made; it must be new or empty, unless --replace is given.
    /// Until the import is complete it stays as it is.
    #[arg(long, value_name = "DIR", required_unless_present = "dry_run")]
    data: Option<PathBuf>,
    /// Replace the store in DIR.
    #[arg(long, requires = "data")]
    replace: bool,
    /// Only read: report what each table becomes, bad values, counts and checksums.
    #[arg(long, conflicts_with = "data")]
    dry_run: bool,
    /// The column that spreads a table's rows over shards; give it once for each table. Without
    /// it: user_id, else symbol, where every row names one, else the primary key.
    #[arg(long, value_name = "TABLE=COLUMN", value_parser = shard_by)]
    shard_by: Vec<(String, String)>,
    /// What to do with a value that its column's type does not allow.
    #[arg(long, value_enum, default_value = "fail")]
    on_bad_value: OnBadValue,
    /// Where the report in JSON goes; `-` is standard output, where it also goes when that is a
    /// pipe.
    #[arg(long, value_name = "FILE|-")]
    json: Option<PathBuf>,
}

fn shard_by(text: &str) -> std::result::Result<(String, String), String> {
    match text.split_once('=') {
        Some((table, column)) if !table.is_empty() && !column.is_empty() => {
            Ok((table.to_owned(), column.to_owned()))
        }
        _ => Err("TABLE=COLUMN is needed".to_owned()),
    }
}

/// Runs the import.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let destination = Destination::new(arguments.json.as_deref());
    let progress = progress_bar();
    let target = match &arguments.data {
        Some(folder) => Some(Target::claim(folder, arguments.replace, target::IMPORT)?),
        None => None,
    };
    let imported = import(arguments, target.as_ref(), &progress);
    progress.finish_and_clear();
    let report = match (imported, target) {
        (Ok(report), Some(target)) if report.same() => {
            target.finish()?;
            report
        }
        (imported, target) => {
            target.map_or(Ok(()), Target::abandon)?;
            imported?
        }
    };
    eprintln!("{}", report.table());
    destination.write(&report.json())?;
    Ok(if report.same() { Outcome::Good } else { Outcome::Different })
}

fn import(
    arguments: &Arguments,
    target: Option<&Target>,
    progress: &ProgressBar,
) -> Result<Report> {
    let source = Source::open(&arguments.file)?;
    let on_bad_value = arguments.on_bad_value;
    let plans = source.plan(&arguments.shard_by, on_bad_value, progress)?;
    match target {
        None => source.read_all(plans, on_bad_value, progress),
        Some(target) => {
            let folder = target.building();
            fill(&source, plans, &folder, on_bad_value, &|_| Vec::new(), progress)
        }
    }
}

/// Makes a store of a file for the demo: as [`run`] does, with more indexes than the file has.
pub(crate) fn import_into(
    file: &Path,
    folder: &Path,
    more_indexes: MoreIndexes<'_>,
    progress: &ProgressBar,
) -> Result<Report> {
    let source = Source::open(file)?;
    let plans = source.plan(&[], OnBadValue::Fail, progress)?;
    fill(&source, plans, folder, OnBadValue::Fail, more_indexes, progress)
}

/// Makes the store, fills it, and closes it with everything on disk.
fn fill(
    source: &Source,
    plans: Vec<Plan>,
    folder: &Path,
    on_bad_value: OnBadValue,
    more_indexes: MoreIndexes<'_>,
    progress: &ProgressBar,
) -> Result<Report> {
    let database = Database::open(folder, Options::default())?;
    let report = load::load_all(source, plans, &database, on_bad_value, more_indexes, progress)?;
    progress.set_message("writing a checkpoint");
    database.close()?;
    Ok(report)
}

/// An open SQLite file with its schema (I1).
struct Source {
    file: PathBuf,
    connection: Connection,
    schema: Schema,
}

impl Source {
    fn open(file: &Path) -> Result<Source> {
        let connection = sqlite::open_read_only(file)?;
        let schema = connection
            .execute_batch("PRAGMA cell_size_check = ON; BEGIN")
            .and_then(|()| schema::discover(&connection))
            .map_err(|error| sqlite::error("cannot read", file, error))?;
        Ok(Source { file: file.to_owned(), connection, schema })
    }

    /// Looks at every row and decides what each table becomes (I2).
    fn plan(
        &self,
        shard_by: &[(String, String)],
        on_bad_value: OnBadValue,
        progress: &ProgressBar,
    ) -> Result<Vec<Plan>> {
        for (table, column) in shard_by {
            let found = self.schema.table(table)?;
            if found.column(column).is_none() {
                return Err(Error::invalid(format!("table {table} has no column {column}")));
            }
        }
        progress.set_length(2 * self.schema.tables.len() as u64);
        let mut plans = Vec::new();
        for table in &self.schema.tables {
            progress.set_message(format!("looking at {}", table.name));
            let survey = rows::survey(&self.connection, table).map_err(|error| {
                sqlite::error(&format!("cannot read table {} of", table.name), &self.file, error)
            })?;
            plans.push(plan_table(table.clone(), survey, shard_by, on_bad_value));
            progress.inc(1);
        }
        check_bad_values(&plans, on_bad_value)?;
        Ok(plans)
    }

    /// Reads every table as it is to become, and sums up.
    fn read_all(
        &self,
        plans: Vec<Plan>,
        on_bad_value: OnBadValue,
        progress: &ProgressBar,
    ) -> Result<Report> {
        let mut report = Report::new(&self.file, self.schema.not_taken.clone());
        for plan in plans {
            progress.set_message(format!("reading {}", plan.table.name));
            let mut source = Checksum::default();
            self.read(&plan, on_bad_value, &mut |row| {
                source.add(row);
                Ok(())
            })?;
            assert_eq!(source.rows(), plan.survey.rows, "I1: one transaction, the same rows");
            definition::define(&plan, &mut report.not_taken)?;
            report.add(plan, source);
            progress.inc(1);
        }
        Ok(report)
    }

    fn read(
        &self,
        plan: &Plan,
        on_bad_value: OnBadValue,
        sink: &mut dyn FnMut(&[Typed<'_>]) -> Result<()>,
    ) -> Result<()> {
        let Plan { table, types, survey, .. } = plan;
        rows::read(&self.connection, table, types, survey, on_bad_value, sink).map_err(|error| {
            sqlite::error(&format!("cannot read table {} of", table.name), &self.file, error)
        })?
    }
}
