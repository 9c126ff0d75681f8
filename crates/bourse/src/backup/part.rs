//! A shard's file in a backup.
//!
//! ```text
//! BLOCK      DESCRIPTION
//!     0      header
//!     1..    page set of the Cut: a bit for each position, least significant first
//!     then   pages, ascending by position, as the shard's file has them
//!
//! HEADER
//! OFFSET  SIZE  DESCRIPTION
//!      0     8  magic "BOURSEBP"
//!      8     4  format version, 1
//!     12     2  shard
//!     14     2  0
//!     16    16  id of the backup
//!     32     4  CRC-32C of bytes 0..32
//! ```
//! The manifest has the counts and the checksum of the whole file. Each page has its own checksum
//! and says itself whose place it is.

use std::path::{Path, PathBuf};

use bourse_storage::blocks::{BlockReader, BlockWriter};
use bourse_storage::id::{Batch, PAGE_SIZE, PageId};
use bourse_storage::page::{Page, crc32c};
use bourse_storage::pager::is_data;
use bourse_storage::vfs::Vfs;
use bourse_storage::{Error, Result};

use super::manifest::{FORMAT_VERSION, Manifest, Part, newer};

const MAGIC: &[u8; 8] = b"BOURSEBP";
/// Words of a page set in a block.
const WORDS: usize = PAGE_SIZE / 8;

/// The name of a shard's file.
pub(super) fn part_path(folder: &Path, shard: u16) -> PathBuf {
    folder.join(format!("{shard:03}.pages"))
}

/// Begins a shard's file: header and page set. Returns the blocks of the set too.
pub(super) fn begin(
    vfs: &dyn Vfs,
    path: &Path,
    backup: u128,
    shard: u16,
    set: &[u64],
) -> Result<(BlockWriter, u32)> {
    let mut file = BlockWriter::create(vfs, path)?;
    let mut block = Page::zeroed();
    block.0[..8].copy_from_slice(MAGIC);
    block.0[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
    block.0[12..14].copy_from_slice(&shard.to_le_bytes());
    block.0[16..32].copy_from_slice(&backup.to_le_bytes());
    let checksum = crc32c(&block.0[..32]);
    block.0[32..36].copy_from_slice(&checksum.to_le_bytes());
    file.push(&block)?;
    let mut blocks = 0;
    for words in set.chunks(WORDS) {
        block.0.fill(0);
        for (bytes, word) in block.0.chunks_exact_mut(8).zip(words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        file.push(&block)?;
        blocks += 1;
    }
    Ok((file, blocks))
}

/// A shard's file that is read, page by page.
pub(super) struct PartReader {
    path: PathBuf,
    part: Part,
    /// Pages are born by the Cut.
    newest: Batch,
    file: BlockReader,
    set: Vec<u64>,
    current: Option<Box<Page>>,
    given: u64,
}

impl PartReader {
    /// Opens the file, reads its page set and its first page.
    ///
    /// # Errors
    /// `Corrupt` when it is not the file that the manifest tells of; `InvalidInput` for a newer
    /// version; `Io` when it cannot be read.
    pub(super) fn open(
        vfs: &dyn Vfs,
        folder: &Path,
        manifest: &Manifest,
        shard: u16,
    ) -> Result<PartReader> {
        let path = part_path(folder, shard);
        let part = manifest.parts[usize::from(shard)].clone();
        let file = BlockReader::open(vfs, &path)?;
        let (set, newest) = (Vec::new(), manifest.batch);
        let mut reader = PartReader { path, part, newest, file, set, current: None, given: 0 };
        let expected = reader.part.written.blocks;
        let (found, set_blocks) = (reader.file.blocks(), u64::from(reader.part.set_blocks));
        if found != expected || expected != 1 + set_blocks + reader.part.copied {
            return Err(reader.damaged(&format!(
                "it has {found} blocks of 4,096 bytes, not the {expected} that the manifest counts"
            )));
        }
        reader.read_header(manifest.id, shard)?;
        reader.read_set()?;
        reader.advance()?;
        Ok(reader)
    }

    fn read_header(&mut self, backup: u128, shard: u16) -> Result<()> {
        let Some(block) = self.file.next_block()? else { return Err(self.damaged("it is empty")) };
        let bytes: [u8; 36] = std::array::from_fn(|at| block.0[at]);
        let word = |at: usize| {
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        if bytes[..8] != *MAGIC {
            return Err(self.damaged("it is not a shard's part (wrong magic at offset 0)"));
        }
        if word(32) != crc32c(&bytes[..32]) {
            return Err(self.damaged("the checksum at offset 32 does not match"));
        }
        // The manifest's version is this one, so the checksum is where it should be.
        if word(8) > FORMAT_VERSION {
            return Err(newer(&self.path, word(8)));
        }
        if bytes[16..32] != backup.to_le_bytes() {
            return Err(self.damaged("it belongs to another backup: put this one's file back"));
        }
        if bytes[12..14] != shard.to_le_bytes() {
            return Err(self.damaged("it is another shard's: files were exchanged"));
        }
        Ok(())
    }

    fn read_set(&mut self) -> Result<()> {
        for _ in 0..self.part.set_blocks {
            let Some(block) = self.file.next_block()? else { break };
            let words = block.0.chunks_exact(8).map(|bytes| {
                let mut word = [0; 8];
                word.copy_from_slice(bytes);
                u64::from_le_bytes(word)
            });
            self.set.extend(words);
        }
        let members: u64 = self.set.iter().map(|word| u64::from(word.count_ones())).sum();
        if members != self.part.pages {
            let pages = self.part.pages;
            return Err(self.damaged(&format!(
                "its page set has {members} pages, not the {pages} that the manifest counts"
            )));
        }
        Ok(())
    }

    /// The positions of the Cut's pages, a bit each.
    pub(super) fn set(&self) -> &[u64] {
        &self.set
    }

    /// The page that the reader has come to; `None` behind the last.
    pub(super) fn current(&self) -> Option<&Page> {
        self.current.as_deref()
    }

    /// Where the file lies.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Goes on to the next page, and checks it; behind the last one checks the file as a whole.
    ///
    /// # Errors
    /// `Corrupt` for damage, `Io` when it cannot be read.
    pub(super) fn advance(&mut self) -> Result<()> {
        let last = self.current.as_ref().map_or(PageId(0), |page| page.id());
        let Some(block) = self.file.next_block()? else {
            self.current = None;
            let (read, written) = (self.file.read_so_far(), self.part.written);
            if read != written {
                return Err(self.damaged(&format!(
                    "its checksum is {:08x}, the manifest has {:08x}",
                    read.checksum, written.checksum
                )));
            }
            return Ok(());
        };
        let current = self.current.get_or_insert_with(Page::zeroed);
        current.0.copy_from_slice(&block.0);
        self.given += 1;
        let position = self.given + u64::from(self.part.set_blocks);
        let current = self.current.as_deref();
        current.map_or(Ok(()), |page| self.check(page, last, position))
    }

    /// A page of the file by its block.
    pub(super) fn page_at(&self, block: u64) -> Result<Box<Page>> {
        let page = self.file.block_at(block)?;
        self.check(&page, PageId(0), block)?;
        Ok(page)
    }

    /// The block of the current page.
    pub(super) fn block(&self) -> u64 {
        self.given + u64::from(self.part.set_blocks)
    }

    fn check(&self, page: &Page, last: PageId, block: u64) -> Result<()> {
        let (id, offset) = (page.id(), block * PAGE_SIZE as u64);
        if page.stored_checksum() != page.checksum(self.part.salt) {
            return Err(self.damaged(&format!("the page at offset {offset} is damaged")));
        }
        let member = self.set.get(id.0 as usize / 64).is_some_and(|w| w >> (id.0 % 64) & 1 != 0);
        if id <= last || !member || page.birth() > self.newest || !is_data(page) {
            return Err(self.damaged(&format!(
                "page {id}, born in batch {}, does not belong where it is, at offset {offset}",
                page.birth()
            )));
        }
        Ok(())
    }

    fn damaged(&self, what: &str) -> Error {
        let path = self.path.display();
        Error::corrupt(format!("{path}: {what}; use another backup, or another copy of this one"))
    }
}
