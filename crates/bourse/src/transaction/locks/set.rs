//! The row locks of one owner: taken one by one, waiting where need be, let go of all at once or
//! back to a mark.

use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use bourse_storage::bug::{self, Bug};
use bourse_storage::id::Batch;
use bourse_storage::sync::{self, Mutex};
use bourse_storage::{Error, ErrorKind, Result};
use hashbrown::HashMap;

use super::graph::wake_parked;
use super::wait::{Signal, Waiter, canceled, lock_not_available};
use super::{Attempt, LockMode, LockName, Owner};
use crate::catalog::TableInfo;
use crate::core::Core;
use crate::lookup;
use crate::reading::newest;
use crate::value::ValueRef;

/// What to do about a row that somebody else has locked.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum LockWait {
    /// Wait for it, in turn.
    #[default]
    Block,
    /// Give up at once, with 55P03: NOWAIT.
    NoWait,
    /// Go on without the row: SKIP LOCKED.
    SkipLocked,
}

/// How to wait for a lock.
#[derive(Clone, Copy, Default)]
pub(crate) struct WaitRules<'r> {
    /// What to do at all.
    pub(crate) wait: LockWait,
    /// How long to wait for one lock (55P03).
    pub(crate) lock_timeout: Option<Duration>,
    /// When the statement ends (57014), by the monotonic clock.
    pub(crate) statement_deadline: Option<Duration>,
    /// Ends the wait from outside (57014).
    pub(crate) interrupts: Option<&'r Interrupts>,
}

/// Where a cancel handle meets the statement that it cancels.
#[derive(Default, Debug)]
pub(crate) struct Interrupts(Mutex<Running>);

#[derive(Default, Debug)]
struct Running {
    /// Whether a statement runs: an idle transaction has nothing to cancel.
    is_running: bool,
    is_requested: bool,
    waiter: Option<Arc<Waiter>>,
}

impl Interrupts {
    /// A statement begins.
    pub(crate) fn begin(&self) {
        *self.0.lock() = Running { is_running: true, ..Running::default() };
    }

    /// The statement ends.
    pub(crate) fn end(&self) {
        *self.0.lock() = Running::default();
    }

    /// Ends the statement that runs, if one does.
    pub(crate) fn request(&self) {
        let waiter = {
            let mut running = self.0.lock();
            running.is_requested |= running.is_running;
            running.waiter.clone()
        };
        if let Some(waiter) = waiter {
            waiter.interrupt();
        }
    }

    /// Refuses when the statement was cancelled.
    pub(crate) fn check(&self) -> Result<()> {
        if self.0.lock().is_requested { Err(canceled("user request")) } else { Ok(()) }
    }

    fn set_waiter(&self, waiter: Option<Arc<Waiter>>) -> Result<()> {
        let mut running = self.0.lock();
        running.waiter = waiter;
        if running.is_requested { Err(canceled("user request")) } else { Ok(()) }
    }
}

/// Where a lock is: a shard, and what it names there.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct LockPlace {
    /// The shard.
    pub(crate) shard: u16,
    /// The tree and the key.
    pub(crate) name: LockName,
}

/// The locks of an owner. Dropped, it lets go of them.
pub(crate) struct LockSet {
    core: Arc<Core>,
    owner: Owner,
    /// In the order in which they were taken; a lock once for each mode that was not covered.
    taken: Vec<(LockPlace, LockMode)>,
    /// The modes held, as bits: the same, to look up.
    held: HashMap<LockPlace, u8>,
    /// Newest batch with which one was granted: what was done to all of them before is in it.
    granted: Batch,
    /// Whom a wait leaves here in place of its thread, while a statement runs that wants that.
    pub(crate) waker: Option<Waker>,
    parked: Option<Parked>,
}

/// A place in a queue at which no thread stands.
struct Parked {
    place: LockPlace,
    mode: LockMode,
    waiter: Arc<Waiter>,
    /// When the lock timeout ends it, by the monotonic clock.
    lock_deadline: Option<Duration>,
}

impl LockSet {
    /// No locks, of a new owner.
    pub(crate) fn new(core: &Arc<Core>) -> LockSet {
        let owner = Owner(core.next_owner());
        LockSet {
            core: Arc::clone(core),
            owner,
            taken: Vec::new(),
            held: HashMap::new(),
            granted: Batch::default(),
            waker: None,
            parked: None,
        }
    }

    /// The store.
    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Who holds them.
    pub(crate) fn owner(&self) -> Owner {
        self.owner
    }

    /// How many were taken: a mark to let go back to.
    pub(crate) fn mark(&self) -> usize {
        self.taken.len()
    }

    /// Takes a lock, waiting as the rules say. Returns the newest batch of the shard when it was
    /// granted, after which nobody else has changed what it names; a lock that was held before
    /// gives the first batch of all; one that is to be skipped gives `None`.
    pub(crate) fn acquire(
        &mut self,
        place: &LockPlace,
        mode: LockMode,
        rules: &WaitRules<'_>,
    ) -> Result<Option<Batch>> {
        if bug::switched_on(Bug::RowLockForgotten) {
            return Ok(Some(Batch::default()));
        }
        self.check_parked()?;
        if self.held.get(place).is_some_and(|modes| mode.is_covered_by(*modes)) {
            return Ok(Some(Batch::default()));
        }
        let waiter = {
            let mut state = self.core.shards[usize::from(place.shard)].state.lock();
            let batch = state.batch;
            match (state.locks.try_acquire(&place.name, mode, self.owner), rules.wait) {
                (Attempt::Granted, _) => {
                    drop(state);
                    self.note(place.clone(), mode, batch);
                    return Ok(Some(batch));
                }
                (Attempt::Held, _) => return Ok(Some(Batch::default())),
                (Attempt::Blocked, LockWait::SkipLocked) => return Ok(None),
                (Attempt::Blocked, LockWait::NoWait) => {
                    return Err(lock_not_available("the row is locked by another transaction"));
                }
                (Attempt::Blocked, LockWait::Block) => {}
            }
            let waiter = Waiter::new(&self.core, Some(self.owner), mode, true);
            let queued = state.locks.enqueue(&place.name, &waiter, &self.core.lock_waits, batch);
            drop(state);
            if let Err(deadlock) = queued {
                wake_parked(&self.core.lock_waits);
                return Err(deadlock);
            }
            waiter
        };
        let waited = match self.waker.clone() {
            None => wait(&waiter, rules),
            Some(waker) => self.park((place, mode), &waiter, rules, &waker),
        };
        if let Ok(Some(batch)) = waited {
            self.note(place.clone(), mode, batch);
            return Ok(Some(batch));
        }
        if self.is_parked() {
            return waited;
        }
        match self.leave(place, mode, &waiter) {
            Some(batch) => waited.map(|_| Some(batch)),
            None => Err(waited.err().unwrap_or_else(|| canceled("user request"))),
        }
    }

    /// Takes locks, shard by shard, up to the first one that somebody is in the way of: it and
    /// those behind it stay in the list. Returns the newest batch with which one was granted.
    pub(crate) fn acquire_free(&mut self, wanted: &mut Vec<(LockPlace, LockMode)>) -> Batch {
        let mut newest = Batch::default();
        if bug::switched_on(Bug::RowLockForgotten) || self.is_parked() {
            return newest;
        }
        wanted.sort_by_key(|(place, _)| place.shard);
        let mut rest = std::mem::take(wanted).into_iter().peekable();
        while let Some(shard) = rest.peek().map(|(place, _)| place.shard) {
            let core = Arc::clone(&self.core);
            let mut granted = Vec::new();
            let mut state = core.shards[usize::from(shard)].state.lock();
            let batch = state.batch;
            while let Some((place, mode)) = rest.next_if(|(place, _)| place.shard == shard) {
                match state.locks.try_acquire(&place.name, mode, self.owner) {
                    Attempt::Granted => granted.push((place, mode)),
                    Attempt::Held => {}
                    Attempt::Blocked => {
                        wanted.push((place, mode));
                        wanted.extend(rest.by_ref());
                    }
                }
            }
            drop(state);
            if !granted.is_empty() {
                newest = newest.max(batch);
            }
            for (place, mode) in granted {
                self.note(place, mode, batch);
            }
        }
        newest
    }

    /// Ends a wait from this side. Returns the batch of the grant when it was granted just now:
    /// then the lock is held.
    fn leave(&mut self, place: &LockPlace, mode: LockMode, waiter: &Arc<Waiter>) -> Option<Batch> {
        let left = {
            let mut state = self.core.shards[usize::from(place.shard)].state.lock();
            let batch = state.batch;
            state.locks.leave(&place.name, waiter, &self.core.lock_waits, batch)
        };
        wake_parked(&self.core.lock_waits);
        match waiter.signal() {
            Some(Signal::Granted(batch)) if !left => {
                self.note(place.clone(), mode, batch);
                Some(batch)
            }
            _ => None,
        }
    }

    /// Waits for a signal as [`wait`] does, but leaves a waker in the queue and no thread.
    fn park(
        &mut self,
        (place, mode): (&LockPlace, LockMode),
        waiter: &Arc<Waiter>,
        rules: &WaitRules<'_>,
        waker: &Waker,
    ) -> Result<Option<Batch>> {
        if let Some(interrupts) = rules.interrupts {
            interrupts.set_waiter(Some(Arc::clone(waiter)))?;
        }
        match waiter.park(waker) {
            Some(Signal::Granted(batch)) => Ok(Some(batch)),
            Some(Signal::Interrupted) => Ok(None),
            None => {
                let lock_deadline = rules.lock_timeout.map(|limit| sync::monotonic() + limit);
                let (place, waiter) = (place.clone(), Arc::clone(waiter));
                self.parked = Some(Parked { place, mode, waiter, lock_deadline });
                Err(waits())
            }
        }
    }

    /// Whether it stands in a queue without a thread.
    pub(crate) fn is_parked(&self) -> bool {
        self.parked.is_some()
    }

    /// Refuses what a statement goes on to do when it was parked.
    pub(crate) fn check_parked(&self) -> Result<()> {
        if self.is_parked() { Err(waits()) } else { Ok(()) }
    }

    /// When the lock timeout ends the wait, by the monotonic clock.
    pub(crate) fn parked_until(&self) -> Option<Duration> {
        self.parked.as_ref()?.lock_deadline
    }

    /// Goes on after a wait without a thread, if there was one. Returns whether it is over: then
    /// all that was done to the locked keys before is published.
    ///
    /// # Errors
    /// What ended the wait: 55P03, 57014. The lock may be held all the same.
    pub(crate) fn resume(&mut self, waker: &Waker, statement: Option<Duration>) -> Result<bool> {
        let Some(parked) = self.parked.take() else { return Ok(true) };
        let is_over = |deadline: Option<Duration>| {
            deadline.is_some_and(|deadline| sync::monotonic() >= deadline)
        };
        let failure = match parked.waiter.park(waker) {
            Some(Signal::Granted(batch)) => {
                self.note(parked.place, parked.mode, batch);
                self.core.settle(self.granted)?;
                return Ok(true);
            }
            Some(Signal::Interrupted) => canceled("user request"),
            None if is_over(statement) => canceled("statement timeout"),
            None if is_over(parked.lock_deadline) => lock_timeout_over(),
            None => {
                self.parked = Some(parked);
                return Ok(false);
            }
        };
        self.leave(&parked.place, parked.mode, &parked.waiter);
        Err(failure)
    }

    /// Gives up a wait without a thread, if there is one.
    pub(crate) fn unpark(&mut self) {
        if let Some(parked) = self.parked.take() {
            self.leave(&parked.place, parked.mode, &parked.waiter);
        }
    }

    /// Locks the row of a primary key, whether there is one or not. When it is granted, all that
    /// was done to the row is published, and nobody else changes it. Returns whether it was, and
    /// not skipped.
    pub(crate) fn acquire_row(
        &mut self,
        table: &TableInfo,
        values: &[ValueRef<'_>],
        encoded: &[u8],
        mode: LockMode,
        rules: &WaitRules<'_>,
    ) -> Result<bool> {
        let mut needed = Batch::default();
        loop {
            let core = Arc::clone(&self.core);
            let (batch, places) = newest(&core, |snapshot| {
                let found = lookup::find(snapshot, table, values, encoded, &mut Vec::new())?;
                let map = &snapshot.cut().catalog.map;
                let places = match found {
                    Some(found) => vec![LockPlace::of(found.shard, table.id(), encoded)],
                    None => {
                        let home = map.shard(table.slot_of_key(values, encoded)?);
                        LockPlace::of_absent_row(table, home, encoded)
                    }
                };
                Ok((snapshot.cut().batch, places))
            })?;
            for place in places {
                match self.acquire(&place, mode, rules)? {
                    Some(granted) => needed = needed.max(granted),
                    None => return Ok(false),
                }
            }
            if needed <= batch {
                return Ok(true);
            }
            // Nobody else can change the row now, so what the head has is what stays: unless it
            // moved to another shard just before, which the next look tells.
            self.core.settle(needed)?;
        }
    }

    fn note(&mut self, place: LockPlace, mode: LockMode, batch: Batch) {
        self.granted = self.granted.max(batch);
        *self.held.entry(place.clone()).or_default() |= mode.bit();
        self.taken.push((place, mode));
    }

    /// Lets go of all locks taken since the mark.
    pub(crate) fn release_to(&mut self, mark: usize) {
        let mut released = self.taken.split_off(mark);
        if released.is_empty() {
            return;
        }
        released.sort_by_key(|(place, _)| place.shard);
        for of_shard in released.chunk_by(|(a, _), (b, _)| a.shard == b.shard) {
            let shard = usize::from(of_shard[0].0.shard);
            let mut state = self.core.shards[shard].state.lock();
            let batch = state.batch;
            for (place, mode) in of_shard {
                let waits = &self.core.lock_waits;
                state.locks.release(&place.name, *mode, self.owner, waits, batch);
                if let Some(modes) = self.held.get_mut(place) {
                    *modes &= !mode.bit();
                    if *modes == 0 {
                        self.held.remove(place);
                    }
                }
            }
        }
        wake_parked(&self.core.lock_waits);
    }
}

impl Drop for LockSet {
    fn drop(&mut self) {
        self.unpark();
        self.release_to(0);
    }
}

impl LockPlace {
    /// The lock of a key.
    pub(crate) fn of(shard: u16, tree: u32, key: &[u8]) -> LockPlace {
        LockPlace { shard, name: (tree, key.to_vec()) }
    }

    /// What keeps others from making a row of that primary key: they look, and leave a forwarding
    /// entry, in the shard that it names.
    pub(crate) fn of_absent_row(table: &TableInfo, home: u16, encoded: &[u8]) -> Vec<LockPlace> {
        let mut places = vec![LockPlace::of(home, table.id(), encoded)];
        let forwarding = table.routing.forwarding();
        if forwarding != 0 {
            places.push(LockPlace::of(home, forwarding, encoded));
        }
        places
    }
}

/// Waits for a signal: the batch of the grant, `None` when it was interrupted.
pub(super) fn wait(waiter: &Arc<Waiter>, rules: &WaitRules<'_>) -> Result<Option<Batch>> {
    if let Some(interrupts) = rules.interrupts {
        interrupts.set_waiter(Some(Arc::clone(waiter)))?;
    }
    let lock_deadline = rules.lock_timeout.map(|limit| sync::monotonic() + limit);
    let deadline = match (lock_deadline, rules.statement_deadline) {
        (Some(lock), Some(statement)) => Some(lock.min(statement)),
        (lock, statement) => lock.or(statement),
    };
    let signal = waiter.wait(deadline);
    if let Some(interrupts) = rules.interrupts {
        interrupts.set_waiter(None)?;
    }
    match signal {
        Some(Signal::Granted(batch)) => Ok(Some(batch)),
        Some(Signal::Interrupted) => Ok(None),
        None if deadline == rules.statement_deadline => Err(canceled("statement timeout")),
        None => Err(lock_timeout_over()),
    }
}

fn lock_timeout_over() -> Error {
    lock_not_available("the row stayed locked by another for all of lock_timeout")
}

/// What a statement is told that waits without a thread: it ends, and runs again.
fn waits() -> Error {
    lock_not_available("the statement waits for a row lock, and runs again when it has it")
}

/// 40001: another transaction changed what this one stands on.
pub(crate) fn serialization_failure(message: &str) -> Error {
    Error::new(ErrorKind::Conflict, message).with_sqlstate("40001")
}
