//! The sessions that there are: who they are, what they do, and how others end that.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use bourse_sql::connection::Canceler;
use bourse_storage::sync::{Mutex, wall_clock_us};
use hashbrown::HashMap;
use tokio::sync::Notify;

/// Bytes of a statement's text that are shown to others.
const TEXT_MAX: usize = 1024;

/// What a session does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Doing {
    /// It waits for its client, outside of a transaction.
    Idle,
    /// It waits for its client, in a transaction.
    IdleInTransaction,
    /// The same, and the transaction has failed.
    IdleInFailed,
    /// It runs a statement, or waits to.
    Active,
}

impl Doing {
    /// As `pg_stat_activity` has it.
    pub fn name(self) -> &'static str {
        match self {
            Doing::Idle => "idle",
            Doing::IdleInTransaction => "idle in transaction",
            Doing::IdleInFailed => "idle in transaction (aborted)",
            Doing::Active => "active",
        }
    }
}

/// What a session was last seen to do.
#[derive(Clone, Debug)]
pub struct Activity {
    /// What it does.
    pub doing: Doing,
    /// The statement that it runs, or has run last: the beginning of its text.
    pub text: String,
    /// When that statement began; microseconds since 1970-01-01 UTC, 0 for none.
    pub statement_began_us: i64,
    /// When it began to do what it does.
    pub since_us: i64,
    /// When its transaction began; 0 for none.
    pub transaction_began_us: i64,
    /// What the client calls itself.
    pub application: String,
}

/// A session as others see it.
#[derive(Debug)]
pub struct Entry {
    /// Its number.
    pub process: u32,
    /// Whose it is.
    pub user: String,
    /// Where its client is.
    pub peer: String,
    /// When it began.
    pub began_us: i64,
    secret: u32,
    canceler: Canceler,
    terminated: AtomicBool,
    /// The session's task waits for it while the client says nothing.
    pub(crate) wake: Notify,
    activity: Mutex<Activity>,
}

impl Entry {
    /// What it does.
    pub fn activity(&self) -> Activity {
        self.activity.lock().clone()
    }

    /// Ends its statement, if one runs.
    pub fn cancel(&self) {
        self.canceler.cancel();
    }

    /// Ends it: its statement, if one runs, and then the session.
    pub fn terminate(&self) {
        self.terminated.store(true, Ordering::Release);
        self.canceler.cancel();
        self.wake.notify_one();
    }

    /// Ends it once its statement has run.
    pub(crate) fn finish(&self) {
        self.terminated.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    /// Whether it is to end.
    pub fn is_terminated(&self) -> bool {
        self.terminated.load(Ordering::Acquire)
    }

    pub(crate) fn begins_statement(&self, text: &str, transaction_began_us: i64) {
        let mut activity = self.activity.lock();
        let now = wall_clock_us();
        activity.doing = Doing::Active;
        activity.since_us = now;
        activity.statement_began_us = now;
        activity.transaction_began_us =
            if transaction_began_us == 0 { now } else { transaction_began_us };
        let mut length = text.len().min(TEXT_MAX);
        while !text.is_char_boundary(length) {
            length -= 1;
        }
        activity.text.clear();
        activity.text.push_str(&text[..length]);
    }

    pub(crate) fn rests(&self, doing: Doing) {
        let mut activity = self.activity.lock();
        activity.doing = doing;
        activity.since_us = wall_clock_us();
        if doing == Doing::Idle {
            activity.transaction_began_us = 0;
        }
    }

    pub(crate) fn set_application(&self, name: &str) {
        let mut activity = self.activity.lock();
        if activity.application != name {
            name.clone_into(&mut activity.application);
        }
    }
}

/// All sessions of a server.
#[derive(Debug, Default)]
pub struct Registry {
    sessions: Mutex<HashMap<u32, Arc<Entry>>>,
    next: AtomicU32,
}

impl Registry {
    /// Adds a session.
    pub(crate) fn add(&self, user: &str, peer: &str, canceler: Canceler) -> Arc<Entry> {
        let mut sessions = self.sessions.lock();
        let process = loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed) % 0x7fff_ffff + 1;
            if !sessions.contains_key(&number) {
                break number;
            }
        };
        let now = wall_clock_us();
        let entry = Arc::new(Entry {
            process,
            user: user.to_owned(),
            peer: peer.to_owned(),
            began_us: now,
            secret: rand::random(),
            canceler,
            terminated: AtomicBool::new(false),
            wake: Notify::new(),
            activity: Mutex::new(Activity {
                doing: Doing::Idle,
                text: String::new(),
                statement_began_us: 0,
                since_us: now,
                transaction_began_us: 0,
                application: String::new(),
            }),
        });
        sessions.insert(process, Arc::clone(&entry));
        entry
    }

    pub(crate) fn remove(&self, process: u32) {
        self.sessions.lock().remove(&process);
    }

    /// Ends the statement of a session for whoever knows its secret. A wrong one is as if nothing
    /// had been asked.
    pub(crate) fn cancel(&self, process: u32, secret: u32) {
        // A difference of numbers takes the same time whatever they are.
        let found = self.get(process).filter(|entry| entry.secret ^ secret == 0);
        if let Some(entry) = found {
            entry.cancel();
        }
    }

    /// The session of a number.
    pub fn get(&self, process: u32) -> Option<Arc<Entry>> {
        self.sessions.lock().get(&process).cloned()
    }

    /// All of them, in the order of their numbers.
    pub fn all(&self) -> Vec<Arc<Entry>> {
        let mut all: Vec<Arc<Entry>> = self.sessions.lock().values().cloned().collect();
        all.sort_by_key(|entry| entry.process);
        all
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.sessions.lock().len()
    }
}

impl Entry {
    pub(crate) fn secret(&self) -> u32 {
        self.secret
    }
}
