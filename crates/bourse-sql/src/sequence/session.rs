//! What a session knows of sequences: the values that it was given, and whether the statement that
//! runs may wait.
//!
//! A change outside of BEGIN is a closure that the store runs again when others were in its way,
//! from the third time on while it holds mutexes. In its first run it may take values of a
//! sequence; in later ones it may not (Q2 of [`super`]), and if it must, the whole begins anew,
//! with a first run. What a run was given that did not count is put back for the next one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bourse::Database;
use bourse_storage::sync::Mutex;
use hashbrown::HashMap;

use super::{Sequences, Standing};
use crate::catalog::SequenceNote;
use crate::error::{Result, SqlError};

/// A session's side of sequences.
pub(crate) struct SessionSequences {
    shared: Arc<Sequences>,
    /// By sequence, the value given last.
    current: Mutex<HashMap<String, i64>>,
    /// The sequence that gave one last.
    latest: Mutex<Option<String>>,
    /// Runs of the closure so far; 0 outside of one.
    runs: AtomicU64,
    /// A run gave up because it had to wait.
    gave_up: AtomicBool,
    /// What the closure's run was given, by the keys of rows.
    drawn: Mutex<Vec<(String, i64, Standing)>>,
}

/// What ends a run that may not wait.
pub(super) fn must_wait() -> SqlError {
    let message = "a sequence's values are to be taken before the transaction runs again";
    SqlError::new("40001", message)
}

impl SessionSequences {
    pub(crate) fn new(database: &Database) -> SessionSequences {
        SessionSequences {
            shared: Sequences::of(database),
            current: Mutex::default(),
            latest: Mutex::default(),
            runs: AtomicU64::new(0),
            gave_up: AtomicBool::new(false),
            drawn: Mutex::default(),
        }
    }

    /// The store's.
    pub(crate) fn shared(&self) -> &Arc<Sequences> {
        &self.shared
    }

    /// A run of the closure begins.
    pub(crate) fn begin_run(&self) {
        self.runs.fetch_add(1, Ordering::Relaxed);
        for (key, value, before) in self.drawn.lock().drain(..).rev() {
            self.shared.put_back(&key, value, before);
        }
    }

    /// The closure's runs are over. Returns whether the whole is to begin anew.
    pub(crate) fn end_runs(&self) -> bool {
        self.runs.store(0, Ordering::Relaxed);
        let again = self.gave_up.swap(false, Ordering::Relaxed);
        if !again {
            self.drawn.lock().clear();
        }
        again
    }

    fn may_wait(&self) -> bool {
        self.runs.load(Ordering::Relaxed) <= 1
    }

    fn noted<T>(&self, result: Result<T>) -> Result<T> {
        if result.is_err() && !self.may_wait() {
            self.gave_up.store(true, Ordering::Relaxed);
        }
        result
    }

    /// `nextval` of the sequence of a name
    pub(crate) fn next(&self, database: &Database, name: &str, note: &SequenceNote) -> Result<i64> {
        let next = self.shared.next(database, name, note, self.may_wait());
        let (value, before) = self.noted(next)?;
        if self.runs.load(Ordering::Relaxed) > 0 {
            self.drawn.lock().push((note.standing_key(name).to_owned(), value, before));
        }
        self.current.lock().insert(name.to_owned(), value);
        *self.latest.lock() = Some(name.to_owned());
        Ok(value)
    }

    /// `setval`
    pub(crate) fn set(
        &self,
        database: &Database,
        name: &str,
        note: &SequenceNote,
        standing: Standing,
    ) -> Result<()> {
        let key = note.standing_key(name);
        let set = self.shared.set(database, key, standing, self.may_wait());
        self.noted(set)?;
        self.drawn.lock().retain(|(drawn, ..)| drawn != key);
        if standing.is_called {
            self.current.lock().insert(name.to_owned(), standing.last);
        }
        Ok(())
    }

    /// `currval`
    pub(crate) fn current(&self, key: &str) -> Option<i64> {
        self.current.lock().get(key).copied()
    }

    /// `lastval`
    pub(crate) fn latest(&self) -> Option<i64> {
        let latest = self.latest.lock().clone()?;
        self.current(&latest)
    }

    /// DISCARD SEQUENCES.
    pub(crate) fn forget(&self) {
        self.current.lock().clear();
        *self.latest.lock() = None;
    }
}
