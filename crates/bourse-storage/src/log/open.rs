//! Making a log, opening one, and where it is to end then.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use crossbeam::utils::CachePadded;

use super::buffer::{AlignedBuffer, BLOCK};
use super::flush::Counters;
use super::folder::Folder;
use super::reader::{self, Survey};
use super::segment::{Filling, SEGMENT_HEADER_BYTES, SegmentHeader};
use super::writer::{Kept, Start, State};
use super::{Entry, Log, LogOptions};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{Batch, Lsn};
use crate::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
use crate::sync::{Condvar, Event, Mutex};
use crate::vfs::Vfs;

/// Where a log is to end that may have more. The default is the end of what can be read.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Ending {
    /// It ends behind a record of this kind. What lies behind the last such record is the beginning
    /// of something that was not completed, and nobody was ever told that it is durable.
    pub kind: Option<u8>,
    /// Records up to here need none of that kind behind them.
    pub at_least: Lsn,
    /// It ends at this record at the latest. What lies behind it is taken back, durable or not.
    pub at_most: Option<Lsn>,
}

impl Ending {
    /// Whether the log may end with this record.
    pub(super) fn takes(&self, lsn: Lsn, kind: u8) -> bool {
        let ends = lsn <= self.at_least || self.kind.is_none_or(|wanted| wanted == kind);
        ends && self.at_most.is_none_or(|most| lsn <= most)
    }

    /// Refuses to end before what the caller has from elsewhere.
    fn check(&self, needed: Lsn) -> Result<()> {
        match self.at_most {
            Some(at_most) if at_most < needed => Err(Error::invalid(format!(
                "the log is to end at LSN {at_most}, but records up to LSN {needed} are in \
                 checkpoints and cannot be taken back: end it at LSN {needed} or later, or begin \
                 the store anew from a copy of another"
            ))),
            _ => Ok(()),
        }
    }
}

/// What an open found in the log.
pub struct Recovery {
    /// The last record; records after it, if any were appended, were never durable.
    pub last_lsn: Lsn,
    /// Which open of the store this is; the creation was 1.
    pub open: u32,
    /// Bytes of all the records that the log still has.
    pub bytes: u64,
    /// Records that could be read and were cut off, because the log was to end before them. An open
    /// that is repeated after a crash may find them cut off already.
    pub cut: u64,
    survey: Survey,
}

impl Recovery {
    /// Calls `each` for every record from LSN `from` on, in order. `on_progress` is told the bytes
    /// done and the bytes to do about once a MiB.
    ///
    /// # Errors
    /// The first error of `each`; `InvalidInput` when the log begins after `from`; `Corrupt` when
    /// the bytes changed since the open.
    pub fn replay(
        &mut self,
        from: Lsn,
        on_progress: &mut dyn FnMut(u64, u64),
        each: &mut dyn FnMut(Entry<'_>) -> Result<()>,
    ) -> Result<()> {
        self.survey.replay(from, on_progress, each)
    }
}
impl Log {
    /// Makes an empty log in `folder`, which is made too. Its open count is 1.
    ///
    /// # Errors
    /// `InvalidInput` when the folder holds a log with records, or for options that make no sense.
    pub fn create(
        vfs: Arc<dyn Vfs>,
        folder: &Path,
        store: u128,
        options: LogOptions,
    ) -> Result<Log> {
        Log::create_after(vfs, folder, store, options, (Lsn(0), 0))
    }

    /// Makes an empty log in `folder` that goes on after a record and an open of another log: the
    /// first record has the next LSN, and the open count is the next one.
    ///
    /// # Errors
    /// As [`Log::create`]; `Full` when no more opens can be counted.
    pub fn create_after(
        vfs: Arc<dyn Vfs>,
        folder: &Path,
        store: u128,
        options: LogOptions,
        (lsn, open): (Lsn, u32),
    ) -> Result<Log> {
        check_options(&options)?;
        let open = next_open(open)?;
        vfs.create_folder(folder)?;
        if reader::holds_records(&*vfs, folder, store)? {
            return Err(Error::invalid(format!(
                "{} already holds a log: open it, or choose another folder",
                folder.display()
            )));
        }
        // What a creation that was cut off left behind.
        let leftovers = reader::list_segments(&*vfs, folder, store)?;
        let mut folder = Folder::open(vfs, folder, store, options.segment_bytes)?;
        folder.discard(&leftovers)?;
        let beginning = SegmentHeader {
            open,
            store,
            sequence: 1,
            predecessor: 0,
            salt: 0,
            continues_lsn: lsn,
            continues_link: 0,
            durable_lsn: lsn,
            batch: Batch::first_of_open(open).next(),
        };
        Log::begin(folder, beginning, VecDeque::new(), options)
    }

    /// Opens the log in `folder`: finds its end and begins a new segment there. Records after
    /// `needed` must be there; the caller has what comes before.
    ///
    /// # Errors
    /// `Corrupt` when the log begins after `needed`, or ends although a later record was durable.
    pub fn open(
        vfs: Arc<dyn Vfs>,
        folder: &Path,
        store: u128,
        options: LogOptions,
        needed: Lsn,
    ) -> Result<(Log, Recovery)> {
        Log::open_cut(vfs, folder, store, options, needed, Ending::default())
    }

    /// As [`Log::open`], of a log that is to end at the last record that `ending` takes, or at
    /// `needed` where it takes none behind that. What lies behind is cut off for good once this
    /// succeeded: neither this open nor a later one shows it. After a failure or a crash some of
    /// it may be there yet or not, so the caller repeats the open with the same ending before
    /// anything else.
    ///
    /// Damage behind `at_most` is no reason to refuse. Damage before it is, also behind the last
    /// record of the kind.
    ///
    /// # Errors
    /// As [`Log::open`]; `InvalidInput` when the log is to end before `needed`.
    pub fn open_cut(
        vfs: Arc<dyn Vfs>,
        folder: &Path,
        store: u128,
        options: LogOptions,
        needed: Lsn,
        ending: Ending,
    ) -> Result<(Log, Recovery)> {
        check_options(&options)?;
        ending.check(needed)?;
        let keep_bytes = options.recovery_bytes_max;
        let survey = reader::survey(&*vfs, folder, store, needed, &ending, keep_bytes)?;
        let mut folder = Folder::open(vfs, folder, store, options.segment_bytes)?;
        // The end found stays the end without these files, so a crash from here on changes nothing.
        folder.discard(&survey.unneeded)?;
        let open = next_open(survey.open)?;
        let beginning = SegmentHeader {
            open,
            store,
            sequence: survey.newest_sequence + 1,
            predecessor: survey.last_sequence(),
            salt: 0,
            continues_lsn: survey.last_lsn(),
            continues_link: survey.last_link(),
            durable_lsn: survey.last_lsn(),
            batch: Batch::first_of_open(open).next(),
        };
        let log = Log::begin(folder, beginning, survey.kept().collect(), options)?;
        // I8: until the header above was durable, the log went on in these.
        log.folder.lock().discard(&survey.cut_off)?;
        let recovery = Recovery {
            last_lsn: survey.last_lsn(),
            open,
            bytes: survey.bytes(),
            cut: survey.cut,
            survey,
        };
        Ok((log, recovery))
    }

    /// Begins a segment of a new open, with the given header but for the salt (I6).
    fn begin(
        mut folder: Folder,
        mut header: SegmentHeader,
        mut kept: VecDeque<Kept>,
        options: LogOptions,
    ) -> Result<Log> {
        let segment = folder.make_first_segment(header.sequence)?;
        header.salt = segment.salt;
        let mut block = AlignedBuffer::zeroed(SEGMENT_HEADER_BYTES);
        header.encode(&mut block);
        segment.file.write_at(&block, 0)?;
        segment.file.sync()?;
        kept.push_back(Kept {
            filling: Filling::Zeros,
            sequence: segment.sequence,
            continues_lsn: header.continues_lsn,
            bytes: segment.bytes,
            written: SEGMENT_HEADER_BYTES as u64,
            headed: true,
        });
        let lsn = header.continues_lsn;
        let flushes_in_flight = options.flushes_in_flight;
        // A flush lies in one segment (I4), so a larger buffer would never be filled.
        let segment_bytes = segment.bytes.max(options.segment_bytes);
        let segment_bytes = usize::try_from(segment_bytes).unwrap_or(usize::MAX);
        let state = State::new(Start {
            segment,
            header,
            kept,
            buffer_bytes: options.buffer_bytes.min(segment_bytes),
            flushes_in_flight,
        });
        Ok(Log {
            durable_lsn: AtomicU64::new(lsn.0),
            durable_batch: AtomicU64::new(state.newest_closed().0),
            open_batch: AtomicU64::new(state.open_batch().0),
            spinners: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
            long: AtomicBool::new(false),
            flushed: (0..=flushes_in_flight).map(|_| Event::new()).collect(),
            room: Condvar::new(),
            counters: Counters::default(),
            folder: Mutex::new(folder),
            state: CachePadded::new(Mutex::new(state)),
            options,
        })
    }
}

/// The open after this one; a batch number has 24 bits for it.
pub(super) fn next_open(open: u32) -> Result<u32> {
    let next = open.saturating_add(1);
    if Batch::first_of_open(next).open() == next {
        return Ok(next);
    }
    Err(Error::new(
        ErrorKind::Full,
        format!("the store was opened {open} times, more cannot be told apart: copy it anew"),
    ))
}

fn check_options(options: &LogOptions) -> Result<()> {
    let segment_bytes = options.segment_bytes;
    let whole = segment_bytes.is_multiple_of(BLOCK as u64);
    if !whole || !(4 * BLOCK as u64..=1 << 30).contains(&segment_bytes) {
        return Err(Error::invalid(format!(
            "segment_bytes is {segment_bytes}: give a multiple of 4096 from 16384 to 1 GiB"
        )));
    }
    if !(BLOCK..=1 << 30).contains(&options.buffer_bytes) {
        let bytes = options.buffer_bytes;
        return Err(Error::invalid(format!("buffer_bytes is {bytes}: give 4096 to 1 GiB")));
    }
    if !(1..=64).contains(&options.flushes_in_flight) {
        let count = options.flushes_in_flight;
        return Err(Error::invalid(format!("flushes_in_flight is {count}: give 1 to 64")));
    }
    Ok(())
}
