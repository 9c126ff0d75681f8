//! Waiting for messages.
//!
//! Who waits sleeps until a commit is published, whichever, or until the earliest moment at which a
//! delayed message, or one whose lease runs out, can be leased. A store where nobody waits pays one
//! load of a word for each batch that it publishes. Under a load of other commits a waiter looks
//! once a [`LOOK_AT_MOST_EVERY`], and closing the store is noticed within a [`SLICE`].
//!
//! - **W1** A waiter counts itself before it looks, and goes to sleep only if nothing was published
//!   since, which it sees under the mutex; who publishes looks at the count afterwards and wakes
//!   under the mutex. So no arrival is slept over.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering, fence};
use std::time::Duration;

use bourse_storage::Result;
use bourse_storage::id::Batch;
use bourse_storage::sync::{self, Condvar, Mutex};

use super::lease::next_due;
use super::{Leased, Queue};
use crate::reading::Cut;
use crate::snapshot::Snapshot;

/// The least time between two looks of one waiter.
const LOOK_AT_MOST_EVERY: Duration = Duration::from_millis(1);
/// The longest sleep.
const SLICE: Duration = Duration::from_millis(100);

/// Wakes who waits for something to be published.
#[derive(Default)]
pub(crate) struct Arrivals {
    waiters: AtomicUsize,
    mutex: Mutex<()>,
    arrived: Condvar,
}

impl Arrivals {
    /// Something was published.
    #[inline]
    pub(crate) fn published(&self) {
        // Between the new number and this count, as the waiter does it the other way round (W1).
        fence(Ordering::SeqCst);
        if self.waiters.load(Ordering::SeqCst) > 0 {
            self.wake();
        }
    }

    #[cold]
    fn wake(&self) {
        drop(self.mutex.lock());
        self.arrived.notify_all();
    }

    /// Sleeps until `is_new`, or until the time is over.
    fn sleep(&self, limit: Duration, is_new: impl Fn() -> bool) {
        let mut guard = self.mutex.lock();
        if !is_new() {
            self.arrived.wait_for(&mut guard, limit);
        }
    }
}

/// Counts a waiter while it lives.
struct Waiter<'a>(&'a Arrivals);

impl<'a> Waiter<'a> {
    fn new(arrivals: &'a Arrivals) -> Waiter<'a> {
        arrivals.waiters.fetch_add(1, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        Waiter(arrivals)
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.0.waiters.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The time of rows.
pub(crate) fn wall_clock_ns() -> i64 {
    sync::wall_clock_us().saturating_mul(1_000)
}

impl Queue {
    /// As [`Queue::lease`], waiting up to `wait` for a first message. Returns none when the time is
    /// over or the store is being closed.
    ///
    /// # Errors
    /// As [`Queue::lease`]; `InvalidInput` inside of a transaction's closure.
    pub fn lease_waiting(
        &self,
        max: usize,
        timeout: Duration,
        wait: Duration,
    ) -> Result<Vec<Leased>> {
        crate::transaction::run::refuse_reentry()?;
        let core = self.store.core();
        let deadline = sync::monotonic().saturating_add(wait);
        let waiter = Waiter::new(&core.publisher.arrivals);
        loop {
            let seen = core.publisher.published_batch();
            let leased = self.lease(max, timeout)?;
            let rest = deadline.saturating_sub(sync::monotonic());
            if !leased.is_empty() || rest.is_zero() || max == 0 || *core.closing.0.lock() {
                return Ok(leased);
            }
            core.check_running()?;
            self.sleep(&waiter, seen, rest)?;
        }
    }

    /// Sleeps until there may be something to lease, at most for `rest`.
    fn sleep(&self, waiter: &Waiter<'_>, seen: Batch, rest: Duration) -> Result<()> {
        let core = self.store.core();
        let now = wall_clock_ns();
        let due = self.next_due(&self.store.cut(), now)?;
        let until_due =
            due.map_or(SLICE, |due| Duration::from_nanos(due.saturating_sub(now).unsigned_abs()));
        let limit = rest.min(SLICE).min(until_due).max(Duration::from_micros(1));
        let begin = sync::monotonic();
        waiter.0.sleep(limit, || core.publisher.published_batch() > seen);
        let slept = sync::monotonic().saturating_sub(begin);
        let rest = LOOK_AT_MOST_EVERY.min(limit).saturating_sub(slept);
        if !rest.is_zero() {
            sync::sleep(rest);
        }
        Ok(())
    }

    fn next_due(&self, cut: &Cut, now: i64) -> Result<Option<i64>> {
        let info = Arc::clone(cut.catalog().table_of(&self.inner.messages)?);
        let mut earliest: Option<i64> = None;
        for shard in 0..self.store.shards() {
            let shard = u16::try_from(shard).unwrap_or(u16::MAX);
            let due = next_due(cut, &info, shard, now)?;
            earliest = [earliest, due].into_iter().flatten().min();
        }
        Ok(earliest)
    }
}
