//! SQLite's columns of the report: as found, with the plan's indexes, with the best ones.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bourse_storage::{Error, Result};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Statement, TransactionBehavior, params};

use super::engine::{Engine, Trade, TradeClient, TradeStore};
use super::parameters::Parameter;
use super::queries::{QUERIES, Query};
use super::rows::{Decoded, Rows};
use super::stored;
use crate::legacy::schema::{BEST_INDEXES, PLAN_INDEXES};
use crate::sqlite;

/// How long a writer waits for another before it gives up; longer than any measurement.
const BUSY_TIMEOUT: Duration = Duration::from_secs(60);

/// How SQLite is set up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Setup {
    /// No index of the plan, 10 MB cache, rollback journal.
    Found,
    /// The plan's indexes, WAL, synchronous FULL, 1 GB cache, memory-mapped.
    Tuned,
    /// Besides, the indexes that the queries would rather have, and tables of sums with triggers.
    Best,
}

impl Setup {
    /// The column's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Setup::Found => "found",
            Setup::Tuned => "tuned",
            Setup::Best => "best",
        }
    }

    fn pragmas(self) -> &'static str {
        match self {
            Setup::Found => {
                "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; \
                 PRAGMA cache_size = -10240; PRAGMA mmap_size = 0"
            }
            Setup::Tuned | Setup::Best => {
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA cache_size = -1048576; PRAGMA mmap_size = 2147418112"
            }
        }
    }

    /// The statements that make of the legacy database what this setup has.
    fn additions(self) -> Vec<String> {
        let owned = |statements: &[&str]| statements.iter().map(ToString::to_string).collect();
        let plan: Vec<String> = owned(&PLAN_INDEXES);
        match self {
            Setup::Found => Vec::new(),
            Setup::Tuned => plan,
            Setup::Best => [plan, owned(&BEST_INDEXES), stored::definitions()].concat(),
        }
    }

    /// Opens a database set up this way, with a page cache of so many bytes instead of its own.
    pub(crate) fn open_within(self, path: &Path, cache_bytes: Option<u64>) -> Result<Connection> {
        let connection = self.open(path)?;
        if let Some(bytes) = cache_bytes {
            let kibibytes = bytes / 1_024;
            let bound = format!("PRAGMA mmap_size = 0; PRAGMA cache_size = -{kibibytes}");
            connection
                .execute_batch(&bound)
                .map_err(|error| sqlite::error("cannot bound the cache of", path, error))?;
        }
        Ok(connection)
    }

    /// Opens a database set up this way.
    pub(crate) fn open(self, path: &Path) -> Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags(path, flags)
            .and_then(|connection| {
                connection.busy_timeout(BUSY_TIMEOUT)?;
                connection.execute_batch("PRAGMA foreign_keys = OFF")?;
                connection.execute_batch(self.pragmas())?;
                Ok(connection)
            })
            .map_err(|error| sqlite::error("cannot open", path, error))
    }
}

/// Makes the database of a setup from another one's: a copy with what it lacks.
pub(crate) fn make_variant(from: &Path, setup: Setup, path: &Path) -> Result<()> {
    let unfinished = path.with_extension("unfinished");
    sqlite::remove_database(&unfinished)?;
    sqlite::remove_database(path)?;
    std::fs::copy(from, &unfinished).map_err(|error| {
        let (from, to) = (from.display(), unfinished.display());
        Error::io(format!("cannot copy {from} to {to}"), error)
    })?;
    make_additions(&unfinished, setup)
        .map_err(|error| sqlite::error("cannot index", &unfinished, error))?;
    std::fs::rename(&unfinished, path)
        .map_err(|error| Error::io(format!("cannot rename to {}", path.display()), error))
}

/// Nothing of the copy is of use until all of it is made, so there is no journal.
fn make_additions(path: &Path, setup: Setup) -> rusqlite::Result<()> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA cache_size = -524288; PRAGMA threads = 2; BEGIN",
    )?;
    for statement in setup.additions() {
        connection.execute_batch(&statement)?;
    }
    connection.execute_batch("COMMIT")?;
    connection.close().map_err(|(_, error)| error)
}

/// SQLite as an engine: all queries prepared over one connection.
pub(crate) struct SqliteEngine<'c> {
    setup: Setup,
    statements: Vec<Statement<'c>>,
}

impl<'c> SqliteEngine<'c> {
    /// Prepares the queries over a connection that [`Setup::open`] made.
    pub(crate) fn new(setup: Setup, connection: &'c Connection) -> Result<SqliteEngine<'c>> {
        let statements = QUERIES
            .iter()
            .map(|query| {
                connection.prepare(query.sql()).map_err(|error| refused(query.name(), error))
            })
            .collect::<Result<_>>()?;
        Ok(SqliteEngine { setup, statements })
    }
}

impl Engine for SqliteEngine<'_> {
    fn name(&self) -> &'static str {
        self.setup.name()
    }

    fn run(&mut self, query: Query, parameters: &[Parameter], rows: &mut Rows) -> Result<()> {
        answer(&mut self.statements[query.position()], parameters, rows)
            .map_err(|error| refused(query.name(), error))
    }
}

pub(crate) fn refused(query: &str, error: rusqlite::Error) -> Error {
    Error::invalid(format!("SQLite cannot answer {query}; are the tables those of legacy.sql?"))
        .with_source(error)
}

/// Runs a prepared query and decodes its rows.
pub(crate) fn answer(
    statement: &mut Statement<'_>,
    parameters: &[Parameter],
    rows: &mut Rows,
) -> rusqlite::Result<()> {
    for (position, parameter) in parameters.iter().enumerate() {
        match parameter {
            Parameter::Integer(value) => statement.raw_bind_parameter(position + 1, value)?,
            Parameter::Real(value) => statement.raw_bind_parameter(position + 1, value)?,
            Parameter::Text(value) => statement.raw_bind_parameter(position + 1, value)?,
        }
    }
    let columns = statement.column_count();
    rows.begin(columns);
    let mut answer = statement.raw_query();
    while let Some(row) = answer.next()? {
        for column in 0..columns {
            rows.push(match row.get_ref(column)? {
                ValueRef::Null => Decoded::Null,
                ValueRef::Integer(value) => Decoded::Integer(value),
                ValueRef::Real(value) => Decoded::Real(value),
                ValueRef::Text(value) => Decoded::Text(value),
                ValueRef::Blob(value) => Decoded::Blob(value),
            });
        }
    }
    Ok(())
}

/// How many rows went into the volume of a symbol: what rounding is judged by.
pub(crate) fn rows_in_volume(
    connection: &Connection,
    parameters: &[Parameter],
    symbol: &[u8],
) -> Result<u64> {
    let symbol = String::from_utf8_lossy(symbol);
    let (Some(Parameter::Text(from)), Some(Parameter::Text(to))) =
        (parameters.first(), parameters.get(1))
    else {
        return Ok(0);
    };
    connection
        .query_row(
            "SELECT COUNT(*) FROM trades WHERE timestamp >= ?1 AND timestamp < ?2 AND symbol = ?3",
            params![from, to, symbol],
            |row| row.get::<_, i64>(0),
        )
        .map(i64::unsigned_abs)
        .map_err(|error| refused("the number of rows in a volume", error))
}

/// SQLite as a store that executes trades: a connection for each client.
pub(crate) struct SqliteTradeStore {
    setup: Setup,
    path: PathBuf,
}

impl SqliteTradeStore {
    /// A store over the database at `path`, which the trades change.
    pub(crate) fn new(setup: Setup, path: &Path) -> SqliteTradeStore {
        SqliteTradeStore { setup, path: path.to_owned() }
    }
}

impl TradeStore for SqliteTradeStore {
    fn client(&self) -> Result<Box<dyn TradeClient + '_>> {
        let connection = self.setup.open(&self.path)?;
        Ok(Box::new(SqliteTradeClient { connection, path: &self.path }))
    }
}

struct SqliteTradeClient<'p> {
    connection: Connection,
    path: &'p Path,
}

impl TradeClient for SqliteTradeClient<'_> {
    fn execute(&mut self, trade: &Trade) -> Result<()> {
        execute(&mut self.connection, trade)
            .map_err(|error| sqlite::error("cannot execute a trade in", self.path, error))
    }
}

fn execute(connection: &mut Connection, trade: &Trade) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    write_trade(&transaction, trade)?;
    transaction.commit()
}

/// Makes a trade's four changes, within a transaction of the caller.
pub(crate) fn write_trade(transaction: &Connection, trade: &Trade) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO trades (trade_id, user_id, symbol, side, quantity, price, profit_loss, \
             return_pct, status, timestamp) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            trade.trade_id,
            trade.user_id,
            trade.symbol,
            trade.side,
            trade.quantity.abs(),
            trade.price,
            0.0,
            0.0,
            "open",
            trade.timestamp
        ])?;
    transaction
        .prepare_cached("UPDATE orders SET status = 'filled', updated_at = ? WHERE order_id = ?")?
        .execute(params![trade.timestamp, trade.order_id])?;
    transaction
        .prepare_cached(
            "INSERT INTO positions (user_id, symbol, quantity, avg_price, updated_at) \
             VALUES (?, ?, ?, ?, ?) ON CONFLICT (user_id, symbol) DO UPDATE SET \
             quantity = quantity + excluded.quantity, avg_price = excluded.avg_price, \
             updated_at = excluded.updated_at",
        )?
        .execute(params![
            trade.user_id,
            trade.symbol,
            trade.quantity,
            trade.price,
            trade.timestamp
        ])?;
    transaction
        .prepare_cached("UPDATE portfolios SET cash = cash - ? WHERE portfolio_id = ?")?
        .execute(params![trade.quantity * trade.price, trade.portfolio_id])?;
    Ok(())
}
