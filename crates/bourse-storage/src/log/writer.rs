//! What the log's latch guards: the open flush, the flushes in flight, the chain.
//!
//! Plain state advanced by calls. It waits for nobody and does no I/O, so everything here is short;
//! the waiting is in the module above.
//!
//! ```text
//!            push              take                next_durable, in order
//! (empty) ---------> filling ---------> in flight ------------------------> durable
//!    |                                      |
//!    +-- rotate: the segment is too full    +-- a failed write: the log stops for good (I5)
//! ```

use std::collections::VecDeque;
use std::sync::Arc;

use super::buffer::{AlignedBuffer, whole_blocks};
use super::frame::{
    FLUSH_HEADER_BYTES, FlushHeader, Head, Origin, encode_frame, frame_bytes, store_seed,
};
use super::segment::{Filling, SEGMENT_HEADER_BYTES, Segment, SegmentHeader};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{Batch, Lsn};

/// From so many bytes a flush on, on the average of a segment, the next one is not written ahead.
const LONG_FLUSH_BYTES: u64 = 256 << 10;
/// After so many shorter ones in a row the load is over.
const SHORT_FLUSHES: u32 = 16;

/// A segment that the log still needs.
pub(super) struct Kept {
    pub(super) sequence: u64,
    pub(super) continues_lsn: Lsn,
    /// Bytes of the file.
    pub(super) bytes: u64,
    /// What the file was filled with, as far as that is known.
    pub(super) filling: Filling,
    /// Bytes of the file that flushes took.
    pub(super) written: u64,
    /// Whether its header is on the disk, so that the log could begin with it. The header of a
    /// rotation is written with the first flush.
    pub(super) headed: bool,
}

/// A flush that was taken and does not count as durable yet.
struct Flight {
    number: u64,
    last_batch: Batch,
    last_lsn: Lsn,
    written: bool,
}

/// A flush on its way to the disk, its leader's own.
pub(super) struct Flush {
    pub(super) number: u64,
    pub(super) segment: Arc<Segment>,
    pub(super) records: u64,
    seed: u32,
    offset: u64,
    segment_header: Option<SegmentHeader>,
    header: FlushHeader,
    pub(super) buffer: AlignedBuffer,
}

/// Whether a frame can be pushed, and if not, what must happen first.
pub(super) enum Room {
    Ready,
    /// The open flush, of this number, must be taken.
    Flush(u64),
    /// The next segment must be made ready.
    Segment,
}

/// The sizes of a log and the position that it goes on from.
pub(super) struct Start {
    pub(super) segment: Segment,
    /// Of `segment`, on the disk already.
    pub(super) header: SegmentHeader,
    pub(super) kept: VecDeque<Kept>,
    pub(super) buffer_bytes: usize,
    pub(super) flushes_in_flight: usize,
}

/// See the module's head; the invariants are those of the module above.
pub(super) struct State {
    store: u128,
    open: u32,
    next_lsn: Lsn,
    link: u32,
    open_batch: Batch,
    open_batch_empty: bool,
    /// What records are given that are appended here first.
    pub(super) origin: Origin,

    segment: Arc<Segment>,
    /// The header of a segment that nothing was taken for yet: written with its first flush.
    segment_header: Option<SegmentHeader>,
    /// The next segment, ready to be written to.
    next_segment: Option<Arc<Segment>>,
    pub(super) kept: VecDeque<Kept>,
    /// Bytes of the files of `kept`.
    pub(super) kept_bytes: u64,
    /// Bytes of the oldest of these that are only wanted.
    pub(super) wanted_bytes: u64,

    /// Of the open flush.
    number: u64,
    offset: u64,
    /// Flushes taken for the current segment.
    segment_flushes: u64,
    /// Short ones among them, since the last long one.
    short_flushes: u32,
    first_lsn: Lsn,
    /// Flush header and frames of the open flush.
    used: usize,
    /// Room for a segment header, then the open flush.
    buffer: AlignedBuffer,
    free_buffers: Vec<AlignedBuffer>,
    buffer_bytes: usize,

    flights: VecDeque<Flight>,
    flushes_in_flight: usize,
    /// A leader has promised to take the open flush and waits for the batch to become closable.
    pub(super) claimed: bool,
    /// Appenders that wait for the open flush to be taken.
    pub(super) room_waiters: usize,
    pub(super) failure: Option<Arc<Error>>,
}

impl State {
    pub(super) fn new(start: Start) -> State {
        let free_bytes = SEGMENT_HEADER_BYTES + start.buffer_bytes;
        let mut free_buffers: Vec<_> =
            (0..=start.flushes_in_flight).map(|_| AlignedBuffer::zeroed(free_bytes)).collect();
        let buffer = free_buffers.pop().unwrap_or_else(|| AlignedBuffer::zeroed(free_bytes));
        State {
            store: start.header.store,
            open: start.header.open,
            next_lsn: start.header.continues_lsn.next(),
            link: start.header.link_start(),
            open_batch: start.header.batch,
            open_batch_empty: true,
            origin: Origin::default(),
            segment: Arc::new(start.segment),
            segment_header: None,
            next_segment: None,
            kept_bytes: start.kept.iter().map(|kept| kept.bytes).sum(),
            kept: start.kept,
            wanted_bytes: 0,
            number: 0,
            offset: SEGMENT_HEADER_BYTES as u64,
            segment_flushes: 0,
            short_flushes: 0,
            first_lsn: start.header.continues_lsn.next(),
            used: FLUSH_HEADER_BYTES,
            buffer_bytes: buffer.len() - SEGMENT_HEADER_BYTES,
            buffer,
            free_buffers,
            flights: VecDeque::with_capacity(start.flushes_in_flight),
            flushes_in_flight: start.flushes_in_flight,
            claimed: false,
            room_waiters: 0,
            failure: None,
        }
    }

    pub(super) fn next_lsn(&self) -> Lsn {
        self.next_lsn
    }

    pub(super) fn open_batch(&self) -> Batch {
        self.open_batch
    }

    pub(super) fn open_batch_is_empty(&self) -> bool {
        self.open_batch_empty
    }

    pub(super) fn newest_closed(&self) -> Batch {
        Batch(self.open_batch.0 - 1)
    }

    /// Number of the open flush.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Whether the open flush holds no frame.
    pub(super) fn is_empty(&self) -> bool {
        self.used == FLUSH_HEADER_BYTES
    }

    pub(super) fn is_idle(&self) -> bool {
        self.is_empty() && self.flights.is_empty()
    }

    pub(super) fn segment_sequence(&self) -> u64 {
        self.segment.sequence
    }

    /// Bytes of the current segment's file.
    pub(super) fn segment_bytes(&self) -> u64 {
        self.segment.bytes
    }

    /// What the next segment is to be filled with: nothing while flushes are long, as those of a
    /// bulk load. It would write its log twice else.
    pub(super) fn filling(&self) -> Filling {
        let written = self.offset - SEGMENT_HEADER_BYTES as u64;
        let is_long = self.short_flushes < SHORT_FLUSHES
            && self.segment_flushes > 0
            && written / self.segment_flushes >= LONG_FLUSH_BYTES;
        if is_long { Filling::Nothing } else { Filling::Zeros }
    }

    /// Whether the current segment was filled with nothing, and flushes are short now.
    pub(super) fn is_to_be_left(&self) -> bool {
        self.segment.filling == Filling::Nothing && self.short_flushes >= SHORT_FLUSHES
    }

    /// The first record that the log has, or will have.
    pub(super) fn first_lsn(&self) -> Lsn {
        self.kept.front().map_or(Lsn(1), |kept| kept.continues_lsn.next())
    }

    /// Bytes of the files that the log needs.
    pub(super) fn needed_bytes(&self) -> u64 {
        self.kept_bytes - self.wanted_bytes
    }

    pub(super) fn has_next_segment(&self) -> bool {
        self.next_segment.is_some()
    }

    /// Whether the current segment is half full or more.
    pub(super) fn is_past_half(&self) -> bool {
        self.offset + self.used as u64 >= self.segment.bytes / 2
    }

    /// Closes the open batch unless it is empty.
    pub(super) fn close_batch(&mut self) {
        if !self.open_batch_empty {
            self.open_batch = self.open_batch.next();
            self.open_batch_empty = true;
        }
    }

    /// The flush that holds the last frame of `batch`, which has one that is not durable.
    pub(super) fn flush_of(&self, batch: Batch) -> u64 {
        let flight = self.flights.iter().find(|flight| flight.last_batch >= batch);
        flight.map_or(self.number, |flight| flight.number)
    }

    /// Whether a caller may become the leader of the open flush.
    pub(super) fn may_lead(&self) -> bool {
        !self.claimed && !self.is_empty() && self.flights.len() < self.flushes_in_flight
    }

    /// Whether the open flush may grow by `bytes` within the current segment.
    fn segment_takes(&self, bytes: usize) -> bool {
        self.offset + whole_blocks(self.used + bytes) as u64 <= self.segment.bytes
    }

    /// Whether an empty flush fits behind the last one.
    pub(super) fn takes_end_mark(&self) -> bool {
        self.segment_takes(0)
    }

    /// Whether a record of `payload_bytes` can be appended without a new segment.
    pub(super) fn takes_record(&self, payload_bytes: usize) -> bool {
        // Should the open flush be taken first, the record begins a flush of its own.
        let open = if self.is_empty() { 0 } else { whole_blocks(self.used) };
        let own = whole_blocks(FLUSH_HEADER_BYTES + frame_bytes(payload_bytes));
        self.offset + (open + own) as u64 <= self.segment.bytes
    }

    /// Makes room for a frame of `bytes` where that takes neither I/O nor waiting.
    pub(super) fn make_room(&mut self, bytes: usize, durable: Lsn) -> Result<Room> {
        self.check()?;
        let leaves = self.is_empty() && self.has_next_segment() && self.is_to_be_left();
        let in_segment = self.segment_takes(bytes) && !leaves;
        let in_buffer = SEGMENT_HEADER_BYTES + self.used + bytes <= self.buffer.len();
        if in_segment && in_buffer {
            return Ok(Room::Ready);
        }
        if !self.is_empty() {
            return Ok(Room::Flush(self.number));
        }
        if !in_segment {
            let Some(next) = self.next_segment.take() else {
                return Ok(Room::Segment);
            };
            self.rotate(next, durable);
            assert!(self.segment_takes(bytes), "longer records are refused at the API's edge");
        }
        if !in_buffer {
            // A record longer than the buffers gets one of its own, dropped when it was written.
            let long = AlignedBuffer::zeroed(SEGMENT_HEADER_BYTES + self.used + bytes);
            self.free_buffers.push(std::mem::replace(&mut self.buffer, long));
        }
        Ok(Room::Ready)
    }

    /// Takes back what [`State::set_next_segment`] installed. The file has its name, no more.
    pub(super) fn take_next_segment(&mut self) -> Option<Arc<Segment>> {
        self.next_segment.take()
    }

    /// Begins a segment that has room for an end mark only, if nothing is under way.
    pub(super) fn begin_last(&mut self, segment: Segment, durable_lsn: Lsn) -> Option<Flush> {
        if !self.is_idle() || self.claimed || self.next_segment.is_some() {
            return None;
        }
        self.rotate(Arc::new(segment), durable_lsn);
        Some(self.take(durable_lsn))
    }

    /// Goes on in the next segment. Its header names where this one ends (I4).
    fn rotate(&mut self, next: Arc<Segment>, durable_lsn: Lsn) {
        assert!(self.is_empty(), "I4: a flush lies in one segment");
        assert!(self.segment_header.is_none(), "a segment without a flush is never left");
        let header = SegmentHeader {
            open: self.open,
            store: self.store,
            sequence: next.sequence,
            predecessor: self.segment.sequence,
            salt: next.salt,
            continues_lsn: Lsn(self.next_lsn.0 - 1),
            continues_link: self.link,
            durable_lsn,
            batch: self.open_batch,
        };
        self.kept_bytes += next.bytes;
        self.kept.push_back(Kept {
            sequence: next.sequence,
            continues_lsn: header.continues_lsn,
            bytes: next.bytes,
            filling: next.filling,
            written: SEGMENT_HEADER_BYTES as u64,
            headed: false,
        });
        self.link = header.link_start();
        self.segment_header = Some(header);
        self.segment = next;
        self.offset = SEGMENT_HEADER_BYTES as u64;
        self.segment_flushes = 0;
        self.short_flushes = 0;
    }

    /// Installs what `Log::prepare` made.
    pub(super) fn set_next_segment(&mut self, segment: Segment) {
        assert_eq!(segment.sequence, self.segment.sequence + 1, "I4: sequences have no gaps");
        assert!(self.next_segment.is_none(), "one segment is prepared at a time");
        self.next_segment = Some(Arc::new(segment));
    }

    /// Adds a frame to the open flush, for which [`State::make_room`] was `Ready`.
    pub(super) fn push(&mut self, kind: u8, origin: Origin, payload: &[u8], payload_sum: u32) {
        let begin = SEGMENT_HEADER_BYTES + self.used;
        let place = &mut self.buffer[begin..];
        let head = Head { kind, lsn: self.next_lsn, origin, payload_sum };
        self.link = encode_frame(place, head, payload, self.link);
        self.used += frame_bytes(payload.len());
        self.next_lsn = self.next_lsn.next();
        self.open_batch_empty = false;
    }

    /// Closes the open batch, takes the open flush and opens the next one behind it.
    pub(super) fn take(&mut self, durable_lsn: Lsn) -> Flush {
        assert!(self.flights.len() < self.flushes_in_flight, "I3: the flights are counted");
        self.close_batch();
        let last_lsn = Lsn(self.next_lsn.0 - 1);
        let header = FlushHeader {
            salt: self.segment.salt,
            sequence: self.segment.sequence,
            bytes: self.used,
            first_lsn: self.first_lsn,
            last_lsn,
            durable_lsn,
            batch: self.newest_closed(),
        };
        self.flights.push_back(Flight {
            number: self.number,
            last_batch: header.batch,
            last_lsn,
            written: false,
        });
        let free = self.free_buffers.pop();
        let free =
            free.unwrap_or_else(|| AlignedBuffer::zeroed(SEGMENT_HEADER_BYTES + self.buffer_bytes));
        let flush = Flush {
            number: self.number,
            segment: self.segment.clone(),
            records: self.next_lsn.0 - self.first_lsn.0,
            seed: store_seed(self.store),
            offset: self.offset,
            segment_header: self.segment_header.take(),
            header,
            buffer: std::mem::replace(&mut self.buffer, free),
        };
        self.number += 1;
        self.segment_flushes += 1;
        let is_short = (whole_blocks(self.used) as u64) < LONG_FLUSH_BYTES;
        self.short_flushes = if is_short { self.short_flushes.saturating_add(1) } else { 0 };
        self.offset += whole_blocks(self.used) as u64;
        self.first_lsn = self.next_lsn;
        self.used = FLUSH_HEADER_BYTES;
        if let Some(kept) = self.kept.back_mut() {
            kept.written = self.offset;
        }
        flush
    }

    /// Notes that a segment's header is on the disk.
    pub(super) fn set_headed(&mut self, sequence: u64) {
        if let Some(kept) = self.kept.iter_mut().find(|kept| kept.sequence == sequence) {
            kept.headed = true;
        }
    }

    /// Notes that a flush is on the disk. A flush noted before stays as it is.
    pub(super) fn set_written(&mut self, number: u64) {
        if let Some(flight) = self.flights.iter_mut().find(|flight| flight.number == number) {
            flight.written = true;
        }
    }

    /// The oldest flush in flight, if it is written: it leaves the flights and is durable (I2).
    pub(super) fn next_durable(&mut self) -> Option<(u64, Batch, Lsn)> {
        if self.failure.is_some() || !self.flights.front()?.written {
            return None;
        }
        let flight = self.flights.pop_front()?;
        Some((flight.number, flight.last_batch, flight.last_lsn))
    }

    /// Takes a buffer back; gives it back where it is not of the usual size.
    pub(super) fn recycle(&mut self, buffer: AlignedBuffer) -> Option<AlignedBuffer> {
        if buffer.len() != SEGMENT_HEADER_BYTES + self.buffer_bytes {
            return Some(buffer);
        }
        assert!(self.free_buffers.len() <= self.flushes_in_flight, "I7: buffers go round");
        self.free_buffers.push(buffer);
        None
    }

    /// Refuses to go on once the log stopped (I5).
    pub(super) fn check(&self) -> Result<()> {
        self.failure.as_ref().map_or(Ok(()), |first| Err(stopped(first)))
    }
}

/// What callers are told once the log stopped.
pub(super) fn stopped(first: &Arc<Error>) -> Error {
    let message = "the log stopped after a failed write, and what was not acknowledged may or may \
                   not be on the disk: open the store again";
    Error::new(ErrorKind::Closed, message).with_source(first.clone())
}

impl Flush {
    /// The sequence of the segment whose header is written along, if it is.
    pub(super) fn heads(&self) -> Option<u64> {
        self.segment_header.as_ref().map(|header| header.sequence)
    }

    /// Bytes that will be written.
    pub(super) fn bytes(&self) -> usize {
        whole_blocks(self.header.bytes)
    }

    /// Writes header and zeros around the frames; returns the bytes to write and where.
    pub(super) fn seal(&mut self) -> (&[u8], u64) {
        let begin = SEGMENT_HEADER_BYTES;
        let frames_end = begin + self.header.bytes;
        let end = begin + whole_blocks(self.header.bytes);
        let header_place = &mut self.buffer[begin..begin + FLUSH_HEADER_BYTES];
        self.header.encode(self.seed, header_place);
        self.buffer[frames_end..end].fill(0);
        let Some(segment_header) = &self.segment_header else {
            return (&self.buffer[begin..end], self.offset);
        };
        assert_eq!(self.offset, SEGMENT_HEADER_BYTES as u64, "I4: the first flush of a segment");
        segment_header.encode(&mut self.buffer[..SEGMENT_HEADER_BYTES]);
        (&self.buffer[..end], 0)
    }
}
