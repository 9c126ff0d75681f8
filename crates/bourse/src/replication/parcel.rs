//! A parcel: a run of records on its way from a leader to a follower or an archive.
//!
//! ```text
//! OFFSET  SIZE  DESCRIPTION
//!      0     8  magic "BRSPARCL"
//!      8     4  format version, 1
//!     12     4  CRC-32C of bytes 16..
//!     16     8  bytes of the parcel
//!     24     4  number of records
//!     28     4  number of epochs
//!     32    16  lineage
//!     48     8  LSN of the record before the first one
//!     56     8  newest published record of the leader
//!     64     8  closed timestamp, in microseconds since 1970
//!     72     8  LSN after which all stages began that are open behind the last record; 0: unknown
//!     80     4  checksum of the record before the first one
//!     84     4  1 where that is known, else 0
//!     88     8  0
//!     96  32 n  epochs: term (8), the record after which it began (8), its id (16)
//!               records
//!
//! RECORD, at a multiple of 16
//!      0     4  bytes of the payload
//!      4     1  kind
//!      5     3  0
//!      8     8  LSN
//!     16     8  group
//!     24     8  term
//!     32     8  index
//!     40     8  0
//!     48        payload, then zeros up to a multiple of 16
//! ```
//! Integers are little-endian. The bytes come from a network: what is wrong with them is an error.
//!
//! # Invariants
//! - **P1** Records have the LSNs behind `after`, without a gap.
//! - **P2** The payload of a record begins at a multiple of 16 in memory, as in the log, so that it
//!   can be read in place.

use std::ops::Range;

use bourse_storage::id::Lsn;
use bourse_storage::log::{Entry, MAX_RECORD, Origin, Position};
use bourse_storage::page::{crc32c, crc32c_append};
use bourse_storage::{Error, Result};
use rkyv::util::AlignedVec;

use super::history::{EPOCH_BYTES, History};

const MAGIC: &[u8; 8] = b"BRSPARCL";
const FORMAT_VERSION: u32 = 1;
const HEADER_BYTES: usize = 96;
const RECORD_HEADER_BYTES: usize = 48;
const ALIGNMENT: usize = 16;
/// Where the checksum begins.
const SUMMED_FROM: usize = 16;

/// A run of whole records, in the order of the log. See the module's head for its bytes.
#[derive(Clone)]
pub struct Parcel {
    bytes: AlignedVec,
    history: History,
    after: Lsn,
    /// Where each record's header lies.
    records: Vec<Range<usize>>,
}

/// What a parcel says beside its records.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stamp {
    pub(crate) published: Lsn,
    pub(crate) closed_us: i64,
    pub(crate) stages_after: Lsn,
}

/// A record of a parcel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shipped<'p> {
    pub(super) lsn: Lsn,
    pub(super) kind: u8,
    pub(super) origin: Origin,
    pub(super) payload: &'p [u8],
}

/// What tells a record from another one of the same LSN.
pub(super) fn checksum_of(kind: u8, origin: Origin, payload: &[u8]) -> u32 {
    let mut head = [0; 25];
    head[0] = kind;
    let words = [origin.group, origin.term, origin.index];
    for (word, place) in words.iter().zip(head[1..].chunks_exact_mut(8)) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    crc32c_append(crc32c(&head), payload)
}

/// A parcel while it is filled.
pub(super) struct Packing {
    bytes: AlignedVec,
    history: History,
    after: Lsn,
    records: Vec<Range<usize>>,
}

impl Packing {
    /// An empty one, of the records after `after`, whose checksum is given where it is known.
    pub(super) fn new(history: &History, after: Lsn, before: Option<u32>) -> Packing {
        let epochs = history.encode();
        let mut bytes = AlignedVec::with_capacity(HEADER_BYTES + epochs.len());
        bytes.resize(HEADER_BYTES, 0);
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        let count = u32::try_from(history.epochs().len()).unwrap_or(u32::MAX);
        bytes[28..32].copy_from_slice(&count.to_le_bytes());
        bytes[32..48].copy_from_slice(&history.lineage().to_le_bytes());
        bytes[48..56].copy_from_slice(&after.0.to_le_bytes());
        bytes[80..84].copy_from_slice(&before.unwrap_or(0).to_le_bytes());
        bytes[84..88].copy_from_slice(&u32::from(before.is_some()).to_le_bytes());
        bytes.extend_from_slice(&epochs);
        Packing { bytes, history: history.clone(), after, records: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Adds the next record (P1).
    pub(super) fn push(&mut self, entry: &Entry<'_>) {
        let expected = self.after.0 + self.records.len() as u64 + 1;
        assert_eq!(entry.lsn.0, expected, "P1: records are packed in order");
        let begin = self.bytes.len();
        let mut header = [0; RECORD_HEADER_BYTES];
        let length = u32::try_from(entry.payload.len()).unwrap_or(u32::MAX);
        header[..4].copy_from_slice(&length.to_le_bytes());
        header[4] = entry.kind;
        let origin = entry.origin;
        let words = [entry.lsn.0, origin.group, origin.term, origin.index];
        for (word, place) in words.iter().zip(header[8..].chunks_exact_mut(8)) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        self.bytes.extend_from_slice(&header);
        self.bytes.extend_from_slice(entry.payload);
        let end = self.bytes.len();
        self.bytes.resize(end.next_multiple_of(ALIGNMENT), 0);
        self.records.push(begin..end);
    }

    /// Seals it.
    pub(super) fn finish(mut self, stamp: Stamp) -> Parcel {
        let length = self.bytes.len() as u64;
        self.bytes[16..24].copy_from_slice(&length.to_le_bytes());
        let count = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        self.bytes[24..28].copy_from_slice(&count.to_le_bytes());
        self.bytes[56..64].copy_from_slice(&stamp.published.0.to_le_bytes());
        self.bytes[64..72].copy_from_slice(&stamp.closed_us.to_le_bytes());
        self.bytes[72..80].copy_from_slice(&stamp.stages_after.0.to_le_bytes());
        let sum = crc32c(&self.bytes[SUMMED_FROM..]);
        self.bytes[12..16].copy_from_slice(&sum.to_le_bytes());
        let Packing { bytes, history, after, records } = self;
        Parcel { bytes, history, after, records }
    }
}

impl Parcel {
    /// Reads a parcel, and verifies all of it but what its records mean.
    ///
    /// # Errors
    /// `Corrupt` for bytes that are no whole parcel; `InvalidInput` for a newer version of it.
    pub fn decode(bytes: &[u8]) -> Result<Parcel> {
        let damaged = |what: &str| {
            Error::corrupt(format!(
                "a parcel of {} bytes from the leader {what}: have it sent again",
                bytes.len()
            ))
        };
        if bytes.len() < HEADER_BYTES || bytes[..8] != *MAGIC {
            return Err(damaged("has no whole header"));
        }
        let version = word_at(bytes, 8);
        if version != FORMAT_VERSION {
            return Err(Error::invalid(format!(
                "a parcel is of format {version}, this version of Bourse reads {FORMAT_VERSION}: \
                 use the leader's version"
            )));
        }
        if long_at(bytes, 16) != bytes.len() as u64 {
            return Err(damaged("says that it has another length"));
        }
        if crc32c(&bytes[SUMMED_FROM..]) != word_at(bytes, 12) {
            return Err(damaged("does not match its checksum"));
        }
        let mut aligned = AlignedVec::with_capacity(bytes.len());
        aligned.extend_from_slice(bytes);
        Parcel::of(aligned).ok_or_else(|| damaged("holds records or epochs that cannot be"))
    }

    fn of(bytes: AlignedVec) -> Option<Parcel> {
        let epochs = (word_at(&bytes, 28) as usize).checked_mul(EPOCH_BYTES)?;
        let mut at = HEADER_BYTES.checked_add(epochs)?;
        let lineage = u128::from_le_bytes(bytes[32..48].try_into().ok()?);
        let history = History::decode(lineage, bytes.get(HEADER_BYTES..at)?)?;
        let after = Lsn(long_at(&bytes, 48));
        let mut records = Vec::new();
        let mut lsn = after.0;
        while at < bytes.len() {
            let header = bytes.get(at..at.checked_add(RECORD_HEADER_BYTES)?)?;
            let length = word_at(header, 0) as usize;
            lsn = lsn.checked_add(1)?;
            if length > MAX_RECORD || long_at(header, 8) != lsn {
                return None;
            }
            let end = at + RECORD_HEADER_BYTES + length;
            records.push(at..end);
            at = end.next_multiple_of(ALIGNMENT);
        }
        let whole = at == bytes.len() && word_at(&bytes, 24) as usize == records.len();
        whole.then_some(Parcel { bytes, history, after, records })
    }

    /// The bytes, for [`Parcel::decode`].
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many records it has. None: it only tells how far the leader is.
    pub fn records(&self) -> usize {
        self.records.len()
    }

    /// The record before the first one.
    pub fn after(&self) -> Lsn {
        self.after
    }

    /// The last record; [`Parcel::after`] where there is none.
    pub fn last(&self) -> Lsn {
        Lsn(self.after.0 + self.records.len() as u64)
    }

    /// The newest record that the leader had published when it was made.
    pub fn published(&self) -> Lsn {
        Lsn(long_at(&self.bytes, 56))
    }

    /// The leader's clock, in microseconds since 1970, at a moment at which it had published
    /// nothing behind the last record: who has that record has all that was acknowledged before.
    pub fn closed_us(&self) -> i64 {
        long_at(&self.bytes, 64).cast_signed()
    }

    /// Whose records the leader has.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The parcel without the records behind `last`: for who wants the state as of that one. What
    /// is true only behind its own last record is not said of another.
    #[must_use]
    pub fn until(&self, last: Lsn) -> Parcel {
        self.first(self.shipped().take_while(|record| record.lsn <= last).count())
    }

    /// The first records.
    fn first(&self, count: usize) -> Parcel {
        if count == self.records.len() {
            return self.clone();
        }
        let mut packing = Packing::new(&self.history, self.after, self.checksum_before());
        for record in self.shipped().take(count) {
            packing.push(&Entry {
                lsn: record.lsn,
                position: Position { segment: 0, offset: 0 },
                kind: record.kind,
                origin: record.origin,
                payload: record.payload,
            });
        }
        let published = self.published();
        packing.finish(Stamp { published, closed_us: 0, stages_after: Lsn(0) })
    }

    pub(super) fn stages_after(&self) -> Lsn {
        Lsn(long_at(&self.bytes, 72))
    }

    /// The checksum of the record before the first one, where the leader still has it.
    pub(super) fn checksum_before(&self) -> Option<u32> {
        (word_at(&self.bytes, 84) == 1).then(|| word_at(&self.bytes, 80))
    }

    pub(super) fn shipped(&self) -> impl Iterator<Item = Shipped<'_>> {
        self.records.iter().map(|place| {
            let header = &self.bytes[place.start..place.start + RECORD_HEADER_BYTES];
            Shipped {
                lsn: Lsn(long_at(header, 8)),
                kind: header[4],
                origin: Origin {
                    group: long_at(header, 16),
                    term: long_at(header, 24),
                    index: long_at(header, 32),
                },
                payload: &self.bytes[place.start + RECORD_HEADER_BYTES..place.end],
            }
        })
    }
}

impl std::fmt::Debug for Parcel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parcel")
            .field("after", &self.after)
            .field("records", &self.records.len())
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

fn word_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn long_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(word_at(bytes, at)) | u64::from(word_at(bytes, at + 4)) << 32
}
