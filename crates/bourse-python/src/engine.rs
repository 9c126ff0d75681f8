//! A session of Python's half: one connection of SQL, its statements and their rows.
//!
//! - **E1** The session's lock is taken without the GIL, and the GIL may be taken under it: whoever
//!   waits for the lock holds no GIL, so the two orders never meet.
//! - **E2** `runner` is the thread that holds the session's lock. A function of Python that a
//!   statement calls and that calls the session again would wait for itself: it is refused.
//! - **E3** What properties tell (`in_transaction`, changes, the last row id) is written down when
//!   the lock is let go of, so that they are read without it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread::ThreadId;

use bourse_sql::Dialect;
use bourse_sql::connection::{Canceler, Connection, Rows as SqlRows};
use bourse_sql::datum::Datum;
use bourse_sql::error::SqlError;
use bourse_sql::function::Volatility;
use bourse_storage::sync::Mutex;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::error::{of_store, prefer, told};
use crate::functions;
use crate::progress::Watch;
use crate::stores::{Place, Store};
use crate::text;
use crate::value::{Factory, of_buffer, to_datum, to_tuple};

/// What is behind the session's lock.
struct Session {
    // Before the store: a transaction that is open ends first.
    connection: Connection,
    store: Store,
}

/// Makes values for a statement's parameters, whose names it is given.
type Bind<'b> = dyn FnMut(&[Option<String>]) -> PyResult<Vec<Datum>> + 'b;

/// A session with a store.
#[pyclass(frozen, module = "bourse._engine")]
pub(crate) struct Engine {
    session: Mutex<Option<Session>>,
    runner: Mutex<Option<ThreadId>>,
    canceler: Canceler,
    watch: Arc<Watch>,
    in_transaction: AtomicBool,
    total_changes: AtomicI64,
    last_row_id: AtomicI64,
}

/// Notes that a thread runs the session (E2), until it is dropped.
struct Running<'e>(&'e Engine);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        *self.0.runner.lock() = None;
    }
}

/// Where the values of parameters come from.
struct Binding<'b, 'py> {
    /// Makes one of SQLite's types of any object.
    adapt: &'b Bound<'py, PyAny>,
    /// Whether objects of SQLite's own types are adapted too.
    adapts_all: bool,
}

impl Engine {
    /// Does something with the session, without the GIL.
    fn with<T: Send>(
        &self,
        py: Python<'_>,
        body: impl FnOnce(&mut Session) -> PyResult<T> + Send,
    ) -> PyResult<T> {
        let me = std::thread::current().id();
        if *self.runner.lock() == Some(me) {
            // E2
            return Err(told("07005", "Recursive use of cursors not allowed."));
        }
        py.detach(|| {
            let mut session = self.session.lock(); // E1
            let Some(session) = session.as_mut() else {
                return Err(told("08003", "Cannot operate on a closed database."));
            };
            *self.runner.lock() = Some(me);
            let running = Running(self);
            let result = body(session);
            self.note(&session.connection);
            drop(running);
            result
        })
    }

    /// Writes down what properties tell (E3).
    fn note(&self, connection: &Connection) {
        let state = connection.state();
        let changes = i64::try_from(state.total_changes()).unwrap_or(i64::MAX);
        self.total_changes.store(changes, Ordering::Relaxed);
        self.last_row_id.store(state.last_insert_id(), Ordering::Relaxed);
        self.in_transaction.store(connection.in_transaction(), Ordering::Relaxed);
    }

    /// The error of a statement; a signal's handler may have raised another one.
    fn raise(&self, error: &SqlError) -> PyErr {
        prefer(self.watch.take_raised(), error)
    }
}

impl Session {
    /// Prepares a statement, has `bind` make its parameters, and runs it; once more where
    /// definitions have changed in between.
    fn run(
        &mut self,
        text: &str,
        begin: bool,
        bind: &mut Bind<'_>,
        watch: &Watch,
        raise: &dyn Fn(&SqlError) -> PyErr,
    ) -> PyResult<SqlRows> {
        if watch.begin() {
            let ended = "canceling statement due to user request";
            return Err(raise(&SqlError::new("57014", ended)));
        }
        let mut statement = self.connection.prepare(text).map_err(|error| raise(&error))?;
        if begin && !self.connection.in_transaction() {
            self.connection.execute_batch("BEGIN").map_err(|error| raise(&error))?;
        }
        let values = bind(statement.parameter_names())?;
        let result = statement.query(values.clone());
        drop(statement);
        let result = match result {
            Err(error) if is_outdated(&error) => {
                self.connection.prepare(text).and_then(|mut again| again.query(values))
            }
            result => result,
        };
        result.map_err(|error| raise(&error))
    }
}

fn is_outdated(error: &SqlError) -> bool {
    error.sqlstate() == "0A000" && error.message().starts_with("definitions have changed")
}

#[pymethods]
impl Engine {
    /// Opens a session: with the store of a folder; without one with a store in memory, which is
    /// shared under `name`.
    #[staticmethod]
    #[pyo3(signature = (folder, name, create, dialect))]
    fn open(
        py: Python<'_>,
        folder: Option<PathBuf>,
        name: Option<String>,
        create: bool,
        dialect: &str,
    ) -> PyResult<Engine> {
        let dialect = match dialect {
            "sqlite" => Dialect::Sqlite,
            _ => Dialect::Postgres,
        };
        py.detach(|| {
            let store = match (folder, name) {
                (Some(folder), _) => Store::open(&Place::Folder(folder), create),
                (None, Some(name)) => Store::open(&Place::Memory(name), create),
                (None, None) => Store::private(),
            };
            let store = store.map_err(of_store)?;
            let Some(database) = store.database() else {
                return Err(told("08003", "the store is closed"));
            };
            let connection = Connection::of(database).with_dialect(dialect);
            let watch = Arc::new(Watch::default());
            connection.set_progress(Some(Watch::as_look(&watch)));
            let canceler = connection.canceler();
            let session = Session { connection, store };
            Ok(Engine {
                session: Mutex::new(Some(session)),
                runner: Mutex::default(),
                canceler,
                watch,
                in_transaction: AtomicBool::new(false),
                total_changes: AtomicI64::new(0),
                last_row_id: AtomicI64::new(0),
            })
        })
    }

    /// Runs a statement. `begin` says whether it begins a transaction where none is open.
    fn execute(
        &self,
        py: Python<'_>,
        sql: &str,
        parameters: &Bound<'_, PyAny>,
        adapt: &Bound<'_, PyAny>,
        adapts_all: bool,
        begin: bool,
    ) -> PyResult<Rows> {
        let (parameters, adapt) = (parameters.clone().unbind(), adapt.clone().unbind());
        let rows = self.with(py, |session| {
            let mut bind = |names: &[Option<String>]| {
                Python::attach(|py| {
                    let adapt = adapt.bind(py);
                    Binding { adapt, adapts_all }.values(parameters.bind(py), names)
                })
            };
            session.run(sql, begin, &mut bind, &self.watch, &|error| self.raise(error))
        })?;
        Ok(Rows::new(rows))
    }

    /// Runs a statement once for each element of an iterator. Returns how many rows it changed.
    fn execute_many(
        &self,
        py: Python<'_>,
        sql: &str,
        elements: &Bound<'_, PyAny>,
        adapt: &Bound<'_, PyAny>,
        adapts_all: bool,
        begin: bool,
    ) -> PyResult<u64> {
        let (elements, adapt) = (elements.clone().unbind(), adapt.clone().unbind());
        self.with(py, |session| {
            let mut changed = 0;
            loop {
                let next = Python::attach(|py| -> PyResult<Option<Py<PyAny>>> {
                    let mut elements = elements.bind(py).try_iter()?;
                    Ok(elements.next().transpose()?.map(Bound::unbind))
                })?;
                let Some(next) = next else { return Ok(changed) };
                let mut bind = |names: &[Option<String>]| {
                    Python::attach(|py| {
                        let adapt = adapt.bind(py);
                        Binding { adapt, adapts_all }.values(next.bind(py), names)
                    })
                };
                let rows =
                    session.run(sql, begin, &mut bind, &self.watch, &|error| self.raise(error))?;
                changed += rows.changed();
            }
        })
    }

    /// Runs the statements of a script.
    fn execute_script(&self, py: Python<'_>, sql: &str) -> PyResult<()> {
        self.with(py, |session| {
            let mut none = |names: &[Option<String>]| Ok(vec![Datum::Null; names.len()]);
            for statement in text::split(sql) {
                session
                    .run(statement, false, &mut none, &self.watch, &|error| self.raise(error))?;
            }
            Ok(())
        })
    }

    /// How many milliseconds a statement waits for a row that another transaction has locked.
    fn set_lock_timeout(&self, py: Python<'_>, milliseconds: u64) -> PyResult<()> {
        self.with(py, |session| {
            session.connection.set_parameter("lock_timeout", &milliseconds.to_string());
            Ok(())
        })
    }

    /// Whether a transaction is open.
    #[getter]
    fn in_transaction(&self) -> bool {
        self.in_transaction.load(Ordering::Relaxed)
    }

    /// Rows that all statements have changed.
    #[getter]
    fn total_changes(&self) -> i64 {
        self.total_changes.load(Ordering::Relaxed)
    }

    /// The row id of the last row that was inserted.
    #[getter]
    fn last_row_id(&self) -> i64 {
        self.last_row_id.load(Ordering::Relaxed)
    }

    /// Ends the statement that runs, from any thread.
    fn cancel(&self) {
        self.watch.interrupt();
        self.canceler.cancel();
    }

    /// Closes the session; an open transaction is rolled back. A second call does nothing.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        if *self.runner.lock() == Some(std::thread::current().id()) {
            return Err(told("07005", "Recursive use of cursors not allowed."));
        }
        py.detach(|| {
            let Some(Session { connection, store, .. }) = self.session.lock().take() else {
                return Ok(());
            };
            self.in_transaction.store(false, Ordering::Relaxed);
            drop(connection);
            store.close().map_err(of_store)
        })
    }

    /// Writes a backup of the store into a new folder.
    fn backup_to(&self, py: Python<'_>, folder: PathBuf) -> PyResult<()> {
        self.with(py, |session| {
            let store = session.connection.database();
            store.backup(folder, None, &mut |_| {}).map(|_| ()).map_err(of_store)
        })
    }

    /// Gives a function to the session; `None` takes it away. Without a number of arguments it
    /// takes any.
    fn create_function(
        &self,
        py: Python<'_>,
        name: &str,
        arguments: Option<usize>,
        deterministic: bool,
        function: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        self.with(py, |session| {
            let connection = &session.connection;
            let Some(function) = function else {
                connection.remove_function(name, arguments);
                return Ok(());
            };
            let volatility =
                if deterministic { Volatility::Immutable } else { Volatility::Volatile };
            let function = functions::scalar(function);
            connection.create_function(name, arguments, volatility, function);
            Ok(())
        })
    }

    /// Gives an aggregate to the session, as `create_function` does.
    fn create_aggregate(
        &self,
        py: Python<'_>,
        name: &str,
        arguments: Option<usize>,
        windows: bool,
        class: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        self.with(py, |session| {
            let connection = &session.connection;
            match class {
                Some(class) => {
                    let aggregate = functions::aggregate(class, windows);
                    connection.create_aggregate(name, arguments, aggregate);
                }
                None => {
                    connection.remove_function(name, arguments);
                }
            }
            Ok(())
        })
    }

    /// What is called now and then while statements run, and ends them by what is true.
    fn set_progress_handler(&self, handler: Option<Py<PyAny>>) {
        self.watch.set_handler(handler);
    }

    /// Whether tracebacks of callbacks are printed, in all sessions.
    #[staticmethod]
    fn enable_tracebacks(enable: bool) {
        functions::TRACEBACKS.store(enable, Ordering::Relaxed);
    }
}

impl Binding<'_, '_> {
    /// Values for all parameters of a statement.
    fn values(
        &self,
        parameters: &Bound<'_, PyAny>,
        names: &[Option<String>],
    ) -> PyResult<Vec<Datum>> {
        if parameters.is_instance_of::<PyDict>() {
            return self.by_name(parameters, names);
        }
        let is_plain = parameters.is_exact_instance_of::<PyTuple>()
            || parameters.is_exact_instance_of::<PyList>();
        if !is_plain && !parameters.hasattr("__getitem__")? {
            return Err(told("07006", "parameters are of unsupported type"));
        }
        let count = parameters.len()?;
        if count != names.len() {
            let wanted = names.len();
            let message = format!(
                "Incorrect number of bindings supplied. The current statement uses {wanted}, and \
                 there are {count} supplied."
            );
            return Err(told("07001", &message));
        }
        let numbers = 0..count;
        numbers.map(|at| self.value(&parameters.get_item(at)?, at)).collect()
    }

    fn by_name(
        &self,
        parameters: &Bound<'_, PyAny>,
        names: &[Option<String>],
    ) -> PyResult<Vec<Datum>> {
        let mut values = Vec::with_capacity(names.len());
        for (at, name) in names.iter().enumerate() {
            let Some(name) = name else {
                let message = format!(
                    "Binding {} has no name, but you supplied a dictionary (which has only names).",
                    at + 1
                );
                return Err(told("07001", &message));
            };
            let name = name.trim_start_matches([':', '@', '$']);
            let value = parameters.get_item(name).map_err(|error| {
                if !error.is_instance_of::<PyKeyError>(parameters.py()) {
                    return error;
                }
                let message = format!("You did not supply a value for binding parameter :{name}.");
                told("07001", &message)
            })?;
            values.push(self.value(&value, at)?);
        }
        Ok(values)
    }

    fn value(&self, value: &Bound<'_, PyAny>, at: usize) -> PyResult<Datum> {
        if !self.adapts_all
            && is_basic(value)
            && let Some(datum) = to_datum(value)?
        {
            return Ok(datum);
        }
        let adapted = self.adapt.call1((value,))?;
        if let Some(datum) = to_datum(&adapted)? {
            return Ok(datum);
        }
        if let Some(blob) = of_buffer(&adapted)? {
            return Ok(blob);
        }
        let kind = adapted.get_type().name()?.to_string();
        let message = format!("Error binding parameter {}: type '{kind}' is not supported", at + 1);
        Err(told("07006", &message))
    }
}

/// Whether a value is of one of SQLite's own types exactly, and so needs no adapter.
fn is_basic(value: &Bound<'_, PyAny>) -> bool {
    use pyo3::types::{PyBytes, PyFloat, PyInt, PyString};
    value.is_none()
        || value.is_exact_instance_of::<PyInt>()
        || value.is_exact_instance_of::<PyString>()
        || value.is_exact_instance_of::<PyFloat>()
        || value.is_exact_instance_of::<PyBytes>()
}

/// The rows of a result.
#[pyclass(frozen, module = "bourse._engine")]
pub(crate) struct Rows {
    rows: Mutex<SqlRows>,
    changed: u64,
}

impl Rows {
    fn new(rows: SqlRows) -> Rows {
        Rows { changed: rows.changed(), rows: Mutex::new(rows) }
    }
}

#[pymethods]
impl Rows {
    /// Names of the columns and the types that they were declared with.
    fn columns(&self) -> Vec<(String, Option<String>)> {
        let rows = self.rows.lock();
        let columns = rows.columns().iter();
        columns.map(|column| (column.name.clone(), column.declared.clone())).collect()
    }

    /// Rows that the statement changed.
    #[getter]
    fn changed(&self) -> u64 {
        self.changed
    }

    /// At most `count` of the rows that are left, as tuples.
    fn fetch<'py>(
        &self,
        py: Python<'py>,
        count: usize,
        texts: Option<Bound<'py, PyAny>>,
        converters: Option<Bound<'py, PyList>>,
    ) -> PyResult<Bound<'py, PyList>> {
        let factory = Factory { texts: texts.as_ref(), converters: converters.as_ref() };
        let mut rows = self.rows.lock();
        let mut tuples = Vec::new();
        while tuples.len() < count
            && let Some(row) = rows.next()
        {
            tuples.push(to_tuple(py, &row, factory)?);
        }
        PyList::new(py, tuples)
    }
}
