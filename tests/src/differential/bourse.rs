//! Bourse as the engine that is tried.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bourse::{Database, Durability, Options};
use bourse_sql::Dialect;
use bourse_sql::connection::{Connection, Rows};
use bourse_sql::datum::Datum;
use bourse_sql::error::SqlError;
use bourse_sql::function;
use bourse_sql::types::SqlType;
use tempfile::TempDir;

use super::engine::{Both, Cell, Engine, Outcome, Refusal};
use super::postgres::type_name;

/// A statement that is looked after more often, each about a thousand rows, is given up: more than
/// SQLite may take for it.
const LOOKS_MAX: u32 = 600;

/// A store of its own, empty at first.
pub struct BourseEngine {
    connection: Connection,
    dialect: Dialect,
    /// How often the statement under way was looked after.
    looks: Arc<AtomicU32>,
    /// The same store in PostgreSQL's dialect, in which views answer queries.
    postgres: Connection,
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
        let looks = Arc::new(AtomicU32::new(0));
        let done = Arc::clone(&looks);
        let look = move || done.fetch_add(1, Ordering::Relaxed) >= LOOKS_MAX;
        connection.set_progress(Some(Arc::new(look)));
        let postgres = Connection::of(&database);
        Ok(BourseEngine { connection, dialect, looks, postgres, _folder: folder })
    }

    /// Runs a statement; a panic is told, too.
    pub fn query(&self, sql: &str) -> Result<Rows, Refusal> {
        self.looks.store(0, Ordering::Relaxed);
        run(&self.connection, sql)
    }
}

fn run(connection: &Connection, sql: &str) -> Result<Rows, Refusal> {
    match catch_unwind(AssertUnwindSafe(|| connection.query(sql, ()))) {
        Ok(result) => result.map_err(|error| refusal(&error)),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
            Err(Refusal::Broken(text.unwrap_or_default()))
        }
    }
}

fn outcome(mut rows: Rows) -> Outcome {
    let mut found = Vec::new();
    while let Some(row) = rows.next() {
        found.push(row.values().iter().map(cell).collect());
    }
    Outcome { rows: found, ..Outcome::default() }
}

/// Forms of PostgreSQL's grammar that are not done (docs/sql.md lists them): what tells them, and
/// how they are refused.
const NOT_PARSED: [(&str, &str); 2] =
    [(" OVERLAPS ", "42883: function overlaps("), (" SIMILAR '%#", "42601")];

/// What of a statement is not done, if that is why it was refused.
fn not_done(sql: &str, refusal: &Refusal) -> Option<String> {
    let Refusal::Wrong(text) = refusal else { return None };
    let form =
        NOT_PARSED.iter().find(|(form, state)| sql.contains(form) && text.starts_with(state));
    form.map(|(form, _)| format!("syntax: {}", form.trim())).or_else(|| missing_function(refusal))
}

/// The function that PostgreSQL has and whose name the library does not know, of what is said then.
fn missing_function(refusal: &Refusal) -> Option<String> {
    let Refusal::Wrong(text) = refusal else { return None };
    let (name, _) = text.strip_prefix("42883: function ")?.split_once('(')?;
    let is_known = function::names(Dialect::Postgres).any(|known| known == name);
    (!is_known).then(|| format!("function {name}"))
}

fn refusal(error: &SqlError) -> Refusal {
    match error.sqlstate() {
        "57014" => Refusal::TooMuch(format!("57014: {}", error.message())),
        "0A000" => Refusal::Unsupported(error.message().to_owned()),
        // Columns of the store are strict.
        "42804" if error.message().starts_with("cannot store ") => {
            Refusal::Unsupported(error.message().to_owned())
        }
        // Of the engine's own making.
        "XX000" | "XX001" => Refusal::Broken(error.message().to_owned()),
        state => Refusal::Wrong(format!("{state}: {}", error.message())),
    }
}

impl Engine for BourseEngine {
    fn run(&mut self, sql: &str) -> Result<Outcome, Refusal> {
        let rows = self.query(sql).map_err(|refusal| {
            let not_done = match self.dialect {
                Dialect::Postgres => not_done(sql, &refusal),
                Dialect::Sqlite => None,
            };
            not_done.map_or(refusal, Refusal::Unsupported)
        })?;
        match self.dialect {
            Dialect::Postgres => postgres_outcome(rows),
            Dialect::Sqlite => Ok(outcome(rows)),
        }
    }

    fn keep(&mut self, name: &str, query: &str) -> bool {
        let sql = format!("CREATE MATERIALIZED VIEW {name} WITH (incremental = on) AS {query}");
        run(&self.postgres, &sql).is_ok()
    }

    fn both_ways(&mut self, query: &str) -> Option<Both> {
        let ask = |views: &str, sql: &str| {
            run(&self.postgres, &format!("SET use_aggregate_views = '{views}'"))?;
            run(&self.postgres, sql).map(outcome)
        };
        let plan = ask("all", &format!("EXPLAIN {query}")).ok()?;
        let is_view = |cell: &Cell| matches!(cell, Cell::Text(text) if text.contains("View Scan"));
        plan.rows.iter().flatten().any(is_view).then(|| (ask("off", query), ask("all", query)))
    }

    fn tells_states(&self) -> bool {
        self.dialect == Dialect::Postgres
    }
}

/// Rows as texts, and what their columns are.
fn postgres_outcome(mut rows: Rows) -> Result<Outcome, Refusal> {
    let of_type = |ty: &SqlType| {
        let builtin = ty.builtin_oid().and_then(type_name);
        builtin.unwrap_or_else(|| match ty.element() {
            Some(element) => format!("_{}", element.name_without_modifier()),
            None => ty.name_without_modifier(),
        })
    };
    let columns = rows.columns().iter().map(|c| (c.name.clone(), of_type(&c.ty))).collect();
    let mut found = Vec::new();
    while let Some(row) = rows.next() {
        let text = |at| row.text(at).map_err(|error| refusal(&error));
        let cell = |at| Ok(text(at)?.map_or(Cell::Null, Cell::Text));
        found.push((0..row.len()).map(cell).collect::<Result<_, Refusal>>()?);
    }
    Ok(Outcome { rows: found, columns })
}

/// A value of SQLite's dialect; any other as a text that is like no other's.
fn cell(value: &Datum) -> Cell {
    match value {
        Datum::Null => Cell::Null,
        Datum::Boolean(value) => Cell::Integer(i64::from(*value)),
        Datum::Integer(value) => Cell::Integer(*value),
        Datum::Double(value) => Cell::Real(*value),
        Datum::Text(text) => Cell::Text(text.to_string()),
        Datum::Bytes(bytes) => Cell::Blob(bytes.to_vec()),
        other => Cell::Text(format!("{other:?}, no value of SQLite's")),
    }
}
