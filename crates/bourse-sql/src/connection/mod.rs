//! SQL in process: connections, prepared statements and rows.
//!
//! ```no_run
//! use bourse_sql::connection::Connection;
//!
//! let connection = Connection::open("trading", bourse::Options::default())?;
//! connection.execute("CREATE TABLE trades (id bigint PRIMARY KEY, price numeric)", ())?;
//! connection.execute("INSERT INTO trades VALUES ($1, $2)", (1, "12.50"))?;
//! let price: String = connection
//!     .query_row("SELECT price::text FROM trades WHERE id = $1", (1,), |row| row.get(0))?;
//! # Ok::<(), bourse_sql::error::SqlError>(())
//! ```
//!
//! A connection has a dialect, settings, and at most one open transaction; it is used by one thread
//! at a time. Any number of connections share a store. Without a transaction each statement is one
//! of its own.
//!
//! A text is parsed, bound and planned once: the connection keeps what it made of the last texts,
//! for as long as the definitions are those that it was made under.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bourse::{Database, InteractiveTransaction, Isolation, Options, TransactionOptions};
use hashbrown::HashMap;

use crate::Dialect;
use crate::bind::SessionStatement;
use crate::catalog::Catalog;
use crate::copy::{Part, parts};
use crate::error::{Result, SqlError};
use crate::execute::Progress;
use crate::session::{Notice, SessionState};
use crate::settings::Settings;

mod context;
mod copy;
mod rows;
mod run;
mod session;
mod statement;
#[cfg(test)]
mod tests;
mod transaction;
mod user;
mod value;

pub(crate) use copy::CopyScene;
pub use rows::{Row, Rows};
pub(crate) use run::Limits;
pub use statement::Statement;
pub use transaction::Transaction;
pub use value::{FromColumn, Parameters, ToParameter};

use statement::Prepared;

/// Texts whose plans are kept.
const PLANS_MAX: usize = 256;

/// Bytes that a statement may keep, unless `statement_memory` says otherwise.
const STATEMENT_MEMORY: usize = 256 << 20;

/// A way into a store with SQL.
pub struct Connection {
    database: Database,
    dialect: Dialect,
    settings: RefCell<Settings>,
    open: RefCell<Option<Open>>,
    catalog: RefCell<Option<Arc<Catalog>>>,
    plans: RefCell<HashMap<String, Arc<Prepared>>>,
    canceled: Arc<AtomicBool>,
    state: SessionState,
    isolation: Cell<Isolation>,
    progress: RefCell<Option<Progress>>,
}

/// A transaction that is open.
struct Open {
    transaction: InteractiveTransaction,
    began: i64,
    /// PostgreSQL: a statement has failed, only ROLLBACK helps.
    failed: bool,
    /// SQLite: SAVEPOINT began it, and releasing that one commits.
    outermost: Option<String>,
    /// Settings of before, for SET LOCAL and for ROLLBACK.
    settings: Settings,
}

/// Ends what a connection does, from another thread.
#[derive(Clone, Debug)]
pub struct Canceler(Arc<AtomicBool>);

impl Canceler {
    /// Ends the statement that runs, with 57014.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Connection {
    /// Opens a store, and a connection with PostgreSQL's dialect.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub fn open(folder: impl AsRef<Path>, options: Options) -> Result<Connection> {
        Ok(Connection::of(&Database::open(folder, options)?))
    }

    /// A connection with PostgreSQL's dialect to a store that is open.
    pub fn of(database: &Database) -> Connection {
        Connection {
            database: database.clone(),
            dialect: Dialect::Postgres,
            settings: RefCell::default(),
            open: RefCell::default(),
            catalog: RefCell::default(),
            plans: RefCell::default(),
            canceled: Arc::default(),
            state: SessionState::new(database),
            isolation: Cell::default(),
            progress: RefCell::default(),
        }
    }

    /// The same connection with another dialect.
    #[must_use]
    pub fn with_dialect(mut self, dialect: Dialect) -> Connection {
        self.dialect = dialect;
        self.plans.get_mut().clear();
        self
    }

    /// Its dialect.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The store.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Ends what the connection does, from another thread.
    pub fn canceler(&self) -> Canceler {
        Canceler(Arc::clone(&self.canceled))
    }

    /// The value that the session has set.
    pub fn setting(&self, name: &str) -> Option<String> {
        self.settings.borrow().get(name).map(str::to_owned)
    }

    /// What was to be told beside the results since this was last asked.
    pub fn take_notices(&self) -> Vec<Notice> {
        self.state.take_notices()
    }

    /// What the session keeps: rows changed, the last row id, notices.
    pub fn state(&self) -> &SessionState {
        &self.state
    }

    /// Whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        self.open.borrow().is_some()
    }

    /// Prepares a statement.
    ///
    /// # Errors
    /// 42601 and others of class 42: what the text is not; more than one statement.
    pub fn prepare(&self, text: &str) -> Result<Statement<'_>> {
        Ok(Statement::new(self, self.prepared(text)?))
    }

    /// Runs a statement whose rows are of no interest. Returns how many rows it changed.
    ///
    /// # Errors
    /// As [`Connection::prepare`]; whatever the statement refuses.
    pub fn execute(&self, text: &str, parameters: impl Parameters) -> Result<u64> {
        self.prepare(text)?.execute(parameters)
    }

    /// The rows of a statement.
    ///
    /// # Errors
    /// As [`Connection::execute`].
    pub fn query(&self, text: &str, parameters: impl Parameters) -> Result<Rows> {
        self.prepare(text)?.query(parameters)
    }

    /// What `read` makes of the first row.
    ///
    /// # Errors
    /// As [`Connection::execute`]; 02000 when there is no row.
    pub fn query_row<T>(
        &self,
        text: &str,
        parameters: impl Parameters,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.prepare(text)?.query_row(parameters, read)
    }

    /// Runs statements one after the other. Behind a COPY FROM STDIN stand its data, up to a line
    /// that is `\.`, as in scripts of psql.
    ///
    /// # Errors
    /// As [`Connection::execute`]; those before the one that fails have been run.
    pub fn execute_batch(&self, text: &str) -> Result<()> {
        self.query_batch(text, |_| Ok(()))
    }

    /// Runs statements one after the other, as [`Connection::execute_batch`], and shows `each` the
    /// rows of every one.
    ///
    /// # Errors
    /// As [`Connection::execute_batch`]; what `each` returned.
    pub fn query_batch(&self, text: &str, mut each: impl FnMut(Rows) -> Result<()>) -> Result<()> {
        for part in parts(text) {
            let text = match part {
                Part::Statements(text) => text,
                Part::Copy { statement, data } => {
                    each(self.script_copy(statement, data)?)?;
                    continue;
                }
            };
            for parsed in crate::parse::parse(text, self.dialect)? {
                let prepared = Arc::new(self.bind(&parsed)?);
                let rows = match prepared.session() {
                    Some(copy @ SessionStatement::CopyOut { .. }) => self.copied(copy)?,
                    _ => Statement::new(self, prepared).query(())?,
                };
                each(rows)?;
            }
        }
        Ok(())
    }

    /// Begins a transaction, which is rolled back unless it is committed.
    ///
    /// # Errors
    /// 25001 when one is open already.
    pub fn transaction(&self) -> Result<Transaction<'_>> {
        self.begin(self.isolation.get())?;
        Ok(Transaction::new(self))
    }

    /// The catalog of the newest definitions.
    fn catalog(&self) -> Result<Arc<Catalog>> {
        let version = self.database.definitions_version()?;
        if let Some(catalog) = &*self.catalog.borrow()
            && catalog.version() == version
        {
            return Ok(Arc::clone(catalog));
        }
        let catalog = Arc::new(Catalog::load(&self.database)?);
        *self.catalog.borrow_mut() = Some(Arc::clone(&catalog));
        Ok(catalog)
    }

    /// What was made of a text before, or is made of it now.
    fn prepared(&self, text: &str) -> Result<Arc<Prepared>> {
        let version = self.database.definitions_version()?;
        if let Some(prepared) = self.plans.borrow().get(text)
            && prepared.version == version
        {
            return Ok(Arc::clone(prepared));
        }
        let mut statements = crate::parse::parse(text, self.dialect)?;
        let parsed = match (statements.pop(), statements.is_empty()) {
            (Some(parsed), true) => parsed,
            (Some(_), false) => {
                let message = "cannot insert multiple commands into a prepared statement";
                return Err(SqlError::new("42601", message));
            }
            (None, _) => return Ok(Arc::new(Prepared::empty(version))),
        };
        let prepared = Arc::new(self.bind(&parsed)?);
        if prepared.is_kept() {
            let mut plans = self.plans.borrow_mut();
            if plans.len() >= PLANS_MAX {
                plans.clear();
            }
            plans.insert(text.to_owned(), Arc::clone(&prepared));
        }
        Ok(prepared)
    }

    fn limits(&self) -> Result<Limits> {
        let settings = self.settings.borrow();
        let number = |name: &str| -> Result<Option<u64>> {
            let Some(text) = settings.get(name) else { return Ok(None) };
            let trimmed = text.trim().trim_end_matches("ms");
            trimmed.trim().parse().map(Some).map_err(|_| {
                let message = format!("invalid value for parameter \"{name}\": \"{text}\"");
                SqlError::new("22023", message)
            })
        };
        let memory = number("statement_memory")?.and_then(|bytes| usize::try_from(bytes).ok());
        let timeout = number("statement_timeout")?.filter(|timeout| *timeout > 0);
        self.canceled.store(false, Ordering::Relaxed);
        Ok(Limits {
            memory: memory.unwrap_or(STATEMENT_MEMORY),
            timeout: timeout.map(std::time::Duration::from_millis),
            canceled: Arc::clone(&self.canceled),
            progress: self.progress.borrow().clone(),
        })
    }

    /// Begins a transaction of the session.
    fn begin(&self, isolation: Isolation) -> Result<()> {
        if self.open.borrow().is_some() {
            let message = match self.dialect {
                Dialect::Postgres => "there is already a transaction in progress",
                Dialect::Sqlite => "cannot start a transaction within a transaction",
            };
            return Err(SqlError::new("25001", message));
        }
        let lock_timeout = self.lock_timeout();
        let options =
            TransactionOptions { isolation, lock_timeout, ..TransactionOptions::default() };
        *self.open.borrow_mut() = Some(Open {
            transaction: self.database.begin(options)?,
            began: bourse_storage::sync::wall_clock_us(),
            failed: false,
            outermost: None,
            settings: self.settings.borrow().clone(),
        });
        Ok(())
    }

    /// Commits. A transaction that has failed is rolled back; returns whether it was committed.
    fn commit(&self) -> Result<bool> {
        let Some(open) = self.open.borrow_mut().take() else { return Ok(true) };
        if open.failed {
            *self.settings.borrow_mut() = open.settings;
            return Ok(false);
        }
        open.transaction.commit()?;
        Ok(true)
    }

    fn rollback(&self) {
        if let Some(open) = self.open.borrow_mut().take() {
            *self.settings.borrow_mut() = open.settings;
        }
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("folder", &self.database.folder())
            .field("dialect", &self.dialect)
            .finish_non_exhaustive()
    }
}
