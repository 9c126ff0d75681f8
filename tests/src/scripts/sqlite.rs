//! SQLite's answers.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::{Answer, Answers, error_answer, rows_answer};

/// SQLite, each script in a database of its own.
pub struct SqliteAnswers;

impl Answers for SqliteAnswers {
    fn answer(&mut self, statements: &[&str]) -> Result<Vec<Answer>, String> {
        let connection = Connection::open_in_memory().map_err(|error| error.to_string())?;
        let answer = |statement: &&str| match rows_of(&connection, statement) {
            Ok(answer) => answer,
            Err(error) => error_answer(&message_of(&error)),
        };
        Ok(statements.iter().map(answer).collect())
    }
}

/// The message alone, as SQLite gives it.
fn message_of(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

fn rows_of(connection: &Connection, statement: &str) -> rusqlite::Result<Answer> {
    let mut statement = connection.prepare(statement)?;
    let columns: Vec<String> = statement.column_names().iter().map(ToString::to_string).collect();
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let cells = (0..columns.len()).map(|at| row.get_ref(at).map(cell));
        found.push(cells.collect::<rusqlite::Result<Vec<String>>>()?);
    }
    Ok(if columns.is_empty() { Vec::new() } else { rows_answer(&columns, &found) })
}

fn cell(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(value) => value.to_string(),
        ValueRef::Real(value) => real(value),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => blob(bytes),
    }
}

/// A floating number with all its digits, and a point so that it is seen to be one.
pub(super) fn real(value: f64) -> String {
    format!("{value:?}")
}

/// Bytes as SQL writes them.
pub(super) fn blob(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("x'{digits}'")
}
