//! SQLite, by rusqlite, compiled along.
//!
//! - WAL. Durable: synchronous FULL. Not durable: NORMAL, which syncs at checkpoints only.
//! - 1 GB of cache and a memory map where the data fit; prepared statements; a connection for each
//!   thread. Writers take turns by a lock of the application: SQLite's own busy wait sleeps.
//! - A load is one transaction without journal, and the index is made after it, sorted.
//! - A batch of keys is one statement with a hundred parameters.

use std::path::{Path, PathBuf};

use bourse_storage::sync::Mutex;
use rusqlite::{Connection, Row, params, params_from_iter};

use crate::Outcome;
use crate::change::{Change, Execution, Peer, Seen, Session, Setting, Sums};
use crate::files;
use crate::trades::{
    self, Arrival, BALANCE, NOTE, ORDERS_OF_USER, POSITION, SYMBOLS, Trade, Trades,
};

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS trades (
        trade_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, status INTEGER NOT NULL,
        executed_at INTEGER NOT NULL, symbol TEXT NOT NULL, quantity INTEGER NOT NULL,
        price REAL NOT NULL, fee REAL NOT NULL, venue TEXT NOT NULL, revision INTEGER NOT NULL,
        note TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS accounts (user_id INTEGER PRIMARY KEY, balance REAL NOT NULL);
    CREATE TABLE IF NOT EXISTS positions (
        user_id INTEGER, symbol TEXT, quantity INTEGER NOT NULL,
        PRIMARY KEY (user_id, symbol)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS orders (
        user_id INTEGER, order_id INTEGER, status TEXT NOT NULL,
        PRIMARY KEY (user_id, order_id)) WITHOUT ROWID;";
/// The rowid, which is the trade's id, ends every entry.
const INDEX: &str = "CREATE INDEX by_user ON trades
    (user_id, status, executed_at, symbol, quantity, price, fee, venue)";
const INSERT: &str = "INSERT INTO trades VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const GET: &str = "SELECT trade_id, quantity, price, revision FROM trades WHERE trade_id = ?1";
const SCAN_ENTRIES: &str = "SELECT trade_id, quantity, price FROM trades
    WHERE user_id = ?1 AND status = ?2 ORDER BY executed_at LIMIT ?3";
const SCAN_ROWS: &str = "SELECT trade_id, quantity, price, revision FROM trades
    WHERE user_id = ?1 AND status = ?2 ORDER BY executed_at LIMIT ?3";
const ALL_ROWS: &str = "SELECT trade_id, quantity, price, revision FROM trades NOT INDEXED";
const ALL_ENTRIES: &str = "SELECT trade_id, quantity, price FROM trades INDEXED BY by_user";
const UPDATE: &str = "UPDATE trades SET revision = ?2 WHERE trade_id = ?1";
const PAY: &str = "UPDATE accounts SET balance = balance - ?2 WHERE user_id = ?1";
const HOLD: &str =
    "UPDATE positions SET quantity = quantity + 1 WHERE user_id = ?1 AND symbol = ?2";
const FILL: &str = "UPDATE orders SET status = 'filled' WHERE user_id = ?1 AND order_id = ?2";
/// Keys of one statement.
const BATCH: usize = 100;

struct Sqlite {
    file: PathBuf,
    setting: Setting,
    writers: Mutex<()>,
    /// Kept open, so that no other connection is the last one, whose closing is a checkpoint.
    first: Mutex<Connection>,
}

struct SqliteSession<'s> {
    connection: Connection,
    writers: &'s Mutex<()>,
    batch: String,
}

pub(super) fn open(folder: &Path, setting: Setting) -> Outcome<Box<dyn Peer>> {
    let file = folder.join("trades.sqlite");
    let first = connect(&file, setting)?;
    first.execute_batch(TABLES)?;
    Ok(Box::new(Sqlite { file, setting, writers: Mutex::new(()), first: Mutex::new(first) }))
}

fn connect(file: &Path, setting: Setting) -> Outcome<Connection> {
    let connection = Connection::open(file)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.busy_timeout(std::time::Duration::from_mins(1))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    let synchronous = if setting.durable { "full" } else { "normal" };
    connection.pragma_update(None, "synchronous", synchronous)?;
    // Negative: in KiB.
    let cache_kib = i64::try_from(setting.cache_bytes >> 10)?;
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    let mapped: i64 = if setting.fits { 4 << 30 } else { 0 };
    connection.pragma_update(None, "mmap_size", mapped)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    Ok(connection)
}

impl Peer for Sqlite {
    fn session(&self) -> Outcome<Box<dyn Session + '_>> {
        let connection = connect(&self.file, self.setting)?;
        let places = vec!["?"; BATCH].join(", ");
        let batch = format!(
            "SELECT trade_id, quantity, price, revision FROM trades WHERE trade_id IN ({places})"
        );
        Ok(Box::new(SqliteSession { connection, writers: &self.writers, batch }))
    }

    fn load(&self, trades: &Trades, arrival: Arrival) -> Outcome<()> {
        let mut connection = self.first.lock();
        connection.pragma_update(None, "journal_mode", "off")?;
        connection.pragma_update(None, "synchronous", "off")?;
        let transaction = connection.transaction()?;
        let mut insert = transaction.prepare(INSERT)?;
        for trade in trades.arriving(arrival) {
            insert_trade(&mut insert, &trade)?;
        }
        drop(insert);
        transaction.execute_batch(INDEX)?;
        fill_small(&transaction, trades)?;
        transaction.commit()?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        files::sync(&self.file)?;
        let synchronous = if self.setting.durable { "full" } else { "normal" };
        Ok(connection.pragma_update(None, "synchronous", synchronous)?)
    }

    fn sync(&self) -> Outcome<()> {
        let mut log = self.file.clone().into_os_string();
        log.push("-wal");
        if Path::new(&log).exists() {
            files::sync(Path::new(&log))?;
        }
        Ok(())
    }

    fn close(self: Box<Self>) -> Outcome<()> {
        // The last connection's closing is a checkpoint, and takes the log away.
        drop(self);
        Ok(())
    }
}

fn insert_trade(insert: &mut rusqlite::Statement<'_>, trade: &Trade) -> Outcome<()> {
    insert.execute(params![
        trade.id,
        trade.user,
        trade.status,
        trade.executed_at,
        trade.symbol,
        trade.quantity,
        trade.price,
        trade.fee,
        trade.venue,
        trade.revision,
        NOTE,
    ])?;
    Ok(())
}

fn fill_small(transaction: &Connection, trades: &Trades) -> Outcome<()> {
    let mut account = transaction.prepare("INSERT INTO accounts VALUES (?1, ?2)")?;
    let mut position = transaction.prepare("INSERT INTO positions VALUES (?1, ?2, ?3)")?;
    let mut order = transaction.prepare("INSERT INTO orders VALUES (?1, ?2, 'open')")?;
    for user in 0..trades.users() {
        account.execute(params![user, BALANCE])?;
        for symbol in SYMBOLS {
            position.execute(params![user, symbol, POSITION])?;
        }
        for number in 0..ORDERS_OF_USER {
            order.execute(params![user, number])?;
        }
    }
    Ok(())
}

fn row_digest(row: &Row<'_>) -> rusqlite::Result<u64> {
    Ok(trades::row_digest(row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn entry_digest(row: &Row<'_>) -> rusqlite::Result<u64> {
    Ok(trades::entry_digest(row.get(0)?, row.get(1)?, row.get(2)?))
}

impl SqliteSession<'_> {
    fn seen(
        &self,
        statement: &str,
        parameters: impl rusqlite::Params,
        digest: fn(&Row<'_>) -> rusqlite::Result<u64>,
    ) -> Outcome<Seen> {
        let mut statement = self.connection.prepare_cached(statement)?;
        let mut rows = statement.query(parameters)?;
        let mut seen = Seen::default();
        while let Some(row) = rows.next()? {
            seen.add(digest(row)?);
        }
        Ok(seen)
    }

    fn change(&self, change: &Change) -> Outcome<()> {
        let changed = |statement: &str, parameters: &[&dyn rusqlite::ToSql]| -> Outcome<()> {
            match self.connection.prepare_cached(statement)?.execute(parameters)? {
                1 => Ok(()),
                rows => Err(format!("{statement}: {rows} rows were changed").into()),
            }
        };
        match change {
            Change::Update { id, revision } => changed(UPDATE, &[id, revision]),
            Change::Execute(Execution { trade, order }) => {
                changed(PAY, &[&trade.user, &trade.price])?;
                changed(HOLD, &[&trade.user, &trade.symbol])?;
                changed(FILL, &[&trade.user, order])?;
                insert_trade(&mut *self.connection.prepare_cached(INSERT)?, trade)
            }
        }
    }
}

impl Session for SqliteSession<'_> {
    fn get(&mut self, id: i64) -> Outcome<u64> {
        let mut statement = self.connection.prepare_cached(GET)?;
        Ok(statement.query_row([id], row_digest)?)
    }

    fn multi_get(&mut self, ids: &[i64]) -> Outcome<u64> {
        let mut sum = 0_u64;
        let mut batches = ids.chunks_exact(BATCH);
        for batch in batches.by_ref() {
            let seen = self.seen(&self.batch, params_from_iter(batch), row_digest)?;
            if seen.count != BATCH as u64 {
                return Err("a trade is missing".into());
            }
            sum = sum.wrapping_add(seen.digest);
        }
        for id in batches.remainder() {
            sum = sum.wrapping_add(self.get(*id)?);
        }
        Ok(sum)
    }

    fn scan_entries(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        self.seen(SCAN_ENTRIES, params![user, status, i64::try_from(limit)?], entry_digest)
    }

    fn scan_rows(&mut self, user: i32, status: i64, limit: usize) -> Outcome<Seen> {
        self.seen(SCAN_ROWS, params![user, status, i64::try_from(limit)?], row_digest)
    }

    fn all_rows(&mut self) -> Outcome<Seen> {
        self.seen(ALL_ROWS, [], row_digest)
    }

    fn all_entries(&mut self) -> Outcome<Seen> {
        self.seen(ALL_ENTRIES, [], entry_digest)
    }

    fn sums(&mut self) -> Outcome<Sums> {
        let mut one = self.connection.prepare_cached("SELECT sum(balance) FROM accounts")?;
        let balance = one.query_row([], |row| row.get(0))?;
        let mut one = self.connection.prepare_cached("SELECT sum(quantity) FROM positions")?;
        Ok(Sums { balance, quantity: one.query_row([], |row| row.get(0))? })
    }

    fn write(&mut self, changes: &[Change]) -> Outcome<()> {
        let _turn = self.writers.lock();
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let done = changes.iter().try_for_each(|change| self.change(change));
        let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
        self.connection.prepare_cached(end)?.execute([])?;
        done
    }
}
