//! A session as the others of its store see it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicI64, AtomicU64, Ordering};

use bourse_storage::sync;

use super::locks::LockStatus;
use super::{LockName, SessionState};
use crate::datum::Datum;

/// What is said of a session beside its statements, which a server knows.
#[derive(Debug)]
pub(crate) struct Presence {
    /// Its number among the sessions of the store.
    pub(crate) number: i32,
    /// The number that clients know it by.
    process: AtomicI32,
    /// Whether a server gave it that number, and tells of it.
    is_served: AtomicBool,
    /// When it began; microseconds since 1970-01-01 UTC.
    pub(crate) began: i64,
    /// When its transaction began; 0 without one.
    transaction_began: AtomicI64,
    /// By which number row locks are its transaction's; 0 without one.
    lock_owner: AtomicU64,
}

impl Presence {
    pub(super) fn new(number: i32) -> Presence {
        Presence {
            number,
            process: AtomicI32::new(number),
            is_served: AtomicBool::new(false),
            began: sync::wall_clock_us(),
            transaction_began: AtomicI64::new(0),
            lock_owner: AtomicU64::new(0),
        }
    }

    pub(crate) fn process(&self) -> i32 {
        self.process.load(Ordering::Relaxed)
    }

    pub(super) fn set_process(&self, number: i32) {
        self.process.store(number, Ordering::Relaxed);
        self.is_served.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_served(&self) -> bool {
        self.is_served.load(Ordering::Relaxed)
    }

    pub(crate) fn transaction_began(&self) -> i64 {
        self.transaction_began.load(Ordering::Relaxed)
    }

    pub(crate) fn lock_owner(&self) -> u64 {
        self.lock_owner.load(Ordering::Relaxed)
    }
}

/// A lock as `pg_locks` shows it.
#[derive(Clone, Debug)]
pub(crate) struct SeenLock {
    pub(crate) what: SeenLockName,
    pub(crate) mode: &'static str,
    /// The session's number among those of the store, if it is one of them.
    pub(crate) session: Option<i32>,
    pub(crate) is_held: bool,
    /// Sessions that are in its way.
    pub(crate) waits_for: Vec<i32>,
}

/// What it is a lock of.
#[derive(Clone, Debug)]
pub(crate) enum SeenLockName {
    /// An advisory one, or a table's.
    Named(LockName),
    /// A row's, or a key's of a unique index: the table, and the index.
    Row(String, Option<String>),
}

/// What PostgreSQL calls a lock of a row where it is one of the lock manager's.
fn row_mode(mode: bourse::LockMode) -> &'static str {
    match mode {
        bourse::LockMode::KeyShare => "AccessShareLock",
        bourse::LockMode::Share => "RowShareLock",
        bourse::LockMode::NoKeyUpdate => "ExclusiveLock",
        bourse::LockMode::Update => "AccessExclusiveLock",
    }
}

impl SessionState {
    /// The sessions of the store, by number.
    pub(crate) fn present(&self) -> Vec<Arc<Presence>> {
        self.hub.present.lock().values().cloned().collect()
    }

    /// How many sessions of the store have begun since it was opened.
    pub(crate) fn sessions_begun(&self) -> u64 {
        self.hub.sessions_begun()
    }

    /// The session of a number that clients know it by.
    pub(crate) fn session_of_process(&self, process: i64) -> Option<i32> {
        let present = self.hub.present.lock();
        let found = present.values().find(|one| i64::from(one.process()) == process);
        found.map(|one| one.number)
    }

    /// A transaction of the session has begun, which takes row locks by this number.
    pub(crate) fn transaction_begins(&self, began: i64, lock_owner: u64) {
        self.presence.transaction_began.store(began, Ordering::Relaxed);
        self.presence.lock_owner.store(lock_owner, Ordering::Relaxed);
    }

    /// It has ended.
    pub(crate) fn transaction_ends(&self) {
        self.transaction_begins(0, 0);
    }

    /// All locks that are held or waited for: advisory ones, those of LOCK TABLE, and rows'.
    pub(crate) fn seen_locks(&self) -> Vec<SeenLock> {
        let present = self.present();
        let of_owner = |owner: u64| {
            let found = present.iter().find(|one| one.lock_owner() == owner);
            found.map(|one| one.number)
        };
        let mut seen: Vec<SeenLock> = Vec::new();
        self.hub.locks.each(|LockStatus { name, mode, session, is_held, waits_for }| {
            let what = SeenLockName::Named(name.clone());
            let session = Some(session);
            seen.push(SeenLock { what, mode: mode.name(), session, is_held, waits_for });
        });
        // A store that has stopped has no locks.
        for lock in self.database.row_locks().unwrap_or_default() {
            let number = i32::try_from(lock.session).ok().filter(|number| *number != 0);
            seen.push(SeenLock {
                what: SeenLockName::Row(lock.table, lock.index),
                mode: row_mode(lock.mode),
                session: lock.owner.and_then(of_owner).or(number),
                is_held: lock.is_held,
                waits_for: lock.waits_for.into_iter().filter_map(of_owner).collect(),
            });
        }
        seen
    }
}

/// A prepared statement as `pg_prepared_statements` shows it.
#[derive(Clone, Debug)]
pub(crate) struct ListedStatement {
    /// Its name.
    pub(crate) name: String,
    /// Its text.
    pub(crate) text: String,
    /// When it was prepared.
    pub(crate) made_us: i64,
    /// The types of its parameters.
    pub(crate) types: Vec<crate::types::SqlType>,
    /// Whether PREPARE made it, and no message.
    pub(crate) from_sql: bool,
}

/// A cursor as `pg_cursors` shows it.
#[derive(Clone, Debug)]
pub(crate) struct ListedCursor {
    /// Its name.
    pub(crate) name: String,
    /// The statement that declared it.
    pub(crate) text: String,
    /// Whether it outlives its transaction.
    pub(crate) is_holdable: bool,
    /// Whether it can go back.
    pub(crate) is_scrollable: bool,
    /// When it was declared.
    pub(crate) made_us: i64,
}

/// Whoever keeps the prepared statements and cursors of a session.
pub(crate) trait Listed: Send + Sync {
    /// Its prepared statements, by name.
    fn statements(&self) -> Vec<ListedStatement>;
    /// Its cursors, in the order in which they were declared.
    fn cursors(&self) -> Vec<ListedCursor>;
}

/// A moment as a value; 0 is none.
pub(crate) fn moment(micros: i64) -> Datum {
    match micros {
        0 => Datum::Null,
        micros => Datum::TimestampTz(crate::datum::Instant { micros, nanos: 0 }),
    }
}
