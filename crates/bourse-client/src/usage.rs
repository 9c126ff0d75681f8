//! How much of a pool is in use, and how long is waited for it, over the last minutes.
//!
//! # Invariants
//! - **U1** Times are weighted: half of the connections for all of the time is as much as all of
//!   them for half of it.
//! - **U2** What is waited for counts as wanted: a pool that is too small is not measured as one
//!   that is just full.
//! - **U3** Memory is bounded: slots of half a minute, of which the oldest are given up.

use std::collections::VecDeque;
use std::time::Duration;

const SLOT: Duration = Duration::from_secs(30);
const SLOTS_MAX: usize = 20;
/// Buckets of waits: the bucket `n` has those of up to `2^n` microseconds.
const BUCKETS: usize = 32;

/// See the module's head. Times are those since the client was built.
#[derive(Debug)]
pub(crate) struct Usage {
    busy: u32,
    waiting: u32,
    now: Duration,
    slots: VecDeque<Slot>,
}

#[derive(Debug, Default)]
struct Slot {
    measured: Duration,
    /// Connections in use, times seconds (U1).
    busy_seconds: f64,
    /// Those, and calls that waited (U2).
    wanted_seconds: f64,
    wanted_peak: u32,
    waits: [u32; BUCKETS],
    waits_count: u32,
    waited: Duration,
}

/// What was measured.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Measured {
    /// For how long.
    pub(crate) time: Duration,
    /// How many connections were in use, on average.
    pub(crate) busy_mean: f64,
    /// How many were in use or waited for, on average.
    pub(crate) wanted_mean: f64,
    /// How many were in use or waited for at most.
    pub(crate) wanted_peak: u32,
    /// How many were taken.
    pub(crate) taken: u32,
    pub(crate) wait_mean: Duration,
    /// 95 of 100 waits were not longer; to the next power of two.
    pub(crate) wait_p95: Duration,
}

impl Usage {
    pub(crate) fn new(now: Duration) -> Usage {
        Usage { busy: 0, waiting: 0, now, slots: VecDeque::from([Slot::default()]) }
    }

    /// A call begins to wait for a connection.
    pub(crate) fn begin_wait(&mut self, now: Duration) {
        self.advance(now);
        self.waiting += 1;
        self.note_peak();
    }

    /// It has one.
    pub(crate) fn take(&mut self, now: Duration, waited: Duration) {
        self.advance(now);
        self.waiting = self.waiting.saturating_sub(1);
        self.busy += 1;
        let micros = u64::try_from(waited.as_micros()).unwrap_or(u64::MAX);
        let bits = usize::try_from(u64::BITS - micros.saturating_sub(1).leading_zeros());
        let bucket = bits.unwrap_or(BUCKETS).min(BUCKETS - 1);
        if let Some(slot) = self.slots.back_mut() {
            slot.waits[bucket] += 1;
            slot.waits_count += 1;
            slot.waited += waited;
        }
        self.note_peak();
    }

    /// It has given up.
    pub(crate) fn give_up(&mut self, now: Duration) {
        self.advance(now);
        self.waiting = self.waiting.saturating_sub(1);
    }

    /// A connection is no longer in use.
    pub(crate) fn release(&mut self, now: Duration) {
        self.advance(now);
        self.busy = self.busy.saturating_sub(1);
    }

    /// How many are in use.
    pub(crate) fn busy(&self) -> u32 {
        self.busy
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> u32 {
        self.waiting
    }

    /// What was measured up to a moment.
    pub(crate) fn measured(&mut self, now: Duration) -> Measured {
        self.advance(now);
        let mut measured = Measured::default();
        let (mut busy, mut wanted, mut waited) = (0.0, 0.0, Duration::ZERO);
        let mut waits = [0_u32; BUCKETS];
        for slot in &self.slots {
            measured.time += slot.measured;
            busy += slot.busy_seconds;
            wanted += slot.wanted_seconds;
            measured.wanted_peak = measured.wanted_peak.max(slot.wanted_peak);
            measured.taken += slot.waits_count;
            waited += slot.waited;
            for (all, some) in waits.iter_mut().zip(slot.waits) {
                *all += some;
            }
        }
        if !measured.time.is_zero() {
            measured.busy_mean = busy / measured.time.as_secs_f64();
            measured.wanted_mean = wanted / measured.time.as_secs_f64();
        }
        measured.wait_mean = waited.checked_div(measured.taken).unwrap_or_default();
        measured.wait_p95 = percentile_95(&waits, measured.taken);
        measured
    }

    fn note_peak(&mut self) {
        let wanted = self.busy + self.waiting;
        if let Some(slot) = self.slots.back_mut() {
            slot.wanted_peak = slot.wanted_peak.max(wanted);
        }
    }

    /// Time goes on, with as many in use as before.
    fn advance(&mut self, now: Duration) {
        if now.saturating_sub(self.now) > SLOT.saturating_mul(40) {
            // Longer than all slots: they would be given up one by one (U3).
            self.slots.clear();
            self.now = now.saturating_sub(SLOT.saturating_mul(20));
        }
        while self.now < now {
            let room = self.slots.back().map_or(Duration::ZERO, |slot| SLOT - slot.measured);
            if room.is_zero() {
                self.slots.push_back(Slot::default());
                if self.slots.len() > SLOTS_MAX {
                    self.slots.pop_front();
                }
                self.note_peak();
                continue;
            }
            let step = room.min(now - self.now);
            if let Some(slot) = self.slots.back_mut() {
                slot.measured += step;
                slot.busy_seconds += f64::from(self.busy) * step.as_secs_f64();
                slot.wanted_seconds += f64::from(self.busy + self.waiting) * step.as_secs_f64();
            }
            self.now += step;
        }
        if self.slots.is_empty() {
            self.slots.push_back(Slot::default());
        }
    }
}

/// The bound of the bucket in which the 95th of a hundred is.
fn percentile_95(waits: &[u32; BUCKETS], count: u32) -> Duration {
    let rank = count - count / 20;
    let mut seen = 0;
    for (bucket, some) in waits.iter().enumerate() {
        seen += some;
        if seen >= rank && rank > 0 {
            return match bucket {
                0 => Duration::ZERO,
                _ => Duration::from_micros(1 << bucket),
            };
        }
    }
    Duration::ZERO
}

#[cfg(test)]
mod tests;
