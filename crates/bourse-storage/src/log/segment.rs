//! A segment: one file of the log, its name, its header, and how it comes to be.
//!
//! ```text
//! FILE
//! OFFSET  SIZE  DESCRIPTION
//!      0  2048  header
//!   2048  2048  the same header again, so that one bad sector does not cost a segment
//!   4096        flushes, each at a multiple of 4096 (frame.rs)
//!
//! HEADER
//! OFFSET  SIZE  DESCRIPTION
//!      0     8  magic "BRSSEGMT"
//!      8     4  format version, 1
//!     12     4  open count: which open of the store made this use of the file
//!     16    16  store id
//!     32     8  sequence; the file's name says the same
//!     40     8  sequence of the segment that this one continues, 0 for none
//!     48     8  salt, fresh for each use of the file
//!     56     8  LSN that this segment continues from: the one before ends exactly there
//!     64     8  durable LSN: was durable when this header was written
//!     72     8  batch that was open at the start
//!     80     4  link of the frame with the LSN that this segment continues from
//!     84     4  CRC-32C of bytes 0..84
//! ```
//! A recycled file keeps the bytes of its former use. They are told apart by the sequence, which
//! never repeats, and by the salt.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::buffer::{AlignedBuffer, BLOCK};
use super::frame::{u32_at, u64_at};
use crate::bug::{self, Bug};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{Batch, Lsn};
use crate::sync;
use crate::vfs::{File, OpenMode, Vfs};

/// Bytes of the header's place: flushes begin behind it.
pub(super) const SEGMENT_HEADER_BYTES: usize = BLOCK;

const SEGMENT_MAGIC: [u8; 8] = *b"BRSSEGMT";
const FORMAT_VERSION: u32 = 1;
const COPY_BYTES: usize = BLOCK / 2;
const SUM_OFFSET: usize = 84;

/// Bytes written at once when a new file is filled with zeros.
const ZEROS_BYTES: usize = 1 << 20;

/// What the header of a segment says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct SegmentHeader {
    pub(super) open: u32,
    pub(super) store: u128,
    pub(super) sequence: u64,
    pub(super) predecessor: u64,
    pub(super) salt: u64,
    pub(super) continues_lsn: Lsn,
    pub(super) continues_link: u32,
    pub(super) durable_lsn: Lsn,
    pub(super) batch: Batch,
}

impl SegmentHeader {
    /// Writes both copies to `block`.
    pub(super) fn encode(&self, block: &mut [u8]) {
        assert_eq!(block.len(), SEGMENT_HEADER_BYTES);
        assert!(self.durable_lsn <= self.continues_lsn, "what is durable was appended");
        block.fill(0);
        let (copy, twin) = block.split_at_mut(COPY_BYTES);
        copy[..8].copy_from_slice(&SEGMENT_MAGIC);
        copy[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        copy[12..16].copy_from_slice(&self.open.to_le_bytes());
        copy[16..32].copy_from_slice(&self.store.to_le_bytes());
        copy[32..40].copy_from_slice(&self.sequence.to_le_bytes());
        copy[40..48].copy_from_slice(&self.predecessor.to_le_bytes());
        copy[48..56].copy_from_slice(&self.salt.to_le_bytes());
        copy[56..64].copy_from_slice(&self.continues_lsn.0.to_le_bytes());
        copy[64..72].copy_from_slice(&self.durable_lsn.0.to_le_bytes());
        copy[72..80].copy_from_slice(&self.batch.0.to_le_bytes());
        copy[80..84].copy_from_slice(&self.continues_link.to_le_bytes());
        let sum = crc32c::crc32c(&copy[..SUM_OFFSET]);
        copy[SUM_OFFSET..SUM_OFFSET + 4].copy_from_slice(&sum.to_le_bytes());
        twin.copy_from_slice(copy);
    }

    /// The header in `block`; `None` where neither copy is whole and of this use of the file.
    ///
    /// # Errors
    /// `Corrupt` for the segment of another store, `InvalidInput` for an unknown format.
    pub(super) fn decode(
        block: &[u8],
        sequence: u64,
        store: u128,
        path: &Path,
    ) -> Result<Option<SegmentHeader>> {
        let whole = |copy: &&[u8]| {
            copy[..8] == SEGMENT_MAGIC
                && crc32c::crc32c(&copy[..SUM_OFFSET]) == u32_at(copy, SUM_OFFSET)
                && u64_at(copy, 32) == sequence
        };
        let Some(copy) = block.chunks_exact(COPY_BYTES).find(whole) else {
            return Ok(None);
        };
        let version = u32_at(copy, 8);
        if version != FORMAT_VERSION {
            let message = format!(
                "log segment {} has format version {version}, this program reads version \
                 {FORMAT_VERSION}: open the store with the program that wrote it",
                path.display()
            );
            return Err(Error::invalid(message));
        }
        let found = u128::from(u64_at(copy, 24)) << 64 | u128::from(u64_at(copy, 16));
        if found != store {
            let message = format!(
                "log segment {} belongs to store {found:032x}, not to {store:032x}: put each \
                 store's own log back",
                path.display()
            );
            return Err(Error::corrupt(message));
        }
        Ok(Some(SegmentHeader {
            open: u32_at(copy, 12),
            store,
            sequence,
            predecessor: u64_at(copy, 40),
            salt: u64_at(copy, 48),
            continues_lsn: Lsn(u64_at(copy, 56)),
            durable_lsn: Lsn(u64_at(copy, 64)),
            batch: Batch(u64_at(copy, 72)),
            continues_link: u32_at(copy, 80),
        }))
    }

    /// What the link of the segment's first frame is seeded with.
    pub(super) fn link_start(&self) -> u32 {
        crc32c::crc32c_append(self.continues_link, &self.salt.to_le_bytes())
    }

    /// Whether something with this salt and sequence was written in this use of the file.
    pub(super) fn owns(&self, salt: u64, sequence: u64) -> bool {
        let same = salt == self.salt && sequence == self.sequence;
        same || bug::switched_on(Bug::FrameChainOff)
    }
}

/// A file that flushes can be written to.
pub(super) struct Segment {
    pub(super) sequence: u64,
    pub(super) salt: u64,
    pub(super) bytes: u64,
    pub(super) filling: Filling,
    pub(super) file: Arc<dyn File>,
}

/// Where a segment lies.
pub(super) fn segment_path(folder: &Path, sequence: u64) -> PathBuf {
    folder.join(format!("{sequence:020}.log"))
}

/// Where a file lies that waits to be used again; `sequence` is that of its former use.
pub(super) fn spare_path(folder: &Path, sequence: u64) -> PathBuf {
    folder.join(format!("{sequence:020}.spare"))
}

/// The sequence in a name with the given ending, if it is such a name.
pub(super) fn sequence_of(name: &Path, ending: &str) -> Option<u64> {
    let digits = name.to_str()?.strip_suffix(ending)?;
    let well_formed = digits.len() == 20 && digits.bytes().all(|digit| digit.is_ascii_digit());
    if well_formed { digits.parse().ok() } else { None }
}

/// Makes a segment of a spare file, whose bytes stay as they are until they are written over.
pub(super) fn recycle_segment(
    vfs: &dyn Vfs,
    folder: &Path,
    store: u128,
    sequence: u64,
    spare: &Path,
) -> Result<Segment> {
    let path = segment_path(folder, sequence);
    vfs.rename(spare, &path)?;
    vfs.sync_folder(folder)?;
    let file = vfs.open(&path, OpenMode::Write)?;
    let bytes = file.len()?;
    let filling = Filling::Zeros;
    Ok(Segment { sequence, salt: fresh_salt(store, sequence), bytes, filling, file })
}

/// What a new segment's file is filled with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Filling {
    /// Zeros that are written, so that later writes change no metadata.
    Zeros,
    /// Nothing: the file system keeps the space and reads zeros there. Each later write tells it
    /// that there is something now, which is little beside a long write. Short ones go on in
    /// another segment soon, and such a file is not used again.
    Nothing,
}

/// Makes a segment of a new file.
///
/// # Errors
/// `Full` when the disk has no room; what was made is removed again then.
pub(super) fn create_segment(
    vfs: &dyn Vfs,
    folder: &Path,
    store: u128,
    sequence: u64,
    bytes: u64,
    filling: Filling,
) -> Result<Segment> {
    let path = segment_path(folder, sequence);
    let made = create_file(vfs, &path, bytes, filling).and_then(|file| {
        vfs.sync_folder(folder)?;
        Ok(file)
    });
    match made {
        Ok(file) => {
            Ok(Segment { sequence, salt: fresh_salt(store, sequence), bytes, filling, file })
        }
        Err(error) if error.kind() == ErrorKind::Full => {
            // The disk's answer is what counts; a file that stays is found by the next attempt.
            let _ = vfs.remove(&path).and_then(|()| vfs.sync_folder(folder));
            Err(error)
        }
        Err(error) => Err(error),
    }
}

fn create_file(vfs: &dyn Vfs, path: &Path, bytes: u64, filling: Filling) -> Result<Arc<dyn File>> {
    let file = vfs.open(path, OpenMode::Create)?;
    file.allocate(bytes)?;
    if filling == Filling::Nothing {
        file.sync()?;
        return Ok(file);
    }
    let zeros =
        AlignedBuffer::zeroed(ZEROS_BYTES.min(usize::try_from(bytes).unwrap_or(usize::MAX)));
    let mut offset = 0;
    while offset < bytes {
        let length = usize::try_from(bytes - offset).unwrap_or(usize::MAX).min(zeros.len());
        file.write_at(&zeros[..length], offset)?;
        offset += length as u64;
    }
    file.sync()?;
    Ok(file)
}

/// A salt that no earlier use of any file of this store had.
fn fresh_salt(store: u128, sequence: u64) -> u64 {
    let time = sync::wall_clock_us().cast_unsigned();
    let words = store.to_le_bytes();
    let (low, high) = (u64_at(&words, 0), u64_at(&words, 8));
    [low, high, time, sequence].into_iter().fold(0, |salt, word| mix(salt ^ word))
}

/// The finisher of SplitMix64: every bit of the result depends on every bit of the word.
fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}
