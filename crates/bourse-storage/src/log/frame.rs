//! The bytes of a flush and of the frames in it.
//!
//! A flush is a run of whole 4 KiB blocks: a flush header, frames one behind the other, zeros.
//!
//! ```text
//! FLUSH HEADER
//! OFFSET  SIZE  DESCRIPTION
//!      0     8  magic "BRSFLUSH"
//!      8     8  salt of the segment
//!     16     8  sequence of the segment
//!     24     8  bytes of this header and the frames behind it, without the zeros at the end
//!     32     8  first LSN; one above the last LSN where the flush holds no frame
//!     40     8  last LSN
//!     48     8  durable LSN: was durable when this flush was written
//!     56     8  batch: the newest with a frame here
//!     64    12  reserved, 0
//!     76     4  CRC-32C of bytes 0..76, seeded with that of the store id
//!     80        frames
//!
//! FRAME, at a multiple of 16
//! OFFSET  SIZE  DESCRIPTION
//!      0     4  payload bytes
//!      4     1  kind, the engine's
//!      5     3  reserved, 0
//!      8     8  LSN
//!     16     8  group, 0 in a single store
//!     24     8  term, 0 in a store that never took over from another
//!     32     8  index, 0 in a single store
//!     40     4  CRC-32C of the payload
//!     44     4  link: CRC-32C of bytes 0..44, seeded with the link of the frame before
//!     48        payload, then zeros up to a multiple of 16
//! ```
//! Integers are little-endian. A payload begins at a multiple of 16, so that a record can be read
//! in place.
//!
//! The first link of a segment is seeded from its header, which mixes in the segment's salt; so
//! every link depends on all frames before it and on this use of the file. The payload's own CRC
//! is what lets the payload be summed up before the latch is taken, the link within it.

use super::buffer::BLOCK;
use crate::bug::{self, Bug};
use crate::id::{Batch, Lsn};

/// Bytes of a flush's header.
pub(super) const FLUSH_HEADER_BYTES: usize = 80;

/// Bytes of a frame's header.
pub(super) const FRAME_HEADER_BYTES: usize = 48;

/// Frames begin at multiples of this, and so do payloads.
const FRAME_ALIGNMENT: usize = 16;

/// Bytes that the payload of one record may have.
pub const MAX_RECORD: usize = 8 << 20;

const FLUSH_MAGIC: [u8; 8] = *b"BRSFLUSH";

/// Bytes that a frame takes, with the zeros behind its payload.
pub(super) fn frame_bytes(payload_bytes: usize) -> usize {
    FRAME_HEADER_BYTES + payload_bytes.next_multiple_of(FRAME_ALIGNMENT)
}

/// Whose a record is, beside its LSN: the group that agreed on it, the term of its leader, and its
/// place among the group's entries. All are 0 in a store that has no others.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Origin {
    /// The group.
    pub group: u64,
    /// The term.
    pub term: u64,
    /// The index in the group's log.
    pub index: u64,
}

/// What the header of a flush says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FlushHeader {
    pub(super) salt: u64,
    pub(super) sequence: u64,
    /// Of the header and the frames.
    pub(super) bytes: usize,
    pub(super) first_lsn: Lsn,
    pub(super) last_lsn: Lsn,
    pub(super) durable_lsn: Lsn,
    pub(super) batch: Batch,
}

/// A frame as read: borrowed, its sums verified.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Frame<'a> {
    pub(super) lsn: Lsn,
    pub(super) kind: u8,
    pub(super) origin: Origin,
    pub(super) payload: &'a [u8],
    /// What the next frame's link is seeded with.
    pub(super) link: u32,
}

/// The seed of every flush header's CRC, so that another store's flushes are never taken for ours.
pub(super) fn store_seed(store: u128) -> u32 {
    crc32c::crc32c(&store.to_le_bytes())
}

impl FlushHeader {
    /// Writes the header to the first bytes of `block`.
    pub(super) fn encode(&self, seed: u32, block: &mut [u8]) {
        assert!(self.bytes >= FLUSH_HEADER_BYTES, "a flush holds its own header");
        assert!(self.durable_lsn < self.first_lsn, "a flush is not durable before it is written");
        let header = &mut block[..FLUSH_HEADER_BYTES];
        header.fill(0);
        header[..8].copy_from_slice(&FLUSH_MAGIC);
        let words = [
            self.salt,
            self.sequence,
            self.bytes as u64,
            self.first_lsn.0,
            self.last_lsn.0,
            self.durable_lsn.0,
            self.batch.0,
        ];
        for (word, place) in words.iter().zip(header[8..].chunks_exact_mut(8)) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        let sum = crc32c::crc32c_append(seed, &header[..76]);
        header[76..].copy_from_slice(&sum.to_le_bytes());
    }

    /// The header at the beginning of `bytes`, or `None` where no whole one of this store lies.
    pub(super) fn decode(seed: u32, bytes: &[u8]) -> Option<FlushHeader> {
        let header = bytes.get(..FLUSH_HEADER_BYTES)?;
        if header[..8] != FLUSH_MAGIC {
            return None;
        }
        if crc32c::crc32c_append(seed, &header[..76]) != u32_at(header, 76) {
            return None;
        }
        Some(FlushHeader {
            salt: u64_at(header, 8),
            sequence: u64_at(header, 16),
            bytes: usize::try_from(u64_at(header, 24)).ok()?,
            first_lsn: Lsn(u64_at(header, 32)),
            last_lsn: Lsn(u64_at(header, 40)),
            durable_lsn: Lsn(u64_at(header, 48)),
            batch: Batch(u64_at(header, 56)),
        })
    }
}

/// What a frame says of its record, beside the payload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Head {
    pub(super) kind: u8,
    pub(super) lsn: Lsn,
    pub(super) origin: Origin,
    pub(super) payload_sum: u32,
}

/// Writes a frame to the first bytes of `place` and returns its link.
pub(super) fn encode_frame(place: &mut [u8], head: Head, payload: &[u8], link_before: u32) -> u32 {
    let Head { kind, lsn, origin, payload_sum } = head;
    assert!(payload.len() <= MAX_RECORD, "the caller refuses longer records");
    let (header, rest) = place.split_at_mut(FRAME_HEADER_BYTES);
    #[expect(clippy::cast_possible_truncation, reason = "MAX_RECORD is far below 4 GiB")]
    let length = payload.len() as u32;
    header.fill(0);
    header[..4].copy_from_slice(&length.to_le_bytes());
    header[4] = kind;
    let words = [lsn.0, origin.group, origin.term, origin.index];
    for (word, place) in words.iter().zip(header[8..].chunks_exact_mut(8)) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    header[40..44].copy_from_slice(&payload_sum.to_le_bytes());
    let link = crc32c::crc32c_append(link_seed(link_before), &header[..44]);
    header[44..].copy_from_slice(&link.to_le_bytes());
    let (body, _) = rest.split_at_mut(payload.len().next_multiple_of(FRAME_ALIGNMENT));
    let (body, zeros) = body.split_at_mut(payload.len());
    body.copy_from_slice(payload);
    zeros.fill(0);
    link
}

/// The frame at the beginning of `bytes`, or `None` where its link or its payload is broken.
pub(super) fn decode_frame(bytes: &[u8], link_before: u32) -> Option<Frame<'_>> {
    let header = bytes.get(..FRAME_HEADER_BYTES)?;
    let link = u32_at(header, 44);
    let link_found = crc32c::crc32c_append(link_seed(link_before), &header[..44]);
    if link != link_found {
        return None;
    }
    let length = usize::try_from(u32_at(header, 0)).ok()?;
    let payload = bytes.get(FRAME_HEADER_BYTES..)?.get(..length)?;
    if length > MAX_RECORD || crc32c::crc32c(payload) != u32_at(header, 40) {
        return None;
    }
    let origin =
        Origin { group: u64_at(header, 16), term: u64_at(header, 24), index: u64_at(header, 32) };
    Some(Frame { lsn: Lsn(u64_at(header, 8)), kind: header[4], origin, payload, link })
}

fn link_seed(link_before: u32) -> u32 {
    if bug::switched_on(Bug::FrameChainOff) { 0 } else { link_before }
}

/// The headers of flushes of segment `sequence` at any block of `bytes`.
///
/// The salt is compared where the segment's header still tells it.
pub(super) fn flushes_of(
    seed: u32,
    bytes: &[u8],
    sequence: u64,
    salt: Option<u64>,
) -> impl Iterator<Item = FlushHeader> {
    let headers = bytes.chunks(BLOCK).filter_map(move |block| FlushHeader::decode(seed, block));
    headers.filter(move |flush| {
        flush.sequence == sequence && salt.is_none_or(|salt| salt == flush.salt)
    })
}

/// The little-endian u32 at `offset`.
pub(super) fn u32_at(bytes: &[u8], offset: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[offset..offset + 4]);
    u32::from_le_bytes(word)
}

/// The little-endian u64 at `offset`.
pub(super) fn u64_at(bytes: &[u8], offset: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[offset..offset + 8]);
    u64::from_le_bytes(word)
}
