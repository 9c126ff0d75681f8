//! What operators keep, on disk: as PostgreSQL's `work_mem`, a statement's memory bounds what is in
//! memory, and not what a statement can do.
//!
//! An operator counts what it keeps ([`Memory::count`](super::Memory::count)) and asks after each
//! row whether it is to go to disk ([`Memory::is_full`](super::Memory::is_full)). Then it writes
//! what it has to a [`SpillFile`] and goes on with empty hands:
//!
//! - rows that are read again as they came are a [`tape::Tape`], which [`kept::Keeper`] fills;
//! - sorted rows are runs, which [`merge::Merge`] gives in their order;
//! - rows of groups or keys that have no room are partitioned by a hash ([`partition`]), and what
//!   one partition has is looked at by itself, with another hash where even that has no room.
//!
//! # Invariants
//! - **D1** A row is read as it was written, bit by bit, or reading it is an error: blocks have
//!   checksums ([`bourse::TemporaryFile`]), and what stands in them says what it is ([`encode`]).
//! - **D2** Files end with what uses them: an operator's with its run, those of kept rows with
//!   these. An error, a cancel and a sink that has enough are no exceptions: only `Drop` counts.
//! - **D3** What is on disk counts as its session's (`temp_file_limit`), and buffers count as the
//!   statement's memory. Not counted are the places of blocks, 24 bytes each.
//! - **D4** What rows an operator gives, and the order of those that are ordered, depends not on
//!   whether it went to disk. (Of rows that are equal in a sort with LIMIT, any come first.)

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bourse::{Database, Place, TemporaryBlock, TemporaryFile};

use super::Memory;
use crate::error::{Result, SqlError};

pub(crate) mod encode;
pub(crate) mod first;
pub(crate) mod kept;
pub(crate) mod merge;
pub(crate) mod partition;
pub(crate) mod tape;
#[cfg(test)]
mod tests;

/// Where the statements of a session write what has no room in memory.
pub(crate) struct Disk {
    database: Database,
    /// Bytes of all files of the session.
    used: Arc<AtomicU64>,
    /// Files that were ever made.
    #[cfg(test)]
    files: AtomicU64,
}

impl Disk {
    /// The disk that a store lies on.
    pub(crate) fn of(database: &Database) -> Disk {
        Disk {
            database: database.clone(),
            used: Arc::default(),
            #[cfg(test)]
            files: AtomicU64::new(0),
        }
    }

    /// A new file, whose session has at most the bytes that the memory's owner was told.
    pub(crate) fn file(&self, memory: &Memory) -> Result<Arc<SpillFile>> {
        let file = self.database.temporary_file().map_err(failed)?;
        #[cfg(test)]
        self.files.fetch_add(1, Ordering::Relaxed);
        Ok(Arc::new(SpillFile { file, used: Arc::clone(&self.used), limit: memory.disk_limit }))
    }

    /// Files that the session ever made.
    #[cfg(test)]
    pub(crate) fn files(&self) -> u64 {
        self.files.load(Ordering::Relaxed)
    }

    /// Bytes of the session's files now.
    #[cfg(test)]
    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }
}

impl std::fmt::Debug for Disk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Disk({} bytes)", self.used.load(Ordering::Relaxed))
    }
}

/// A file of a session.
pub(crate) struct SpillFile {
    file: TemporaryFile,
    used: Arc<AtomicU64>,
    limit: Option<u64>,
}

impl SpillFile {
    /// Writes a block.
    ///
    /// # Errors
    /// 53400 past `temp_file_limit`, 53100 when the disk is full.
    pub(crate) fn append(&self, block: &mut TemporaryBlock) -> Result<Place> {
        let bytes = TemporaryFile::bytes_of(block);
        let before = self.used.fetch_add(bytes, Ordering::Relaxed);
        if let Some(limit) = self.limit
            && before + bytes > limit
        {
            self.used.fetch_sub(bytes, Ordering::Relaxed);
            return Err(limited(limit));
        }
        // The file gives its places away also where a write fails: all of them end with it (D3).
        self.file.append(block).map_err(failed)
    }

    /// Reads a block.
    ///
    /// # Errors
    /// XX001 where it is not what was written (D1).
    pub(crate) fn read(&self, place: Place, block: &mut TemporaryBlock) -> Result<()> {
        self.file.read(place, block).map_err(failed)
    }

    /// Bytes in it.
    pub(crate) fn bytes(&self) -> u64 {
        self.file.bytes()
    }
}

impl Drop for SpillFile {
    fn drop(&mut self) {
        self.used.fetch_sub(self.file.bytes(), Ordering::Relaxed);
    }
}

impl std::fmt::Debug for SpillFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SpillFile({} bytes)", self.bytes())
    }
}

#[cold]
fn limited(limit: u64) -> SqlError {
    let message = format!("temporary file size exceeds temp_file_limit ({}kB)", limit / 1024);
    SqlError::new("53400", message)
}

#[cold]
fn failed(error: bourse::Error) -> SqlError {
    let is_full = error.kind() == bourse::ErrorKind::Full;
    let error = SqlError::from(error);
    if is_full {
        return error.with_hint(
            "The statement keeps more than statement_memory allows, and wrote it to a temporary \
             file: make space on the disk, raise statement_memory, or bound such files by \
             temp_file_limit.",
        );
    }
    error
}
