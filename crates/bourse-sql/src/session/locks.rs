//! Locks that are not a row's: advisory ones, and those of LOCK TABLE.
//!
//! A session that asks for a lock in conflict waits in the lock's queue, first come, first served;
//! one that has the lock in some mode already goes first, or it would wait for those who wait for
//! it. A wait ends with 57014 when the statement is canceled or its time is over, with 55P03 after
//! lock_timeout, and with 40P01 at once where it would close a circle of waits.
//!
//! Invariants:
//! - **L1** Of two grants of a lock to different sessions, neither's mode conflicts with the
//!   other's.
//! - **L2** Who waits has exactly one place, in one queue.
//! - **L3** A circle of waits is looked for by whoever begins to wait, under the one mutex: each
//!   new edge begins at the newcomer. (Waits for rows are known to the store alone: a circle
//!   through both ends by a timeout.)

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bourse::CancelHandle;
use bourse_storage::sync::{self, Condvar, Mutex};
use hashbrown::HashMap;

use crate::error::{Result, SqlError};

/// How often who waits looks whether its statement is canceled.
pub(super) const LOOK_EACH: Duration = Duration::from_millis(10);

/// What is locked.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum LockName {
    /// `pg_advisory_lock(bigint)`
    Number(i64),
    /// `pg_advisory_lock(integer, integer)`
    Pair(i32, i32),
    /// LOCK TABLE, by the store's name in lower case.
    Table(String),
}

/// PostgreSQL's modes of locks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LockMode {
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

/// How long a lock is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scope {
    Session,
    Transaction,
}

/// What ends a wait.
#[derive(Clone, Debug)]
pub(crate) struct WaitRules {
    pub(crate) lock_timeout: Option<Duration>,
    /// Of the statement, on the clock of [`sync::monotonic`].
    pub(crate) deadline: Option<Duration>,
    pub(crate) canceled: Arc<AtomicBool>,
    /// Ends waits for a row outside of a transaction.
    pub(crate) rows: CancelHandle,
}

impl Default for WaitRules {
    fn default() -> WaitRules {
        WaitRules {
            lock_timeout: None,
            deadline: None,
            canceled: Arc::default(),
            rows: CancelHandle::of_session(),
        }
    }
}

#[derive(Default)]
pub(super) struct Locks {
    table: Mutex<Table>,
    changed: Condvar,
}

#[derive(Default)]
struct Table {
    entries: HashMap<LockName, Entry>,
    next_ticket: u64,
}

#[derive(Default)]
struct Entry {
    grants: Vec<Grant>,
    queue: Vec<Wait>,
}

struct Grant {
    session: i32,
    mode: LockMode,
    /// How often the session has it, for itself and for its transaction.
    of_session: u32,
    of_transaction: u32,
}

#[derive(Clone, Copy)]
struct Wait {
    ticket: u64,
    session: i32,
    mode: LockMode,
}

impl LockMode {
    /// The mode of LOCK TABLE's words.
    pub(crate) fn of_words(words: &str) -> Option<LockMode> {
        Some(match words {
            "access share" => LockMode::AccessShare,
            "row share" => LockMode::RowShare,
            "row exclusive" => LockMode::RowExclusive,
            "share update exclusive" => LockMode::ShareUpdateExclusive,
            "share" => LockMode::Share,
            "share row exclusive" => LockMode::ShareRowExclusive,
            "exclusive" => LockMode::Exclusive,
            "access exclusive" => LockMode::AccessExclusive,
            _ => return None,
        })
    }

    /// PostgreSQL's table of conflicts.
    fn conflicts(self, other: LockMode) -> bool {
        use LockMode as M;
        let with: &[LockMode] = match self {
            M::AccessShare => &[M::AccessExclusive],
            M::RowShare => &[M::Exclusive, M::AccessExclusive],
            M::RowExclusive => &[M::Share, M::ShareRowExclusive, M::Exclusive, M::AccessExclusive],
            M::ShareUpdateExclusive => &[
                M::ShareUpdateExclusive,
                M::Share,
                M::ShareRowExclusive,
                M::Exclusive,
                M::AccessExclusive,
            ],
            M::Share => &[
                M::RowExclusive,
                M::ShareUpdateExclusive,
                M::ShareRowExclusive,
                M::Exclusive,
                M::AccessExclusive,
            ],
            M::ShareRowExclusive => &[
                M::RowExclusive,
                M::ShareUpdateExclusive,
                M::Share,
                M::ShareRowExclusive,
                M::Exclusive,
                M::AccessExclusive,
            ],
            M::Exclusive => return other != M::AccessShare,
            M::AccessExclusive => return true,
        };
        with.contains(&other)
    }

    /// What PostgreSQL calls it where it warns.
    pub(crate) fn name(self) -> &'static str {
        match self {
            LockMode::AccessShare => "AccessShareLock",
            LockMode::RowShare => "RowShareLock",
            LockMode::RowExclusive => "RowExclusiveLock",
            LockMode::ShareUpdateExclusive => "ShareUpdateExclusiveLock",
            LockMode::Share => "ShareLock",
            LockMode::ShareRowExclusive => "ShareRowExclusiveLock",
            LockMode::Exclusive => "ExclusiveLock",
            LockMode::AccessExclusive => "AccessExclusiveLock",
        }
    }
}

impl Entry {
    fn has(&self, session: i32) -> bool {
        self.grants.iter().any(|grant| grant.session == session)
    }

    /// The sessions for which a wait, or a newcomer without a ticket, would have to wait.
    fn waits_for(&self, wait: Wait) -> Vec<i32> {
        let grants = self.grants.iter().map(|grant| (grant.session, grant.mode));
        let ahead = self.queue.iter().filter(|other| other.ticket < wait.ticket);
        let ahead = ahead.map(|other| (other.session, other.mode));
        // Who has the lock already passes those who wait for it.
        let ahead = ahead.filter(|_| !self.has(wait.session));
        let conflicts = |(session, mode): &(i32, LockMode)| {
            *session != wait.session && mode.conflicts(wait.mode)
        };
        grants.chain(ahead).filter(conflicts).map(|(session, _)| session).collect()
    }

    /// Grants what waits for nobody. Returns whether it did.
    fn try_grant(&mut self, wait: Wait, scope: Scope) -> bool {
        let is_free = self.waits_for(wait).is_empty();
        if is_free {
            self.grant(wait.session, wait.mode, scope);
        }
        is_free
    }

    fn grant(&mut self, session: i32, mode: LockMode, scope: Scope) {
        let is_it = |grant: &&mut Grant| grant.session == session && grant.mode == mode;
        let grant = match self.grants.iter_mut().find(is_it) {
            Some(grant) => grant,
            None => {
                self.grants.push(Grant { session, mode, of_session: 0, of_transaction: 0 });
                let last = self.grants.len() - 1;
                &mut self.grants[last]
            }
        };
        match scope {
            Scope::Session => grant.of_session += 1,
            Scope::Transaction => grant.of_transaction += 1,
        }
    }
}

impl Table {
    /// Whether a session waits, through others, for itself (L3).
    fn closes_circle(&self, session: i32) -> bool {
        let mut reached: Vec<i32> = Vec::new();
        let mut next = vec![session];
        while let Some(waiting) = next.pop() {
            for entry in self.entries.values() {
                for wait in entry.queue.iter().filter(|wait| wait.session == waiting) {
                    for other in entry.waits_for(*wait) {
                        if other == session {
                            return true;
                        }
                        if !reached.contains(&other) {
                            reached.push(other);
                            next.push(other);
                        }
                    }
                }
            }
        }
        false
    }

    fn leave_queue(&mut self, name: &LockName, ticket: u64) {
        if let Some(entry) = self.entries.get_mut(name) {
            entry.queue.retain(|wait| wait.ticket != ticket);
            if entry.queue.is_empty() && entry.grants.is_empty() {
                self.entries.remove(name);
            }
        }
    }
}

/// A lock that a session has or waits for.
pub(super) struct LockStatus<'l> {
    pub(super) name: &'l LockName,
    pub(super) mode: LockMode,
    pub(super) session: i32,
    pub(super) is_held: bool,
    /// The sessions in its way.
    pub(super) waits_for: Vec<i32>,
}

impl Locks {
    /// Shows each lock that somebody has or waits for.
    pub(super) fn each(&self, mut show: impl FnMut(LockStatus<'_>)) {
        let table = self.table.lock();
        for (name, entry) in &table.entries {
            for grant in &entry.grants {
                let (mode, session) = (grant.mode, grant.session);
                show(LockStatus { name, mode, session, is_held: true, waits_for: Vec::new() });
            }
            for wait in &entry.queue {
                let (mode, session) = (wait.mode, wait.session);
                let waits_for = entry.waits_for(*wait);
                show(LockStatus { name, mode, session, is_held: false, waits_for });
            }
        }
    }

    /// Takes a lock if nobody is in the way. Returns whether it was taken.
    pub(super) fn try_lock(
        &self,
        session: i32,
        name: &LockName,
        mode: LockMode,
        scope: Scope,
    ) -> bool {
        let mut table = self.table.lock();
        let wait = Wait { ticket: u64::MAX, session, mode };
        table.entries.entry(name.clone()).or_default().try_grant(wait, scope)
    }

    /// Takes a lock, and waits for it as long as the rules allow.
    pub(super) fn lock(
        &self,
        session: i32,
        name: &LockName,
        mode: LockMode,
        scope: Scope,
        rules: &WaitRules,
    ) -> Result<()> {
        let mut table = self.table.lock();
        let ticket = table.next_ticket;
        table.next_ticket += 1;
        let wait = Wait { ticket, session, mode };
        let entry = table.entries.entry(name.clone()).or_default();
        if entry.try_grant(wait, scope) {
            return Ok(());
        }
        entry.queue.push(wait); // L2
        let refused = if table.closes_circle(session) {
            Err(SqlError::new("40P01", "deadlock detected")
                .with_hint("Take locks in the same order everywhere."))
        } else {
            let lock_deadline = rules.lock_timeout.map(|limit| sync::monotonic() + limit);
            loop {
                if let Err(error) = check(rules, lock_deadline) {
                    break Err(error);
                }
                self.changed.wait_for(&mut table, LOOK_EACH);
                if table.entries.entry(name.clone()).or_default().try_grant(wait, scope) {
                    break Ok(());
                }
            }
        };
        table.leave_queue(name, ticket);
        self.changed.notify_all();
        refused
    }

    /// Lets go of a lock once. Returns whether the session had it.
    pub(super) fn unlock(
        &self,
        session: i32,
        name: &LockName,
        mode: LockMode,
        scope: Scope,
    ) -> bool {
        let mut table = self.table.lock();
        let Some(entry) = table.entries.get_mut(name) else { return false };
        let is_it = |grant: &Grant| grant.session == session && grant.mode == mode;
        let Some(at) = entry.grants.iter().position(is_it) else { return false };
        let grant = &mut entry.grants[at];
        let count = match scope {
            Scope::Session => &mut grant.of_session,
            Scope::Transaction => &mut grant.of_transaction,
        };
        if *count == 0 {
            return false;
        }
        *count -= 1;
        if grant.of_session == 0 && grant.of_transaction == 0 {
            entry.grants.remove(at);
            if entry.grants.is_empty() && entry.queue.is_empty() {
                table.entries.remove(name);
            }
            self.changed.notify_all();
        }
        true
    }

    /// Lets go of all of a session's locks of a scope.
    pub(super) fn unlock_all(&self, session: i32, scope: Scope) {
        let mut table = self.table.lock();
        table.entries.retain(|_, entry| {
            for grant in entry.grants.iter_mut().filter(|grant| grant.session == session) {
                match scope {
                    Scope::Session => grant.of_session = 0,
                    Scope::Transaction => grant.of_transaction = 0,
                }
            }
            entry.grants.retain(|grant| grant.of_session > 0 || grant.of_transaction > 0);
            !entry.grants.is_empty() || !entry.queue.is_empty()
        });
        self.changed.notify_all();
    }
}

impl WaitRules {
    /// Refuses to go on with the statement when it was canceled, or its time is over.
    pub(super) fn check(&self) -> Result<()> {
        if self.canceled.load(Ordering::Relaxed) {
            return Err(SqlError::new("57014", "canceling statement due to user request"));
        }
        if self.deadline.is_some_and(|deadline| sync::monotonic() >= deadline) {
            return Err(SqlError::new("57014", "canceling statement due to statement timeout"));
        }
        Ok(())
    }
}

fn check(rules: &WaitRules, lock_deadline: Option<Duration>) -> Result<()> {
    rules.check()?;
    let now = sync::monotonic();
    if lock_deadline.is_some_and(|deadline| now >= deadline) {
        return Err(SqlError::new("55P03", "canceling statement due to lock timeout"));
    }
    Ok(())
}
