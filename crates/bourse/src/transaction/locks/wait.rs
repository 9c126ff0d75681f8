//! Waiting for a row lock: one waiter a wait, woken alone.
//!
//! ```text
//! (none) --grant, under the shard's mutex--> Granted
//! (none) --interrupt, by a cancel handle---> Interrupted
//! ```
//! Who parks no thread leaves a waker instead of standing at the condition; it is called once, and
//! never under a shard's mutex.
//!
//! The first signal counts. Who is interrupted, or whose time runs out, leaves the queue under the
//! shard's mutex, and finds out there whether it was granted the lock in the meantime.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Waker;
use std::time::Duration;

use bourse_storage::id::Batch;
use bourse_storage::sync::{self, Condvar, Mutex};
use bourse_storage::{Error, ErrorKind, Result};

use super::{LockMode, LockName, Owner, session};
use crate::core::Core;

/// What became of a wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Signal {
    /// It was its turn, when the shard's newest batch was this one.
    Granted(Batch),
    /// Somebody cancelled it.
    Interrupted,
}

/// One that stands in a lock's queue.
#[derive(Debug)]
pub(crate) struct Waiter {
    /// Tells waiters apart.
    pub(crate) number: u64,
    /// Who it waits for, if it holds or will hold locks.
    pub(crate) owner: Option<Owner>,
    /// What it wants.
    pub(crate) mode: LockMode,
    /// Whether it holds the lock when it is its turn, or only passes.
    pub(crate) takes: bool,
    /// Whose thread stands here: see [`session::in_session`]; 0 for nobody's.
    pub(super) session: AtomicU64,
    turn: Mutex<Turn>,
    woken: Condvar,
}

/// What a waiter waits for, and whom to tell.
#[derive(Default, Debug)]
struct Turn {
    signal: Option<Signal>,
    waker: Option<Waker>,
}

impl Waiter {
    /// A waiter that takes the lock, or only passes.
    pub(crate) fn new(
        core: &Core,
        owner: Option<Owner>,
        mode: LockMode,
        takes: bool,
    ) -> Arc<Waiter> {
        let (turn, woken) = (Mutex::default(), Condvar::new());
        let (number, session) = (core.next_owner(), AtomicU64::new(0));
        Arc::new(Waiter { number, owner, mode, takes, session, turn, woken })
    }

    /// Tells it that it is its turn. Called under the shard's mutex: whom it parked is to be woken
    /// when that is let go.
    pub(crate) fn grant(&self, batch: Batch) -> Option<Waker> {
        self.finish(Signal::Granted(batch))
    }

    /// Ends the wait without the lock, unless it has it already.
    pub(crate) fn interrupt(&self) {
        if let Some(waker) = self.finish(Signal::Interrupted) {
            waker.wake();
        }
    }

    fn finish(&self, signal: Signal) -> Option<Waker> {
        let mut turn = self.turn.lock();
        match &turn.signal {
            // An interrupted waiter may be granted the lock before it leaves the queue: it holds it
            // then, and has to know.
            None | Some(Signal::Interrupted) => turn.signal = Some(signal),
            Some(Signal::Granted(_)) => {}
        }
        let waker = turn.waker.take();
        drop(turn);
        self.woken.notify_all();
        waker
    }

    /// Has `waker` called when there is a signal, in place of an earlier one, unless there is one.
    pub(crate) fn park(&self, waker: &Waker) -> Option<Signal> {
        let mut turn = self.turn.lock();
        if turn.signal.is_none() {
            turn.waker = Some(waker.clone());
        }
        turn.signal
    }

    /// What became of it, if anything.
    pub(crate) fn signal(&self) -> Option<Signal> {
        self.turn.lock().signal
    }

    /// Waits for a signal, at most until `deadline` by the monotonic clock.
    pub(crate) fn wait(&self, deadline: Option<Duration>) -> Option<Signal> {
        self.session.store(session::number_of_thread(), Ordering::Relaxed);
        let mut turn = self.turn.lock();
        while turn.signal.is_none() {
            match deadline {
                None => self.woken.wait(&mut turn),
                Some(deadline) => {
                    let rest = deadline.saturating_sub(sync::monotonic());
                    if rest.is_zero() {
                        break;
                    }
                    self.woken.wait_for(&mut turn, rest);
                }
            }
        }
        turn.signal
    }
}

/// The place of a closure transaction in the queue of a lock that its commit met. Whoever drops it
/// must hold no shard's mutex.
pub(crate) struct Passing<'c> {
    core: &'c Core,
    shard: u16,
    name: LockName,
    waiter: Arc<Waiter>,
}

impl<'c> Passing<'c> {
    /// The place of a waiter that was put into a queue.
    pub(crate) fn new(
        core: &'c Core,
        shard: u16,
        name: LockName,
        waiter: Arc<Waiter>,
    ) -> Passing<'c> {
        Passing { core, shard, name, waiter }
    }

    /// Waits until the lock is not in the way, by the rules of the thread's session if it has one.
    ///
    /// # Errors
    /// `Conflict` (55P03) when that takes until `deadline`; what ended the session's wait.
    pub(crate) fn wait(self, deadline: Duration) -> Result<()> {
        if session::wait(&self.waiter)? {
            return Ok(());
        }
        match self.waiter.wait(Some(deadline)) {
            Some(_) => Ok(()),
            None => Err(lock_not_available(
                "a row that the transaction changes stayed locked by another until its time to \
                 wait ran out",
            )),
        }
    }
}

impl Drop for Passing<'_> {
    fn drop(&mut self) {
        // One that was interrupted stands in the queue still.
        if !matches!(self.waiter.signal(), Some(Signal::Granted(_))) {
            let mut state = self.core.shards[usize::from(self.shard)].state.lock();
            let batch = state.batch;
            state.locks.leave(&self.name, &self.waiter, &self.core.lock_waits, batch);
        }
    }
}

/// 55P03.
pub(crate) fn lock_not_available(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Conflict, message).with_sqlstate("55P03")
}

/// 57014.
pub(crate) fn canceled(why: &str) -> Error {
    let message = format!("canceling statement due to {why}");
    Error::new(ErrorKind::Conflict, message).with_sqlstate("57014")
}
