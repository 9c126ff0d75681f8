//! What runs statements, and what comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode};

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
    /// It takes too much work.
    TooMuch(String),
    /// The engine broke down.
    Broken(String),
}

/// What a statement came to in two ways.
pub type Both = (Result<Outcome, Refusal>, Result<Outcome, Refusal>);

/// Something that runs SQL.
pub trait Engine {
    /// Runs one statement to its end.
    ///
    /// # Errors
    /// Why it was refused.
    fn run(&mut self, sql: &str) -> Result<Outcome, Refusal>;

    /// Has the store keep the groups of a query of its own dialect. Whether it does: at first no
    /// engine has such views.
    fn keep(&mut self, _name: &str, _query: &str) -> bool {
        false
    }

    /// Answers such a query by its tables, then by the groups that are kept, if they have them.
    fn both_ways(&mut self, _query: &str) -> Option<Both> {
        None
    }

    /// Whether a refusal begins with an SQLSTATE that the other engine shares.
    fn tells_states(&self) -> bool {
        false
    }
}

/// The oracle of SQLite's dialect: SQLite, in memory.
pub struct SqliteEngine {
    connection: Connection,
    /// Portions of work that the statement under way has done.
    work: Arc<AtomicU32>,
}

/// SQLite's instructions of a portion of work.
const INSTRUCTIONS: i32 = 10_000;
/// A statement that takes more portions is given up: the same for each run of a seed.
const STEPS_MAX: u32 = 200;

impl SqliteEngine {
    /// An empty database.
    ///
    /// # Errors
    /// SQLite's.
    pub fn new() -> Result<SqliteEngine, String> {
        let open = || -> rusqlite::Result<SqliteEngine> {
            let connection = Connection::open_in_memory()?;
            let work = Arc::new(AtomicU32::new(0));
            let done = Arc::clone(&work);
            let handler = move || done.fetch_add(1, Ordering::Relaxed) >= STEPS_MAX;
            connection.progress_handler(INSTRUCTIONS, Some(handler))?;
            Ok(SqliteEngine { connection, work })
        };
        open().map_err(|error| error.to_string())
    }
}

impl Engine for SqliteEngine {
    fn run(&mut self, sql: &str) -> Result<Outcome, Refusal> {
        self.work.store(0, Ordering::Relaxed);
        let wrong = |error: rusqlite::Error| match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => Refusal::TooMuch(error.to_string()),
            _ => Refusal::Wrong(error.to_string()),
        };
        let mut statement = self.connection.prepare(sql).map_err(wrong)?;
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
