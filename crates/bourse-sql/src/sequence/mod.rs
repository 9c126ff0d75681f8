//! Values of sequences: given once, whatever becomes of the transaction that they were given to.
//!
//! The store keeps of each sequence where it stands, as a row of [`SEQUENCES_TABLE`]. A process
//! takes many values at once: it moves that row in a transaction of its own, durable before the
//! first of them is given, and gives them from memory. So a value costs no disk, and what a crash
//! takes is the rest of those that were taken: at most [`TAKEN_MAX`] values are skipped. The last
//! session of a process that ends puts them back.
//!
//! Transactions make, alter and drop sequences ([`crate::connection`]): what a sequence is belongs
//! to them, as every row about definitions, and which row says where it stands belongs to what it
//! is. So one that begins anew gets another row, which others see when the transaction is
//! committed, and that what is given does not roll back is told of rows alone.
//!
//! ```text
//! row:      last ---------------- taken, durable ---------------> reserved
//! memory:   last given --- left: not given yet ------------------> reserved
//! ```
//!
//! Invariants:
//! - **Q1** No value is given before the row says that it may have been.
//! - **Q2** A thread that may hold mutexes of the store (a transaction that runs again) neither
//!   waits for a sequence nor takes values: it gives up, and runs from its beginning. See
//!   [`session`].

use std::sync::{Arc, LazyLock, Weak};

use bourse::Database;
use bourse_storage::sync::{self, Mutex};
use hashbrown::HashMap;

use crate::catalog::SequenceNote;
use crate::error::{Result, SqlError};

pub(crate) mod session;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use session::SessionSequences;
pub(crate) use store::{SEQUENCES_TABLE, create, ensure_table, first, remove};

/// Values that are taken at once: as many as were given so far, within these.
const TAKEN_LEAST: u64 = 32;
const TAKEN_MAX: u64 = 4096;

/// Where a sequence stands: the value given last, or the one to be given first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Standing {
    pub(crate) last: i64,
    pub(crate) is_called: bool,
}

/// A sequence in memory.
#[derive(Default)]
struct State {
    /// Nothing, until values are taken.
    standing: Option<Standing>,
    /// Values behind it that were taken.
    left: u64,
    /// The last of these: what the row says.
    reserved: i64,
    /// By what they were counted.
    steps: Option<Steps>,
    given: u64,
}

/// How a sequence goes from one value to the next. A transaction may have altered that for itself,
/// while others still count as before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Steps {
    increment: i64,
    minimum: i64,
    maximum: i64,
    cycle: bool,
}

impl Steps {
    fn of(note: &SequenceNote) -> Steps {
        let SequenceNote { increment, minimum, maximum, cycle, .. } = *note;
        Steps { increment, minimum, maximum, cycle }
    }
}

impl State {
    /// Writes where it stands, and forgets what was taken.
    fn settle(&mut self, database: &Database, key: &str) -> Result<()> {
        if let Some(standing) = self.standing.take().filter(|_| self.left > 0) {
            store::write(database, key, standing)?;
        }
        self.left = 0;
        Ok(())
    }
}

/// The sequences of an open store, shared by all of its sessions.
#[derive(Default)]
pub(crate) struct Sequences {
    states: Mutex<HashMap<String, Arc<Mutex<State>>>>,
}

/// By the address of the open store's folder, which is its own for as long as it is open.
static OPEN: LazyLock<Mutex<HashMap<usize, Weak<Sequences>>>> = LazyLock::new(Mutex::default);

fn address(database: &Database) -> usize {
    database.folder().as_os_str().as_encoded_bytes().as_ptr().addr()
}

impl Standing {
    /// Where it stands when one more value was given; `None` at the end.
    pub(crate) fn next(self, note: &SequenceNote) -> Option<Standing> {
        if !self.is_called {
            return Some(Standing { is_called: true, ..self });
        }
        let next = self.last.checked_add(note.increment);
        let next = next.filter(|next| (note.minimum..=note.maximum).contains(next));
        let around = if note.increment > 0 { note.minimum } else { note.maximum };
        let last = next.or(note.cycle.then_some(around))?;
        Some(Standing { last, is_called: true })
    }
}

impl Sequences {
    /// Those of a store.
    pub(crate) fn of(database: &Database) -> Arc<Sequences> {
        let mut open = OPEN.lock();
        let place = open.entry(address(database)).or_default();
        if let Some(sequences) = place.upgrade() {
            return sequences;
        }
        let sequences = Arc::new(Sequences::default());
        *place = Arc::downgrade(&sequences);
        sequences
    }

    fn state(&self, key: &str) -> Arc<Mutex<State>> {
        let mut states = self.states.lock();
        match states.get(key) {
            Some(state) => Arc::clone(state),
            None => Arc::clone(states.entry(key.to_owned()).or_default()),
        }
    }

    /// Does something with a state: at once, or not at all where waiting is not allowed (Q2).
    fn with<T>(
        &self,
        key: &str,
        may_wait: bool,
        body: impl FnOnce(&mut State) -> Result<T>,
    ) -> Result<T> {
        let state = self.state(key);
        if may_wait {
            return body(&mut state.lock());
        }
        match state.try_lock() {
            Some(mut state) => body(&mut state),
            None => Err(session::must_wait()),
        }
    }

    /// The next value of the sequence of a name, and where it stood before.
    pub(crate) fn next(
        &self,
        database: &Database,
        name: &str,
        note: &SequenceNote,
        may_wait: bool,
    ) -> Result<(i64, Standing)> {
        let (key, steps) = (note.standing_key(name), Some(Steps::of(note)));
        self.with(key, may_wait, |state| {
            if state.left == 0 || state.steps != steps {
                if !may_wait {
                    return Err(session::must_wait());
                }
                state.settle(database, key)?;
                let wanted = state.given.clamp(TAKEN_LEAST, TAKEN_MAX);
                let (before, reserved, count) = store::take(database, key, note, wanted)?;
                (state.standing, state.left, state.reserved) = (Some(before), count, reserved);
                state.steps = steps;
            }
            let before = state.standing.filter(|_| state.left > 0);
            let next = before.and_then(|before| Some((before, before.next(note)?)));
            let Some((before, next)) = next else { return Err(at_end(name, note)) };
            state.standing = Some(next);
            state.left -= 1; // Q1
            state.given += 1;
            Ok((next.last, before))
        })
    }

    /// Takes a value back that nobody has seen, if none was given since.
    pub(crate) fn put_back(&self, key: &str, value: i64, before: Standing) {
        let state = self.state(key);
        let mut state = state.lock();
        if state.standing == Some(Standing { last: value, is_called: true }) {
            state.standing = Some(before);
            state.left += 1;
        }
    }

    /// Has it stand somewhere: what was taken is forgotten.
    pub(crate) fn set(
        &self,
        database: &Database,
        key: &str,
        standing: Standing,
        may_wait: bool,
    ) -> Result<()> {
        self.with(key, may_wait, |state| {
            if !may_wait {
                return Err(session::must_wait());
            }
            (state.standing, state.left) = (None, 0);
            store::write(database, key, standing)
        })
    }

    /// Where the sequence of a name stands.
    pub(crate) fn standing(
        &self,
        database: &Database,
        name: &str,
        note: &SequenceNote,
    ) -> Result<Standing> {
        let key = note.standing_key(name);
        let state = self.state(key);
        let known = state.lock().standing;
        match known {
            Some(standing) => Ok(standing),
            None => store::read(database, key, note),
        }
    }

    /// Writes where it stands, and forgets what was taken: its definition is about to change.
    pub(crate) fn settle(&self, database: &Database, key: &str) -> Result<()> {
        self.with(key, true, |state| state.settle(database, key))
    }

    /// Puts back what was taken and not given, where the row still says that this process took it.
    fn put_all_back(&self, database: &Database) {
        for (key, state) in &*self.states.lock() {
            let mut state = state.lock();
            let left = std::mem::take(&mut state.left);
            if let Some(standing) = state.standing.take().filter(|_| left > 0) {
                // Where that fails the values are skipped, as after a crash.
                store::write_back(database, key, state.reserved, standing).ok();
            }
        }
    }
}

/// The end of a session: the last one of a store puts values back.
pub(crate) fn end_session(sequences: &Arc<Sequences>, database: &Database) {
    {
        let mut open = OPEN.lock();
        if Arc::strong_count(sequences) > 1 {
            return;
        }
        // Who comes now begins with what the rows say.
        open.remove(&address(database));
    }
    sequences.put_all_back(database);
}

/// Runs a transaction of its own, though this thread may be inside of another one.
fn apart<T: Send + 'static>(
    database: &Database,
    body: impl Fn(&mut bourse::Transaction<'_>) -> bourse::Result<T> + Send + Sync + 'static,
) -> Result<T> {
    let database = database.clone();
    let thread = sync::spawn("sequence", move || database.transaction(body));
    match thread.join() {
        Ok(result) => Ok(result?),
        Err(_) => Err(SqlError::new("XX000", "the thread that takes a sequence's values failed")),
    }
}

fn at_end(name: &str, note: &SequenceNote) -> SqlError {
    let name = name.rsplit('.').next().unwrap_or(name);
    let message = if note.increment > 0 {
        format!("nextval: reached maximum value of sequence \"{name}\" ({})", note.maximum)
    } else {
        format!("nextval: reached minimum value of sequence \"{name}\" ({})", note.minimum)
    };
    SqlError::new("2200H", message)
}
