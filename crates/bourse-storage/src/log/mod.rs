//! The write-ahead log: one for a whole store, group commit on the callers' own threads.
//!
//! A record gets its LSN, its batch and its place in the log in one step under the latch
//! ([`Log::append`]). A caller that needs it durable calls [`Log::flush`]: it becomes the leader of
//! the open flush, takes its buffer and writes it with one durable write, or waits for another who
//! did. Several flushes are written at once; they count in LSN order.
//!
//! Invariants:
//! - I1. LSNs, batches and places in the log ascend together; all three are taken under the latch.
//! - I2. `durable` is the end of a prefix: a flush counts when it and all before it are written.
//! - I3. At most `flushes_in_flight` flushes are written or wait to count. While fewer are, a flush
//!   that somebody waits for does not stay open: one of those who wait leads it.
//! - I4. A flush lies in one segment. A segment's header names the segment, LSN and link that it
//!   continues, so the one before ends exactly there; a sequence never names two uses of a file.
//! - I5. After a failed write nothing more counts as durable and nothing more is taken.
//! - I6. The header of the segment that an open begins is durable before anything else of that open
//!   is written, so an open count is never used twice.
//! - I7. The latch is never held over I/O or a wait, and nothing is allocated under it in steady
//!   state: buffers come back when their flush was written.
//! - I8. An open that cuts a log off makes the header of its segment durable first, which names the
//!   cut (I4), and only then gives up files behind the cut. What is behind it in the cut segment
//!   stays, and no later open reads it.
//!
//! ```text
//! flush(batch) <------------------------------------------------------------+
//!   | durable?  ----------------------------------> done                    |
//!   | failed?   ----------------------------------> Closed                  |
//!   | its flush is open, a slot is free, nobody claimed it?                 |
//!   |   --> claim --> may_close --> State::take --> write --> advance ------+
//!   | else: spin if nobody else does, then wait for that flush's event -----+
//! ```
//! `advance` wakes those whose flush counts now, and one that waits for the open flush: it leads.
//! Each flush has its own event, so nobody is woken for another's flush.
//!
//! The bytes are described in `frame.rs` and `segment.rs`, opening in `open.rs`, reading in
//! `reader.rs`; `README.md` tells how a crash is judged.

use crossbeam::utils::CachePadded;

use crate::error::{Error, ErrorKind, Result};
use crate::id::{Batch, Lsn};
use crate::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use crate::sync::{Condvar, Event, Mutex, MutexGuard};

mod buffer;
mod flush;
mod folder;
mod frame;
mod open;
mod reader;
mod segment;
mod tail;
#[cfg(test)]
mod tests;
mod writer;

pub use frame::{MAX_RECORD, Origin};
pub use open::{Ending, Recovery};
pub use tail::{Tail, Tailed};

use buffer::whole_blocks;
use flush::Counters;
pub use flush::Statistics;
use folder::Folder;
use frame::{FLUSH_HEADER_BYTES, frame_bytes};
use segment::{Filling, SEGMENT_HEADER_BYTES};
use writer::{Kept, Room, State};

/// How a log is laid out and how it flushes.
pub struct LogOptions {
    /// Bytes of a segment's file, whole 4 KiB blocks; default 16 MiB. Smaller ones free their space
    /// sooner, larger ones are changed less often. No record is longer than fits into one.
    pub segment_bytes: u64,
    /// Bytes that collect in memory before an appender writes them itself; default 4 MiB, and never
    /// more than a segment has. There is one more such buffer than flushes in flight.
    pub buffer_bytes: usize,
    /// Flushes that may be written at once; default 4.
    pub flushes_in_flight: usize,
    /// Whether a batch may be closed by a flush now; default: always. Until it may, its flush
    /// collects frames and those who wait for it go on waiting. It is called with the latch held,
    /// so it must be quick, take no lock and not call the log.
    pub may_close: Box<dyn Fn(Batch) -> bool + Send + Sync>,
    /// Most bytes of files that are needed: when there are more, nothing is reserved. What is only
    /// wanted ([`Log::retain`]) does not count.
    pub retained_bytes_max: u64,
    /// Most bytes of the log that an open keeps in memory between looking for the end and
    /// replaying, so that it reads them once; default 64 MiB.
    pub recovery_bytes_max: usize,
    /// Called after more has become durable, by the thread that wrote it and without the latch,
    /// before those who wait for it are woken: what they would do next can be done once for all.
    pub on_durable: Box<dyn Fn(&Log) + Send + Sync>,
}

impl Default for LogOptions {
    fn default() -> LogOptions {
        LogOptions {
            segment_bytes: 16 << 20,
            buffer_bytes: 4 << 20,
            flushes_in_flight: 4,
            may_close: Box::new(|_| true),
            retained_bytes_max: u64::MAX,
            recovery_bytes_max: 64 << 20,
            on_durable: Box::new(|_| {}),
        }
    }
}

/// Where a record lies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Position {
    /// Sequence of the segment.
    pub segment: u64,
    /// Offset of the frame in the segment's file.
    pub offset: u64,
}

/// Records that the log keeps although its own recovery does not need them, as long as all such
/// take no more than so many bytes: of more the oldest are given up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// The first record.
    pub from: Lsn,
    /// Most bytes of files.
    pub bytes_max: u64,
}

/// A record as [`Recovery::replay`] hands it out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry<'a> {
    /// Its number.
    pub lsn: Lsn,
    /// Where it lies.
    pub position: Position,
    /// The kind that it was appended with.
    pub kind: u8,
    /// Whose it is.
    pub origin: Origin,
    /// The bytes that it was appended with, at an address that is a multiple of 16.
    pub payload: &'a [u8],
}

/// The write-ahead log of a store. Shared by all its threads.
pub struct Log {
    options: LogOptions,
    /// Held while files are made, renamed or removed; taken before the latch.
    folder: Mutex<Folder>,
    /// The latch, apart from what followers look at while they spin.
    state: CachePadded<Mutex<State>>,
    /// One for each flush that can be waited for, by number modulo their count.
    flushed: Box<[Event]>,
    /// Where appenders wait for the open flush to be taken.
    room: Condvar,
    /// Written under the latch, `durable_lsn` first; read without.
    durable_lsn: AtomicU64,
    durable_batch: AtomicU64,
    open_batch: AtomicU64,
    /// Threads that look for their flush before they sleep.
    spinners: AtomicUsize,
    /// See [`Log::is_long`].
    long: AtomicBool,
    failed: AtomicBool,
    counters: Counters,
}

impl Log {
    /// Appends a record and returns its LSN and batch. `on_position` is told both before anything
    /// later gets its own: it is called with the latch held, so it must be quick and not call the
    /// log. The record is durable only after [`Log::flush`].
    ///
    /// # Errors
    /// Before an LSN is taken: `InvalidInput` for a record that is too long, `Full` when the disk
    /// has no room for the next segment, `Closed` when the log stopped.
    pub fn append(
        &self,
        kind: u8,
        payload: &[u8],
        on_position: impl FnOnce(Lsn, Batch),
    ) -> Result<(Lsn, Batch)> {
        self.append_to(kind, None, payload, on_position, |_| false)
    }

    /// As [`Log::append`], and closes the batch behind the record if that may be done, so that
    /// nothing later joins it.
    ///
    /// # Errors
    /// As [`Log::append`].
    pub fn append_last(
        &self,
        kind: u8,
        payload: &[u8],
        on_position: impl FnOnce(Lsn, Batch),
    ) -> Result<(Lsn, Batch)> {
        self.append_to(kind, None, payload, on_position, |batch| (self.options.may_close)(batch))
    }

    /// As [`Log::append`] of a record that another log had first, whose it stays.
    ///
    /// # Errors
    /// As [`Log::append`].
    pub fn append_shipped(
        &self,
        kind: u8,
        origin: Origin,
        payload: &[u8],
        on_position: impl FnOnce(Lsn, Batch),
    ) -> Result<(Lsn, Batch)> {
        self.append_to(kind, Some(origin), payload, on_position, |_| false)
    }

    /// As [`Log::append_shipped`] of the last record of an entry that a group agrees on: closes the
    /// batch behind it as [`Log::append_last`] does, so that the entry can be made durable at once.
    ///
    /// # Errors
    /// As [`Log::append`].
    pub fn append_entry(
        &self,
        kind: u8,
        origin: Origin,
        payload: &[u8],
        on_position: impl FnOnce(Lsn, Batch),
    ) -> Result<(Lsn, Batch)> {
        let closes = |batch| (self.options.may_close)(batch);
        self.append_to(kind, Some(origin), payload, on_position, closes)
    }

    /// Whose records are from now on that are appended here first.
    pub fn set_origin(&self, origin: Origin) {
        self.state.lock().origin = origin;
    }

    fn append_to(
        &self,
        kind: u8,
        origin: Option<Origin>,
        payload: &[u8],
        on_position: impl FnOnce(Lsn, Batch),
        closes: impl FnOnce(Batch) -> bool,
    ) -> Result<(Lsn, Batch)> {
        self.check_length(payload.len())?;
        let payload_sum = crc32c::crc32c(payload);
        let bytes = frame_bytes(payload.len());
        let mut state = self.state.lock();
        loop {
            match state.make_room(bytes, self.durable_lsn())? {
                Room::Ready => break,
                Room::Flush(number) => {
                    drop(state);
                    self.take_open_flush(number)?;
                }
                Room::Segment => {
                    drop(state);
                    self.prepare()?;
                }
            }
            state = self.state.lock();
        }
        let (lsn, batch) = (state.next_lsn(), state.open_batch());
        on_position(lsn, batch);
        let origin = origin.unwrap_or(state.origin);
        state.push(kind, origin, payload, payload_sum);
        if closes(batch) {
            state.close_batch();
            self.publish_open_batch(&state);
        }
        Ok((lsn, batch))
    }

    /// Makes sure, as far as one caller can, that a record of `bytes` finds room on the disk.
    ///
    /// # Errors
    /// `Full` when the current segment cannot take it and the disk has no room for the next one;
    /// 53400 when more is retained than may be.
    pub fn reserve(&self, bytes: usize) -> Result<()> {
        self.check_length(bytes)?;
        let state = self.state.lock();
        state.check()?;
        self.note_length(&state);
        if state.needed_bytes() > self.options.retained_bytes_max {
            return Err(self.too_long(state.needed_bytes()));
        }
        if state.takes_record(bytes) || state.has_next_segment() {
            return Ok(());
        }
        drop(state);
        self.prepare()
    }

    #[cold]
    fn too_long(&self, bytes: u64) -> Error {
        Error::new(
            ErrorKind::Full,
            format!(
                "the log has {bytes} bytes that are still needed, more than the {} that it may \
                 have: something holds it that no checkpoint gives up",
                self.options.retained_bytes_max
            ),
        )
        .with_sqlstate("53400")
    }

    /// Closes the open batch unless it is empty. Returns the newest closed batch.
    pub fn close_batch(&self) -> Batch {
        self.close_batch_if(|_| true)
    }

    /// Closes the open batch unless it is empty or `may` refuses. Returns the newest closed batch.
    /// `may` is called with the latch held.
    pub fn close_batch_if(&self, may: impl FnOnce(Batch) -> bool) -> Batch {
        let mut state = self.state.lock();
        if !state.open_batch_is_empty() && may(state.open_batch()) {
            state.close_batch();
            self.publish_open_batch(&state);
        }
        state.newest_closed()
    }

    /// The batch that records are appended to now. Those below it are closed: no record joins them.
    pub fn open_batch(&self) -> Batch {
        Batch(self.open_batch.load(Ordering::Acquire))
    }

    /// The last record that was appended, durable or not.
    pub fn last_lsn(&self) -> Lsn {
        Lsn(self.state.lock().next_lsn().0 - 1)
    }

    /// The newest durable batch, and an LSN that is durable and not below any of that batch.
    pub fn durable(&self) -> (Batch, Lsn) {
        let batch = Batch(self.durable_batch.load(Ordering::Acquire));
        (batch, self.durable_lsn())
    }

    fn durable_lsn(&self) -> Lsn {
        Lsn(self.durable_lsn.load(Ordering::Acquire))
    }

    fn publish_open_batch(&self, state: &MutexGuard<'_, State>) {
        self.open_batch.store(state.open_batch().0, Ordering::Release);
    }

    /// Whether [`Log::prepare`] should be called, by a thread that has the time.
    pub fn wants_segment(&self) -> bool {
        let state = self.state.lock();
        let is_short = state.segment_bytes() < self.options.segment_bytes;
        let is_near_end = state.is_past_half() || state.is_to_be_left() || is_short;
        state.check().is_ok() && !state.has_next_segment() && is_near_end
    }

    /// Makes the next segment ready, so that no commit has to wait for that.
    ///
    /// # Errors
    /// `Full` when the disk has no room: the log goes on as long as the current segment lasts. Any
    /// other failure stops the log.
    pub fn prepare(&self) -> Result<()> {
        let mut folder = self.folder.lock();
        let state = self.state.lock();
        state.check()?;
        if state.has_next_segment() {
            return Ok(());
        }
        let sequence = state.segment_sequence() + 1;
        let filling = state.filling();
        drop(state);
        // Only this function sets the next segment: with the folder locked the current one stays.
        match folder.make_segment(sequence, filling) {
            Ok(segment) => {
                self.state.lock().set_next_segment(segment);
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::Full => Err(error),
            Err(error) => Err(self.fail(error)),
        }
    }

    /// Gives up records below `lsn`: segments with no other are recycled or removed. Records that
    /// are not durable and the newest segment with a header on the disk stay. A [`Recovery`] that
    /// still replays such records would find them written over.
    ///
    /// # Errors
    /// `Io` when a file could not be renamed or removed; its space comes back at the next open.
    pub fn retain_from(&self, lsn: Lsn) -> Result<()> {
        self.retain(lsn, &[])
    }

    /// As [`Log::retain_from`] of `needed`, but for records that are [`Wanted`]. Bytes that are
    /// only wanted stand in nobody's way.
    ///
    /// # Errors
    /// As [`Log::retain_from`].
    pub fn retain(&self, needed: Lsn, wanted: &[Wanted]) -> Result<()> {
        let mut folder = self.folder.lock();
        let needed = needed.min(self.durable_lsn().next());
        // A log needs a segment to begin with, so the next one must be on the disk.
        let ends_before = |next: &Kept, limit: Lsn| next.continues_lsn < limit && next.headed;
        let mut unneeded = Vec::new();
        let mut state = self.state.lock();
        // Files of which nothing is needed, and what they take.
        let next = state.kept.iter().skip(1).take_while(|next| ends_before(next, needed));
        let mut spared = next.count();
        let mut spared_bytes = state.kept.iter().take(spared).map(|kept| kept.bytes).sum::<u64>();
        while spared > 0
            && let Some(next) = state.kept.get(1)
            && !wanted.iter().any(|wanted| {
                !ends_before(next, wanted.from.min(needed)) && spared_bytes <= wanted.bytes_max
            })
            && let Some(first) = state.kept.pop_front()
        {
            spared -= 1;
            spared_bytes -= first.bytes;
            state.kept_bytes -= first.bytes;
            // The next use of a file that was filled with nothing finds what this one has left, so
            // there is none: as if it were empty.
            let bytes = if first.filling == Filling::Zeros { first.bytes } else { 0 };
            unneeded.push((first.sequence, bytes));
        }
        state.wanted_bytes = spared_bytes;
        self.note_length(&state);
        drop(state);
        folder.discard(&unneeded)
    }

    /// Bytes of the log's records from `lsn` on, and of those before it in the same segment.
    pub fn bytes_since(&self, lsn: Lsn) -> u64 {
        let state = self.state.lock();
        let before = state.kept.iter().skip(1).filter(|next| next.continues_lsn < lsn).count();
        state.kept.iter().skip(before).map(|kept| kept.written - SEGMENT_HEADER_BYTES as u64).sum()
    }

    /// Bytes of the files that the log needs.
    pub fn bytes_retained(&self) -> u64 {
        self.state.lock().kept_bytes
    }

    /// Whether more than half of what may be retained is: checkpoints should give some of it up.
    pub fn is_long(&self) -> bool {
        self.long.load(Ordering::Relaxed)
    }

    fn note_length(&self, state: &State) {
        let is_long = state.needed_bytes() > self.options.retained_bytes_max / 2;
        // Others read it before each transaction: it is written when it changes.
        if is_long != self.is_long() {
            self.long.store(is_long, Ordering::Relaxed);
        }
    }

    /// Counts since the open.
    pub fn statistics(&self) -> Statistics {
        self.counters.read()
    }

    fn check_length(&self, payload_bytes: usize) -> Result<()> {
        let flush = SEGMENT_HEADER_BYTES + FLUSH_HEADER_BYTES;
        let fits = payload_bytes <= MAX_RECORD
            && whole_blocks(flush + frame_bytes(payload_bytes)) as u64
                <= self.options.segment_bytes;
        if fits {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::InvalidInput,
            format!(
                "a log record of {payload_bytes} bytes is too long for a limit of {MAX_RECORD} \
                 and segments of {} bytes: write it in parts",
                self.options.segment_bytes
            ),
        ))
    }
}
