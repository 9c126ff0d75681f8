//! Reading a log that is in use: record after record, behind those who write it.
//!
//! A [`Tail`] reads the segments' files as they grow, flush by flush, and verifies the same chain
//! as an open does. It takes the latch only to find a segment: once when it begins and once at each
//! segment's end. Nothing keeps a segment for it but what the caller asks of [`Log::retain`]; one
//! that was given up is noticed, whatever its file has become since, because nothing else has its
//! sequence, its salt and its chain.
//!
//! Invariants:
//! - R1. A flush is read only when it is durable: then all of it is in the file (I2 of the log).
//!   What of it was read into the buffer before that is read again.
//! - R2. Frames are handed out in the order of LSNs without a gap, each continuing the link of the
//!   one before, from segment to segment as their headers say.

use std::path::PathBuf;
use std::sync::Arc;

use super::buffer::{AlignedBuffer, BLOCK, whole_blocks};
use super::frame::{
    FLUSH_HEADER_BYTES, FRAME_HEADER_BYTES, FlushHeader, Origin, decode_frame, frame_bytes,
    store_seed,
};
use super::segment::{SEGMENT_HEADER_BYTES, SegmentHeader, segment_path};
use super::writer::Kept;
use super::{Entry, Log, Position};
use crate::error::{Error, Result};
use crate::id::Lsn;
use crate::vfs::{File, OpenMode, Vfs};

/// Bytes read at once, unless a flush is larger.
const READ_BYTES: usize = 64 << 10;

/// What a [`Tail`] comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tailed<'a> {
    /// The next record.
    Entry(Entry<'a>),
    /// All records up to the limit were handed out.
    End,
    /// The next record is no longer in the log, which begins with this one.
    Gone(Lsn),
}

/// Reads records of a log in use. See the module's head.
pub struct Tail {
    vfs: Arc<dyn Vfs>,
    folder: PathBuf,
    store: u128,
    /// The last record that was handed out or passed over.
    last: Lsn,
    segment: Option<Reading>,
    buffer: AlignedBuffer,
}

/// The segment that is being read.
struct Reading {
    header: SegmentHeader,
    file: Arc<dyn File>,
    bytes: u64,
    /// The last record in it, where another segment follows.
    end: Option<Lsn>,
    /// Link of the frame with LSN `last`.
    link: u32,
    /// The last record read.
    last: Lsn,
    /// Where the next flush lies.
    offset: u64,
    /// The flush that frames are taken off.
    open: Option<OpenFlush>,
    /// What the buffer holds: from where in the file, how much, and the LSN that was durable then.
    window: (u64, usize),
    window_durable: Lsn,
}

#[derive(Clone, Copy)]
struct OpenFlush {
    header: FlushHeader,
    /// Offset in the file of the next frame.
    at: u64,
}

/// What reading on in a segment comes to.
enum Step {
    /// A frame lies at this place of the buffer, with so many bytes of payload.
    Frame { lsn: Lsn, kind: u8, origin: Origin, at: usize, payload: usize, offset: u64 },
    /// Nothing lies where the next flush should.
    Nothing,
}

impl Log {
    /// Begins to read the records after `after`.
    pub fn tail(&self, after: Lsn) -> Tail {
        let folder = self.folder.lock();
        let (vfs, path, store) = folder.place();
        Tail {
            vfs,
            folder: path,
            store,
            last: after,
            segment: None,
            buffer: AlignedBuffer::zeroed(READ_BYTES),
        }
    }

    /// The first record that the log has, or will have.
    pub fn first_lsn(&self) -> Lsn {
        self.state.lock().first_lsn()
    }

    /// The segment that holds the record after `lsn`, with the last record in it where it is known;
    /// or the first record that there is. Behind a segment it is the next one: several may continue
    /// from the same record, where a process wrote none.
    fn segment_after(&self, lsn: Lsn, behind: u64) -> std::result::Result<(u64, Option<Lsn>), Lsn> {
        let state = self.state.lock();
        let fits = |kept: &&Kept| kept.continues_lsn <= lsn;
        let found = match behind {
            0 => state.kept.iter().rfind(fits),
            behind => state.kept.iter().find(|kept| kept.sequence > behind).filter(fits),
        };
        let Some(found) = found else {
            return Err(state.first_lsn());
        };
        let next = state.kept.iter().find(|kept| kept.sequence > found.sequence);
        Ok((found.sequence, next.map(|next| next.continues_lsn)))
    }

    /// The last record of a segment where another follows; an error where it was given up.
    fn segment_end(&self, sequence: u64) -> std::result::Result<Option<Lsn>, Lsn> {
        let state = self.state.lock();
        if state.kept.iter().all(|kept| kept.sequence != sequence) {
            return Err(state.first_lsn());
        }
        let next = state.kept.iter().find(|kept| kept.sequence > sequence);
        Ok(next.map(|next| next.continues_lsn))
    }
}

impl Tail {
    /// The last record that was handed out, or the one to begin behind.
    pub fn last(&self) -> Lsn {
        self.last
    }

    /// The next record, if it is not after `limit`.
    ///
    /// # Errors
    /// `Io`; `Corrupt` when a record that was durable is damaged.
    pub fn next(&mut self, log: &Log, limit: Lsn) -> Result<Tailed<'_>> {
        let durable = log.durable().1;
        let limit = limit.min(durable);
        if self.last >= limit {
            return Ok(Tailed::End);
        }
        loop {
            if self.segment.is_none()
                && let Some(first) = self.open_segment(log, 0)?
            {
                return Ok(Tailed::Gone(first));
            }
            let Some(reading) = &mut self.segment else { unreachable!("it was just opened") };
            let step = match reading.step(&mut self.buffer, self.store, durable) {
                Ok(step) => step,
                // The file of a segment that was given up is cut off or another's.
                Err(error) => match log.segment_end(reading.header.sequence) {
                    Ok(_) => return Err(error),
                    Err(first) if self.begins_again_at(first) => continue,
                    Err(first) => return Ok(Tailed::Gone(first)),
                },
            };
            let Step::Frame { lsn, kind, origin, at, payload, offset } = step else {
                match self.end_segment(log)? {
                    Some(first) if !self.begins_again_at(first) => return Ok(Tailed::Gone(first)),
                    _ => continue,
                }
            };
            if lsn <= self.last {
                continue;
            }
            let segment = reading.header.sequence;
            self.last = lsn;
            return Ok(Tailed::Entry(Entry {
                lsn,
                position: Position { segment, offset },
                kind,
                origin,
                payload: &self.buffer[at..at + payload],
            }));
        }
    }

    /// The segment that was being read was given up. Whether the next record is there all the same:
    /// then it is looked for anew.
    fn begins_again_at(&mut self, first: Lsn) -> bool {
        let is_there = first <= self.last.next();
        if is_there {
            self.segment = None;
        }
        is_there
    }

    /// Opens the segment behind `behind` that holds the next record. Returns the first record that
    /// there is when it holds none.
    fn open_segment(&mut self, log: &Log, behind: u64) -> Result<Option<Lsn>> {
        let (sequence, end) = match log.segment_after(self.last, behind) {
            Ok(found) => found,
            Err(first) => return Ok(Some(first)),
        };
        let opened = self.read_header(sequence, end);
        let gone = || log.segment_end(sequence).err();
        match opened {
            Ok(Some(reading)) => {
                self.segment = Some(reading);
                Ok(None)
            }
            Ok(None) => match gone() {
                Some(first) => Ok(Some(first)),
                None => Err(Error::corrupt(format!(
                    "log segment {} has no whole header: restore the store",
                    segment_path(&self.folder, sequence).display()
                ))),
            },
            Err(error) => gone().map_or(Err(error), |first| Ok(Some(first))),
        }
    }

    /// The segment, if its header is whole.
    fn read_header(&mut self, sequence: u64, end: Option<Lsn>) -> Result<Option<Reading>> {
        let path = segment_path(&self.folder, sequence);
        let file = self.vfs.open(&path, OpenMode::Read)?;
        let bytes = file.len()? / BLOCK as u64 * BLOCK as u64;
        file.read_at(&mut self.buffer[..SEGMENT_HEADER_BYTES], 0)?;
        let block = &self.buffer[..SEGMENT_HEADER_BYTES];
        let header = SegmentHeader::decode(block, sequence, self.store, &path)?;
        Ok(header.map(|header| Reading::of(header, file, bytes, end)))
    }

    /// The segment has no further flush: goes on in the next one. Returns the first record that
    /// there is when it was given up.
    fn end_segment(&mut self, log: &Log) -> Result<Option<Lsn>> {
        let Some(reading) = &mut self.segment else { return Ok(None) };
        let sequence = reading.header.sequence;
        let end = match log.segment_end(sequence) {
            Ok(end) => end,
            Err(first) => return Ok(Some(first)),
        };
        if end.is_some() && end == Some(reading.last) {
            let (link, last) = (reading.link, reading.last);
            self.last = self.last.max(last);
            let gone = self.open_segment(log, sequence)?;
            let next = self.segment.as_ref().filter(|_| gone.is_none());
            if let Some(next) = next
                && (next.header.continues_lsn, next.header.continues_link) != (last, link)
            {
                return Err(broken(&self.folder, sequence, last));
            }
            return Ok(gone);
        }
        if end.is_some() && reading.end.is_none() {
            // It was filled up and left since; all of it can be read now.
            reading.end = end;
            reading.window_durable = Lsn(0);
            return Ok(None);
        }
        Err(broken(&self.folder, sequence, reading.last))
    }
}

#[cold]
fn broken(folder: &std::path::Path, sequence: u64, last: Lsn) -> Error {
    Error::corrupt(format!(
        "log segment {} is broken behind LSN {last}, but later records were durable: restore the \
         store",
        segment_path(folder, sequence).display()
    ))
}

impl Reading {
    fn of(header: SegmentHeader, file: Arc<dyn File>, bytes: u64, end: Option<Lsn>) -> Reading {
        Reading {
            link: header.link_start(),
            last: header.continues_lsn,
            offset: SEGMENT_HEADER_BYTES as u64,
            header,
            file,
            bytes,
            end,
            open: None,
            window: (0, 0),
            window_durable: Lsn(0),
        }
    }

    /// The next frame of the segment.
    fn step(&mut self, buffer: &mut AlignedBuffer, store: u128, durable: Lsn) -> Result<Step> {
        loop {
            if self.end == Some(self.last) {
                return Ok(Step::Nothing);
            }
            let Some(mut open) = self.open else {
                if !self.open_flush(buffer, store, durable)? {
                    return Ok(Step::Nothing);
                }
                continue;
            };
            if self.last >= open.header.last_lsn {
                self.offset += whole_blocks(open.header.bytes) as u64;
                self.open = None;
                continue;
            }
            let at = place(open.at - self.window.0);
            let end = place(self.offset - self.window.0) + open.header.bytes;
            let frame = buffer.get(at..end).and_then(|bytes| decode_frame(bytes, self.link));
            // R2
            let Some(frame) = frame.filter(|frame| frame.lsn == self.last.next()) else {
                return Ok(Step::Nothing);
            };
            let (lsn, kind, origin) = (frame.lsn, frame.kind, frame.origin);
            let payload = frame.payload.len();
            let offset = open.at;
            (self.last, self.link) = (lsn, frame.link);
            open.at += frame_bytes(payload) as u64;
            self.open = Some(open);
            let at = at + FRAME_HEADER_BYTES;
            return Ok(Step::Frame { lsn, kind, origin, at, payload, offset });
        }
    }

    /// Brings the flush at `offset` into the buffer. Returns whether a durable one lies there.
    fn open_flush(
        &mut self,
        buffer: &mut AlignedBuffer,
        store: u128,
        durable: Lsn,
    ) -> Result<bool> {
        // A recovery may have cut a segment off within a flush.
        let ends = |flush: &FlushHeader, end: Option<Lsn>| {
            end.map_or(flush.last_lsn, |end| end.min(flush.last_lsn))
        };
        let in_window = self.flush_in_window(buffer, store);
        let flush = match in_window.filter(|flush| ends(flush, self.end) <= self.window_durable) {
            Some(flush) => Some(flush),
            None => {
                self.load(buffer, READ_BYTES, durable)?;
                self.flush_in_window(buffer, store)
            }
        };
        // R1: one that is not durable is left for later.
        let Some(flush) = flush.filter(|flush| ends(flush, self.end) <= durable) else {
            return Ok(false);
        };
        let begin = place(self.offset - self.window.0);
        if begin + flush.bytes > self.window.1 {
            self.load(buffer, whole_blocks(flush.bytes), durable)?;
            if self.flush_in_window(buffer, store) != Some(flush) {
                return Ok(false);
            }
        }
        let at = self.offset + FLUSH_HEADER_BYTES as u64;
        self.open = Some(OpenFlush { header: flush, at });
        Ok(true)
    }

    /// The header of the flush at `offset`, where the window has it.
    fn flush_in_window(&self, buffer: &AlignedBuffer, store: u128) -> Option<FlushHeader> {
        let (from, bytes) = self.window;
        let begin = place(self.offset.checked_sub(from)?);
        let flush = FlushHeader::decode(store_seed(store), buffer[..bytes].get(begin..)?)?;
        let rest = self.bytes - self.offset;
        let fits = flush.bytes >= FLUSH_HEADER_BYTES && flush.bytes as u64 <= rest;
        let follows = flush.first_lsn == self.last.next() && flush.last_lsn >= self.last;
        let owned = self.header.owns(flush.salt, flush.sequence);
        (fits && follows && owned).then_some(flush)
    }

    /// Reads `bytes` from `offset` on into the buffer, or what the file has.
    fn load(&mut self, buffer: &mut AlignedBuffer, bytes: usize, durable: Lsn) -> Result<()> {
        let rest = usize::try_from(self.bytes.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        let bytes = bytes.min(rest);
        if buffer.len() < bytes || buffer.len() > bytes.max(READ_BYTES) {
            *buffer = AlignedBuffer::zeroed(bytes.max(READ_BYTES));
        }
        self.window = (self.offset, 0);
        self.file.read_at(&mut buffer[..bytes], self.offset)?;
        self.window = (self.offset, bytes);
        self.window_durable = durable;
        Ok(())
    }
}

/// An offset within a buffer.
fn place(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

impl std::fmt::Debug for Tail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tail").field("last", &self.last).finish_non_exhaustive()
    }
}
