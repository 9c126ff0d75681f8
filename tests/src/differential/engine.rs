//! What runs statements, and what comes back.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// A value of a result.
#[derive(Clone, PartialEq, Debug)]
pub enum Cell {
    /// NULL.
    Null,
    /// An integer.
    Integer(i64),
    /// A floating number.
    Real(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// What a statement that was not refused did.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Outcome {
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
    /// Names and types of its columns, where both engines tell them.
    pub columns: Vec<(String, String)>,
}

/// Why a statement was refused.
#[derive(Clone, PartialEq, Debug)]
pub enum Refusal {
    /// It is wrong, by the dialect or by its data.
    Wrong(String),
    /// The engine says that it does not do this (yet).
    Unsupported(String),
    /// The engine broke down.
    Broken(String),
}

/// Something that runs SQL.
pub trait Engine {
    /// Runs one statement to its end.
    ///
    /// # Errors
    /// Why it was refused.
    fn run(&mut self, sql: &str) -> Result<Outcome, Refusal>;

    /// Whether a refusal begins with an SQLSTATE that the other engine shares.
    fn tells_states(&self) -> bool {
        false
    }
}

/// The oracle of SQLite's dialect: SQLite, in memory.
pub struct SqliteEngine(Connection);

impl SqliteEngine {
    /// An empty database.
    ///
    /// # Errors
    /// SQLite's.
    pub fn new() -> Result<SqliteEngine, String> {
        Connection::open_in_memory().map(SqliteEngine).map_err(|error| error.to_string())
    }
}

impl Engine for SqliteEngine {
    fn run(&mut self, sql: &str) -> Result<Outcome, Refusal> {
        let wrong = |error: rusqlite::Error| Refusal::Wrong(error.to_string());
        let mut statement = self.0.prepare(sql).map_err(wrong)?;
        let columns = statement.column_count();
        let mut rows = statement.query([]).map_err(wrong)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(wrong)? {
            let cell = |at| match row.get_ref(at).map_err(wrong)? {
                ValueRef::Null => Ok(Cell::Null),
                ValueRef::Integer(value) => Ok(Cell::Integer(value)),
                ValueRef::Real(value) => Ok(Cell::Real(value)),
                ValueRef::Text(value) => Ok(Cell::Text(String::from_utf8_lossy(value).into())),
                ValueRef::Blob(value) => Ok(Cell::Blob(value.to_vec())),
            };
            found.push((0..columns).map(cell).collect::<Result<_, Refusal>>()?);
        }
        Ok(Outcome { rows: found, ..Outcome::default() })
    }
}
