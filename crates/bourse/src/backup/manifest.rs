//! The file BACKUP: what makes a folder a backup, and what its other files are.
//!
//! ```text
//! OFFSET  SIZE  DESCRIPTION
//!      0     8  magic "BOURSEBK"
//!      8     4  format version, 2. This and the magic stay where they are
//!     12     4  bytes of the body
//!     16     4  CRC-32C of the body, seeded with that of bytes 0..16
//!     20     4  0
//!     24     n  body; the rest of the last 4,096 bytes is 0
//!
//! BODY
//!     16  id of the backup
//!     16  id of the store
//!     16  id of the backup that this one builds upon, 0 for a full one
//!      8  batch of the Cut of that backup, 0 for a full one
//!      8  batch of the Cut
//!      8  LSN of the Cut
//!      8  when it was taken, in microseconds since 1970
//!      2  shards, and for each:
//!             24  root
//!              4  salt of the checksums of its pages
//!              8  pages of the Cut
//!              8  pages that are in the file
//!              4  blocks of the page set
//!              8  blocks of the file
//!              4  CRC-32C of the file
//!      4  tables, and for each:
//!              4  id
//!              2  length of the name, and the name
//!              2  columns
//!              8  rows
//!              2  indexes, and for each the length of its name (2) and the name
//!      8  the record behind which a follower wants the log: from version 2 on, as what follows
//!     16  lineage
//!      4  epochs, and for each its term (8), the record after which it began (8), its id (16)
//! ```
//! Integers are little-endian.

use std::path::Path;

use bourse_storage::blocks::{BlockReader, BlockWriter, Written};
use bourse_storage::id::{Batch, Lsn, PAGE_SIZE};
use bourse_storage::page::crc32c;
use bourse_storage::rest::Rest;
use bourse_storage::vfs::Vfs;
use bourse_storage::{Error, Result};

use super::BackedUpTable;
use crate::replication::History;
use crate::replication::history::EPOCH_BYTES;

/// The manifest's file.
pub(super) const BACKUP: &str = "BACKUP";
/// Its name while it is written.
pub(super) const BACKUP_NEW: &str = "BACKUP.new";
const MAGIC: &[u8; 8] = b"BOURSEBK";
/// Format version of all files of a backup.
pub(super) const FORMAT_VERSION: u32 = 2;
const HEADER_SIZE: usize = 24;
/// More than any manifest has, and little enough to read into memory.
const BLOCKS_MAX: u64 = 1 << 16;

/// The backup that an incremental one builds upon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Base {
    pub(super) id: u128,
    pub(super) batch: Batch,
}

/// A shard's part of a backup.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Part {
    pub(super) root: [u8; 24],
    pub(super) salt: u32,
    /// Pages of the Cut.
    pub(super) pages: u64,
    /// Pages that are in the file.
    pub(super) copied: u64,
    pub(super) set_blocks: u32,
    pub(super) written: Written,
}

/// What BACKUP says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Manifest {
    pub(super) id: u128,
    pub(super) store: u128,
    pub(super) base: Option<Base>,
    pub(super) batch: Batch,
    pub(super) lsn: Lsn,
    pub(super) taken_us: i64,
    pub(super) parts: Vec<Part>,
    pub(super) tables: Vec<BackedUpTable>,
    pub(super) ships_after: Lsn,
    pub(super) history: History,
}

impl Manifest {
    /// Shards of the store.
    pub(super) fn shards(&self) -> u16 {
        u16::try_from(self.parts.len()).unwrap_or(u16::MAX)
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let base = self.base.unwrap_or(Base { id: 0, batch: Batch(0) });
        for id in [self.id, self.store, base.id] {
            out.extend(id.to_le_bytes());
        }
        for number in [base.batch.0, self.batch.0, self.lsn.0, self.taken_us.cast_unsigned()] {
            out.extend(number.to_le_bytes());
        }
        put_count(&mut out, self.parts.len());
        for part in &self.parts {
            out.extend(part.root);
            out.extend(part.salt.to_le_bytes());
            out.extend(part.pages.to_le_bytes());
            out.extend(part.copied.to_le_bytes());
            out.extend(part.set_blocks.to_le_bytes());
            out.extend(part.written.blocks.to_le_bytes());
            out.extend(part.written.checksum.to_le_bytes());
        }
        out.extend(u32::try_from(self.tables.len()).unwrap_or(u32::MAX).to_le_bytes());
        for table in &self.tables {
            out.extend(table.id.to_le_bytes());
            put_text(&mut out, &table.name);
            put_count(&mut out, table.columns);
            out.extend(table.rows.to_le_bytes());
            put_count(&mut out, table.indexes.len());
            table.indexes.iter().for_each(|name| put_text(&mut out, name));
        }
        out.extend(self.ships_after.0.to_le_bytes());
        out.extend(self.history.lineage().to_le_bytes());
        let epochs = u32::try_from(self.history.epochs().len()).unwrap_or(u32::MAX);
        out.extend(epochs.to_le_bytes());
        out.extend(self.history.encode());
        out
    }

    fn decode(version: u32, body: &[u8]) -> Option<Manifest> {
        let mut body = Rest(body);
        let (id, store, base) = (body.u128()?, body.u128()?, body.u128()?);
        let base_batch = Batch(body.u64()?);
        let base = (base != 0).then_some(Base { id: base, batch: base_batch });
        let (batch, lsn) = (Batch(body.u64()?), Lsn(body.u64()?));
        let taken_us = body.i64()?;
        let mut parts = Vec::new();
        for _ in 0..body.u16()? {
            parts.push(Part {
                root: body.array()?,
                salt: body.u32()?,
                pages: body.u64()?,
                copied: body.u64()?,
                set_blocks: body.u32()?,
                written: Written { blocks: body.u64()?, checksum: body.u32()? },
            });
        }
        let mut tables = Vec::new();
        for _ in 0..body.u32()? {
            let (id, name) = (body.u32()?, take_text(&mut body)?);
            let (columns, rows) = (usize::from(body.u16()?), body.u64()?);
            let indexes = (0..body.u16()?).map(|_| take_text(&mut body)).collect::<Option<_>>()?;
            tables.push(BackedUpTable { id, name, columns, rows, indexes });
        }
        let (mut ships_after, mut history) = (lsn, History::new(store));
        if version > 1 {
            ships_after = Lsn(body.u64()?);
            let lineage = body.u128()?;
            let epochs = (body.u32()? as usize).checked_mul(EPOCH_BYTES)?;
            history = History::decode(lineage, body.take(epochs)?)?;
        }
        let shards = u16::try_from(parts.len()).unwrap_or(u16::MAX);
        let possible = (1..=crate::shard::map::SLOTS).contains(&shards) && id != 0;
        (possible && body.0.is_empty()).then_some(Manifest {
            id,
            store,
            base,
            batch,
            lsn,
            taken_us,
            parts,
            tables,
            ships_after,
            history,
        })
    }

    /// Writes the manifest, durably: from here on the folder is a backup.
    pub(super) fn write(&self, vfs: &dyn Vfs, folder: &Path) -> Result<()> {
        let body = self.encode();
        let mut bytes = vec![0; HEADER_SIZE];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        bytes[12..16].copy_from_slice(&length.to_le_bytes());
        let checksum = checksum(&bytes, &body);
        bytes[16..20].copy_from_slice(&checksum.to_le_bytes());
        bytes.extend(body);
        let new = folder.join(BACKUP_NEW);
        let mut file = BlockWriter::create(vfs, &new)?;
        file.push_bytes(&bytes)?;
        file.finish()?;
        vfs.rename(&new, &folder.join(BACKUP))?;
        vfs.sync_folder(folder)
    }

    /// Reads the manifest of a folder.
    ///
    /// # Errors
    /// `InvalidInput` when the folder is no whole backup, or one of a newer version; `Corrupt` for
    /// damage.
    pub(super) fn read(vfs: &dyn Vfs, folder: &Path) -> Result<Manifest> {
        if !vfs.list(folder)?.iter().any(|name| name == Path::new(BACKUP)) {
            return Err(Error::invalid(format!(
                "{} holds no whole backup (it has no file {BACKUP}, which is written last): name \
                 another folder, or take the backup again",
                folder.display()
            )));
        }
        let path = folder.join(BACKUP);
        let damaged = |what: &str| {
            let path = path.display();
            Error::corrupt(format!("{path}: {what}; use another backup, or another copy of this"))
        };
        let mut file = BlockReader::open(vfs, &path)?;
        if file.blocks() == 0 || file.blocks() > BLOCKS_MAX {
            return Err(damaged("it is too short or too long to be a manifest"));
        }
        let bytes = file.rest()?;
        let word = |at: usize| {
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        if bytes[..8] != *MAGIC {
            return Err(damaged("this is not the manifest of a backup (wrong magic at offset 0)"));
        }
        if word(8) > FORMAT_VERSION {
            return Err(newer(&path, word(8)));
        }
        let body = bytes.get(HEADER_SIZE..HEADER_SIZE.saturating_add(word(12) as usize));
        let body = body.filter(|body| checksum(&bytes[..HEADER_SIZE], body) == word(16));
        let Some(body) = body else {
            return Err(damaged("the checksum at offset 16 does not match"));
        };
        let end = HEADER_SIZE + body.len();
        let is_zero = |bytes: &[u8]| bytes.iter().all(|byte| *byte == 0);
        // What no checksum covers says nothing, and is as it was written all the same.
        if !is_zero(&bytes[20..HEADER_SIZE]) || !is_zero(&bytes[end..]) {
            return Err(damaged("what is around its body is not 0, as it was written"));
        }
        if bytes.len() != end.next_multiple_of(PAGE_SIZE) {
            return Err(damaged("it is longer than it was written"));
        }
        Manifest::decode(word(8), body).ok_or_else(|| damaged("what it says is impossible"))
    }
}

/// The error for a file of a format that this code does not know.
pub(super) fn newer(path: &Path, version: u32) -> Error {
    Error::invalid(format!(
        "{}: made by a newer version of Bourse (format {version}, this one reads up to \
         {FORMAT_VERSION}): use that version",
        path.display()
    ))
}

fn checksum(header: &[u8], body: &[u8]) -> u32 {
    let mut bytes = crc32c(&header[..16]).to_le_bytes().to_vec();
    bytes.extend_from_slice(body);
    crc32c(&bytes)
}

fn put_count(out: &mut Vec<u8>, count: usize) {
    out.extend(u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes());
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_count(out, text.len());
    out.extend(&text.as_bytes()[..text.len().min(usize::from(u16::MAX))]);
}

/// The next text, behind its length.
fn take_text(body: &mut Rest<'_>) -> Option<String> {
    let length = usize::from(body.u16()?);
    body.text(length)
}
