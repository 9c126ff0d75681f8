//! Which entries the log has, and its newest records in memory.
//!
//! Entries are known by their ends: a few words each. Records that were just appended are kept for
//! a while, so that an entry can be shipped before it is durable here: the flushes of all members
//! then run side by side.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use bourse_storage::id::Lsn;
use bourse_storage::log::Origin;
use bourse_storage::{Error, Result};

use super::LoggedEntry;

/// Bytes of records that are kept in memory.
const RECENT_BYTES: usize = 8 << 20;
/// Records that may be appended while an earlier one is not yet in memory.
const RECENT_GAP_MAX: usize = 4_096;

/// A record in memory.
#[derive(Clone)]
pub(super) struct Recent {
    pub(super) kind: u8,
    pub(super) origin: Origin,
    pub(super) payload: Arc<[u8]>,
}

/// Entries, ascending by index without gaps. See the module's head.
pub(crate) struct Entries {
    /// The one before the first that is whole in the log.
    base: Option<LoggedEntry>,
    /// The record behind which the first entry begins.
    begin: Lsn,
    entries: VecDeque<LoggedEntry>,
    recent: Recents,
}

impl Entries {
    /// None yet; the next one comes behind `base` and begins behind record `begin`.
    pub(crate) fn new(base: Option<LoggedEntry>, begin: Lsn) -> Entries {
        Entries { base, begin, entries: VecDeque::new(), recent: Recents::default() }
    }

    pub(super) fn base(&self) -> Option<&LoggedEntry> {
        self.base.as_ref()
    }

    pub(super) fn last(&self) -> Option<&LoggedEntry> {
        self.entries.back().or(self.base.as_ref())
    }

    /// The last record that is in an entry, or needs none.
    pub(super) fn end(&self) -> Lsn {
        self.entries.back().map_or(self.begin, |last| last.end)
    }

    /// Takes an entry that was appended, or found in the log.
    ///
    /// # Errors
    /// `Corrupt` when it is not the next one.
    pub(crate) fn push(&mut self, entry: LoggedEntry) -> Result<()> {
        self.check_next(entry.id.index)?;
        self.entries.push_back(entry);
        Ok(())
    }

    pub(super) fn check_next(&self, index: u64) -> Result<()> {
        let next = self.last().map_or(0, |last| last.id.index + 1);
        if index == next {
            return Ok(());
        }
        Err(Error::corrupt(format!(
            "entry {index} of the group comes where entry {next} is the next one, behind LSN {}: \
             make this member anew",
            self.end()
        )))
    }

    /// Takes the end of an entry of which the log has no more.
    pub(crate) fn begin_behind(&mut self, base: LoggedEntry) {
        self.begin = base.end;
        self.base = Some(base);
    }

    /// Whether no entry is known to be whole in the log.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn place(&self, index: u64) -> Option<usize> {
        let first = self.entries.front()?.id.index;
        usize::try_from(index.checked_sub(first)?).ok().filter(|at| *at < self.entries.len())
    }

    /// An entry that the log has whole, or the base.
    pub(super) fn get(&self, index: u64) -> Option<&LoggedEntry> {
        let base = self.base.as_ref().filter(|base| base.id.index == index);
        self.place(index).map(|at| &self.entries[at]).or(base)
    }

    /// An entry that the log has whole, and the record behind which it begins.
    pub(super) fn bounds(&self, index: u64) -> Option<(Lsn, &LoggedEntry)> {
        let at = self.place(index)?;
        let begin = at.checked_sub(1).map_or(self.begin, |before| self.entries[before].end);
        Some((begin, &self.entries[at]))
    }

    pub(super) fn range(&self, indexes: Range<u64>) -> Vec<LoggedEntry> {
        let Some(first) = self.entries.front().map(|first| first.id.index) else {
            return Vec::new();
        };
        let place = |index: u64| {
            let at = usize::try_from(index.saturating_sub(first)).unwrap_or(usize::MAX);
            at.min(self.entries.len())
        };
        let (begin, end) = (place(indexes.start), place(indexes.end));
        self.entries.range(begin.min(end)..end).cloned().collect()
    }

    /// The newest entry that ends at or before a record.
    pub(super) fn at(&self, lsn: Lsn) -> Option<&LoggedEntry> {
        let behind = self.entries.partition_point(|entry| entry.end <= lsn);
        let base = self.base.as_ref().filter(|base| base.end <= lsn);
        behind.checked_sub(1).map(|at| &self.entries[at]).or(base)
    }

    /// The last record of the entry that has a record; the record itself where none has it.
    pub(super) fn end_of(&self, lsn: Lsn) -> Lsn {
        let behind = self.entries.partition_point(|entry| entry.end < lsn);
        self.entries.get(behind).filter(|_| lsn > self.begin).map_or(lsn, |entry| entry.end)
    }

    /// The record behind which the log is to be kept, where those behind `from` are needed: so it
    /// has the end of the entry before (G5).
    pub(super) fn keep(&self, from: Lsn) -> Lsn {
        self.at(from).map_or(from, |entry| from.min(Lsn(entry.end.0.saturating_sub(1))))
    }

    /// Forgets entries that are not whole in a log that begins with record `first`.
    pub(super) fn trim(&mut self, first: Lsn) {
        if first <= self.begin.next() {
            return;
        }
        let gone = self.entries.partition_point(|entry| entry.end.next() < first);
        // The next one begins in what is gone, or ends there and is the base.
        let behind = self.entries.len().min(gone + 1);
        let base = self.entries.drain(..behind).next_back();
        if let Some(base) = base {
            self.begin_behind(base);
        }
    }

    /// Keeps a record in memory for a while.
    pub(super) fn remember(&mut self, lsn: Lsn, recent: Recent) {
        self.recent.push(lsn, recent);
    }

    /// The records behind `begin` up to `end`, if all of them are in memory.
    pub(super) fn recent(&self, begin: Lsn, end: Lsn) -> Option<Vec<Recent>> {
        (begin.0 + 1..=end.0).map(|lsn| self.recent.get(Lsn(lsn)).cloned()).collect()
    }
}

/// The newest records, by LSN. One that is just being appended may be missing among them.
#[derive(Default)]
struct Recents {
    first: Lsn,
    records: VecDeque<Option<Recent>>,
    bytes: usize,
}

impl Recents {
    fn get(&self, lsn: Lsn) -> Option<&Recent> {
        let at = usize::try_from(lsn.0.checked_sub(self.first.0)?).ok()?;
        self.records.get(at)?.as_ref()
    }

    fn push(&mut self, lsn: Lsn, recent: Recent) {
        if self.records.is_empty() {
            self.first = lsn;
        }
        // One that was overtaken by what came first here is read from the log.
        let Some(at) = lsn.0.checked_sub(self.first.0) else { return };
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        if at > self.records.len() + RECENT_GAP_MAX {
            *self = Recents { first: lsn, ..Recents::default() };
            return self.push(lsn, recent);
        }
        while self.records.len() <= at {
            self.records.push_back(None);
        }
        self.bytes += recent.payload.len();
        self.records[at] = Some(recent);
        while self.bytes > RECENT_BYTES
            && let Some(old) = self.records.pop_front()
        {
            self.bytes -= old.map_or(0, |old| old.payload.len());
            self.first = self.first.next();
        }
    }
}
