//! Reading a log after a stop: which segments count, where the log ends, and its records.
//!
//! The order of business, in [`survey`]:
//! 1. Read the header of every file. One whose header is of another use of the file, or torn, is no
//!    segment.
//! 2. Find the path: the newest segment that begins at or before what is needed, back to the first
//!    that leads to it, and forward along the names that each header gives of its predecessor.
//!    Where two segments continue one, the newer was made by a recovery, which cut the other off.
//! 3. Sync and read the path. It ends at the first broken link.
//! 4. Look for proof that more was durable: in the headers of segments and of flushes behind the
//!    end. Each names an LSN that was durable when it was written, so a whole header is enough.
//!    Proof makes the end a hole and not a torn tail, and opening is refused. The path
//!    names a segment of the newest open that wrote anything (I6): where it does not, a header is
//!    lost, and records that it cut off would be read again.
//! 5. Cut the log off where it is to end (I8). The segment with the cut is kept whole; those behind
//!    it are told apart, since the log goes on in them until the new segment's header is durable.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::buffer::{AlignedBuffer, whole_blocks};
use super::frame::{
    FLUSH_HEADER_BYTES, FlushHeader, Frame, decode_frame, flushes_of, frame_bytes, store_seed,
};
use super::open::Ending;
use super::segment::{Filling, SEGMENT_HEADER_BYTES, SegmentHeader, segment_path, sequence_of};
use super::writer::Kept;
use super::{Entry, Position};
use crate::bug::{self, Bug};
use crate::error::{Error, Result};
use crate::id::Lsn;
use crate::vfs::{File, OpenMode, Vfs};

/// Bytes read at once, and bytes between two reports of progress.
const READ_BYTES: usize = 1 << 20;

/// A file with the name of a segment.
struct Found {
    sequence: u64,
    path: PathBuf,
    file: Arc<dyn File>,
    bytes: u64,
    header: Option<SegmentHeader>,
}

/// A segment that the log is made of.
struct Part {
    path: PathBuf,
    file: Arc<dyn File>,
    bytes: u64,
    header: SegmentHeader,
    /// The last LSN that counts in this segment.
    last_lsn: Lsn,
    /// Bytes up to the end of the flush that holds it.
    written: usize,
    /// All of the file, if that is kept for the replay.
    read: Option<AlignedBuffer>,
}

/// How far a log can be read.
#[derive(Clone, Copy)]
struct End {
    lsn: Lsn,
    /// Of the frame with that LSN.
    link: u32,
    /// Where in its segment the flush of that frame ends.
    offset: usize,
}

/// What files behind a log's end tell of what was on the disk.
#[derive(Default)]
struct Proof {
    /// The largest LSN that was durable.
    lsn: Lsn,
    /// The newest open that wrote a header or a flush: the header of its first segment was there
    /// before (I6).
    open: u32,
}

/// What was read of a log, and the way to read it again.
pub(super) struct Survey {
    parts: Vec<Part>,
    end: End,
    /// The newest open that left a segment.
    pub(super) open: u32,
    pub(super) newest_sequence: u64,
    /// Sequence and size of files that the log does not need.
    pub(super) unneeded: Vec<(u64, u64)>,
    /// The same of files that it does not need once it ends where it is to end.
    pub(super) cut_off: Vec<(u64, u64)>,
    /// Records that could be read behind that.
    pub(super) cut: u64,
}

/// Reads all of a log and finds its end, which is where `ending` says. Of what it reads it keeps up
/// to `keep_bytes` in memory, for the replay.
///
/// # Errors
/// `Corrupt` when records above `needed` are missing, or when a record behind the end was durable.
pub(super) fn survey(
    vfs: &dyn Vfs,
    folder: &Path,
    store: u128,
    needed: Lsn,
    ending: &Ending,
    keep_bytes: usize,
) -> Result<Survey> {
    let found = find_segments(vfs, folder, store)?;
    let mut parts = choose_path(&found, folder, needed)?;
    let newest_named = parts.last().map_or(0, |part| part.header.open);
    let mut buffer = AlignedBuffer::zeroed(0);
    let mut last_taken = needed;
    let read_end = walk_path(&mut parts, store, needed, keep_bytes, &mut |frame| {
        if ending.takes(frame.lsn, frame.kind) {
            last_taken = last_taken.max(frame.lsn);
        }
    })?;
    let last = &parts[parts.len() - 1];
    if read_end.lsn < needed {
        return Err(hole(last, read_end, needed));
    }
    let proof = find_proof(&found, last, store, &mut buffer)?;
    // What is taken back anyway may be damaged.
    let proven = ending.at_most.map_or(proof.lsn, |at_most| proof.lsn.min(at_most));
    if proven > read_end.lsn {
        return Err(hole(last, read_end, proven));
    }
    if proof.open > newest_named {
        return Err(headless(folder, proof.open));
    }
    let counts = |found: &&Found| parts.iter().all(|p| p.header.sequence != found.sequence);
    let mut unneeded: Vec<_> =
        found.iter().filter(counts).map(|found| (found.sequence, found.bytes)).collect();
    let mut cut_off = Vec::new();
    if proof.lsn > read_end.lsn {
        // They are what tells the damage, until the log ends before it.
        cut_off.append(&mut unneeded);
    }
    let end = if last_taken < read_end.lsn {
        cut_path(&mut parts, last_taken, &mut cut_off, &mut buffer)?
    } else {
        read_end
    };
    let opens = found.iter().filter_map(|found| Some(found.header.as_ref()?.open));
    // A file that was made spare keeps its sequence taken (I4).
    let spares = vfs.list(folder)?.into_iter().filter_map(|name| sequence_of(&name, ".spare"));
    let newest_sequence = spares.chain(found.iter().map(|found| found.sequence)).max();
    Ok(Survey {
        cut: read_end.lsn.0 - end.lsn.0,
        end,
        open: opens.max().unwrap_or(0),
        newest_sequence: newest_sequence.unwrap_or(0),
        unneeded,
        cut_off,
        parts,
    })
}

/// The files of a folder that have a segment's name, by sequence.
fn find_segments(vfs: &dyn Vfs, folder: &Path, store: u128) -> Result<Vec<Found>> {
    let mut sequences: Vec<u64> =
        vfs.list(folder)?.iter().filter_map(|name| sequence_of(name, ".log")).collect();
    sequences.sort_unstable();
    let mut block = AlignedBuffer::zeroed(SEGMENT_HEADER_BYTES);
    let mut found = Vec::with_capacity(sequences.len());
    for sequence in sequences {
        let path = segment_path(folder, sequence);
        let file = vfs.open(&path, OpenMode::Write)?;
        let bytes = file.len()?;
        let header = if bytes >= SEGMENT_HEADER_BYTES as u64 {
            file.read_at(&mut block, 0)?;
            SegmentHeader::decode(&block, sequence, store, &path)?
        } else {
            None
        };
        found.push(Found { sequence, path, file, bytes, header });
    }
    Ok(found)
}

/// Sequence and size of the files of a folder that have a segment's name.
pub(super) fn list_segments(vfs: &dyn Vfs, folder: &Path, store: u128) -> Result<Vec<(u64, u64)>> {
    let found = find_segments(vfs, folder, store)?;
    Ok(found.iter().map(|found| (found.sequence, found.bytes)).collect())
}

/// Whether a folder holds a segment of this store with a record in it.
pub(super) fn holds_records(vfs: &dyn Vfs, folder: &Path, store: u128) -> Result<bool> {
    let mut buffer = AlignedBuffer::zeroed(0);
    for found in find_segments(vfs, folder, store)? {
        let Some(header) = found.header else { continue };
        let bytes = load(&*found.file, found.bytes, &mut buffer)?;
        if flush_at(bytes, SEGMENT_HEADER_BYTES, &header, header.continues_lsn).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The segments that the log is made of, as far as their headers tell.
fn choose_path(found: &[Found], folder: &Path, needed: Lsn) -> Result<Vec<Part>> {
    let headers: Vec<&SegmentHeader> = found.iter().filter_map(|f| f.header.as_ref()).collect();
    let Some(anchor) = headers.iter().rfind(|header| header.continues_lsn <= needed) else {
        let begin = headers.first().map_or_else(
            || "has no segment with a whole header".into(),
            |first| format!("begins behind LSN {}", first.continues_lsn),
        );
        return Err(Error::corrupt(format!(
            "the log in {} {begin}, but records from LSN {} on are needed: restore the store",
            folder.display(),
            needed.next()
        )));
    };
    let mut sequences = vec![anchor.sequence];
    let mut first = anchor;
    while let Some(before) = headers
        .iter()
        .find(|header| header.sequence == first.predecessor && header.sequence < first.sequence)
    {
        sequences.insert(0, before.sequence);
        first = before;
    }
    let mut last = anchor;
    while let Some(next) = headers
        .iter()
        .rfind(|header| header.predecessor == last.sequence && header.sequence > last.sequence)
    {
        sequences.push(next.sequence);
        last = next;
    }
    let chosen = found.iter().filter(|found| sequences.contains(&found.sequence));
    Ok(chosen.filter_map(Part::new).collect())
}

impl Part {
    fn new(found: &Found) -> Option<Part> {
        let header = found.header.clone()?;
        Some(Part {
            path: found.path.clone(),
            file: found.file.clone(),
            bytes: found.bytes,
            last_lsn: header.continues_lsn,
            written: SEGMENT_HEADER_BYTES,
            read: None,
            header,
        })
    }

    /// The first `bytes` of the file: those that were kept, or read anew into `buffer`.
    fn bytes<'a>(&'a self, bytes: usize, buffer: &'a mut AlignedBuffer) -> Result<&'a [u8]> {
        match self.read.as_deref().and_then(|read| read.get(..bytes)) {
            Some(read) => Ok(read),
            None => load(&*self.file, bytes as u64, buffer),
        }
    }

    /// Visits the frames of the segment, up to LSN `stop` or as far as the chain holds.
    fn walk(
        &self,
        bytes: &[u8],
        stop: Option<Lsn>,
        each: &mut dyn FnMut(&Frame<'_>, usize) -> Result<()>,
    ) -> Result<End> {
        let header = &self.header;
        let mut end = End {
            lsn: header.continues_lsn,
            link: header.link_start(),
            offset: SEGMENT_HEADER_BYTES,
        };
        let mut offset = SEGMENT_HEADER_BYTES;
        while stop != Some(end.lsn) {
            let Some(flush) = flush_at(bytes, offset, header, end.lsn) else { break };
            let behind = offset + whole_blocks(flush.bytes);
            let before = end.lsn;
            let whole = walk_flush(bytes, offset, &flush, stop, &mut end, each)?;
            if whole || end.lsn > before {
                end.offset = behind;
            }
            if !whole {
                break;
            }
            offset = behind;
        }
        Ok(end)
    }
}

/// The header of the flush at `offset`, if one lies there that goes on behind `lsn`.
fn flush_at(bytes: &[u8], offset: usize, header: &SegmentHeader, lsn: Lsn) -> Option<FlushHeader> {
    let rest = bytes.get(offset..)?;
    let flush = FlushHeader::decode(store_seed(header.store), rest)?;
    let fits = (FLUSH_HEADER_BYTES..=rest.len()).contains(&flush.bytes);
    let follows = flush.first_lsn == lsn.next() && flush.last_lsn >= lsn;
    (fits && follows && header.owns(flush.salt, flush.sequence)).then_some(flush)
}

/// Visits the frames of the flush at `offset`. Returns whether all of them are whole and wanted.
fn walk_flush(
    bytes: &[u8],
    offset: usize,
    flush: &FlushHeader,
    stop: Option<Lsn>,
    end: &mut End,
    each: &mut dyn FnMut(&Frame<'_>, usize) -> Result<()>,
) -> Result<bool> {
    let behind = offset + flush.bytes;
    let mut at = offset + FLUSH_HEADER_BYTES;
    while at < behind {
        if stop == Some(end.lsn) {
            return Ok(false);
        }
        let frame = bytes.get(at..behind).and_then(|rest| decode_frame(rest, end.link));
        let Some(frame) = frame.filter(|frame| frame.lsn == end.lsn.next()) else {
            return Ok(false);
        };
        each(&frame, at)?;
        (end.lsn, end.link) = (frame.lsn, frame.link);
        at += frame_bytes(frame.payload.len());
    }
    Ok(end.lsn == flush.last_lsn)
}

/// Walks from segment to segment; cuts off the parts that the chain does not reach. Keeps what it
/// reads of parts that a replay from `needed` on reads, up to `keep_bytes` of them.
fn walk_path(
    parts: &mut Vec<Part>,
    store: u128,
    needed: Lsn,
    keep_bytes: usize,
    each: &mut dyn FnMut(&Frame<'_>),
) -> Result<End> {
    assert!(!parts.is_empty(), "a path has its anchor");
    let mut index = 0;
    let mut left = keep_bytes;
    let mut buffer = AlignedBuffer::zeroed(0);
    loop {
        let part = &parts[index];
        assert_eq!(part.header.store, store, "other stores' segments are refused");
        // What the page cache shows may be lost yet: make it durable before believing it.
        part.file.sync()?;
        let bytes = load(&*part.file, part.bytes, &mut buffer)?;
        let next = parts.get(index + 1).map(|next| next.header.clone());
        let stop = next.as_ref().map(|next| next.continues_lsn);
        let end = part.walk(bytes, stop, &mut |frame, _| {
            each(frame);
            Ok(())
        })?;
        let part = &mut parts[index];
        (part.last_lsn, part.written) = (end.lsn, end.offset);
        if end.lsn > needed && buffer.len() <= left {
            left -= buffer.len();
            part.read = Some(std::mem::replace(&mut buffer, AlignedBuffer::zeroed(0)));
        }
        let Some(next) = next.filter(|next| next.continues_lsn == end.lsn) else {
            parts.truncate(index + 1);
            return Ok(end);
        };
        let joined = next.continues_link == end.link;
        if !joined && !bug::switched_on(Bug::FrameChainOff) {
            return Err(Error::corrupt(format!(
                "log segment {} does not continue {} at LSN {}: restore the store",
                parts[index + 1].path.display(),
                parts[index].path.display(),
                end.lsn
            )));
        }
        index += 1;
    }
}

/// Ends the log at `lsn`, which it has: moves the segments behind it to `cut_off`. Of segments that
/// meet there the first is the last one.
fn cut_path(
    parts: &mut Vec<Part>,
    lsn: Lsn,
    cut_off: &mut Vec<(u64, u64)>,
    buffer: &mut AlignedBuffer,
) -> Result<End> {
    let index = parts.partition_point(|part| part.last_lsn < lsn);
    assert!(index < parts.len(), "the log is cut off at a record that it has");
    assert!(parts[index].header.continues_lsn <= lsn, "it has all records behind what is needed");
    let behind = parts.drain(index + 1..);
    cut_off.extend(behind.map(|part| (part.header.sequence, part.bytes)));
    let part = &mut parts[index];
    let end = part.walk(part.bytes(part.written, buffer)?, Some(lsn), &mut |_, _| Ok(()))?;
    if end.lsn != lsn {
        return Err(hole(part, end, lsn));
    }
    // The flush with the cut counts whole: it is read as one.
    (part.last_lsn, part.written) = (end.lsn, end.offset);
    Ok(end)
}

/// What anything in segment `last` or in newer files says of what was on the disk. Flushes behind a
/// cut lie in older ones, and say no more.
fn find_proof(
    found: &[Found],
    last: &Part,
    store: u128,
    buffer: &mut AlignedBuffer,
) -> Result<Proof> {
    let mut proof = Proof::default();
    for found in found.iter().filter(|found| found.sequence >= last.header.sequence) {
        let header = found.header.as_ref();
        let bytes = match &last.read {
            Some(read) if found.sequence == last.header.sequence => read,
            _ => load(&*found.file, found.bytes, buffer)?,
        };
        let salt = header.map(|header| header.salt);
        for flush in flushes_of(store_seed(store), bytes, found.sequence, salt) {
            proof.lsn = proof.lsn.max(flush.durable_lsn);
            proof.open = proof.open.max(flush.batch.open());
        }
        if let Some(header) = header {
            proof.lsn = proof.lsn.max(header.durable_lsn);
            proof.open = proof.open.max(header.open);
        }
    }
    Ok(proof)
}

#[cold]
fn headless(folder: &Path, open: u32) -> Error {
    Error::corrupt(format!(
        "the log in {} was written to by open {open} of the store, but the segment header is lost \
         that tells where that open went on: restore the store",
        folder.display()
    ))
}

fn hole(last: &Part, end: End, durable: Lsn) -> Error {
    Error::corrupt(format!(
        "log segment {} is broken behind LSN {} (offset {}), but LSN {durable} was durable: \
         acknowledged records are damaged, restore the store",
        last.path.display(),
        end.lsn,
        end.offset
    ))
}

/// Reads the first `bytes` of a file, whole blocks of them, into a buffer that grows as needed.
fn load<'a>(file: &dyn File, bytes: u64, buffer: &'a mut AlignedBuffer) -> Result<&'a [u8]> {
    let bytes = usize::try_from(bytes)
        .map_err(|_| Error::invalid("a log segment is larger than the address space"))?;
    let bytes = bytes / SEGMENT_HEADER_BYTES * SEGMENT_HEADER_BYTES;
    if buffer.len() < bytes {
        *buffer = AlignedBuffer::zeroed(bytes);
    }
    let mut offset = 0;
    while offset < bytes {
        let end = bytes.min(offset + READ_BYTES);
        file.read_at(&mut buffer[offset..end], offset as u64)?;
        offset = end;
    }
    Ok(&buffer[..bytes])
}

impl Survey {
    pub(super) fn last_lsn(&self) -> Lsn {
        self.end.lsn
    }

    pub(super) fn last_link(&self) -> u32 {
        self.end.link
    }

    /// Sequence of the segment that holds the end.
    pub(super) fn last_sequence(&self) -> u64 {
        self.parts.last().map_or(0, |part| part.header.sequence)
    }

    /// The segments that the log is made of, oldest first.
    pub(super) fn kept(&self) -> impl Iterator<Item = Kept> {
        self.parts.iter().map(|part| Kept {
            filling: Filling::Zeros,
            sequence: part.header.sequence,
            continues_lsn: part.header.continues_lsn,
            bytes: part.bytes,
            written: part.written as u64,
            headed: true,
        })
    }

    /// Bytes of the log's flushes.
    pub(super) fn bytes(&self) -> u64 {
        self.parts.iter().map(|part| (part.written - SEGMENT_HEADER_BYTES) as u64).sum()
    }

    /// Hands out the records from LSN `from` on, in order.
    pub(super) fn replay(
        &self,
        from: Lsn,
        on_progress: &mut dyn FnMut(u64, u64),
        each: &mut dyn FnMut(Entry<'_>) -> Result<()>,
    ) -> Result<()> {
        let begin = self.parts.first().map_or(Lsn(0), |part| part.header.continues_lsn);
        if from <= begin && begin > Lsn(0) {
            return Err(Error::invalid(format!(
                "the log begins behind LSN {begin}, records from LSN {from} on were asked for"
            )));
        }
        let wanted = self.parts.iter().filter(|part| part.last_lsn >= from);
        let total = wanted.clone().map(|part| (part.written - SEGMENT_HEADER_BYTES) as u64).sum();
        let mut done = 0;
        let mut buffer = AlignedBuffer::zeroed(0);
        for part in wanted {
            let bytes = part.bytes(part.written, &mut buffer)?;
            let mut reported = SEGMENT_HEADER_BYTES;
            let end = part.walk(bytes, Some(part.last_lsn), &mut |frame, offset| {
                if offset - reported >= READ_BYTES {
                    reported = offset;
                    on_progress(done + (offset - SEGMENT_HEADER_BYTES) as u64, total);
                }
                if frame.lsn < from {
                    return Ok(());
                }
                let position = Position { segment: part.header.sequence, offset: offset as u64 };
                let (kind, origin, payload) = (frame.kind, frame.origin, frame.payload);
                each(Entry { lsn: frame.lsn, position, kind, origin, payload })
            })?;
            if end.lsn != part.last_lsn {
                return Err(hole(part, end, part.last_lsn));
            }
            done += (part.written - SEGMENT_HEADER_BYTES) as u64;
            on_progress(done, total);
        }
        Ok(())
    }
}
