//! The oracle of PostgreSQL's dialect: a server, asked over the wire.
//!
//! Each engine has a connection of its own, and a schema that is dropped with it. Rows come as the
//! server writes them (the simple protocol); the types of their columns are told by a statement
//! that is prepared before, whose values would be binary.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::runtime::Runtime;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use crate::differential::engine::{Cell, Engine, Outcome, Refusal};

/// Schemas of this process, so that each is another.
static SCHEMAS: AtomicU64 = AtomicU64::new(0);

/// A connection to PostgreSQL.
pub struct PostgresEngine {
    runtime: Runtime,
    client: Client,
    schema: String,
}

impl PostgresEngine {
    /// An empty schema at the server of a connection string (`host=... port=... user=...`).
    ///
    /// # Errors
    /// The server's, or that it does not compare texts by their bytes.
    pub fn new(options: &str) -> Result<PostgresEngine, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let connected = runtime.block_on(tokio_postgres::connect(options, NoTls));
        let (client, connection) = connected.map_err(|error| format!("PostgreSQL: {error}"))?;
        // It says nothing more than what the client's calls say.
        drop(runtime.spawn(connection));
        let number = SCHEMAS.fetch_add(1, Ordering::Relaxed);
        let schema = format!("differential_{}_{number}", std::process::id());
        let engine = PostgresEngine { runtime, client, schema };
        let schema = &engine.schema;
        let begin = format!(
            "SET client_min_messages = error; DROP SCHEMA IF EXISTS {schema} CASCADE; \
             CREATE SCHEMA {schema}; SET search_path = {schema}; SET TimeZone = 'UTC'; \
             SET statement_timeout = '20s'"
        );
        let failed = |refusal: Refusal| format!("PostgreSQL: {refusal:?}");
        engine.simple(&begin).map_err(failed)?;
        let collation = engine.simple("SHOW lc_collate").map_err(failed)?;
        match collation.first().and_then(|row| row.first()) {
            Some(Cell::Text(name)) if matches!(&**name, "C" | "POSIX") => Ok(engine),
            other => Err(format!("PostgreSQL was not made by initdb --locale=C: {other:?}")),
        }
    }

    /// Runs statements of a text, and gives the rows of all.
    fn simple(&self, sql: &str) -> Result<Vec<Vec<Cell>>, Refusal> {
        let messages = self.runtime.block_on(self.client.simple_query(sql));
        let mut found = Vec::new();
        for message in messages.map_err(|error| refusal(&error))? {
            if let SimpleQueryMessage::Row(row) = message {
                let cell = |at| row.get(at).map_or(Cell::Null, |text| Cell::Text(text.to_owned()));
                found.push((0..row.len()).map(cell).collect());
            }
        }
        Ok(found)
    }

    /// Names and types of a statement's columns.
    fn columns(&self, sql: &str) -> Result<Vec<(String, String)>, Refusal> {
        let statement = self.runtime.block_on(self.client.prepare(sql));
        let statement = statement.map_err(|error| refusal(&error))?;
        let columns = statement.columns().iter();
        Ok(columns.map(|c| (c.name().to_owned(), c.type_().name().to_owned())).collect())
    }
}

impl Engine for PostgresEngine {
    fn run(&mut self, sql: &str) -> Result<Outcome, Refusal> {
        let columns = if has_rows(sql) { self.columns(sql)? } else { Vec::new() };
        Ok(Outcome { rows: self.simple(sql)?, columns })
    }

    fn tells_states(&self) -> bool {
        true
    }
}

impl Drop for PostgresEngine {
    fn drop(&mut self) {
        // A transaction may be open; the server may be gone.
        let _ = self.simple("ROLLBACK");
        let _ = self.simple(&format!("DROP SCHEMA IF EXISTS {} CASCADE", self.schema));
    }
}

/// Whether a statement may give rows, and be prepared.
fn has_rows(sql: &str) -> bool {
    const WORDS: [&str; 8] =
        ["select", "with", "values", "table", "insert", "update", "delete", "("];
    let start = sql.trim_start().to_ascii_lowercase();
    WORDS.iter().any(|word| start.starts_with(word))
}

fn refusal(error: &tokio_postgres::Error) -> Refusal {
    match error.as_db_error() {
        // What it says of its own bugs and limits is nothing to follow.
        Some(error) if *error.code() == SqlState::INTERNAL_ERROR => {
            Refusal::Unsupported(error.message().to_owned())
        }
        Some(error) => Refusal::Wrong(format!("{}: {}", error.code().code(), error.message())),
        None => Refusal::Broken(error.to_string()),
    }
}

/// What PostgreSQL calls the type of a number.
pub(crate) fn type_name(oid: u32) -> Option<String> {
    Type::from_oid(oid).map(|known| known.name().to_owned())
}
