//! Making a shard's file, and finding its newest checkpoint again.
//!
//! Open reads both generations. The newest one whose superblock and bitmap are whole is the state
//! that recovery starts from. What neither bitmap has is free; what only the older one has is
//! retired until that generation is overwritten.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::cache::flush::{Buffer, PageSet, ShardFile};
use crate::cache::frames::FrameTable;
use crate::cache::{HeldCuts, PageCache};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{Batch, Link, Lsn, PAGE_SIZE, PageId};
use crate::page::PageKind;
use crate::vfs::{File, OpenMode, Vfs};

use super::allocator::Allocator;
use super::checkpoint::{Generation, Run};
use super::reclaim::Retired;
use super::superblock::{Found, Superblock, bitmap_pages, decode_bitmap};
use super::{Pager, PagerOptions, Writer, show};

/// Pages that a new file has.
pub(super) const FIRST_PAGES: u32 = 256;

/// A generation that open may choose, and what its Cut reaches.
struct Mountable {
    generation: Generation,
    set: PageSet,
    slot: usize,
}

impl Pager {
    /// Makes a shard's file with an empty checkpoint of batch 0.
    ///
    /// # Errors
    /// What the file system answers; `Full` without memory for the frame table.
    pub fn create(
        vfs: &dyn Vfs,
        path: &Path,
        options: PagerOptions,
        cache: Arc<PageCache>,
        held: Arc<HeldCuts>,
    ) -> Result<(Arc<Pager>, Writer)> {
        check_options(&options)?;
        let table = FrameTable::reserve(options.max_pages)?;
        let file = vfs.open(path, OpenMode::Create)?;
        file.allocate(u64::from(FIRST_PAGES) * PAGE_SIZE as u64)?;
        let superblock = Superblock {
            store: options.store,
            shard: options.shard,
            generation: 1,
            batch: Batch(0),
            lsn: Lsn(0),
            root: [0; 24],
            meta: Vec::new(),
            bitmap: Link::NONE,
            bitmap_pages: 0,
            pages: FIRST_PAGES,
            salt: options.salt,
        };
        let mut copies = Buffer::zeroed(2);
        for (position, page) in (0..).zip(&mut copies.0) {
            superblock.encode(page, position);
        }
        file.write_at(copies.bytes(), 0)?;
        file.sync()?;
        if let Some(folder) = path.parent() {
            vfs.sync_folder(folder)?;
        }
        let file = ShardFile::new(table, file, show(path), options.salt, options.is_sparse);
        let pager = Pager::new(file, options, cache, held);
        pager.pages.store(FIRST_PAGES, Ordering::Release);
        let allocator = Allocator::new(Vec::new(), FIRST_PAGES);
        let generation = Generation { superblock, run: None };
        let mut writer =
            Writer::new(Arc::clone(&pager), Batch(0), allocator, [Some(generation), None]);
        writer.reserve_spare()?;
        Ok((pager, writer))
    }

    /// Opens a shard's file at its newest checkpoint.
    ///
    /// # Errors
    /// `Corrupt` without a whole generation, `InvalidInput` for another store's file or one that a
    /// newer version made, `Io` when reading fails.
    pub fn open(
        vfs: &dyn Vfs,
        path: &Path,
        options: PagerOptions,
        cache: Arc<PageCache>,
        held: Arc<HeldCuts>,
    ) -> Result<(Arc<Pager>, Writer, Superblock)> {
        check_options(&options)?;
        let table = FrameTable::reserve(options.max_pages)?;
        let file = vfs.open(path, OpenMode::Write)?;
        let path = show(path);
        let pages = file_pages(&*file, &path, &options)?;
        let (mut mountable, damage) = read_generations(&*file, &path, &options, pages)?;
        // The newest first.
        mountable.sort_by_key(|m| std::cmp::Reverse(m.generation.superblock.generation));
        let Some(newest) = mountable.first() else {
            return Err(damage.unwrap_or_else(|| {
                Error::corrupt(format!(
                    "{path}: neither generation of its superblock (pages 0 to 3) is whole; \
                     restore the store from a backup or a replica"
                ))
            }));
        };
        let superblock = newest.generation.superblock.clone();
        let newest_slot = newest.slot;
        let file = ShardFile::new(table, file, path, superblock.salt, options.is_sparse);
        let pager = Pager::new(file, options, cache, held);
        pager.pages.store(pages, Ordering::Release);
        pager.newest.store(newest_slot, Ordering::Release);
        let mut writer = mount(&pager, pages, mountable);
        // A full disk must not keep the store from opening: deletes need it open.
        match writer.reserve_spare() {
            Err(error) if error.kind() != ErrorKind::Full => Err(error),
            _ => Ok((pager, writer, superblock)),
        }
    }
}

/// The writer of a file with these generations, the newest first.
fn mount(pager: &Arc<Pager>, pages: u32, mountable: Vec<Mountable>) -> Writer {
    let words = (pages as usize).div_ceil(64);
    let mut used = vec![0; words];
    let mut only_older = vec![0; words];
    let mut generations = [None, None];
    let mut batch = Batch(0);
    for (age, mut one) in mountable.into_iter().enumerate() {
        one.set.resize(words, 0);
        for (word, set) in one.set.iter().enumerate() {
            if age > 0 {
                only_older[word] = set & !used[word];
            }
        }
        used.iter_mut().zip(&one.set).for_each(|(word, set)| *word |= set);
        batch = batch.max(one.generation.superblock.batch);
        pager.file.mountable.lock()[one.slot] = Arc::new(one.set);
        generations[one.slot] = Some(one.generation);
    }
    for run in generations.iter().flatten().filter_map(|g| g.run) {
        for page in run.first..run.first + run.pages {
            used[page as usize / 64] |= 1 << (page % 64);
        }
    }
    let allocator = Allocator::new(used, pages);
    let mut writer = Writer::new(Arc::clone(pager), batch, allocator, generations);
    pager.used.store(writer.used(), Ordering::Relaxed);
    for page in 0..pages {
        if only_older[page as usize / 64] >> (page % 64) & 1 != 0 {
            // Dead at the newest Cut at the latest.
            writer.lifetimes.die(page, batch);
            writer.retirement.push_by_superblock(Retired { first: page, pages: 1 });
        }
    }
    writer
}

fn check_options(options: &PagerOptions) -> Result<()> {
    if options.max_pages < FIRST_PAGES {
        return Err(Error::invalid(format!("max_pages is at least {FIRST_PAGES}")));
    }
    Ok(())
}

fn file_pages(file: &dyn File, path: &str, options: &PagerOptions) -> Result<u32> {
    let length = file.len()?;
    let pages = length / PAGE_SIZE as u64;
    if pages < u64::from(PageId::FIRST.0) {
        return Err(Error::corrupt(format!(
            "{path}: {length} bytes are too few for a superblock; restore the store from a backup"
        )));
    }
    match u32::try_from(pages) {
        Ok(pages) if pages <= options.max_pages => Ok(pages),
        _ => Err(Error::invalid(format!(
            "{path} has {pages} pages, but max_pages is {}: raise it",
            options.max_pages
        ))),
    }
}

fn read_generations(
    file: &dyn File,
    path: &str,
    options: &PagerOptions,
    pages: u32,
) -> Result<(Vec<Mountable>, Option<Error>)> {
    let mut copies = Buffer::zeroed(PageId::FIRST.0 as usize);
    file.read_at(copies.bytes_mut(), 0)?;
    let mut found = [None, None];
    for (position, page) in (0u32..).zip(&copies.0) {
        match Superblock::decode(page, position) {
            Found::Nothing => {}
            Found::Newer(version) => {
                return Err(Error::invalid(format!(
                    "{path} was made by a newer version (format {version}, this program knows up \
                     to {}): use that version",
                    super::FORMAT_VERSION
                )));
            }
            Found::Valid(superblock) => {
                superblock.check(path, options.store, options.shard)?;
                let slot: &mut Option<Superblock> = &mut found[position as usize / 2];
                // Both copies are the same but for a write cut off between them.
                if slot.as_ref().is_none_or(|other| other.generation < superblock.generation) {
                    *slot = Some(*superblock);
                }
            }
        }
    }
    let mut mountable = Vec::new();
    let mut damage = None;
    for (slot, superblock) in found.into_iter().enumerate() {
        let Some(superblock) = superblock else { continue };
        match read_bitmap(file, path, &superblock, pages) {
            Ok(set) => {
                let (first, count) = (superblock.bitmap.page.0, superblock.bitmap_pages);
                let run = (count > 0).then_some(Run { first, pages: count });
                let generation = Generation { superblock, run };
                mountable.push(Mountable { generation, set, slot });
            }
            // The other generation serves: the log is kept from the older one on.
            Err(error) if error.kind() == ErrorKind::Corrupt => damage = Some(error),
            Err(error) => return Err(error),
        }
    }
    Ok((mountable, damage))
}

fn read_bitmap(
    file: &dyn File,
    path: &str,
    superblock: &Superblock,
    pages: u32,
) -> Result<PageSet> {
    let count = superblock.bitmap_pages;
    let fits = count == 0 || count == bitmap_pages(superblock.pages);
    if superblock.pages > pages || !fits {
        return Err(Error::corrupt(format!(
            "{path} was cut short: the superblock tells of {} pages, the file has {pages}; restore \
             the store from a backup or a replica",
            superblock.pages
        )));
    }
    let mut set = PageSet::new();
    let mut buffer = Buffer::zeroed(count as usize);
    if count > 0 {
        file.read_at(buffer.bytes_mut(), superblock.bitmap.page.offset())?;
    }
    for (position, page) in (superblock.bitmap.page.0..).zip(&buffer.0) {
        let whole = page.stored_checksum() == page.checksum(superblock.salt)
            && page.kind() == Some(PageKind::Bitmap)
            && page.id() == PageId(position)
            && page.birth() == superblock.batch;
        if !whole {
            return Err(Error::corrupt(format!(
                "{path}: bitmap page {position} at offset {} is damaged; restore the store from a \
                 backup or a replica",
                PageId(position).offset()
            )));
        }
        decode_bitmap(page, &mut set);
    }
    set.resize(set.len().max((pages as usize).div_ceil(64)), 0);
    // What lies beyond the file as the superblock knew it, and the superblocks, is in no Cut.
    for page in 0..u32::try_from(set.len() * 64).unwrap_or(u32::MAX) {
        let inside = (PageId::FIRST.0..superblock.pages).contains(&page);
        if !inside && set[page as usize / 64] >> (page % 64) & 1 != 0 {
            return Err(Error::corrupt(format!("{path}: the bitmap has page {page}")));
        }
    }
    Ok(set)
}
