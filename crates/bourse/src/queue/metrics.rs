//! What a queue holds, and what passes through it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use bourse_storage::{Result, sync};

use super::Queue;
use super::definition::{LEASED, READY};
use crate::datetime::wall_clock_ns;
use crate::range::Range;
use crate::scan::Order;
use crate::value::Value;

/// What a queue holds, and what has passed through it since it was first used after the store was
/// opened.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct QueueMetrics {
    /// Messages in the queue, in whatever state; not the dead letters.
    pub depth: u64,
    /// Of them, those that were leased and neither acknowledged nor given back.
    pub in_flight: u64,
    /// Of them, those that wait behind an earlier one of their key.
    pub waiting: u64,
    /// Of them, those that are the first of their key and not leased: to be leased now, or at
    /// their time.
    pub ready: u64,
    /// How long ago the oldest message in the queue was put in.
    pub oldest_age: Option<Duration>,
    /// Dead letters.
    pub dead: u64,
    /// Messages put in.
    pub enqueued: u64,
    /// Leases given.
    pub leased: u64,
    /// Messages acknowledged.
    pub acknowledged: u64,
    /// Messages put to the dead letters.
    pub died: u64,
    /// When this was counted, by the clock that never goes back.
    pub counted_at: Duration,
}

/// Messages a second.
#[derive(Clone, Copy, PartialEq, Debug)]
#[non_exhaustive]
pub struct QueueRates {
    /// Put in.
    pub enqueued: f64,
    /// Leased.
    pub leased: f64,
    /// Acknowledged.
    pub acknowledged: f64,
    /// Put to the dead letters.
    pub died: f64,
}

impl QueueMetrics {
    /// Messages a second since an earlier reading.
    pub fn rates_since(&self, earlier: &QueueMetrics) -> QueueRates {
        let seconds = self.counted_at.saturating_sub(earlier.counted_at).as_secs_f64();
        let rate = |now: u64, then: u64| {
            let count = u32::try_from(now.saturating_sub(then)).unwrap_or(u32::MAX);
            if seconds > 0.0 { f64::from(count) / seconds } else { 0.0 }
        };
        QueueRates {
            enqueued: rate(self.enqueued, earlier.enqueued),
            leased: rate(self.leased, earlier.leased),
            acknowledged: rate(self.acknowledged, earlier.acknowledged),
            died: rate(self.died, earlier.died),
        }
    }
}

impl Queue {
    /// What the queue holds, in the newest state: a few descents in each shard, whatever the depth.
    ///
    /// # Errors
    /// `Corrupt` or `Io` when a page cannot be read.
    pub fn metrics(&self) -> Result<QueueMetrics> {
        let (cut, messages) = (self.store.cut(), &self.inner.messages);
        let of_state =
            |state: i64| cut.count_index(messages, "heads", &Range::prefix([state.into()]));
        let depth = cut.count(messages)?;
        let (ready, in_flight) = (of_state(READY)?, of_state(LEASED)?);
        let mut by_age = cut.scan_index(messages, "by_age", &Range::all(), Order::Ascending)?;
        let oldest = by_age.next_with(|entry| entry.get(super::message::at::ENQUEUED_AT))?;
        let oldest_age = match oldest.transpose()? {
            Some(Value::Timestamp(enqueued_at)) => {
                let age = wall_clock_ns().saturating_sub(enqueued_at);
                Some(Duration::from_nanos(u64::try_from(age).unwrap_or(0)))
            }
            _ => None,
        };
        let counts = &self.inner.counts;
        let died = counts.died.load(Ordering::Relaxed);
        Ok(QueueMetrics {
            depth,
            in_flight,
            waiting: depth.saturating_sub(ready + in_flight),
            ready,
            oldest_age,
            dead: cut.count(&self.inner.dead)?,
            enqueued: counts.enqueued.load(Ordering::Relaxed),
            leased: counts.leased.load(Ordering::Relaxed),
            acknowledged: counts.removed.load(Ordering::Relaxed).saturating_sub(died),
            died,
            counted_at: sync::monotonic(),
        })
    }
}
