//! A shard's file as a whole: its pages copied out of a store in use, and a file made of pages that
//! were copied before.
//!
//! # Invariants
//! - **I1** Pages are copied from a checkpoint whose Cut is held, so none of them changes or moves.
//! - **I2** An image's superblock is written after all else of the file is durable, so a file that
//!   was not finished is none that opens.
//! - **I3** An image's pages are sealed with its own salt: no page that another store ever wrote
//!   passes for one of its own.

use std::path::Path;
use std::sync::Arc;

use crate::cache::flush::{Buffer, PageSet, contains};
use crate::error::{Error, Result};
use crate::id::{Batch, Link, PAGE_SIZE, PageId};
use crate::page::{Page, PageKind};
use crate::vfs::{File, OpenMode, Vfs};

use super::open::FIRST_PAGES;
use super::superblock::{META_MAX, Superblock, bitmap_pages, encode_bitmap};
use super::{CheckpointCut, Pager, PagerOptions, Reach, show};

/// Pages read or written at once: 1 MiB, and whole words of a page set.
const RUN_PAGES: u32 = 256;

impl Pager {
    /// Reads every page of a checkpoint whose Cut, `newest`, is held (I1): in the order of their
    /// positions, past the cache, each checked. Never called while pinned.
    ///
    /// # Errors
    /// `Corrupt` when the disk has something else there, `Io` when it cannot be read; the first
    /// error of `each`.
    pub fn read_pages(
        &self,
        reach: &Reach,
        newest: Batch,
        each: &mut dyn FnMut(&Page) -> Result<()>,
    ) -> Result<()> {
        let mut buffer = Buffer::zeroed(RUN_PAGES as usize);
        let runs = reach.words().chunks(RUN_PAGES as usize / 64);
        for (run, words) in (0u32..).zip(runs) {
            let mut pages = members(words).peekable();
            let Some(first) = pages.peek().copied() else { continue };
            let last = members(words).last().unwrap_or(first);
            let begin = PageId(run * RUN_PAGES + first);
            // Also what lies between: others may be writing there, and nobody looks at it.
            let bytes = (last - first + 1) as usize * PAGE_SIZE;
            self.file.file.read_at(&mut buffer.bytes_mut()[..bytes], begin.offset())?;
            for member in pages {
                let page = &buffer.0[(member - first) as usize];
                let id = PageId(run * RUN_PAGES + member);
                self.verify(page, Link { page: id, birth: page.birth().low() })?;
                if page.birth() > newest {
                    return Err(Error::corrupt(format!(
                        "{}: page {id} at offset {} was born in batch {}, after the state that \
                         has it, {newest}; restore the store from a backup or a replica",
                        self.file.path,
                        id.offset(),
                        page.birth()
                    )));
                }
                each(page)?;
            }
        }
        Ok(())
    }

    /// What the file's checksums are seeded with.
    pub fn salt(&self) -> u32 {
        self.file.salt
    }

    /// The store that the file belongs to.
    pub fn store_id(&self) -> u128 {
        self.options.store
    }
}

/// The numbers of the bits that are set, ascending.
pub fn members(words: &[u64]) -> impl Iterator<Item = u32> {
    (0u32..).zip(words).flat_map(|(word, bits)| {
        (0..64).filter(move |bit| bits >> bit & 1 != 0).map(move |bit| word * 64 + bit)
    })
}

/// A shard's file that is being made.
pub struct Image {
    file: Arc<dyn File>,
    path: String,
    options: PagerOptions,
    /// The pages that it is to have.
    set: PageSet,
    /// Pages in the file, its bitmap at their end.
    pages: u32,
    bitmap_pages: u32,
    buffer: Buffer,
    /// Position of the buffer's first page, and how many follow one another there.
    first: u32,
    filled: usize,
    pushed: u64,
}

impl Image {
    /// Makes the file, for the pages that are members of `set`.
    ///
    /// # Errors
    /// What the file system answers; `InvalidInput` when they are more than `max_pages`.
    pub fn create(vfs: &dyn Vfs, path: &Path, options: PagerOptions, set: &[u64]) -> Result<Image> {
        let (pages, bitmap_pages) = layout(set, path, &options)?;
        let file = vfs.open(path, OpenMode::Create)?;
        file.allocate(u64::from(pages) * PAGE_SIZE as u64)?;
        Ok(Image {
            file,
            path: show(path),
            options,
            set: set.to_vec(),
            pages,
            bitmap_pages,
            buffer: Buffer::zeroed(RUN_PAGES as usize),
            first: 0,
            filled: 0,
            pushed: 0,
        })
    }

    /// Adds a page, in the order of their positions; its checksum is made anew (I3).
    ///
    /// # Errors
    /// The failed write.
    pub fn push(&mut self, page: &Page) -> Result<()> {
        let id = page.id().0;
        assert!(contains(&self.set, id), "page {id} is a member of the image's set");
        let next = self.first + u32::try_from(self.filled).unwrap_or(u32::MAX);
        assert!(self.pushed == 0 || id >= next, "pages come in the order of their positions");
        if self.filled == RUN_PAGES as usize || id != next {
            self.write()?;
            self.first = id;
        }
        let copy = &mut self.buffer.0[self.filled];
        copy.0.copy_from_slice(&page.0);
        copy.seal(self.options.salt);
        self.filled += 1;
        self.pushed += 1;
        Ok(())
    }

    fn write(&mut self) -> Result<()> {
        if self.filled > 0 {
            let bytes = &self.buffer.bytes()[..self.filled * PAGE_SIZE];
            self.file.write_at(bytes, PageId(self.first).offset())?;
        }
        self.first += u32::try_from(self.filled).unwrap_or(u32::MAX);
        self.filled = 0;
        Ok(())
    }

    /// Writes the bitmap and, when all is durable, the superblock (I2). The folder is the caller's
    /// to sync.
    ///
    /// # Errors
    /// `Corrupt` when pages of the set are missing; the failed write or sync.
    pub fn finish(mut self, cut: CheckpointCut) -> Result<()> {
        assert!(cut.meta.len() <= META_MAX, "what the engine adds fits into a superblock");
        self.write()?;
        let wanted: u64 = self.set.iter().map(|word| u64::from(word.count_ones())).sum();
        if self.pushed != wanted {
            return Err(Error::corrupt(format!(
                "{}: {} of {wanted} pages are there: the copy that it is made of is damaged",
                self.path, self.pushed
            )));
        }
        let run = self.pages - self.bitmap_pages;
        let mut bitmap = Buffer::zeroed(self.bitmap_pages as usize);
        encode_bitmap(&self.set, run, cut.batch, self.options.salt, &mut bitmap.0);
        self.file.write_at(bitmap.bytes(), PageId(run).offset())?;
        self.file.sync()?;
        let superblock = Superblock {
            store: self.options.store,
            shard: self.options.shard,
            generation: 1,
            batch: cut.batch,
            lsn: cut.lsn,
            root: cut.root,
            meta: cut.meta,
            bitmap: Link { page: PageId(run), birth: cut.batch.low() },
            bitmap_pages: self.bitmap_pages,
            pages: self.pages,
            salt: self.options.salt,
        };
        let mut copies = Buffer::zeroed(2);
        for (position, page) in (0..).zip(&mut copies.0) {
            superblock.encode(page, position);
        }
        self.file.write_at(copies.bytes(), 0)?;
        self.file.sync()
    }
}

/// Pages of the file, and of the bitmap at its end.
fn layout(set: &[u64], path: &Path, options: &PagerOptions) -> Result<(u32, u32)> {
    let first = members(set).next().unwrap_or(PageId::FIRST.0);
    if first < PageId::FIRST.0 {
        return Err(Error::corrupt(format!(
            "{}: page {first} belongs to the superblocks, but the copy has it",
            show(path)
        )));
    }
    let end = members(set).last().map_or(PageId::FIRST.0, |page| page.saturating_add(1));
    let pages = |bitmap: u32| end.saturating_add(bitmap).max(FIRST_PAGES);
    let mut bitmap = 1;
    while bitmap_pages(pages(bitmap)) > bitmap {
        bitmap += 1;
    }
    if pages(bitmap) > options.max_pages {
        return Err(Error::invalid(format!(
            "{} takes {} pages, but max_pages is {}: raise it",
            show(path),
            pages(bitmap),
            options.max_pages
        )));
    }
    Ok((pages(bitmap), bitmap))
}

/// Whether a page is one that a Cut can have: part of a tree or of a large value.
pub fn is_data(page: &Page) -> bool {
    matches!(page.kind(), Some(PageKind::Leaf | PageKind::Inner | PageKind::Overflow))
}
