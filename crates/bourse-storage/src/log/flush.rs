//! Leading a flush and waiting for one: the half of the log that waits and writes.

use std::sync::Arc;
use std::time::Duration;

use super::writer::{Flush, State};
use super::{Log, Wanted};
use crate::bug::{self, Bug};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{Batch, Lsn};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::flaw::{Flaw, has};
use crate::sync::{self, MutexGuard};

/// Looks at the durable batch before a follower parks. A flush takes longer than these most often,
/// but the flush in flight may be about to end, and parking costs a good part of a flush.
const SPIN_TURNS: u32 = if cfg!(loom) { 0 } else { 200 };

/// Counts since a log was opened.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Statistics {
    /// Flushes written.
    pub flushes: u64,
    /// Records in them.
    pub records: u64,
    /// Bytes written, with headers and padding.
    pub bytes: u64,
    /// Sum of the times that the writes took.
    pub flush_time: Duration,
    /// The longest time that a write took.
    pub flush_time_max: Duration,
}

#[derive(Default)]
pub(super) struct Counters {
    flushes: AtomicU64,
    records: AtomicU64,
    bytes: AtomicU64,
    time_ns: AtomicU64,
    time_max_ns: AtomicU64,
}

impl Counters {
    fn add(&self, flush: &Flush, time: Duration) {
        let time_ns = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.flushes.fetch_add(1, Ordering::Relaxed);
        self.records.fetch_add(flush.records, Ordering::Relaxed);
        self.bytes.fetch_add(flush.bytes() as u64, Ordering::Relaxed);
        self.time_ns.fetch_add(time_ns, Ordering::Relaxed);
        self.time_max_ns.fetch_max(time_ns, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> Statistics {
        Statistics {
            flushes: self.flushes.load(Ordering::Relaxed),
            records: self.records.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            flush_time: Duration::from_nanos(self.time_ns.load(Ordering::Relaxed)),
            flush_time_max: Duration::from_nanos(self.time_max_ns.load(Ordering::Relaxed)),
        }
    }
}

impl Log {
    /// Returns when `batch` and all before it are durable; closes `batch` if it is open and has a
    /// record. The caller's thread writes the flush itself when nobody else does.
    ///
    /// # Errors
    /// `Closed` when the log stopped; its source is the failure that stopped it. Whether the
    /// records are on the disk is then decided by the next open.
    pub fn flush(&self, batch: Batch) -> Result<()> {
        if self.is_durable(batch) {
            return Ok(());
        }
        let mut state = self.state.lock();
        assert!(batch <= state.open_batch(), "I1: nobody was given batch {batch} yet");
        let batch = if batch == state.open_batch() && state.open_batch_is_empty() {
            state.newest_closed()
        } else {
            batch
        };
        let mut has_spun = false;
        loop {
            if self.is_durable(batch) {
                return Ok(());
            }
            state.check()?;
            let number = state.flush_of(batch);
            if number == state.number() && state.may_lead() {
                self.lead(state)?;
            } else {
                // Read under the latch, under which whoever wakes has changed what is looked at.
                let (flushed, mut now) = (self.flushed_at(number), self.flushed_at(number).now());
                drop(state);
                if has(Flaw::MomentAfterLatch) {
                    now = flushed.now();
                }
                if has_spun || !self.spin(batch) {
                    flushed.wait(now);
                }
                has_spun = true;
            }
            if self.is_durable(batch) {
                return Ok(());
            }
            state = self.state.lock();
        }
    }

    /// Flushes everything and writes an empty flush that says so. Without it the last flush cannot
    /// be told from one that a crash tore, should its bytes decay; a store does it when it closes.
    ///
    /// # Errors
    /// As [`Log::flush`].
    pub fn write_end_mark(&self) -> Result<()> {
        self.flush(self.close_batch())?;
        let mut state = self.state.lock();
        state.check()?;
        if state.is_idle() && !state.claimed && state.takes_end_mark() {
            let mark = state.take(self.durable_lsn());
            drop(state);
            self.write(mark)?;
        }
        Ok(())
    }

    /// As [`Log::write_end_mark`], in a segment of its own and as small as can be; then gives up
    /// records below `needed` that nobody wants, and the files that were ready for records to come.
    /// One is kept, for the next open on a full disk. So a log at rest takes little more than one
    /// segment.
    ///
    /// # Errors
    /// As [`Log::flush`] and [`Log::retain_from`].
    pub fn close(&self, needed: Lsn, wanted: &[Wanted]) -> Result<()> {
        self.flush(self.close_batch())?;
        if !self.end_in_last_segment()? {
            self.write_end_mark()?;
        }
        self.retain(needed, wanted)?;
        self.folder.lock().keep_one_spare()
    }

    /// Returns whether that could be done: not while somebody else writes, nor on a full disk.
    fn end_in_last_segment(&self) -> Result<bool> {
        let mut folder = self.folder.lock();
        let mut state = self.state.lock();
        state.check()?;
        let next = state.segment_sequence() + 1;
        let ready = state.take_next_segment();
        drop(state);
        if let Some(ready) = ready {
            folder.discard(&[(ready.sequence, ready.bytes)])?;
        }
        let last = match folder.make_last_segment(next) {
            Ok(last) => last,
            Err(error) if error.kind() == ErrorKind::Full => return Ok(false),
            Err(error) => return Err(self.fail(error)),
        };
        let bytes = last.bytes;
        let mark = self.state.lock().begin_last(last, self.durable_lsn());
        match mark {
            Some(mark) => self.write(mark).map(|()| true),
            None => folder.discard(&[(next, bytes)]).map(|()| false),
        }
    }

    /// Sees to it that the open flush, if it is still the one of this number, is taken.
    pub(super) fn take_open_flush(&self, number: u64) -> Result<()> {
        let mut state = self.state.lock();
        loop {
            state.check()?;
            if state.number() != number {
                return Ok(());
            }
            if state.may_lead() {
                return self.lead(state);
            }
            state.room_waiters += 1;
            self.room.wait(&mut state);
            state.room_waiters -= 1;
        }
    }

    /// Takes the open flush and writes it. The caller asked [`State::may_lead`].
    fn lead(&self, mut state: MutexGuard<'_, State>) -> Result<()> {
        state.claimed = true;
        let mut state = self.wait_until_closable(state);
        state.claimed = false;
        state.check()?;
        let flush = state.take(self.durable_lsn());
        self.publish_open_batch(&state);
        if state.room_waiters > 0 {
            self.room.notify_all();
        }
        drop(state);
        sync::point();
        self.write(flush)
    }

    /// Waits, without the latch, until the open batch may be closed, has no record, or the log
    /// stopped. The open flush goes on filling meanwhile.
    fn wait_until_closable<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
    ) -> MutexGuard<'a, State> {
        loop {
            let batch = state.open_batch();
            let may_close = state.open_batch_is_empty() || (self.options.may_close)(batch);
            if may_close || state.check().is_err() {
                return state;
            }
            drop(state);
            sync::spin_until(|| {
                (self.options.may_close)(batch)
                    || self.open_batch() != batch
                    || self.failed.load(Ordering::Acquire)
            });
            state = self.state.lock();
        }
    }

    fn write(&self, mut flush: Flush) -> Result<()> {
        let number = flush.number;
        if bug::switched_on(Bug::AcknowledgeBeforeSync) {
            self.advance(self.state.lock(), number);
        }
        let began = sync::monotonic();
        let segment = flush.segment.clone();
        let (bytes, offset) = flush.seal();
        if let Err(error) = segment.file.write_durable(bytes, offset) {
            return Err(self.fail(error));
        }
        sync::point();
        self.counters.add(&flush, sync::monotonic().saturating_sub(began));
        let heads = flush.heads();
        let mut state = self.state.lock();
        if let Some(sequence) = heads {
            state.set_headed(sequence);
        }
        let long_buffer = state.recycle(flush.buffer);
        self.advance(state, number);
        drop(long_buffer);
        Ok(())
    }

    /// Notes that a flush is written, counts what counts now (I2), and wakes whom that concerns.
    fn advance(&self, mut state: MutexGuard<'_, State>, number: u64) {
        state.set_written(number);
        let mut counted = None;
        while let Some((number, batch, lsn)) = state.next_durable() {
            assert!(lsn >= self.durable_lsn(), "I2: durable never goes back");
            if has(Flaw::BatchBeforeLsn) {
                self.durable_batch.store(batch.0, Ordering::Release);
            }
            self.durable_lsn.store(lsn.0, Ordering::Release);
            sync::point();
            self.durable_batch.store(batch.0, Ordering::Release);
            let (first, _) = counted.unwrap_or((number, number));
            counted = Some((first, number));
        }
        // I3: a slot may be free now; whoever waits for the open flush leads it. First of all, so
        // that the disk has something to do meanwhile.
        if state.may_lead() {
            self.flushed_at(state.number()).wake_one();
            if state.room_waiters > 0 {
                self.room.notify_all();
            }
        }
        drop(state);
        if let Some((first, last)) = counted {
            (self.options.on_durable)(self);
            (first..=last).for_each(|number| self.flushed_at(number).wake_all());
        }
    }

    /// Stops the log for good (I5) and returns what callers are told.
    pub(super) fn fail(&self, error: Error) -> Error {
        let mut state = self.state.lock();
        let first = state.failure.get_or_insert_with(|| Arc::new(error)).clone();
        self.failed.store(true, Ordering::Release);
        for flushed in &self.flushed {
            flushed.wake_all();
        }
        self.room.notify_all();
        super::writer::stopped(&first)
    }

    fn flushed_at(&self, number: u64) -> &sync::Event {
        let slot = number % self.flushed.len() as u64;
        #[expect(clippy::cast_possible_truncation, reason = "below the length of a slice")]
        let slot = slot as usize;
        &self.flushed[slot]
    }

    fn is_durable(&self, batch: Batch) -> bool {
        self.durable_batch.load(Ordering::Acquire) >= batch.0
    }

    /// Looks for a while whether the batch becomes durable. One thread at a time: where more wait,
    /// the processors have better things to do.
    fn spin(&self, batch: Batch) -> bool {
        if self.spinners.fetch_add(1, Ordering::Relaxed) == 0 {
            for _ in 0..SPIN_TURNS {
                if self.is_durable(batch) {
                    break;
                }
                std::hint::spin_loop();
                sync::point();
            }
        }
        self.spinners.fetch_sub(1, Ordering::Relaxed);
        self.is_durable(batch)
    }
}
