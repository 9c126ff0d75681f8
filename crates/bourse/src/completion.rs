//! Completions: transactions that are committed without a thread that waits for each of them.
//!
//! # The idea
//!
//! A blocking commit keeps its thread until the flush that holds its record is over, so a service
//! needs as many threads as it wants commits in a flush. Here the transaction runs on the caller's
//! thread up to *applied*; what would then wait, its result, goes into a queue instead
//! ([`queue::Completions`]), and is given out when the newest batch that it depends on is
//! published: to a callback, or through a [`Completion`], a `Future` that can be waited for too.
//! The obvious design, a pool of threads that block for others, costs a wake for each transaction;
//! here it is one for each flush.
//!
//! Nobody waits, so nobody leads flushes: two threads of the store's own do, started by the first
//! submission. They also call what is due, one at a time, while the other goes on flushing. So no
//! hand-over lies between the end of a flush and its callbacks, and a callback that takes long
//! delays other completions, but no commit that blocks, and no flush.
//!
//! # Invariants
//!
//! - **K1** What is applied is queued before its batch can be sealed ([`Commit::on_applied`]); so
//!   when a batch is published, all completions of it and of those before are in the queue.
//! - **K2** The queue is in the order of LSNs, and only its head is taken, by one thread at a time.
//!   So completions are called in the order of LSNs. A result without a record (an abort, or only
//!   reads) comes after all that was queued before it, which has all that it read.
//! - **K3** What is in the queue is called once: with the result when it is published; with what a
//!   blocked caller would get (08007) when the store stopped before.
//! - **K4** While anything in the queue is not published, one of the store's threads is at
//!   settling a batch that is not older, or is being woken to. In a store without background
//!   threads whoever waits, flushes, finds the queue full, or drops the store does the same.
//! - **K5** A thread that calls completions never waits for one: it finds room in a full queue,
//!   [`Completion::wait`] refuses, and dropping the last handle of the store joins no such thread.
//!
//! [`Commit::on_applied`]: crate::commit::Commit::on_applied

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bourse_storage::id::Batch;
use bourse_storage::sync::{self, Condvar, Mutex};
use bourse_storage::{Error, Result};

use crate::core::Core;
use crate::transaction::run;

pub(crate) mod queue;
mod submit;
#[cfg(test)]
mod tests;

pub use submit::Submitter;

use queue::{Queued, Unsettled};

/// The result of a transaction that was submitted, and may not be durable yet; from
/// [`Database::submit`](crate::Database::submit).
///
/// A `Future` that needs no runtime of any kind; or wait for it. Whoever drops it only does not
/// learn the result: the transaction goes its way.
#[must_use = "without it nobody learns whether the transaction was committed"]
pub struct Completion<T> {
    slot: Arc<Slot<T>>,
    core: Weak<Core>,
    batch: Batch,
}

/// What a completion and the queue share.
struct Slot<T> {
    state: Mutex<SlotState<T>>,
    ready: Condvar,
}

struct SlotState<T> {
    result: Option<Result<T>>,
    is_ready: bool,
    waker: Option<Waker>,
}

impl<T: Send + 'static> Completion<T> {
    /// Waits for the result. The thread that calls it writes the flush itself when nobody else
    /// does.
    ///
    /// # Errors
    /// The transaction's: as of the blocking call of the same name. `InvalidInput`, without
    /// waiting, inside of a transaction's closure or of a callback, whose end it would wait for.
    pub fn wait(self) -> Result<T> {
        self.refuse_where_it_never_comes()?;
        self.drive();
        let mut state = self.slot.state.lock();
        while !state.is_ready {
            self.slot.ready.wait(&mut state);
        }
        state.take()
    }

    /// As [`Completion::wait`], at most for `limit`; gives the completion back when the time runs
    /// out. In a store without background threads it may take as long as a flush does.
    ///
    /// # Errors
    /// The completion, when it is not ready.
    pub fn wait_timeout(self, limit: Duration) -> std::result::Result<Result<T>, Completion<T>> {
        if let Err(error) = self.refuse_where_it_never_comes() {
            return Ok(Err(error));
        }
        if self.core.upgrade().is_some_and(|core| !core.completions.has_threads()) {
            self.drive();
        }
        let deadline = sync::monotonic() + limit;
        let mut state = self.slot.state.lock();
        while !state.is_ready {
            let rest = deadline.saturating_sub(sync::monotonic());
            if rest.is_zero() {
                drop(state);
                return Err(self);
            }
            self.slot.ready.wait_for(&mut state, rest);
        }
        Ok(state.take())
    }

    /// Whether the result is there, so that waiting returns at once.
    pub fn is_ready(&self) -> bool {
        self.slot.state.lock().is_ready
    }

    fn refuse_where_it_never_comes(&self) -> Result<()> {
        if self.is_ready() {
            return Ok(());
        }
        run::refuse_reentry()?;
        if queue::is_calling() {
            return Err(Error::invalid(
                "a completion was waited for inside of a callback, which others wait behind: use a \
                 callback there too",
            ));
        }
        Ok(())
    }

    /// Leads the flush that it waits for, or waits for another who does.
    fn drive(&self) {
        // When the store is gone it has told everyone.
        let Some(core) = self.core.upgrade().filter(|_| !self.is_ready()) else { return };
        if core.completions.has_threads() {
            // An error is told through the slot, like to all others.
            drop(core.settle(self.batch));
        } else {
            // What comes before it in the queue must be published too.
            core.completions.drive(&core);
        }
    }
}

impl<T> SlotState<T> {
    fn take(&mut self) -> Result<T> {
        let taken = || Err(Error::invalid("a completion was polled after it gave its result"));
        self.result.take().unwrap_or_else(taken)
    }
}

impl<T: Send + 'static> Future for Completion<T> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        let mut state = self.slot.state.lock();
        if state.is_ready {
            return Poll::Ready(state.take());
        }
        let is_same = |waker: &Waker| waker.will_wake(context.waker());
        if !state.waker.as_ref().is_some_and(is_same) {
            state.waker = Some(context.waker().clone());
        }
        Poll::Pending
    }
}

impl<T> std::fmt::Debug for Completion<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let is_ready = self.slot.state.lock().is_ready;
        f.debug_struct("Completion").field("is_ready", &is_ready).finish_non_exhaustive()
    }
}

impl<T: Send + 'static> Unsettled for Slot<T> {
    fn tell(&self, failure: Option<Error>) {
        let mut state = self.state.lock();
        if let Some(failure) = failure {
            state.result = Some(Err(failure));
        }
        state.is_ready = true;
        let waker = state.waker.take();
        drop(state);
        self.ready.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Whom a result is given to.
pub(crate) trait Receiver<T>: Send {
    /// Keeps the result until it may leave.
    fn queue(self, result: Result<T>) -> Queued;
}

/// Gives the result to a [`Completion`].
struct ToSlot<T>(Arc<Slot<T>>);

impl<T: Send + 'static> Receiver<T> for ToSlot<T> {
    fn queue(self, result: Result<T>) -> Queued {
        self.0.state.lock().result = Some(result);
        Queued::Slot(self.0)
    }
}

/// Gives the result to a callback.
struct ToCallback<F>(F);

impl<T: Send + 'static, F: FnOnce(Result<T>) + Send + 'static> Receiver<T> for ToCallback<F> {
    fn queue(self, result: Result<T>) -> Queued {
        Queued::Callback(Box::new(move |failure| (self.0)(failure.map_or(result, Err))))
    }
}
