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

use bourse::{CancelHandle, Database, Options};
use bourse_storage::sync::{self, Mutex};
use hashbrown::HashMap;

use crate::Dialect;
use crate::bind::SessionStatement;
use crate::catalog::Catalog;
use crate::copy::{Part, parts};
use crate::error::Result;
use crate::execute::spill::Disk;
use crate::execute::{Memory, Progress};
use crate::parse::TransactionModes;
use crate::session::{Listed, Notice, Notification, SessionState, WaitRules, Waker};
use crate::settings::Settings;
use crate::types::SqlType;

mod block;
mod context;
mod copy;
mod cursors;
mod definitions;
mod kept;
mod maintenance;
mod materialized;
mod named;
mod owned;
mod portal;
mod prepared;
mod role;
mod rows;
mod run;
mod running;
mod server;
mod session;
mod settings;
mod statement;
mod temporary;
#[cfg(test)]
mod tests;
mod transaction;
mod user;
mod value;

pub use crate::execute::Flow;
pub use block::SessionStatus;
pub use owned::{Done, PreparedStatement, StatementKind, StatementText, TakeRow};
pub use portal::{Fetched, Portal};
pub use rows::{Row, Rows};
pub(crate) use run::{Limits, Scene};
pub use statement::Statement;
pub use transaction::Transaction;
pub use value::{FromColumn, Parameters, ToParameter};

use block::Open;
use kept::Kept;
use prepared::{Prepared, next_meaning};
use temporary::TemporaryTable;

/// A way into a store with SQL.
pub struct Connection {
    database: Database,
    dialect: Dialect,
    settings: RefCell<Settings>,
    open: RefCell<Option<Open>>,
    catalog: RefCell<Option<Arc<Catalog>>>,
    /// By text, those for other types of parameters beside each other.
    plans: RefCell<HashMap<Arc<str>, Vec<Arc<Prepared>>>>,
    /// Another number when names mean others: see [`next_meaning`].
    meaning: Cell<u64>,
    /// Transactions that have ended.
    transactions: Cell<u64>,
    canceler: Canceler,
    state: SessionState,
    /// What statements may do; nothing limits them without any.
    rights: RefCell<Option<Arc<crate::role::Rights>>>,
    temporary: RefCell<Vec<TemporaryTable>>,
    /// Whether it has made temporary views or sequences.
    temporary_objects: Cell<bool>,
    /// Prepared statements and cursors.
    kept: Arc<Kept>,
    progress: RefCell<Option<Progress>>,
    /// Where statements write what they have no memory for.
    disk: Arc<Disk>,
}

/// Ends what a connection does, from another thread.
#[derive(Clone, Debug)]
pub struct Canceler {
    canceled: Arc<AtomicBool>,
    /// Of waits for a row outside of a transaction.
    rows: CancelHandle,
    /// Of the open transaction, which may wait for a lock.
    transaction: Arc<Mutex<Option<CancelHandle>>>,
}

impl Default for Canceler {
    fn default() -> Canceler {
        let rows = CancelHandle::of_session();
        Canceler { canceled: Arc::default(), rows, transaction: Arc::default() }
    }
}

impl Canceler {
    /// Ends the statement that runs, with 57014.
    pub fn cancel(&self) {
        // Before the flag: whoever finds it set begins this anew.
        self.rows.cancel();
        self.canceled.store(true, Ordering::Relaxed);
        if let Some(transaction) = &*self.transaction.lock() {
            transaction.cancel();
        }
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
        Connection::begun(database, Settings::default())
    }

    /// A connection of a user to a store that goes by a name.
    pub fn for_user(database: &Database, user: &str, name: &str) -> Connection {
        Connection::begun(database, Settings::new(user, name))
    }

    fn begun(database: &Database, mut settings: Settings) -> Connection {
        let state = SessionState::new(database);
        settings.set_temporary_schema(&state.temporary_schema());
        let kept = Arc::new(Kept::default());
        state.set_listed(Arc::clone(&kept) as Arc<dyn Listed>);
        Connection {
            database: database.clone(),
            dialect: Dialect::Postgres,
            settings: RefCell::new(settings),
            open: RefCell::default(),
            catalog: RefCell::default(),
            plans: RefCell::default(),
            meaning: Cell::new(next_meaning()),
            transactions: Cell::new(0),
            canceler: Canceler::default(),
            state,
            rights: RefCell::default(),
            temporary: RefCell::default(),
            temporary_objects: Cell::new(false),
            kept,
            progress: RefCell::default(),
            disk: Arc::new(Disk::of(database)),
        }
    }

    /// The same connection with a setting that holds from the beginning: RESET goes back to it.
    ///
    /// # Errors
    /// As SET: 42704, 22023, 55P02, 0A000.
    pub fn with_parameter(self, name: &str, value: &str) -> Result<Connection> {
        let mut settings = self.settings();
        settings.assign_default(name, value)?;
        self.set_settings(settings);
        Ok(self)
    }

    /// The same connection with another dialect.
    #[must_use]
    pub fn with_dialect(mut self, dialect: Dialect) -> Connection {
        self.set_dialect(dialect);
        self
    }

    /// Statements are of another dialect from now on.
    pub fn set_dialect(&mut self, dialect: Dialect) {
        self.dialect = dialect;
        self.change_meaning();
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
        self.canceler.clone()
    }

    /// What was to be told beside the results since this was last asked.
    pub fn take_notices(&self) -> Vec<Notice> {
        self.state.take_notices()
    }

    /// What was told on the channels that the session listens to since this was last asked.
    pub fn take_notifications(&self) -> Vec<Notification> {
        self.state.take_notifications()
    }

    /// What is called when something was told on them: on the thread that tells it, so it should
    /// only wake another one. It must not hold the connection.
    pub fn on_notification(&self, waker: Option<Waker>) {
        self.state.set_waker(waker);
    }

    /// What the session keeps: rows changed, the last row id, notices.
    pub fn state(&self) -> &SessionState {
        &self.state
    }

    /// Prepares a statement.
    ///
    /// # Errors
    /// 42601 and others of class 42: what the text is not; more than one statement.
    pub fn prepare(&self, text: &str) -> Result<Statement<'_>> {
        self.prepare_typed(text, &[])
    }

    /// Prepares a statement whose client says the types of some parameters.
    ///
    /// # Errors
    /// As [`Connection::prepare`].
    pub fn prepare_typed(&self, text: &str, types: &[Option<SqlType>]) -> Result<Statement<'_>> {
        Ok(Statement::new(self, self.prepared(text, types)?))
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
        for part in parts(text, self.dialect) {
            let text = match part {
                Part::Statements(text) => text,
                Part::Copy { statement, data } => {
                    each(self.script_copy(statement, data)?)?;
                    continue;
                }
            };
            for part in self.split(text)? {
                let prepared = self.prepared_part(&part, &[])?;
                let rows = match prepared.session() {
                    Some(SessionStatement::CopyOut { .. }) => {
                        self.copied(&PreparedStatement(prepared))?
                    }
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
        self.begin(TransactionModes::default())?;
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
        let catalog = match self.catalog_of_transaction()? {
            Some(catalog) => Arc::new(catalog),
            // Nobody else's temporary tables are in it, and it has none of its own.
            None if self.temporary.borrow().is_empty() && !self.temporary_objects.get() => {
                Catalog::shared(&self.database)?
            }
            None => Arc::new(Catalog::load_for(&self.database, &self.state.temporary_schema())?),
        };
        *self.catalog.borrow_mut() = Some(Arc::clone(&catalog));
        Ok(catalog)
    }

    /// Has the next statement read the catalog, and make its plan, anew.
    fn forget_catalog(&self) {
        *self.catalog.borrow_mut() = None;
        Catalog::forget_shared(&self.database);
        self.change_meaning();
    }

    /// What the statement that begins may use.
    fn limits(&self) -> Limits {
        let settings = self.settings.borrow().frequent();
        let (timeout, lock_timeout) = (settings.statement_timeout, settings.lock_timeout);
        let canceled = Arc::clone(&self.canceler.canceled);
        if canceled.load(Ordering::Relaxed) {
            canceled.store(false, Ordering::Relaxed);
            self.canceler.rows.begin_anew();
        }
        self.state.begin_statement(WaitRules {
            rows: self.canceler.rows.clone(),
            lock_timeout,
            deadline: timeout.map(|timeout| sync::monotonic() + timeout),
            canceled: Arc::clone(&canceled),
        });
        let progress = self.progress.borrow().clone();
        let memory = self.statement_memory();
        let disk = Arc::clone(&self.disk);
        Limits { memory, disk, timeout, lock_timeout, canceled, progress }
    }

    /// What a statement may keep.
    fn statement_memory(&self) -> Memory {
        let settings = self.settings.borrow().frequent();
        Memory::new(settings.statement_memory, settings.temp_file_limit)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.rollback();
        self.drop_temporary_tables();
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
