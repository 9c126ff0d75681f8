//! Bourse as the engine that is tried.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bourse::{Database, Durability, Options};
use bourse_sql::Dialect;
use bourse_sql::connection::{Connection, Rows};
use bourse_sql::datum::Datum;
use bourse_sql::error::SqlError;
use tempfile::TempDir;

use super::engine::{Cell, Engine, Outcome, Refusal};

/// A store of its own, empty at first.
pub struct BourseEngine {
    connection: Connection,
    _folder: TempDir,
}

impl BourseEngine {
    /// An empty store, spoken to in a dialect.
    ///
    /// # Errors
    /// The disk's.
    pub fn new(dialect: Dialect) -> Result<BourseEngine, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        // Nothing needs to outlive the machine.
        let options = Options {
            shards: 2,
            cache_bytes: 32 << 20,
            cache_bytes_min: 32 << 20,
            durability: Durability::Async { max_delay: std::time::Duration::from_secs(60) },
            background: false,
            ..Options::default()
        };
        let database = Database::open(folder.path().join("store"), options)
            .map_err(|error| format!("{error:?}"))?;
        let connection = Connection::of(&database).with_dialect(dialect);
        Ok(BourseEngine { connection, _folder: folder })
    }

    /// Runs a statement; a panic is told, too.
    pub fn query(&self, sql: &str) -> Result<Rows, Refusal> {
        let run = || self.connection.query(sql, ());
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(result) => result.map_err(|error| refusal(&error)),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned();
                let text = text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
                Err(Refusal::Broken(text.unwrap_or_default()))
            }
        }
    }
}

fn refusal(error: &SqlError) -> Refusal {
    match error.sqlstate() {
        "0A000" => Refusal::Unsupported(error.message().to_owned()),
        // Columns of the store are strict.
        "42804" if error.message().starts_with("cannot store ") => {
            let kinds = error.message().split(" column ").next().unwrap_or_default();
            Refusal::Unsupported(format!("{kinds} column"))
        }
        // Of the engine's own making.
        "XX000" | "XX001" => Refusal::Broken(error.message().to_owned()),
        state => Refusal::Wrong(format!("{state}: {}", error.message())),
    }
}

impl Engine for BourseEngine {
    fn run(&mut self, sql: &str) -> Result<Outcome, Refusal> {
        let mut rows = self.query(sql)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next() {
            found.push(row.values().iter().map(cell).collect());
        }
        Ok(Outcome { rows: found })
    }
}

/// A value of SQLite's dialect.
fn cell(value: &Datum) -> Cell {
    match value {
        Datum::Null => Cell::Null,
        Datum::Boolean(value) => Cell::Integer(i64::from(*value)),
        Datum::Integer(value) => Cell::Integer(*value),
        Datum::Double(value) => Cell::Real(*value),
        Datum::Text(text) => Cell::Text(text.to_string()),
        Datum::Bytes(bytes) => Cell::Blob(bytes.to_vec()),
        other => Cell::Text(format!("{other:?} is no value of SQLite's")),
    }
}
