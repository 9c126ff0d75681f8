//! What a session keeps from one statement to the next, and functions may ask about and change.
//!
//! It is shared with the statement that runs, which may run on several threads: everything in it
//! is behind `&self`.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use bourse::Database;
use bourse_storage::sync::{self, Mutex};
use hashbrown::HashMap;

use crate::sequence::SessionSequences;
use crate::system::LiveRelations;

/// Notices that are kept until somebody takes them; later ones are dropped.
const NOTICES_MAX: usize = 1000;

/// What a session keeps.
pub struct SessionState {
    database: Database,
    changes: AtomicU64,
    total_changes: AtomicU64,
    last_insert_id: AtomicI64,
    notices: Mutex<Vec<Notice>>,
    live: Mutex<Option<Arc<dyn LiveRelations>>>,
    began: i64,
    pragmas: Mutex<HashMap<String, String>>,
    sequences: SessionSequences,
}

/// What a client is told beside its result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// `NOTICE`, `WARNING`, `INFO`, ...
    pub severity: &'static str,
    /// The five characters of its SQLSTATE.
    pub sqlstate: &'static str,
    /// The sentence.
    pub message: String,
    /// More about this case.
    pub detail: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

impl Notice {
    /// A notice of the usual kind.
    pub fn told(message: impl Into<String>) -> Notice {
        Notice::new("NOTICE", "00000", message)
    }

    /// A warning.
    pub fn warning(sqlstate: &'static str, message: impl Into<String>) -> Notice {
        Notice::new("WARNING", sqlstate, message)
    }

    fn new(severity: &'static str, sqlstate: &'static str, message: impl Into<String>) -> Notice {
        Notice { severity, sqlstate, message: message.into(), detail: None, hint: None }
    }

    /// The same with a HINT.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Notice {
        self.hint = Some(hint.into());
        self
    }
}

impl SessionState {
    /// That of a session that begins.
    pub fn new(database: &Database) -> SessionState {
        SessionState {
            database: database.clone(),
            changes: AtomicU64::new(0),
            total_changes: AtomicU64::new(0),
            last_insert_id: AtomicI64::new(0),
            notices: Mutex::new(Vec::new()),
            live: Mutex::new(None),
            began: sync::wall_clock_us(),
            pragmas: Mutex::new(HashMap::new()),
            sequences: SessionSequences::new(database),
        }
    }

    /// The store.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Its side of sequences.
    pub(crate) fn sequences(&self) -> &SessionSequences {
        &self.sequences
    }

    /// `currval` and `lastval` have no value any more: DISCARD SEQUENCES.
    pub fn forget_sequences(&self) {
        self.sequences.forget();
    }

    /// Rows that the last statement changed which changes rows: SQLite's `changes()`.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }

    /// Rows that all statements changed: SQLite's `total_changes()`.
    pub fn total_changes(&self) -> u64 {
        self.total_changes.load(Ordering::Relaxed)
    }

    /// Notes how many rows a statement has changed.
    pub fn note_changes(&self, rows: u64) {
        self.changes.store(rows, Ordering::Relaxed);
        self.total_changes.fetch_add(rows, Ordering::Relaxed);
    }

    /// The row id of the last row that was inserted: SQLite's `last_insert_rowid()`.
    pub fn last_insert_id(&self) -> i64 {
        self.last_insert_id.load(Ordering::Relaxed)
    }

    /// Notes the row id of a row that was inserted.
    pub fn note_insert(&self, id: i64) {
        self.last_insert_id.store(id, Ordering::Relaxed);
    }

    /// When the session began; microseconds since 1970-01-01 UTC.
    pub fn began(&self) -> i64 {
        self.began
    }

    /// The value of a PRAGMA that was set in the session.
    pub(crate) fn pragma(&self, name: &str) -> Option<String> {
        self.pragmas.lock().get(name).cloned()
    }

    /// Sets a PRAGMA in the session.
    pub(crate) fn set_pragma(&self, name: &str, value: &str) {
        self.pragmas.lock().insert(name.to_owned(), value.to_owned());
    }

    /// Has somebody tell the rows of relations about sessions, roles and locks.
    pub fn set_live_relations(&self, live: Arc<dyn LiveRelations>) {
        *self.live.lock() = Some(live);
    }

    /// Who tells them.
    pub fn live_relations(&self) -> Option<Arc<dyn LiveRelations>> {
        self.live.lock().clone()
    }

    /// Tells the client something beside its result.
    pub fn tell(&self, notice: Notice) {
        let mut notices = self.notices.lock();
        if notices.len() < NOTICES_MAX {
            notices.push(notice);
        }
    }

    /// What the client is to be told, which is taken from here.
    pub fn take_notices(&self) -> Vec<Notice> {
        std::mem::take(&mut self.notices.lock())
    }
}

impl Drop for SessionState {
    fn drop(&mut self) {
        crate::sequence::end_session(self.sequences.shared(), &self.database);
    }
}

impl std::fmt::Debug for SessionState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionState").field("changes", &self.changes()).finish_non_exhaustive()
    }
}
