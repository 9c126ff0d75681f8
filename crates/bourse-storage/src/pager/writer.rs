//! The writing side of a shard's pager: one for each shard, used under the shard's mutex.
//!
//! An operation runs in turns: reserve frames and positions, take the freeze latch, run it; if it
//! misses a page it has changed nothing, and it runs again after the page was loaded without the
//! latch. Extents too large for frames are written when the latch is free again; if that fails,
//! the head names a value that is not on disk, so all writing ends and recovery decides.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use hashbrown::HashMap;

use crate::cache::flush::{Buffer, ShardFile};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{Batch, PAGE_SIZE, PageId};
use crate::page::extent_pages;
use crate::store::{Step, Stop};

use super::allocator::Allocator;
use super::checkpoint::{Generation, Run};
use super::lifetimes::Lifetimes;
use super::reclaim::{Retired, Retirement};
use super::store::Store;
use super::superblock::Superblock;
use super::superblock::bitmap_pages;
use super::{FRAMED_EXTENT_PAGES, Pager};

/// Least pages that a file grows by: 256 KiB.
const GROWTH_MIN: u32 = 64;
/// A file grows by this part of itself.
const GROWTH_PART: u32 = 32;
/// The part of a file that is kept for deletes, within limits.
const RESERVE_PART: u32 = 32;
/// Least positions kept for deletes.
const RESERVE_MIN: u32 = 32;
/// Pages that are asked for as they are: 16 MiB.
const FEW_PAGES: usize = 4_096;
/// Most pages that a file grows by when less would do: 64 MiB.
const GROWTH_MAX: u32 = 16_384;

/// What an operation may need. A number of pages converts into it.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Need {
    pages: usize,
    run: usize,
    framed: usize,
    /// Bytes of the keys and values, where that is known of all changes.
    bytes: usize,
}

impl From<usize> for Need {
    fn from(pages: usize) -> Need {
        Need { pages, ..Need::default() }
    }
}

impl Need {
    /// Positions that it needs.
    pub(super) fn positions(self) -> usize {
        self.pages + self.run
    }

    /// Those of them that must be consecutive.
    pub(super) fn run(self) -> usize {
        self.run
    }

    /// The same, of keys and values with `bytes` bytes more.
    #[must_use]
    pub fn with_bytes(mut self, bytes: usize) -> Need {
        self.bytes += bytes;
        self
    }

    /// What many changes need of a file with `used` pages. One change copies the pages on its way
    /// and divides some of them, and what that takes is surely enough; but of many changes each
    /// page is copied once at most, and pages that are divided stay half full. So their sum, which
    /// would be gigabytes, is not asked for. A file that needs more than this grows when it does.
    fn of_many(mut self, used: usize) -> Need {
        let grown = 3 * self.bytes / PAGE_SIZE + self.pages / 256;
        self.pages = self.pages.min(FEW_PAGES + used + grown);
        self
    }

    /// The same, and `pages` more.
    #[must_use]
    pub fn and(mut self, pages: usize) -> Need {
        self.pages += pages;
        self
    }

    /// The same, and an extent for a value of `bytes` bytes.
    #[must_use]
    pub fn with_value(mut self, bytes: usize) -> Need {
        let pages = extent_pages(bytes);
        self.run += pages;
        if pages <= FRAMED_EXTENT_PAGES {
            self.framed += pages;
        }
        self
    }
}

/// A tree under construction that no Cut has yet.
#[derive(PartialEq, Eq, Debug)]
pub struct Aside(u64);

/// Writes one shard's pages. Whoever has it holds the shard's mutex.
pub struct Writer {
    pub(super) pager: Arc<Pager>,
    /// The pager's, once it was locked: see [`Writer::under_latch`].
    file: Option<Arc<ShardFile>>,
    pub(super) batch: Batch,
    pub(super) allocator: Allocator,
    pub(super) lifetimes: Lifetimes,
    /// Frames for new pages, the one freed last on top: its lines are in the processor's cache.
    pub(super) hot: Vec<u32>,
    /// Frames out of the table that a reader still has pinned.
    pub(super) orphans: Vec<u32>,
    /// Positions of pages made since the last checkpoint; may name one twice, or clean ones.
    pub(super) dirty: Vec<u32>,
    pub(super) retirement: Retirement,
    /// Extents to be written when the operation is over.
    pub(super) direct: Vec<(u32, Buffer)>,
    pub(super) asides: HashMap<u64, Vec<u32>>,
    next_aside: u64,
    pub(super) generations: [Option<Generation>; 2],
    /// Cut of the running checkpoint.
    pub(super) checkpoint: Option<Batch>,
    /// Where the next checkpoint's bitmap goes.
    pub(super) spare: Option<Run>,
    /// Pages made since [`Writer::forget_births`].
    pub(super) births: u32,
    /// Consecutive positions that were not found below the ceiling.
    pub(super) missing_run: u32,
    /// Where the ceiling was lifted to for that, and how many positions were used then.
    pub(super) floor: (u32, u32),
    /// Nobody else reads the shard's pages.
    pub(super) alone: bool,
    /// Pages that died in the operation at hand while nobody else read.
    pub(super) unread: Vec<Retired>,
}

impl Writer {
    pub(super) fn new(
        pager: Arc<Pager>,
        batch: Batch,
        allocator: Allocator,
        generations: [Option<Generation>; 2],
    ) -> Writer {
        let mut lifetimes = Lifetimes::default();
        lifetimes.grow(allocator.pages());
        Writer {
            pager,
            file: None,
            batch,
            allocator,
            lifetimes,
            hot: Vec::new(),
            orphans: Vec::new(),
            dirty: Vec::new(),
            retirement: Retirement::new(batch),
            direct: Vec::new(),
            asides: HashMap::new(),
            next_aside: 1,
            generations,
            checkpoint: None,
            spare: None,
            births: 0,
            missing_run: 0,
            floor: (0, 0),
            alone: false,
            unread: Vec::new(),
        }
    }

    /// The pager that this writes.
    pub fn pager(&self) -> &Arc<Pager> {
        &self.pager
    }

    /// The superblocks that an open may choose, in no order.
    pub fn mountable(&self) -> impl Iterator<Item = &Superblock> {
        self.generations.iter().flatten().map(|generation| &generation.superblock)
    }

    /// The batch that changes belong to.
    pub fn batch(&self) -> Batch {
        self.batch
    }

    /// Changes belong to this batch from now on; pages of earlier ones never change again.
    pub fn begin_batch(&mut self, batch: Batch) {
        assert!(batch >= self.batch, "batches never go back: {batch} after {}", self.batch);
        self.batch = batch;
    }

    /// From now on nobody but this writer reads the shard's pages, and nobody will read the Cuts
    /// that there were before [`Writer::end_alone`]: so it is during recovery. What dies leaves
    /// memory at once (pager I2).
    pub fn begin_alone(&mut self) {
        self.alone = true;
    }

    /// Others may read the head, or what becomes of it.
    pub fn end_alone(&mut self) {
        self.alone = false;
        self.settle_frames();
    }

    /// Makes sure that the file has free positions for what follows. An ordinary reservation
    /// leaves those alone that are kept for deletes.
    ///
    /// # Errors
    /// `Full` when the disk or the file's limit does not allow it; `Closed` after a failure.
    pub fn reserve(&mut self, need: impl Into<Need>, for_delete: bool) -> Result<()> {
        self.pager.check_open()?;
        // The next checkpoint must find a place for its bitmap, or no delete would ever free space.
        let bitmap = self.spare_wanted(self.allocator.pages()).unwrap_or(0);
        let kept = if for_delete { 0 } else { self.kept_for_deletes() };
        let used = self.allocator.pages() - self.allocator.free_count();
        self.reserve_positions(need.into().of_many(used as usize), kept + bitmap)
    }

    /// In a small file there is little to delete.
    pub(super) fn kept_for_deletes(&self) -> u32 {
        let part = (self.allocator.pages() / RESERVE_PART).max(RESERVE_MIN);
        part.min(self.pager.options.reserve_pages)
    }

    fn reserve_positions(&mut self, need: Need, kept: u32) -> Result<()> {
        let total = u32::try_from(need.pages + need.run).ok().and_then(|n| n.checked_add(kept));
        let (Some(total), Ok(run)) = (total, u32::try_from(need.run)) else {
            return Err(Error::invalid("an operation needs more pages than a file can have"));
        };
        // What a larger bitmap takes of the new pages may make another turn necessary.
        while self.allocator.free_count() < total || self.allocator.tail_count() < run {
            self.grow(total, run)?;
        }
        Ok(())
    }

    /// Grows the file so that `total` positions are free, `run` of them in one run; or finds them
    /// in the file when it cannot grow.
    fn grow(&mut self, total: u32, run: u32) -> Result<()> {
        let pages = self.allocator.pages();
        if self.allocator.ceiling() < pages {
            if self.allocator.free_count() < total || !self.allocator.move_tail(run) {
                // What was to be given back is needed.
                self.allocator.set_ceiling(pages);
            }
            return Ok(());
        }
        let missing = total
            .saturating_sub(self.allocator.free_count())
            .max(run.saturating_sub(self.allocator.tail_count()));
        let chunk = (pages / GROWTH_PART).clamp(GROWTH_MIN, GROWTH_MAX);
        let mut refusal = None;
        for extra in [missing.max(chunk), missing] {
            let bitmap = self.spare_wanted(pages.saturating_add(extra)).unwrap_or(0);
            let Some(target) = pages.checked_add(extra).and_then(|n| n.checked_add(bitmap)) else {
                continue;
            };
            if target > self.pager.options.max_pages {
                continue;
            }
            match self.pager.file.file.allocate(u64::from(target) * PAGE_SIZE as u64) {
                Ok(()) => {
                    self.extend(target);
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::Full => refusal = Some(error),
                Err(error) => return Err(error),
            }
        }
        if self.allocator.free_count() >= total && self.allocator.move_tail(run) {
            return Ok(());
        }
        let message = format!(
            "{} cannot grow beyond {pages} pages: delete rows and wait for two checkpoints, or \
             make space on the disk",
            self.pager.file.path
        );
        let error = Error::new(ErrorKind::Full, message);
        Err(match refusal {
            Some(cause) => error.with_source(cause),
            None => error,
        })
    }

    fn extend(&mut self, pages: u32) {
        self.allocator.grow(pages);
        self.lifetimes.grow(pages);
        self.pager.pages.store(pages, Ordering::Release);
        self.replace_spare();
    }

    /// Pages that a new spare must have for a file of `pages` pages, if the present one is too
    /// small, or lies where the file is to be cut off.
    fn spare_wanted(&self, pages: u32) -> Option<u32> {
        let least = bitmap_pages(pages);
        let end = self.allocator.ceiling();
        let fits = |spare: Run| spare.pages >= least && spare.first + spare.pages <= end;
        (!self.spare.is_some_and(fits)).then(|| least + least / 4 + 1)
    }

    /// Whether a run is as large as the spare of this file should be, and lies where it should.
    pub(super) fn is_spare(&self, run: Run) -> bool {
        let least = bitmap_pages(self.allocator.pages());
        let fits = run.pages >= least && run.pages <= 4 * least + 4;
        fits && run.first + run.pages <= self.allocator.ceiling()
    }

    /// Takes another run for the next bitmap if it needs one and one is free.
    pub(super) fn replace_spare(&mut self) {
        let Some(pages) = self.spare_wanted(self.allocator.pages()) else { return };
        let Some(first) = self.allocator.take_run(pages) else { return };
        for page in first..first + pages {
            self.lifetimes.forget(page);
        }
        if let Some(old) = self.spare.replace(Run { first, pages }) {
            self.allocator.free_run(old.first, old.pages);
        }
    }

    /// Makes sure that the next checkpoint has room for its bitmap.
    ///
    /// # Errors
    /// `Full` when it cannot be had.
    pub(super) fn reserve_spare(&mut self) -> Result<()> {
        self.replace_spare();
        if let Some(pages) = self.spare_wanted(self.allocator.pages()) {
            let need = Need { run: pages as usize, ..Need::default() };
            let reserved = self.reserve_positions(need, 0);
            self.replace_spare();
            // One that only lies badly will do.
            if !self.has_spare() {
                reserved?;
            }
        }
        assert!(self.has_spare(), "pager I7: the bitmap has a place");
        Ok(())
    }

    fn has_spare(&self) -> bool {
        let least = bitmap_pages(self.allocator.pages());
        self.spare.is_some_and(|spare| spare.pages >= least)
    }

    /// Frames for what follows, from the writer's own list or from the cache.
    fn reserve_frames(&mut self, frames: usize) -> Result<()> {
        while self.hot.len() < frames {
            let frame = self.pager.cache.take_frame(self.pager.index, None)?;
            // The frames that are warm stay on top.
            self.hot.insert(0, frame);
        }
        Ok(())
    }

    /// Runs an operation that changes the head. It needs at most `need`, reads before it writes,
    /// and has changed nothing when it returns an error.
    ///
    /// # Errors
    /// What the operation or the loading of a page ends with; `Full` when the reservation fails;
    /// `Closed` after a failure that ended writing.
    pub fn write<T>(
        &mut self,
        need: impl Into<Need>,
        op: impl FnMut(&mut Store<'_>) -> Step<T>,
    ) -> Result<T> {
        self.write_to(None, need.into(), op)
    }

    /// Runs an operation that builds a tree aside. It changes only pages of the aside.
    ///
    /// # Errors
    /// As [`Writer::write`].
    pub fn write_aside<T>(
        &mut self,
        aside: &Aside,
        need: impl Into<Need>,
        op: impl FnMut(&mut Store<'_>) -> Step<T>,
    ) -> Result<T> {
        assert!(self.asides.contains_key(&aside.0), "the aside is this writer's");
        self.write_to(Some(aside.0), need.into(), op)
    }

    fn write_to<T>(
        &mut self,
        aside: Option<u64>,
        need: Need,
        mut op: impl FnMut(&mut Store<'_>) -> Step<T>,
    ) -> Result<T> {
        loop {
            self.pager.check_open()?;
            self.reserve_positions(need, 0)?;
            self.reserve_frames(need.pages + need.framed)?;
            let result = self.under_latch(|writer| {
                let result = op(&mut Store { writer, aside });
                writer.release_unread();
                result
            });
            self.settle_frames();
            self.write_direct()?;
            match result {
                Ok(value) => {
                    self.trim_dirty();
                    return Ok(value);
                }
                Err(Stop::Error(error)) => return Err(error),
                Err(Stop::Miss(link)) => self.pager.load(link)?,
            }
        }
    }

    /// Runs `body` under the freeze latch. The file is taken out for that, and put back: its count
    /// of owners lies beside what readers look at, so it is not counted up and down each time.
    #[inline]
    pub(super) fn under_latch<T>(&mut self, body: impl FnOnce(&mut Writer) -> T) -> T {
        let file = self.file.take().unwrap_or_else(|| Arc::clone(&self.pager.file));
        let result = {
            let _latch = file.freeze.lock();
            body(self)
        };
        self.file = Some(file);
        result
    }

    /// Gives frames back that the cache wants in order to become smaller. A writer at work does so
    /// by itself; one that has nothing to do is called for it (`PageCache::resize`).
    pub fn yield_frames(&mut self) {
        self.settle_frames();
    }

    fn write_direct(&mut self) -> Result<()> {
        for (first, buffer) in self.direct.drain(..) {
            let written = self.pager.file.file.write_at(buffer.bytes(), PageId(first).offset());
            written.inspect_err(|error| self.pager.file.fail(error))?;
        }
        Ok(())
    }

    /// Keeps the list of dirty positions in proportion to the dirty pages.
    fn trim_dirty(&mut self) {
        let dirty = self.pager.file.dirty.load(Ordering::Relaxed);
        if self.dirty.len() as u64 > 4096 + 2 * dirty {
            self.list_dirty();
        }
    }

    /// Begins a tree of which no Cut knows until it is attached. Several may be open at once.
    pub fn begin_aside(&mut self) -> Aside {
        let aside = self.next_aside;
        self.next_aside += 1;
        self.asides.insert(aside, Vec::new());
        Aside(aside)
    }

    /// The aside's pages belong to the head from the current batch on.
    pub fn attach(&mut self, aside: Aside) {
        let pages = self.asides.remove(&aside.0);
        assert!(pages.is_some(), "the aside is this writer's");
        for page in pages.into_iter().flatten() {
            if self.lifetimes.is_aside(page, aside.0) {
                self.lifetimes.bear(page, self.batch);
            }
        }
    }

    /// The aside's pages are free at once.
    pub fn abandon(&mut self, aside: Aside) {
        let pages = self.asides.remove(&aside.0);
        assert!(pages.is_some(), "the aside is this writer's");
        self.under_latch(|writer| {
            for page in pages.into_iter().flatten() {
                if writer.lifetimes.is_aside(page, aside.0) {
                    writer.release_now(Retired { first: page, pages: 1 });
                }
            }
        });
        self.settle_frames();
    }

    /// Free positions in the file, for metrics.
    pub fn free_pages(&self) -> u32 {
        self.allocator.all_free()
    }

    /// Dead pages whose positions are not free yet, for metrics.
    pub fn retired_pages(&self) -> u64 {
        self.retirement.iter().map(|retired| u64::from(retired.pages)).sum()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.pager.cache.retire_frames(&mut self.orphans);
        self.pager.cache.give_back(self.hot.drain(..));
    }
}
