//! SQLite, tuned: WAL, a gigabyte of cache, mapped into memory, statements prepared once.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Statement};

use crate::Outcome;
use bourse_benches::legacy::data::{Cell, INDEXES, Scale, TABLES};
use bourse_benches::legacy::rows::Rows;

/// How many rows a transaction of the load has.
const BATCH: u64 = 10_000;

/// Makes a database of a scale. Commits do not wait for the disk.
pub(crate) fn make(path: &Path, scale: Scale) -> Outcome<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -1048576; \
         PRAGMA mmap_size = 2147418112",
    )?;
    for table in &TABLES {
        connection.execute_batch(table.definition)?;
        let places = vec!["?"; table.columns].join(", ");
        let text = format!("INSERT INTO {} VALUES ({places})", table.name);
        let mut insert = connection.prepare(&text)?;
        let count = scale.rows(table.name);
        for from in (0..count).step_by(usize::try_from(BATCH)?) {
            connection.execute_batch("BEGIN")?;
            for number in from..count.min(from + BATCH) {
                run(&mut insert, &scale.row(table.name, number), &mut Rows::default())?;
            }
            connection.execute_batch("COMMIT")?;
        }
    }
    for index in INDEXES {
        connection.execute_batch(index)?;
    }
    connection.execute_batch("ANALYZE")?;
    Ok(connection)
}

/// Runs a prepared statement and decodes its rows.
pub(crate) fn run(
    statement: &mut Statement<'_>,
    parameters: &[Cell],
    rows: &mut Rows,
) -> Outcome<()> {
    for (place, parameter) in (1..).zip(parameters) {
        match parameter {
            Cell::Integer(value) => statement.raw_bind_parameter(place, value)?,
            Cell::Real(value) => statement.raw_bind_parameter(place, value)?,
            Cell::Text(value) => statement.raw_bind_parameter(place, value)?,
        }
    }
    rows.begin();
    let columns = statement.column_count();
    let mut answer = statement.raw_query();
    while let Some(row) = answer.next()? {
        for column in 0..columns {
            match row.get_ref(column)? {
                ValueRef::Integer(value) => rows.integer(value),
                ValueRef::Real(value) => rows.real(value),
                ValueRef::Text(value) | ValueRef::Blob(value) => rows.text(value),
                ValueRef::Null => rows.null(),
            }
        }
    }
    Ok(())
}
