//! Files for what a computation keeps for a while and has no memory for.
//!
//! A file is a sequence of blocks. Each is written once, behind those before it, and read as often
//! as is wanted, in any order, by whoever knows its [`Place`]. Nothing is made durable, and nothing
//! outlives the handle:
//!
//! # Invariants
//! - **T1** The file has a name only until it is open: when its handle is dropped, or the process
//!   dies, the system takes the space back. A crash of the machine may leave the name, in a folder
//!   that is emptied when the store is opened again.
//! - **T2** A block that is read is the one that was written at its place, byte by byte, or the
//!   read is an error.
//!
//! A block takes whole pages of 4,096 bytes:
//!
//! | OFFSET | SIZE | DESCRIPTION |
//! |---|---|---|
//! | 0 | 4 | CRC-32C of bytes 4..16 + n, seeded with the file's number |
//! | 4 | 4 | n, the bytes of the content |
//! | 8 | 8 | the block's first page in the file |
//! | 16 | n | content |
//! | 16 + n | | not used, whatever it is |
//!
//! Integers are little-endian.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::cache::flush::Buffer;
use crate::error::{Error, Result};
use crate::id::PAGE_SIZE;
use crate::page::crc32c_append;
use crate::vfs::{File, OpenMode, Vfs};

#[cfg(test)]
mod tests;

const HEADER_BYTES: usize = 16;

/// Where a block is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    page: u64,
    pages: u32,
}

impl Place {
    /// Bytes that the block takes in the file.
    pub fn bytes(self) -> u64 {
        u64::from(self.pages) * PAGE_SIZE as u64
    }
}

/// A block in memory: content that is being put together, or that was read.
pub struct TemporaryBlock {
    buffer: Buffer,
    /// Pages that it has without being asked for more.
    pages: usize,
    filled: usize,
}

impl TemporaryBlock {
    /// An empty block of about so many bytes.
    pub fn new(bytes: usize) -> TemporaryBlock {
        let pages = (bytes / PAGE_SIZE).max(1);
        TemporaryBlock { buffer: Buffer::zeroed(pages), pages, filled: 0 }
    }

    /// Bytes of memory that it takes.
    pub fn memory_bytes(&self) -> usize {
        self.buffer.0.len() * PAGE_SIZE
    }

    /// The content.
    pub fn content(&self) -> &[u8] {
        &self.buffer.bytes()[HEADER_BYTES..HEADER_BYTES + self.filled]
    }

    /// Whether there is no content.
    pub fn is_empty(&self) -> bool {
        self.filled == 0
    }

    /// Appends to the content. Whether there was room: an empty block makes room for all.
    ///
    /// # Panics
    /// For more than 4 GiB, which is no block.
    pub fn push(&mut self, bytes: &[u8]) -> bool {
        let end = HEADER_BYTES + self.filled + bytes.len();
        if end > self.buffer.0.len() * PAGE_SIZE {
            if self.filled > 0 {
                return false;
            }
            assert!(u32::try_from(bytes.len()).is_ok(), "a block is less than 4 GiB");
            self.buffer.resize(end.div_ceil(PAGE_SIZE));
        }
        self.buffer.bytes_mut()[end - bytes.len()..end].copy_from_slice(bytes);
        self.filled += bytes.len();
        true
    }

    /// Forgets the content, and what room was made for one that was long.
    pub fn clear(&mut self) {
        self.filled = 0;
        if self.buffer.0.len() > self.pages {
            self.buffer = Buffer::zeroed(self.pages);
        }
    }
}

/// A file without a name.
pub struct TemporaryFile {
    file: Arc<dyn File>,
    path: PathBuf,
    salt: u32,
    /// Pages that were given to blocks.
    pages: AtomicU64,
}

impl TemporaryFile {
    /// Makes a file in a folder, by a number that no other one there has.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn create(vfs: &dyn Vfs, folder: &Path, number: u64) -> Result<TemporaryFile> {
        let path = folder.join(format!("{number}.rows"));
        let file = vfs.open(&path, OpenMode::Create)?;
        vfs.remove(&path)?; // T1
        let salt = crc32c_append(0, &number.to_le_bytes());
        Ok(TemporaryFile { file, path, salt, pages: AtomicU64::new(0) })
    }

    /// Bytes of all blocks.
    pub fn bytes(&self) -> u64 {
        self.pages.load(Ordering::Relaxed) * PAGE_SIZE as u64
    }

    /// Bytes that a block will take in a file.
    pub fn bytes_of(block: &TemporaryBlock) -> u64 {
        (HEADER_BYTES + block.filled).next_multiple_of(PAGE_SIZE) as u64
    }

    /// Writes a block behind the others.
    ///
    /// # Errors
    /// `Full` where the disk is; what else the file system answers.
    pub fn append(&self, block: &mut TemporaryBlock) -> Result<Place> {
        let end = HEADER_BYTES + block.filled;
        let pages = end.div_ceil(PAGE_SIZE);
        let page = self.pages.fetch_add(pages as u64, Ordering::Relaxed);
        let filled = u32::try_from(block.filled).unwrap_or(u32::MAX);
        let bytes = block.buffer.bytes_mut();
        bytes[4..8].copy_from_slice(&filled.to_le_bytes());
        bytes[8..16].copy_from_slice(&page.to_le_bytes());
        let checksum = crc32c_append(self.salt, &bytes[4..end]);
        bytes[..4].copy_from_slice(&checksum.to_le_bytes());
        self.file.write_at(&bytes[..pages * PAGE_SIZE], page * PAGE_SIZE as u64)?;
        Ok(Place { page, pages: u32::try_from(pages).unwrap_or(u32::MAX) })
    }

    /// Reads the block at a place that [`TemporaryFile::append`] has told.
    ///
    /// # Errors
    /// `Corrupt` where it is not what was written (T2); what the file system answers.
    pub fn read(&self, place: Place, block: &mut TemporaryBlock) -> Result<()> {
        block.clear();
        let pages = place.pages as usize;
        if block.buffer.0.len() < pages {
            block.buffer.resize(pages);
        }
        let bytes = &mut block.buffer.bytes_mut()[..pages * PAGE_SIZE];
        self.file.read_at(bytes, place.page * PAGE_SIZE as u64)?;
        let word = |at: usize| u32::from_le_bytes([0, 1, 2, 3].map(|byte| bytes[at + byte]));
        let (checksum, filled) = (word(0), word(4) as usize);
        let page = u64::from(word(8)) | u64::from(word(12)) << 32;
        let is_whole = HEADER_BYTES + filled <= bytes.len()
            && page == place.page
            && checksum == crc32c_append(self.salt, &bytes[4..HEADER_BYTES + filled]);
        if !is_whole {
            return Err(Error::corrupt(format!(
                "the temporary file {} is damaged at offset {}: run the statement again, and look \
                 in the system's log for failures of the disk",
                self.path.display(),
                place.page * PAGE_SIZE as u64
            )));
        }
        block.filled = filled;
        Ok(())
    }
}

/// Removes what a crash of the machine has left in a folder of temporary files (T1).
///
/// # Errors
/// What the file system answers.
pub fn clear_folder(vfs: &dyn Vfs, folder: &Path) -> Result<()> {
    for name in vfs.list(folder)? {
        vfs.remove(&folder.join(name))?;
    }
    Ok(())
}
