//! Bourse, asked in SQL of either dialect.

use std::path::Path;
use std::time::Duration;

use bourse::{Database, Durability, Options, Table, Value};
use bourse_sql::Dialect;
use bourse_sql::connection::{Connection, Row, Statement};
use bourse_sql::datum::Datum;
use bourse_sql::error::SqlError;

use crate::Outcome;
use bourse_benches::legacy::data::{Cell, INDEXES, Scale, TABLES};
use bourse_benches::legacy::rows::Rows;

/// How many rows a transaction of the load has.
const BATCH: u64 = 1_000;

/// Makes a store of a scale. Commits do not wait for the disk.
pub(crate) fn make(folder: &Path, scale: Scale) -> Outcome<Database> {
    let durability = Durability::Async { max_delay: Duration::from_millis(500) };
    let database = Database::open(folder, Options { durability, ..Options::default() })?;
    let connection = Connection::of(&database).with_dialect(Dialect::Sqlite);
    for table in &TABLES {
        connection.execute(table.definition, ())?;
        let handle = database.table(table.name)?;
        let count = scale.rows(table.name);
        for from in (0..count).step_by(usize::try_from(BATCH)?) {
            let numbers = from..count.min(from + BATCH);
            insert(&database, &handle, numbers.map(|number| scale.row(table.name, number)))?;
        }
    }
    for index in INDEXES {
        connection.execute(index, ())?;
    }
    database.checkpoint()?;
    Ok(database)
}

fn insert(
    database: &Database,
    table: &Table,
    rows: impl Iterator<Item = Vec<Cell>>,
) -> Outcome<()> {
    let rows: Vec<Vec<Value>> = rows.map(|row| row.iter().map(value).collect()).collect();
    database.transaction(|transaction| {
        rows.iter().try_for_each(|row| transaction.insert(table, row.clone()).map(drop))
    })?;
    Ok(())
}

/// A cell as a value of the store.
pub(crate) fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Integer(value) => Value::Integer(*value),
        Cell::Real(value) => Value::Double(*value),
        Cell::Text(value) => Value::Text(value.clone()),
    }
}

/// A cell as a parameter of a statement.
fn parameter(cell: &Cell) -> Datum {
    match cell {
        Cell::Integer(value) => Datum::Integer(*value),
        Cell::Real(value) => Datum::Double(*value),
        Cell::Text(value) => Datum::text(value),
    }
}

fn decode(row: &Row<'_>, rows: &mut Rows) -> Result<(), SqlError> {
    for value in row.values() {
        match value {
            Datum::Null => rows.null(),
            Datum::Integer(value) => rows.integer(*value),
            Datum::Double(value) => rows.real(*value),
            Datum::Text(value) => rows.text(value.as_bytes()),
            other => {
                let message = format!("{other:?} is no value of the legacy tables");
                return Err(SqlError::new("XX000", message));
            }
        }
    }
    Ok(())
}

/// Runs a prepared query and decodes its rows.
pub(crate) fn query(
    statement: &mut Statement<'_>,
    parameters: &[Cell],
    rows: &mut Rows,
) -> Outcome<()> {
    rows.begin();
    let parameters: Vec<Datum> = parameters.iter().map(parameter).collect();
    statement.query_each(parameters, |row| decode(row, rows))?;
    Ok(())
}

/// Runs a prepared change. Returns how many rows it changed.
pub(crate) fn change(statement: &mut Statement<'_>, parameters: &[Cell]) -> Outcome<u64> {
    let parameters: Vec<Datum> = parameters.iter().map(parameter).collect();
    Ok(statement.execute(parameters)?)
}
