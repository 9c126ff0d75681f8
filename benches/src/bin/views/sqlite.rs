//! SQLite, compiled along: WAL, synchronous OFF, 1 GB of cache and a memory map; a view is a table
//! of sums that a trigger keeps by an upsert, as its documentation of triggers would have it.
//!
//! What finds the extremes again after a delete is kept too: indexes of the rows by group and price
//! and by group and time, where Bourse keeps a multiset.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering as Memory};
use std::time::Duration;

use bourse_storage::sync;
use rusqlite::{Connection, Statement, params};

use crate::Outcome;
use crate::contender::{Contender, Made, Store};
use crate::rows::{self, By, Digest, INDEXES, Kept, Setup, VENUE};

/// SQLite with triggers.
pub(crate) struct Sqlite;

const TABLE: &str = "CREATE TABLE trades (trade_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL,
    account INTEGER NOT NULL, symbol TEXT NOT NULL, venue TEXT NOT NULL, price REAL NOT NULL,
    quantity REAL NOT NULL, at INTEGER NOT NULL)";
const INSERT: &str = "INSERT INTO trades VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const MAKE: &str = "CREATE TABLE performance AS SELECT user_id, at / 86400 AS day,
    SUM(price) AS total, COUNT(*) AS row_count, SUM(quantity) AS quantity
    FROM trades GROUP BY user_id, at / 86400;
    CREATE UNIQUE INDEX performance_key ON performance(user_id, day)";

struct SqliteStore {
    path: PathBuf,
    connection: Connection,
    setup: Setup,
    next: u64,
}

fn connect(path: &Path) -> Outcome<Connection> {
    let connection = Connection::open(path)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.busy_timeout(Duration::from_mins(1))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -1048576;
         PRAGMA mmap_size = 2147418112; PRAGMA temp_store = MEMORY",
    )?;
    Ok(connection)
}

/// The table of a view, filled, and its trigger.
fn stored(name: &str, by: By, kept: Kept) -> String {
    let group = by.column();
    let (columns, filled, given, changed) = match kept {
        Kept::Sums => ("", "", "", ""),
        Kept::Ends => (
            ", low REAL, high REAL, first REAL, last REAL, first_at INTEGER, last_at INTEGER",
            ", MIN(price), MAX(price), 0, 0, MIN(at), MAX(at)",
            ", NEW.price, NEW.price, NEW.price, NEW.price, NEW.at, NEW.at",
            ", low = MIN(low, excluded.low), high = MAX(high, excluded.high),
             first = CASE WHEN excluded.first_at < first_at THEN excluded.first ELSE first END,
             last = CASE WHEN excluded.last_at >= last_at THEN excluded.last ELSE last END,
             first_at = MIN(first_at, excluded.first_at),
             last_at = MAX(last_at, excluded.last_at)",
        ),
    };
    let lookups = match kept {
        Kept::Sums => String::new(),
        Kept::Ends => format!(
            "CREATE INDEX IF NOT EXISTS {group}_price ON trades({group}, price);
             CREATE INDEX IF NOT EXISTS {group}_at ON trades({group}, at, price);
             UPDATE {name} SET
                 first = (SELECT price FROM trades
                     WHERE {group} = {name}.{group} AND at = first_at),
                 last = (SELECT price FROM trades
                     WHERE {group} = {name}.{group} AND at = last_at);"
        ),
    };
    format!(
        "CREATE TABLE {name} ({group} PRIMARY KEY, row_count INTEGER, total REAL{columns})
             WITHOUT ROWID;
         INSERT INTO {name} SELECT {group}, COUNT(*), SUM(price){filled} FROM trades GROUP BY 1;
         {lookups}
         CREATE TRIGGER {name}_added AFTER INSERT ON trades BEGIN
             INSERT INTO {name} VALUES (NEW.{group}, 1, NEW.price{given})
             ON CONFLICT ({group}) DO UPDATE SET row_count = row_count + 1,
                 total = total + excluded.total{changed};
         END;"
    )
}

fn insert(statement: &mut Statement<'_>, number: u64) -> rusqlite::Result<()> {
    let rows::Row { trade_id, user_id, account, symbol, price, quantity, at } = rows::row(number);
    statement.execute(params![trade_id, user_id, account, symbol, VENUE, price, quantity, at])?;
    Ok(())
}

impl Contender for Sqlite {
    fn name(&self) -> &'static str {
        "SQLite"
    }

    fn make(&self, folder: &Path, setup: Setup, rows: u64) -> Outcome<Box<dyn Store + '_>> {
        let path = folder.join("views.sqlite");
        let mut connection = connect(&path)?;
        let transaction = connection.transaction()?;
        transaction.execute_batch(TABLE)?;
        let mut statement = transaction.prepare(INSERT)?;
        (0..rows).try_for_each(|number| insert(&mut statement, number))?;
        drop(statement);
        if setup.indexed {
            for (name, [first, second]) in INDEXES {
                let sql = format!("CREATE INDEX {name} ON trades({first}, {second})");
                transaction.execute_batch(&sql)?;
            }
        }
        for (name, by) in setup.names() {
            transaction.execute_batch(&stored(&name, by, setup.kept))?;
        }
        transaction.commit()?;
        connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
        Ok(Box::new(SqliteStore { path, connection, setup, next: 1 << 40 }))
    }
}

impl Store for SqliteStore {
    fn insert(&mut self, from: u64, count: u64, a_transaction: u64) -> Outcome<Duration> {
        let begin = sync::monotonic();
        let mut number = from;
        while number < from + count {
            let through = (number + a_transaction).min(from + count);
            if through - number == 1 {
                insert(&mut *self.connection.prepare_cached(INSERT)?, number)?;
            } else {
                let transaction = self.connection.transaction()?;
                let mut statement = transaction.prepare_cached(INSERT)?;
                (number..through).try_for_each(|number| insert(&mut statement, number))?;
                drop(statement);
                transaction.commit()?;
            }
            number = through;
        }
        Ok(sync::monotonic().saturating_sub(begin))
    }

    fn read_groups(&mut self, count: u64) -> Outcome<Duration> {
        let by = self.setup.by_of(0);
        let group = by.column();
        let sql = format!("SELECT {group}, row_count, total, total / row_count FROM kept0");
        let mut read = self.connection.prepare(&format!("{sql} WHERE {group} = ?1"))?;
        let mut sum = 0.0;
        let begin = sync::monotonic();
        for number in 0..count {
            let mut rows = match by.key(number) {
                None => read.query([VENUE])?,
                Some(key) => read.query([key])?,
            };
            if let Some(row) = rows.next()? {
                std::hint::black_box((row.get_ref(0)?, row.get::<_, i64>(1)?));
                sum += row.get::<_, f64>(2)? + row.get::<_, f64>(3)?;
            }
        }
        let took = sync::monotonic().saturating_sub(begin);
        if sum == 0.0 { Err("no group was found".into()) } else { Ok(took) }
    }

    fn digest(&mut self, view: &str) -> Outcome<Digest> {
        let sql = format!("SELECT SUM(row_count), SUM(total) FROM {view}");
        let read = |row: &rusqlite::Row<'_>| Ok(Digest::of(row.get(0)?, row.get(1)?));
        Ok(self.connection.query_row(&sql, [], read)?)
    }

    fn make_view(&mut self) -> Outcome<Made> {
        let is_over = AtomicBool::new(false);
        let (path, from) = (&self.path, self.next);
        let (took, writer) = std::thread::scope(|scope| {
            let is_over = &is_over;
            let writer = scope.spawn(move || -> Outcome<(u64, Duration)> {
                let connection = connect(path)?;
                let (mut number, mut longest) = (from, Duration::ZERO);
                while !is_over.load(Memory::Acquire) {
                    let begin = sync::monotonic();
                    insert(&mut *connection.prepare_cached(INSERT)?, number)?;
                    longest = longest.max(sync::monotonic().saturating_sub(begin));
                    number += 1;
                    sync::sleep(Duration::from_micros(200));
                }
                Ok((number, longest))
            });
            // The writer sleeps most of the time, and SQLite's busy wait does the rest.
            let begin = sync::monotonic();
            let made = self.connection.execute_batch(&format!("BEGIN IMMEDIATE; {MAKE}; COMMIT"));
            let took = made.map(|()| sync::monotonic().saturating_sub(begin));
            is_over.store(true, Memory::Release);
            let writer = writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (took, writer)
        });
        let (took, (next, longest)) = (took?, writer?);
        self.next = next;
        self.connection.execute_batch("DROP TABLE performance")?;
        Ok(Made { took, longest_wait: Some(longest) })
    }
}
