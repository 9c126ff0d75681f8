//! Entries read back, to be shipped.

use bourse_storage::id::Lsn;
use bourse_storage::log::{Entry, Position, Tail, Tailed};
use bourse_storage::{Error, Result};

use super::{LoggedEntry, Member};
use crate::record::{EntryEnd, KIND_ENTRY};
use crate::replication::Stamp;
use crate::replication::parcel::{Packing, Parcel, checksum_of};
use crate::replication::shipping::begin_tail;

/// Reads entries one after the other. What is not in memory is read from the log's files, from
/// where the one before ended.
#[derive(Default)]
pub struct EntryReader {
    /// Where the reading of files has come to, and the checksum of the record there.
    tail: Option<(Tail, Lsn, Option<u32>)>,
}

impl std::fmt::Debug for EntryReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EntryReader").finish_non_exhaustive()
    }
}

impl Member {
    /// The records of an entry, to be taken by [`Member::accept`]. `None` while they are neither in
    /// memory any more nor durable yet, which is a moment.
    ///
    /// # Errors
    /// `InvalidInput` (72000) when the log does not have the entry whole; the disk's; `Corrupt`.
    pub fn read(&self, index: u64, reader: &mut EntryReader) -> Result<Option<Parcel>> {
        let found = {
            let entries = self.membership().entries.lock();
            let found = entries.bounds(index).map(|(begin, entry)| (begin, entry.clone()));
            found.map(|(begin, entry)| (begin, entries.recent(begin, entry.end), entry))
        };
        let Some((begin, recent, entry)) = found else {
            return Err(Error::invalid(format!(
                "the log does not have entry {index}: the member that wants it is made anew"
            ))
            .with_sqlstate("72000"));
        };
        let history = self.core.replication.history();
        let Some(recent) = recent else {
            if self.core.log.durable().1 < entry.end {
                return Ok(None);
            }
            return self.read_files(begin, &entry, reader).map(Some);
        };
        // The record before is checked by its own entry.
        let mut packing = Packing::new(&history, begin, None);
        let mut lsn = begin;
        for record in &recent {
            lsn = lsn.next();
            packing.push(&Entry {
                lsn,
                position: Position { segment: 0, offset: 0 },
                kind: record.kind,
                origin: record.origin,
                payload: &record.payload,
            });
        }
        let stamp = recent.last().map(|end| stamp(&entry, &end.payload));
        stamp.transpose().map(|stamp| stamp.map(|stamp| packing.finish(stamp)))
    }

    fn read_files(
        &self,
        begin: Lsn,
        entry: &LoggedEntry,
        reader: &mut EntryReader,
    ) -> Result<Parcel> {
        let log = &self.core.log;
        let (mut tail, before) = match reader.tail.take() {
            Some((tail, at, checksum)) if at == begin => (tail, checksum),
            _ => begin_tail(log, begin)?,
        };
        let mut packing = Packing::new(&self.core.replication.history(), begin, before);
        let mut end = None;
        while end.is_none() {
            match tail.next(log, entry.end)? {
                Tailed::Entry(record) => {
                    packing.push(&record);
                    if record.lsn == entry.end {
                        let checksum = checksum_of(record.kind, record.origin, record.payload);
                        end = Some((stamp(entry, record.payload)?, checksum));
                    }
                }
                Tailed::End => return Err(missing(entry)),
                Tailed::Gone(_) => return Err(missing(entry).with_sqlstate("72000")),
            }
        }
        let Some((stamp, checksum)) = end else { unreachable!("the loop ends with it") };
        reader.tail = Some((tail, entry.end, Some(checksum)));
        Ok(packing.finish(stamp))
    }
}

fn stamp(entry: &LoggedEntry, payload: &[u8]) -> Result<Stamp> {
    let end = EntryEnd::decode(payload)?;
    Ok(Stamp { published: entry.end, closed_us: end.closed_us, stages_after: end.stages_after })
}

#[cold]
fn missing(entry: &LoggedEntry) -> Error {
    Error::corrupt(format!(
        "the log has no records up to LSN {}, the end of entry {} (kind {KIND_ENTRY})",
        entry.end, entry.id.index
    ))
}
