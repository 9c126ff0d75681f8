//! What the sessions of a store share: who is there, who listens to which channel, and locks that
//! are not a row's. It is a companion of the store.
//!
//! A notification is told once its transaction is committed, in an order in which each session's
//! own follow each other. Whoever is told is woken by a call: a session's waker runs on the thread
//! that notifies, without any lock of the hub.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use bourse_storage::sync::Mutex;
use hashbrown::HashMap;

use super::locks::Locks;
use super::present::Presence;
use crate::error::Result;

/// Notifications that wait for a session which never takes them; later ones are dropped.
const WAITING_MAX: usize = 100_000;

/// What a session is told by NOTIFY.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notification {
    /// The number of the session that told it: see
    /// [`SessionState::process_number`](super::SessionState::process_number).
    pub process: i32,
    /// The channel.
    pub channel: String,
    /// What is told.
    pub payload: String,
}

/// How a session is woken.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// What was told to a session, and how it is woken.
#[derive(Default)]
pub(super) struct Inbox {
    waiting: Mutex<VecDeque<Notification>>,
    waker: Mutex<Option<Waker>>,
}

type Listener = (i32, Arc<Inbox>);

/// What the sessions of a store share.
#[derive(Default)]
pub(super) struct Hub {
    /// Who listens, by channel: sessions by their numbers.
    channels: Mutex<HashMap<String, Vec<Listener>>>,
    sessions: AtomicI32,
    /// Who is there, by number.
    pub(super) present: Mutex<BTreeMap<i32, Arc<Presence>>>,
    /// Whether somebody has dropped what was left by a crash.
    is_swept: Mutex<bool>,
    pub(super) locks: Locks,
}

impl Inbox {
    pub(super) fn take(&self) -> Vec<Notification> {
        self.waiting.lock().drain(..).collect()
    }

    pub(super) fn set_waker(&self, waker: Option<Waker>) {
        *self.waker.lock() = waker;
    }

    fn put(&self, notification: &Notification) {
        let mut waiting = self.waiting.lock();
        if waiting.len() < WAITING_MAX {
            waiting.push_back(notification.clone());
        }
    }
}

impl Hub {
    /// Has the first session of the store do something before any other begins.
    pub(super) fn sweep(&self, body: impl FnOnce() -> Result<()>) -> Result<()> {
        let mut is_swept = self.is_swept.lock();
        if std::mem::replace(&mut *is_swept, true) { Ok(()) } else { body() }
    }

    /// A number that no session of the store has had.
    pub(super) fn next_session(&self) -> i32 {
        self.sessions.fetch_add(1, Ordering::Relaxed).wrapping_add(1)
    }

    /// How many there have been.
    pub(super) fn sessions_begun(&self) -> u64 {
        u64::from(self.sessions.load(Ordering::Relaxed).unsigned_abs())
    }

    pub(super) fn listen(&self, session: i32, channel: &str, inbox: &Arc<Inbox>) {
        let mut channels = self.channels.lock();
        let listeners = channels.entry(channel.to_owned()).or_default();
        if !listeners.iter().any(|(listener, _)| *listener == session) {
            listeners.push((session, Arc::clone(inbox)));
        }
    }

    /// Ends listening to one channel, or to all.
    pub(super) fn unlisten(&self, session: i32, channel: Option<&str>) {
        self.channels.lock().retain(|name, listeners| {
            if channel.is_none_or(|channel| channel == name) {
                listeners.retain(|(listener, _)| *listener != session);
            }
            !listeners.is_empty()
        });
    }

    /// The channels that a session listens to, by name.
    pub(super) fn channels_of(&self, session: i32) -> Vec<String> {
        let channels = self.channels.lock();
        let listens = |listeners: &[Listener]| listeners.iter().any(|(one, _)| *one == session);
        let mut names: Vec<String> = channels
            .iter()
            .filter(|(_, listeners)| listens(listeners))
            .map(|(name, _)| name.clone())
            .collect();
        names.sort();
        names
    }

    /// Tells all who listen.
    pub(super) fn notify(&self, notifications: &[Notification]) {
        let mut told: Vec<Arc<Inbox>> = Vec::new();
        {
            let channels = self.channels.lock();
            for notification in notifications {
                for (_, inbox) in channels.get(&notification.channel).into_iter().flatten() {
                    inbox.put(notification);
                    if !told.iter().any(|other| Arc::ptr_eq(other, inbox)) {
                        told.push(Arc::clone(inbox));
                    }
                }
            }
        }
        for inbox in told {
            let waker = inbox.waker.lock().clone();
            if let Some(waker) = waker {
                waker();
            }
        }
    }
}
