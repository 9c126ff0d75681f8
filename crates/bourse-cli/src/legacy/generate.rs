//! Writes the legacy database: one thread makes rows, another inserts them.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use bourse_storage::{Error, Result};
use indicatif::ProgressBar;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ToSql};

use super::schema::{LARGE_TABLES, LargeTable};
use super::small_tables::{EXTRAS, small_tables};
use super::{Cell, Legacy, small_rows};
use crate::sqlite;

/// Rows that go from one thread to the other at once.
const BATCH_ROWS: u64 = 512;
/// Batches that may wait: enough that neither thread idles, at most some 20 MB of news.
const BATCHES_WAITING: usize = 8;

struct Batch {
    table: LargeTable,
    cells: Vec<Cell>,
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Cell::Null => ValueRef::Null,
            Cell::Integer(value) => ValueRef::Integer(*value),
            Cell::Real(value) => ValueRef::Real(*value),
            Cell::Text(value) => ValueRef::Text(value.as_bytes()),
            Cell::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

/// Writes the whole database to `path`, which must not exist yet. A file that could not be
/// finished is not left behind under that name: it is written beside it and renamed at the end.
pub(crate) fn generate(legacy: &Legacy, path: &Path, progress: &ProgressBar) -> Result<()> {
    let unfinished = path.with_extension("unfinished");
    sqlite::remove_database(&unfinished)?;
    progress.set_length(legacy.total_rows());
    let connection = Connection::open(&unfinished)
        .map_err(|error| sqlite::error("cannot create", &unfinished, error))?;
    fill(&connection, legacy, progress)
        .map_err(|error| sqlite::error("cannot write", &unfinished, error))?;
    connection.close().map_err(|(_, error)| sqlite::error("cannot close", &unfinished, error))?;
    std::fs::rename(&unfinished, path)
        .map_err(|error| Error::io(format!("cannot rename to {}", path.display()), error))
}

fn fill(connection: &Connection, legacy: &Legacy, progress: &ProgressBar) -> rusqlite::Result<()> {
    // Nothing of the file is of use until all of it is written, so there is no journal.
    connection.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA cache_size = -131072; PRAGMA foreign_keys = OFF; BEGIN",
    )?;
    for table in LARGE_TABLES {
        connection.execute_batch(table.definition())?;
    }
    for (number, table) in small_tables() {
        connection.execute_batch(&table.definition())?;
        let mut insert = insert_statement(connection, table.name, table.columns.len())?;
        for row in 0..table.rows {
            insert_row(&mut insert, &small_rows::row(legacy, (number, table), row))?;
        }
    }
    for statement in EXTRAS {
        connection.execute_batch(statement)?;
    }
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(BATCHES_WAITING);
        scope.spawn(move || make_rows(legacy, &sender));
        insert_rows(connection, &receiver, progress)
    })?;
    connection.execute_batch("COMMIT")
}

/// Makes all rows in order. Ends early when nobody takes them any more.
fn make_rows(legacy: &Legacy, sender: &SyncSender<Batch>) {
    for table in LARGE_TABLES {
        let rows = legacy.rows_of(table);
        let mut from = 0;
        while from < rows {
            let to = rows.min(from + BATCH_ROWS);
            let mut cells = Vec::with_capacity(table.columns() * 512);
            for row in from..to {
                legacy.append_row(table, row, &mut cells);
            }
            if sender.send(Batch { table, cells }).is_err() {
                return;
            }
            from = to;
        }
    }
}

fn insert_rows(
    connection: &Connection,
    receiver: &Receiver<Batch>,
    progress: &ProgressBar,
) -> rusqlite::Result<()> {
    let mut open: Option<(LargeTable, Statement<'_>)> = None;
    for batch in receiver {
        if open.as_ref().is_none_or(|(table, _)| *table != batch.table) {
            progress.set_message(batch.table.name());
            let columns = batch.table.columns();
            open = Some((batch.table, insert_statement(connection, batch.table.name(), columns)?));
        }
        if let Some((table, insert)) = &mut open {
            let rows = batch.cells.chunks_exact(table.columns());
            progress.inc(rows.len() as u64);
            for cells in rows {
                insert_row(insert, cells)?;
            }
        }
    }
    Ok(())
}

fn insert_statement<'c>(
    connection: &'c Connection,
    table: &str,
    columns: usize,
) -> rusqlite::Result<Statement<'c>> {
    let marks = vec!["?"; columns].join(", ");
    connection.prepare(&format!("INSERT INTO {table} VALUES ({marks})"))
}

fn insert_row(insert: &mut Statement<'_>, cells: &[Cell]) -> rusqlite::Result<()> {
    for (position, cell) in cells.iter().enumerate() {
        insert.raw_bind_parameter(position + 1, cell)?;
    }
    insert.raw_execute()?;
    Ok(())
}
