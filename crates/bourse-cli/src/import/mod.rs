//! `bourse import sqlite`: reads a SQLite file, decides what each column becomes, finds what does
//! not fit, and computes the checksum that the imported rows must have.
//!
//! # Invariants
//!
//! - **I1** The source is opened read-only, with `query_only` on, and read in one transaction.
//! - **I2** Nothing is written before every table was surveyed: a bad value under `fail` ends the
//!   import with the target as it was.
//! - **I3** What is not taken is listed by name; nothing is left out in silence.

mod checksum;
mod predicate;
mod report;
mod rows;
mod schema;
#[cfg(test)]
mod tests;
mod types;

use std::path::{Path, PathBuf};

use bourse_storage::{Error, Result};
use indicatif::ProgressBar;
use rusqlite::Connection;

use crate::output::{Destination, Outcome, progress_bar};
use crate::sqlite;
use checksum::Checksum;
use report::{Report, TableReport, bad_value_line};
use rows::{BadValue, Survey};
use schema::{Index, Key, KeyPart, Schema, Table};
use types::{ColumnType, OnBadValue, Typed};

/// What the user asks of the import.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The SQLite database; it is opened read-only and never changed.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only read: report what each table becomes, bad values, counts and checksums.
    #[arg(long, required = true)]
    dry_run: bool,
    /// The column that spreads a table's rows over shards.
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

/// What a table becomes: its definition after its content was looked at.
struct Plan {
    table: Table,
    types: Vec<ColumnType>,
    shard_key: Vec<String>,
    survey: Survey,
}

/// Runs the import.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    assert!(arguments.dry_run, "the command line requires it");
    let destination = Destination::new(arguments.json.as_deref());
    let progress = progress_bar();
    let source = Source::open(&arguments.file)?;
    let plans = source.plan(&arguments.shard_by, arguments.on_bad_value, &progress)?;
    let report = source.read_all(plans, arguments.on_bad_value, &progress)?;
    progress.finish_and_clear();
    eprintln!("{}", report.table());
    destination.write(&report.json())?;
    Ok(Outcome::Good)
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
        let bad: Vec<&BadValue> = plans.iter().flat_map(|plan| &plan.survey.bad_values).collect();
        check_bad_values(&plans, &bad, on_bad_value)?;
        Ok(plans)
    }

    /// Reads every table as it is to become, and sums up.
    fn read_all(
        &self,
        plans: Vec<Plan>,
        on_bad_value: OnBadValue,
        progress: &ProgressBar,
    ) -> Result<Report> {
        let mut report = Report {
            file: self.file.display().to_string(),
            tables: Vec::new(),
            not_taken: self.schema.not_taken.clone(),
            bad_values: Vec::new(),
        };
        for plan in plans {
            progress.set_message(format!("reading {}", plan.table.name));
            let mut source = Checksum::default();
            self.read(&plan, on_bad_value, &mut |row| {
                source.add(row);
                Ok(())
            })?;
            assert_eq!(source.rows(), plan.survey.rows, "I1: one transaction, the same rows");
            report.tables.push(TableReport {
                table: plan.table,
                types: plan.types,
                shard_key: plan.shard_key,
                bad_values: plan.survey.columns.iter().map(types::Census::bad).sum(),
                source,
            });
            report.bad_values.extend(plan.survey.bad_values);
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

fn plan_table(
    mut table: Table,
    survey: Survey,
    shard_by: &[(String, String)],
    on_bad_value: OnBadValue,
) -> Plan {
    let types = survey.columns.iter().map(|census| census.column_type(on_bad_value)).collect();
    free_key_of_nulls(&mut table, &survey, on_bad_value);
    let chosen = shard_by
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&table.name))
        .and_then(|(_, column)| table.column(column))
        .map(|column| vec![table.columns[column].name.clone()]);
    let shard_key = chosen.unwrap_or_else(|| default_shard_key(&table));
    Plan { table, types, shard_key, survey }
}

/// SQLite lets NULLs, and several of them, into a primary key that is not the row id. Such a key
/// becomes a unique index, and the hidden row id identifies the rows.
fn free_key_of_nulls(table: &mut Table, survey: &Survey, on_bad_value: OnBadValue) {
    let Key::Columns(parts) = &table.key else { return };
    let holds_null = |part: &KeyPart| {
        let census = &survey.columns[part.column];
        census.nulls() > 0 || (census.bad() > 0 && on_bad_value == OnBadValue::Null)
    };
    if parts.iter().any(holds_null) {
        let name = format!("{}_key", table.name);
        let columns = parts.clone();
        table.indexes.push(Index { name, columns, unique: true, predicate: None });
        table.key = Key::HiddenRowid;
    }
}

/// Rows of one user, else of one symbol, lie together where every row names one: that is what a
/// trading platform's transactions touch at once. Otherwise rows are spread by their key.
fn default_shard_key(table: &Table) -> Vec<String> {
    for name in ["user_id", "symbol"] {
        if let Some(column) = table.column(name) {
            let column_is_key = match &table.key {
                Key::Rowid(key) => *key == column,
                Key::Columns(parts) => parts.iter().any(|part| part.column == column),
                Key::HiddenRowid => false,
            };
            if table.columns[column].not_null || column_is_key {
                return vec![table.columns[column].name.clone()];
            }
        }
    }
    match &table.key {
        Key::Rowid(column) => vec![table.columns[*column].name.clone()],
        Key::Columns(parts) => {
            parts.iter().map(|part| table.columns[part.column].name.clone()).collect()
        }
        Key::HiddenRowid => Vec::new(),
    }
}

fn check_bad_values(plans: &[Plan], bad: &[&BadValue], on_bad_value: OnBadValue) -> Result<()> {
    let total: u64 =
        plans.iter().flat_map(|plan| &plan.survey.columns).map(types::Census::bad).sum();
    if total > 0 && on_bad_value == OnBadValue::Fail {
        let lines: Vec<String> = bad.iter().map(|bad| bad_value_line(bad)).collect();
        return Err(Error::invalid(format!(
            "{total} values do not fit their columns; repair them, or give --on-bad-value text or \
             null\n{}",
            lines.join("\n")
        )));
    }
    if on_bad_value != OnBadValue::Null {
        return Ok(());
    }
    for plan in plans {
        for (census, column) in plan.survey.columns.iter().zip(&plan.table.columns) {
            if census.bad() > 0 && column.not_null {
                return Err(Error::invalid(format!(
                    "table {}, column {} is NOT NULL: its {} bad values cannot become NULL",
                    plan.table.name,
                    column.name,
                    census.bad()
                )));
            }
        }
    }
    Ok(())
}
