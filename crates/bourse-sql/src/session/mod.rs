//! What a session keeps from one statement to the next, and functions may ask about and change.
//!
//! It is shared with the statement that runs, which may run on several threads: everything in it
//! is behind `&self`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use bourse::Database;
use bourse_storage::sync::{self, Mutex};
use hashbrown::HashMap;

use crate::activity::{Activity, Observed};
use crate::error::{Result, SqlError};
use crate::sequence::SessionSequences;

mod hub;
mod locks;
mod present;

pub use hub::{Notification, Waker};
pub(crate) use locks::{LockMode, LockName, Scope, WaitRules};
pub(crate) use present::{
    Listed, ListedCursor, ListedStatement, Presence, SeenLock, SeenLockName, moment,
};

use hub::{Hub, Inbox};

/// Notices that are kept until somebody takes them; later ones are dropped.
const NOTICES_MAX: usize = 1000;

/// What a session keeps.
pub struct SessionState {
    database: Database,
    changes: AtomicU64,
    total_changes: AtomicU64,
    last_insert_id: AtomicI64,
    notices: Mutex<Vec<Notice>>,
    /// Notices of less weight are not told: see [`weight`].
    least_weight: AtomicI32,
    hub: Arc<Hub>,
    /// Its number among the sessions of the store.
    number: i32,
    presence: Arc<Presence>,
    inbox: Arc<Inbox>,
    /// Whether there is something in `pending`.
    has_pending: AtomicBool,
    pending: Mutex<Pending>,
    rules: Mutex<WaitRules>,
    sequences: SessionSequences,
    /// Its prepared statements and cursors.
    listed: Mutex<Option<Arc<dyn Listed>>>,
    /// Whether nothing is kept from it.
    is_admin: AtomicBool,
    pragmas: Mutex<HashMap<String, String>>,
    /// Where `random()` goes on from, since a `setseed`.
    seed: Mutex<Option<u64>>,
}

/// What happens when the transaction ends.
#[derive(Default)]
struct Pending {
    /// Told at commit.
    notifications: Vec<Notification>,
    /// Done at commit.
    listening: Vec<Listening>,
    /// Locks until the end, in the order in which they were taken.
    locks: Vec<(LockName, LockMode)>,
    /// Settings that functions have set, to be set when the statement has ended.
    settings: Vec<SettingRequest>,
}

enum Listening {
    To(String),
    NoMore(Option<String>),
}

/// A setting that `set_config` sets.
pub(crate) struct SettingRequest {
    pub(crate) name: String,
    pub(crate) value: String,
    /// As SHOW writes it.
    pub(crate) shown: String,
    pub(crate) local: bool,
}

/// How much was pending at some moment: what a savepoint goes back to.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct SessionMark {
    notifications: usize,
    listening: usize,
    locks: usize,
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

/// How much a notice weighs: PostgreSQL's order. INFO is always told.
fn weight(severity: &str) -> i32 {
    match severity.to_ascii_lowercase().as_str() {
        "notice" => 2,
        "warning" => 3,
        "error" => 4,
        "info" => 5,
        _ => 1,
    }
}

impl SessionState {
    /// That of a session that begins.
    pub fn new(database: &Database) -> SessionState {
        let hub = database.companion::<Hub>();
        // What a crash has left, before anybody can see it.
        // On a replica that is the leader's, and what lives there is none of ours.
        let swept = hub.sweep(|| match database.is_follower() {
            true => Ok(()),
            false => crate::catalog::sweep(database),
        });
        let number = hub.next_session();
        let presence = Arc::new(Presence::new(number));
        hub.present.lock().insert(number, Arc::clone(&presence));
        let state = SessionState {
            database: database.clone(),
            changes: AtomicU64::new(0),
            total_changes: AtomicU64::new(0),
            last_insert_id: AtomicI64::new(0),
            notices: Mutex::new(Vec::new()),
            least_weight: AtomicI32::new(weight("notice")),
            hub,
            number,
            presence,
            inbox: Arc::default(),
            has_pending: AtomicBool::new(false),
            pending: Mutex::default(),
            rules: Mutex::default(),
            sequences: SessionSequences::new(database),
            listed: Mutex::new(None),
            is_admin: AtomicBool::new(true),
            pragmas: Mutex::new(HashMap::new()),
            seed: Mutex::new(None),
        };
        if let Err(error) = swept {
            let message = format!("what a crash has left cannot be dropped yet: {error}");
            state.tell(Notice::warning("01000", message));
        }
        state
    }

    /// What `random()` gives from now on hangs on this alone.
    pub(crate) fn set_seed(&self, seed: u64) {
        *self.seed.lock() = Some(seed);
    }

    /// The step of the random numbers that hang on a seed; none where there is none.
    pub(crate) fn next_of_seed(&self, apart: u64) -> Option<u64> {
        let mut seed = self.seed.lock();
        let step = (*seed)?;
        *seed = Some(step.wrapping_add(apart));
        Some(step)
    }

    /// The schema of its temporary tables.
    pub(crate) fn temporary_schema(&self) -> String {
        format!("pg_temp_{}", self.number)
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
        self.presence.began
    }

    /// The value of a PRAGMA that was set in the session.
    pub(crate) fn pragma(&self, name: &str) -> Option<String> {
        self.pragmas.lock().get(name).cloned()
    }

    /// Sets a PRAGMA in the session.
    pub(crate) fn set_pragma(&self, name: &str, value: &str) {
        self.pragmas.lock().insert(name.to_owned(), value.to_owned());
    }

    /// Says who keeps its prepared statements and cursors.
    pub(crate) fn set_listed(&self, listed: Arc<dyn Listed>) {
        *self.listed.lock() = Some(listed);
    }

    /// Who keeps them.
    pub(crate) fn listed(&self) -> Option<Arc<dyn Listed>> {
        self.listed.lock().clone()
    }

    /// Whether it may see and end what others do.
    pub(crate) fn is_admin(&self) -> bool {
        self.is_admin.load(Ordering::Relaxed)
    }

    pub(crate) fn set_admin(&self, is_admin: bool) {
        self.is_admin.store(is_admin, Ordering::Relaxed);
    }

    /// What the store's server lets be seen, if it has one.
    pub(crate) fn server(&self) -> Option<Arc<dyn Observed>> {
        self.database.companion::<Activity>().server()
    }

    /// Has notices of less weight than `client_min_messages` says left out.
    pub(crate) fn set_least_weight(&self, client_min_messages: &str) {
        self.least_weight.store(weight(client_min_messages), Ordering::Relaxed);
    }

    /// Tells the client something beside its result.
    pub fn tell(&self, notice: Notice) {
        if weight(notice.severity) < self.least_weight.load(Ordering::Relaxed) {
            return;
        }
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

/// What is told at the end of a transaction, and locks that are not a row's.
impl SessionState {
    /// The number that clients know the session by.
    pub fn process_number(&self) -> i32 {
        self.presence.process()
    }

    /// Gives it the number by which clients know it.
    pub fn set_process_number(&self, number: i32) {
        self.presence.set_process(number);
    }

    /// Runs a part of the session's statement that may wait for rows: so that those who look at row
    /// locks see whose the wait is, and what ends the statement ends it.
    pub(crate) fn on_thread<T>(&self, body: impl FnOnce() -> T) -> T {
        let (rows, lock_timeout, deadline) = {
            let rules = self.rules.lock();
            (rules.rows.clone(), rules.lock_timeout, rules.deadline)
        };
        let number = self.number.unsigned_abs().into();
        bourse::in_session(number, &rows, lock_timeout, deadline, body)
    }

    /// Refuses to go on when the statement was canceled, or its time is over.
    pub(crate) fn check_canceled(&self) -> Result<()> {
        self.rules.lock().check()
    }

    /// Waits until something is so, or the time is over, as for a lock: another statement has the
    /// processor meanwhile, and what ends the statement ends the wait. Returns whether it is so.
    pub(crate) fn wait_until(
        &self,
        limit: Duration,
        mut is_so: impl FnMut() -> bool,
    ) -> Result<bool> {
        let start = sync::monotonic();
        loop {
            if is_so() {
                return Ok(true);
            }
            self.check_canceled()?;
            let rest = limit.saturating_sub(sync::monotonic() - start);
            if rest.is_zero() {
                return Ok(false);
            }
            sync::sleep(rest.min(locks::LOOK_EACH));
        }
    }

    /// Ends the statement that runs, with 57014.
    pub(crate) fn cancel(&self) {
        let rules = self.rules.lock();
        rules.rows.cancel();
        rules.canceled.store(true, Ordering::Relaxed);
    }

    /// What others, or the session itself, have told it on its channels, which is taken from here.
    pub fn take_notifications(&self) -> Vec<Notification> {
        self.inbox.take()
    }

    /// What is called when it was told something, on the thread that tells it.
    pub fn set_waker(&self, waker: Option<Waker>) {
        self.inbox.set_waker(waker);
    }

    /// The channels that it listens to.
    pub fn channels(&self) -> Vec<String> {
        self.hub.channels_of(self.number)
    }

    /// Tells others something, once the transaction is committed.
    ///
    /// # Errors
    /// 22023 for a channel without a name or with one of 64 bytes or more, and for 8,000 bytes or
    /// more.
    pub fn notify(&self, channel: &str, payload: &str) -> Result<()> {
        let told = match (channel.len(), payload.len()) {
            (0, _) => "channel name cannot be empty",
            (64.., _) => "channel name too long",
            (_, 8000..) => "payload string too long",
            _ => {
                let process = self.process_number();
                let (channel, payload) = (channel.to_owned(), payload.to_owned());
                let notification = Notification { process, channel, payload };
                self.pend(|pending| {
                    // The same twice in a transaction is told once.
                    if !pending.notifications.contains(&notification) {
                        pending.notifications.push(notification);
                    }
                });
                return Ok(());
            }
        };
        Err(SqlError::new("22023", told))
    }

    pub(crate) fn listen(&self, channel: &str) {
        self.pend(|pending| pending.listening.push(Listening::To(channel.to_owned())));
    }

    pub(crate) fn unlisten(&self, channel: Option<&str>) {
        let channel = channel.map(str::to_owned);
        self.pend(|pending| pending.listening.push(Listening::NoMore(channel)));
    }

    /// Sets a setting when the statement has ended.
    pub(crate) fn request_setting(&self, request: SettingRequest) {
        self.pend(|pending| pending.settings.push(request));
    }

    /// What [`Self::request_setting`] has set of a name and is not in force yet, as SHOW writes it.
    pub(crate) fn requested(&self, name: &str) -> Option<String> {
        if !self.has_pending.load(Ordering::Relaxed) {
            return None;
        }
        let pending = self.pending.lock();
        let found = pending.settings.iter().rfind(|request| request.name == name);
        found.map(|request| request.shown.clone())
    }

    pub(crate) fn take_requests(&self) -> Vec<SettingRequest> {
        if !self.has_pending.load(Ordering::Relaxed) {
            return Vec::new();
        }
        std::mem::take(&mut self.pending.lock().settings)
    }

    fn pend(&self, change: impl FnOnce(&mut Pending)) {
        change(&mut self.pending.lock());
        self.has_pending.store(true, Ordering::Relaxed);
    }

    /// What ends the waits of the statement that begins.
    pub(crate) fn begin_statement(&self, rules: WaitRules) {
        *self.rules.lock() = rules;
    }

    /// Takes a lock; without `wait` only if nobody is in the way. Returns whether it was taken.
    pub(crate) fn lock(
        &self,
        name: LockName,
        mode: LockMode,
        scope: Scope,
        wait: bool,
    ) -> Result<bool> {
        let locks = &self.hub.locks;
        if wait {
            let rules = self.rules.lock().clone();
            locks.lock(self.number, &name, mode, scope, &rules)?;
        } else if !locks.try_lock(self.number, &name, mode, scope) {
            return Ok(false);
        }
        if scope == Scope::Transaction {
            self.pend(|pending| pending.locks.push((name, mode)));
        }
        Ok(true)
    }

    /// Lets go of a lock of the session once. Returns whether it had it.
    pub(crate) fn unlock(&self, name: &LockName, mode: LockMode) -> bool {
        self.hub.locks.unlock(self.number, name, mode, Scope::Session)
    }

    /// Lets go of all locks that do not end with a transaction.
    pub(crate) fn unlock_all(&self) {
        self.hub.locks.unlock_all(self.number, Scope::Session);
    }

    pub(crate) fn mark(&self) -> SessionMark {
        if !self.has_pending.load(Ordering::Relaxed) {
            return SessionMark::default();
        }
        let pending = self.pending.lock();
        SessionMark {
            notifications: pending.notifications.len(),
            listening: pending.listening.len(),
            locks: pending.locks.len(),
        }
    }

    /// Takes back what came since a mark.
    pub(crate) fn back_to(&self, mark: SessionMark) {
        if !self.has_pending.load(Ordering::Relaxed) {
            return;
        }
        let mut pending = self.pending.lock();
        pending.notifications.truncate(mark.notifications);
        pending.listening.truncate(mark.listening);
        pending.settings.clear();
        let kept = mark.locks.min(pending.locks.len());
        let later = pending.locks.split_off(kept);
        for (name, mode) in later {
            self.hub.locks.unlock(self.number, &name, mode, Scope::Transaction);
        }
    }

    /// After a transaction: what was to be told is told if it was committed, and its locks go.
    pub(crate) fn end_transaction(&self, is_committed: bool) {
        if !self.has_pending.load(Ordering::Relaxed) {
            return;
        }
        self.has_pending.store(false, Ordering::Relaxed);
        let pending = std::mem::take(&mut *self.pending.lock());
        if !pending.locks.is_empty() {
            self.hub.locks.unlock_all(self.number, Scope::Transaction);
        }
        if !is_committed {
            return;
        }
        for listening in &pending.listening {
            match listening {
                Listening::To(channel) => self.hub.listen(self.number, channel, &self.inbox),
                Listening::NoMore(channel) => self.hub.unlisten(self.number, channel.as_deref()),
            }
        }
        if !pending.notifications.is_empty() {
            self.hub.notify(&pending.notifications);
        }
    }
}

impl Drop for SessionState {
    fn drop(&mut self) {
        self.hub.present.lock().remove(&self.number);
        self.hub.unlisten(self.number, None);
        self.hub.locks.unlock_all(self.number, Scope::Transaction);
        self.hub.locks.unlock_all(self.number, Scope::Session);
        crate::sequence::end_session(self.sequences.shared(), &self.database);
    }
}

impl std::fmt::Debug for SessionState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionState").field("changes", &self.changes()).finish_non_exhaustive()
    }
}
