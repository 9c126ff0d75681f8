//! Functions that a program gives to its session, beside those of the library.
//!
//! A plan names its functions by `&'static` entries. Those of a program live as long as its session
//! does, so an entry only carries the name, and what it calls is looked up in the session that runs
//! the statement. Entries are made once for a name and never let go of: as many as a process has
//! names for functions, however many sessions come and go.
//!
//! - **U1** What an entry made here would call by itself is never called: `ScalarFunction::run` and
//!   `AggregateFunction::begin` look at whose it is first.
//! - **U2** No lock is held while a program's function runs: it may well use the session.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use bourse::Collation;
use bourse_storage::sync::Mutex;

use super::{Accumulator, AggregateFunction, AggregateOf, Context};
use super::{Resolved, ScalarFunction, Volatility};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::types::SqlType;

/// A function of a program that makes one value of its arguments.
pub type UserScalar = Arc<dyn Fn(&[Datum]) -> Result<Datum> + Send + Sync>;

/// Makes an empty state of an aggregate of a program.
pub type UserStart = Arc<dyn Fn() -> Result<Box<dyn UserState>> + Send + Sync>;

/// The state of a program's aggregate over one group, or over one window's frame.
pub trait UserState: Send {
    /// Takes a row's arguments.
    ///
    /// # Errors
    /// Whatever the program refuses.
    fn step(&mut self, arguments: &[Datum]) -> Result<()>;

    /// The result so far. Asked for again and again where the function has a window.
    ///
    /// # Errors
    /// Whatever the program refuses.
    fn result(&self, is_window: bool) -> Result<Datum>;
}

/// A program's aggregate.
#[derive(Clone)]
pub struct UserAggregate {
    /// Makes an empty state.
    pub start: UserStart,
    /// Whether it may be called with OVER.
    pub windows: bool,
}

/// What a program has given to a session, by name in lower case and number of arguments; without
/// a number it takes any.
#[derive(Default)]
pub struct UserFunctions(Mutex<Given>);

type Key = (String, Option<usize>);

#[derive(Default)]
struct Given {
    scalars: HashMap<Key, (UserScalar, Volatility)>,
    aggregates: HashMap<Key, UserAggregate>,
}

impl UserFunctions {
    /// Adds a function, in place of what has its name and number of arguments.
    pub fn set_scalar(
        &self,
        name: &str,
        arguments: Option<usize>,
        volatility: Volatility,
        function: UserScalar,
    ) {
        self.remove(name, arguments);
        let key = (name.to_ascii_lowercase(), arguments);
        self.0.lock().scalars.insert(key, (function, volatility));
    }

    /// Adds an aggregate, in place of what has its name and number of arguments.
    pub fn set_aggregate(&self, name: &str, arguments: Option<usize>, aggregate: UserAggregate) {
        self.remove(name, arguments);
        let key = (name.to_ascii_lowercase(), arguments);
        self.0.lock().aggregates.insert(key, aggregate);
    }

    /// Takes away what has a name and number of arguments. Returns whether there was something.
    pub fn remove(&self, name: &str, arguments: Option<usize>) -> bool {
        let key = (name.to_ascii_lowercase(), arguments);
        // Dropped when the lock is open again (U2): a destructor of the program may run.
        let (scalar, aggregate) = {
            let mut given = self.0.lock();
            (given.scalars.remove(&key), given.aggregates.remove(&key))
        };
        scalar.is_some() || aggregate.is_some()
    }

    /// The function of a name that takes so many arguments.
    fn scalar(&self, name: &str, arguments: usize) -> Option<(UserScalar, Volatility)> {
        let given = self.0.lock();
        find(&given.scalars, name, arguments).cloned()
    }

    /// The aggregate of a name that takes so many arguments.
    fn aggregate(&self, name: &str, arguments: usize) -> Option<UserAggregate> {
        let given = self.0.lock();
        find(&given.aggregates, name, arguments).cloned()
    }

    /// What a call with arguments of these types is resolved to, if it is a program's function.
    pub(crate) fn resolve_scalar(
        &self,
        name: &str,
        types: &[SqlType],
    ) -> Option<Resolved<ScalarFunction>> {
        let (_, volatility) = self.scalar(name, types.len())?;
        let function = scalar_entry(name, volatility);
        Some(Resolved { function, arguments: types.to_vec(), result: SqlType::Any })
    }

    /// What a call with arguments of these types is resolved to, if it is a program's aggregate.
    ///
    /// # Errors
    /// 42P20 when it has a window that the aggregate is not made for.
    pub(crate) fn resolve_aggregate(
        &self,
        name: &str,
        types: &[SqlType],
        is_window: bool,
    ) -> Result<Option<Resolved<AggregateFunction>>> {
        let Some(aggregate) = self.aggregate(name, types.len()) else { return Ok(None) };
        if is_window && !aggregate.windows {
            let message = format!("{name}() may not be used as a window function");
            return Err(SqlError::new("42P20", message));
        }
        let function = aggregate_entry(name, is_window);
        Ok(Some(Resolved { function, arguments: types.to_vec(), result: SqlType::Any }))
    }

    /// Whether a program has a function of this name that does not take so many arguments.
    pub(crate) fn has_other(&self, name: &str) -> bool {
        let given = self.0.lock();
        let names = given.scalars.keys().chain(given.aggregates.keys());
        names.into_iter().any(|(other, _)| other == name)
    }
}

fn find<'g, T>(given: &'g HashMap<Key, T>, name: &str, arguments: usize) -> Option<&'g T> {
    let exact = given.get(&(name.to_owned(), Some(arguments)));
    exact.or_else(|| given.get(&(name.to_owned(), None)))
}

impl std::fmt::Debug for UserFunctions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let given = self.0.lock();
        f.debug_list().entries(given.scalars.keys()).entries(given.aggregates.keys()).finish()
    }
}

/// Entries that were made so far.
#[derive(Default)]
struct Entries {
    scalars: HashMap<(&'static str, bool), &'static ScalarFunction>,
    aggregates: HashMap<(&'static str, bool), &'static AggregateFunction>,
}

static ENTRIES: LazyLock<Mutex<Entries>> = LazyLock::new(Mutex::default);

fn scalar_entry(name: &str, volatility: Volatility) -> &'static ScalarFunction {
    let is_volatile = volatility == Volatility::Volatile;
    let mut entries = ENTRIES.lock();
    if let Some(entry) = entries.scalars.get(&(name, is_volatile)) {
        return entry;
    }
    let name: &'static str = Box::leak(Box::from(name));
    // It is never computed while a statement is planned: a program's function may have effects.
    let volatility = if is_volatile { Volatility::Volatile } else { Volatility::Stable };
    let entry = ScalarFunction {
        name,
        strict: false,
        volatility,
        is_user: true,
        call: |_, _| Ok(Datum::Null),
    };
    entries.scalars.entry((name, is_volatile)).or_insert(Box::leak(Box::new(entry)))
}

fn aggregate_entry(name: &str, is_window: bool) -> &'static AggregateFunction {
    let mut entries = ENTRIES.lock();
    if let Some(entry) = entries.aggregates.get(&(name, is_window)) {
        return entry;
    }
    let name: &'static str = Box::leak(Box::from(name));
    let kind = if is_window { AggregateOf::UserWindow } else { AggregateOf::User };
    let start = |_: &[SqlType], _| -> Box<dyn Accumulator> { Box::new(Running::new("", 0, false)) };
    let entry = AggregateFunction { name, strict: false, ordered_set: false, of: kind, start };
    entries.aggregates.entry((name, is_window)).or_insert(Box::leak(Box::new(entry)))
}

/// Calls a program's function.
pub(super) fn call(name: &str, arguments: &[Datum], context: &dyn Context) -> Result<Datum> {
    let found = context.functions().and_then(|given| given.scalar(name, arguments.len()));
    let Some((function, _)) = found else { return Err(gone(name)) };
    function(arguments)
}

#[cold]
fn gone(name: &str) -> SqlError {
    SqlError::new("42883", format!("no such function: {name}"))
}

/// The state of a program's aggregate, which begins when it is first needed: only then the session
/// is at hand.
struct Running {
    name: &'static str,
    arguments: usize,
    is_window: bool,
    state: Option<Box<dyn UserState>>,
}

impl Running {
    fn new(name: &'static str, arguments: usize, is_window: bool) -> Running {
        Running { name, arguments, is_window, state: None }
    }

    fn start(&self, context: &dyn Context) -> Result<Box<dyn UserState>> {
        let found = context.functions().and_then(|g| g.aggregate(self.name, self.arguments));
        match found {
            Some(aggregate) => (aggregate.start)(),
            None => Err(gone(self.name)),
        }
    }
}

impl Accumulator for Running {
    fn add(&mut self, arguments: &[Datum], context: &dyn Context) -> Result<()> {
        if self.state.is_none() {
            self.state = Some(self.start(context)?);
        }
        self.state.as_mut().map_or(Ok(()), |state| state.step(arguments))
    }

    fn result(&self, _context: &dyn Context) -> Result<Datum> {
        match &self.state {
            Some(state) => state.result(self.is_window),
            // As in SQLite's: over no rows nothing of the program is called.
            None => Ok(Datum::Null),
        }
    }
}

/// An empty state of an aggregate, a program's too.
pub(super) fn begin(
    function: &AggregateFunction,
    types: &[SqlType],
    collation: Collation,
) -> Box<dyn Accumulator> {
    match function.of {
        AggregateOf::Library => (function.start)(types, collation),
        kind => {
            let is_window = kind == AggregateOf::UserWindow;
            Box::new(Running::new(function.name, types.len(), is_window))
        }
    }
}
