//! A file of 4 KiB blocks, written once from front to back, with one checksum over all of it.
//!
//! Backups are made of such files: what a block holds is their business. Reading from the front
//! sums up as it goes, so a reader that has come to the end knows whether the file is the one that
//! was written; single blocks can be read out of order too.

use std::path::Path;
use std::sync::Arc;

use crate::cache::flush::Buffer;
use crate::error::{Error, Result};
use crate::id::PAGE_SIZE;
use crate::page::Page;
use crate::vfs::{File, OpenMode, Vfs};

/// Blocks read or written at once: 1 MiB.
const RUN_BLOCKS: usize = 256;

/// What was written to a file.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Written {
    /// Blocks.
    pub blocks: u64,
    /// CRC-32C of all of them.
    pub checksum: u32,
}

/// Writes a new file.
pub struct BlockWriter {
    file: Arc<dyn File>,
    buffer: Buffer,
    filled: usize,
    written: Written,
}

impl BlockWriter {
    /// Makes the file, which must not exist.
    ///
    /// # Errors
    /// What the file system answers.
    pub fn create(vfs: &dyn Vfs, path: &Path) -> Result<BlockWriter> {
        let file = vfs.open(path, OpenMode::Create)?;
        let buffer = Buffer::zeroed(RUN_BLOCKS);
        Ok(BlockWriter { file, buffer, filled: 0, written: Written::default() })
    }

    /// Appends a block.
    ///
    /// # Errors
    /// The failed write.
    pub fn push(&mut self, block: &Page) -> Result<()> {
        if self.filled == RUN_BLOCKS {
            self.write()?;
        }
        self.buffer.0[self.filled].0.copy_from_slice(&block.0);
        self.filled += 1;
        Ok(())
    }

    /// Appends bytes, and zeros up to a whole block.
    ///
    /// # Errors
    /// As [`BlockWriter::push`].
    pub fn push_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        let mut page = Page::zeroed();
        bytes.chunks(PAGE_SIZE).try_for_each(|chunk| {
            page.0.fill(0);
            page.0[..chunk.len()].copy_from_slice(chunk);
            self.push(&page)
        })
    }

    fn write(&mut self) -> Result<()> {
        let bytes = &self.buffer.bytes()[..self.filled * PAGE_SIZE];
        self.file.write_at(bytes, self.written.blocks * PAGE_SIZE as u64)?;
        self.written.checksum = crc32c::crc32c_append(self.written.checksum, bytes);
        self.written.blocks += self.filled as u64;
        self.filled = 0;
        Ok(())
    }

    /// Makes all of it durable; the folder is the caller's to sync.
    ///
    /// # Errors
    /// The failed write or sync.
    pub fn finish(mut self) -> Result<Written> {
        if self.filled > 0 {
            self.write()?;
        }
        self.file.sync()?;
        Ok(self.written)
    }
}

/// Reads a file from its front.
pub struct BlockReader {
    file: Arc<dyn File>,
    blocks: u64,
    buffer: Buffer,
    /// Blocks in the buffer, and how many of them were given out.
    filled: usize,
    given: usize,
    read: Written,
}

impl BlockReader {
    /// Opens the file at its front.
    ///
    /// # Errors
    /// `Corrupt` for a file that does not end with a block; what the file system answers.
    pub fn open(vfs: &dyn Vfs, path: &Path) -> Result<BlockReader> {
        let file = vfs.open(path, OpenMode::Read)?;
        let bytes = file.len()?;
        if !bytes.is_multiple_of(PAGE_SIZE as u64) {
            return Err(Error::corrupt(format!(
                "{}: it has {bytes} bytes, which are no whole blocks of {PAGE_SIZE}: it was cut, \
                 or something was added; use another copy of it",
                path.display()
            )));
        }
        let blocks = bytes / PAGE_SIZE as u64;
        let buffer = Buffer::zeroed(0);
        Ok(BlockReader { file, blocks, buffer, filled: 0, given: 0, read: Written::default() })
    }

    /// Whole blocks in the file.
    pub fn blocks(&self) -> u64 {
        self.blocks
    }

    /// The next block; `None` behind the last.
    ///
    /// # Errors
    /// The failed read.
    pub fn next_block(&mut self) -> Result<Option<&Page>> {
        if self.given == self.filled {
            let left = usize::try_from(self.blocks - self.read.blocks).unwrap_or(usize::MAX);
            self.filled = left.min(RUN_BLOCKS);
            self.given = 0;
            if self.filled == 0 {
                return Ok(None);
            }
            if self.buffer.0.len() < self.filled {
                self.buffer = Buffer::zeroed(self.filled);
            }
            let bytes = &mut self.buffer.bytes_mut()[..self.filled * PAGE_SIZE];
            self.file.read_at(bytes, self.read.blocks * PAGE_SIZE as u64)?;
            self.read.checksum = crc32c::crc32c_append(self.read.checksum, bytes);
            self.read.blocks += self.filled as u64;
        }
        self.given += 1;
        Ok(Some(&self.buffer.0[self.given - 1]))
    }

    /// The bytes of all blocks that are left.
    ///
    /// # Errors
    /// As [`BlockReader::next_block`].
    pub fn rest(&mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        while let Some(block) = self.next_block()? {
            bytes.extend_from_slice(&block.0);
        }
        Ok(bytes)
    }

    /// What was read so far; of the whole file, once [`BlockReader::next_block`] gave `None`.
    pub fn read_so_far(&self) -> Written {
        self.read
    }

    /// Any block of the file, whatever was read before.
    ///
    /// # Errors
    /// `Corrupt` behind the last one; the failed read.
    pub fn block_at(&self, number: u64) -> Result<Box<Page>> {
        let mut page = Page::zeroed();
        self.file.read_at(&mut page.0, number.saturating_mul(PAGE_SIZE as u64))?;
        Ok(page)
    }
}
