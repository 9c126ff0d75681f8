//! Waiting for messages.
//!
//! Who waits sleeps until a commit is durable and published, whichever, or until the earliest
//! moment at which a delayed message, or one whose lease runs out, can be leased. A store where
//! nobody waits pays a count for each batch that it publishes. Under a load of other commits a
//! waiter looks once a [`LOOK_AT_MOST_EVERY`], and closing the store is noticed within a [`SLICE`].
//!
//! - **W1** A waiter notes the moment before it looks, and goes to sleep only if nothing was
//!   published since ([`News`](crate::news::News)). So no arrival is slept over.

use std::sync::Arc;
use std::time::Duration;

use bourse_storage::Result;
use bourse_storage::sync;

use super::lease::next_due;
use super::{Leased, Queue};
use crate::datetime::wall_clock_ns;
use crate::reading::Cut;
use crate::snapshot::Snapshot;

/// The least time between two looks of one waiter.
const LOOK_AT_MOST_EVERY: Duration = Duration::from_millis(1);
/// The longest sleep.
const SLICE: Duration = Duration::from_millis(100);

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
        loop {
            let seen = core.publisher.news.now();
            let leased = self.lease(max, timeout)?;
            let rest = deadline.saturating_sub(sync::monotonic());
            if !leased.is_empty() || rest.is_zero() || max == 0 || *core.closing.0.lock() {
                return Ok(leased);
            }
            core.check_running()?;
            self.sleep(seen, rest)?;
        }
    }

    /// Sleeps until there may be something to lease, at most for `rest`.
    fn sleep(&self, seen: u64, rest: Duration) -> Result<()> {
        let core = self.store.core();
        let now = wall_clock_ns();
        let due = self.next_due(&self.store.cut(), now)?;
        let until_due =
            due.map_or(SLICE, |due| Duration::from_nanos(due.saturating_sub(now).unsigned_abs()));
        let limit = rest.min(SLICE).min(until_due).max(Duration::from_micros(1));
        let begin = sync::monotonic();
        core.publisher.news.wait(seen, Some(limit));
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
