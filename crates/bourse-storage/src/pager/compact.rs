//! Giving space back: a file with far more positions than it needs becomes shorter.
//!
//! The file gets a *ceiling*: no position at or above it is taken any more. Whoever knows the links
//! (the engine, by `tree::relocate`) copies the living pages from there to below by ordinary
//! copy-on-write; the bitmaps move as checkpoints rotate them. When nothing beyond the ceiling is
//! used for whatever reason, and neither superblock tells of it, the file is cut off there.
//!
//! Nothing of this is on disk but shorter files: a superblock tells only of pages that its Cut or
//! bitmap has, so a file is right whether or not a crash lost the truncation, and what of it an
//! open finds to be free is given back by the compaction after it.
//!
//! # Invariants
//! - **I1** A file is cut off only beyond all used positions (allocator I1): live pages, dead ones
//!   that somebody may reach, bitmaps, writes in flight, asides.
//! - **I2** It is cut off only beyond what both mountable superblocks tell of.
//! - **I3** The ceiling is a wish: who finds no position below it takes it away (`Writer::grow`),
//!   and a later checkpoint tries again.

use std::sync::atomic::Ordering;

use crate::error::Result;
use crate::id::{PAGE_SIZE, PageId};

use super::{Need, Writer};

/// Least pages of a file that was cut off.
const PAGES_MIN: u32 = 64;
/// Positions for what bitmaps take while they move.
const BITMAPS: u32 = 8;
/// Positions for pages that move in a small file.
const MOVES: u32 = 32;
/// Most pages cut off at once, 64 MiB: the writer waits for it.
const CUT_PAGES_MAX: u32 = 16_384;

impl Writer {
    /// Where a file should end with `used` positions in use, if it has far more: those, room for
    /// growth, and the places that pages changed from one checkpoint to the next take until no
    /// superblock has them as they were.
    fn wish(&self, used: u32, changes: u32) -> Option<u32> {
        let kept = self.kept_for_deletes() + BITMAPS + MOVES;
        let wanted = used.saturating_add(used / 8 + kept).saturating_add(changes);
        let wanted = wanted.max(PAGES_MIN).max(self.floor_of(used));
        let excess = self.pager.options.give_back_pages_min.max(wanted / 8);
        (wanted.saturating_add(excess) <= self.allocator.ceiling()).then_some(wanted)
    }

    /// Below this a large value had no place when as many positions were used.
    fn floor_of(&self, used: u32) -> u32 {
        let (end, used_then) = self.floor;
        if used >= used_then - used_then / 8 { end } else { 0 }
    }

    /// Pages made since the last call of [`Writer::forget_births`].
    pub fn births(&self) -> u32 {
        self.births
    }

    /// Counts new pages from zero again.
    pub fn forget_births(&mut self) {
        self.births = 0;
    }

    /// Positions in use for whatever reason.
    pub(super) fn used(&self) -> u32 {
        self.allocator.pages() - self.allocator.all_free()
    }

    /// Where positions are not taken any more: the end of the file, or the ceiling.
    pub fn ceiling(&self) -> u32 {
        self.allocator.ceiling()
    }

    /// The ceiling, if the file is to become shorter; lowers it if the file has far more than it
    /// needs even so, or lifts it where a large value found no place below. So many pages are
    /// changed from one checkpoint to the next; where many dead ones wait for superblocks it is too
    /// early to tell.
    pub fn lower_ceiling(&mut self, changes: u32) -> Option<PageId> {
        let (used, waiting) = (self.used(), self.retirement.waiting_for_superblocks());
        let run = std::mem::take(&mut self.missing_run);
        if run > 0 && self.allocator.ceiling() < self.allocator.pages() {
            // What was dead may be free by now, and such a run be there.
            let end = self.allocator.end_of_run(run).unwrap_or(self.allocator.pages());
            if end > self.allocator.ceiling() {
                self.allocator.set_ceiling(end);
                self.floor = (end, used);
            }
        } else if waiting <= used / 8
            && let Some(wish) = self.wish(used, changes)
        {
            self.allocator.set_ceiling(wish);
        }
        let ceiling = self.allocator.ceiling();
        (ceiling < self.allocator.pages()).then_some(PageId(ceiling))
    }

    /// Whether there is room below the ceiling for an operation that nobody has asked for.
    pub fn has_room(&mut self, need: impl Into<Need>) -> bool {
        let need = need.into();
        let free = self.allocator.free_count().saturating_sub(BITMAPS) as usize;
        let run = u32::try_from(need.run()).unwrap_or(u32::MAX);
        if free < need.positions() {
            return false;
        }
        let found = self.allocator.move_tail(run);
        if !found {
            self.missing_run = self.missing_run.max(run);
        }
        found
    }

    /// Whether some page that lives has to move below the ceiling.
    pub fn has_pages_beyond(&self) -> bool {
        let runs = self.generations.iter().flatten().filter_map(|generation| generation.run);
        let runs: Vec<_> = runs.chain(self.spare).collect();
        let in_run =
            |page| runs.iter().any(|run| (run.first..run.first + run.pages).contains(&page));
        let is_such = |page| self.lifetimes.is_alive(page) && !in_run(page);
        self.allocator.any_used_from(self.allocator.ceiling(), is_such)
    }

    /// Dead pages that a checkpoint more would set free.
    pub fn pages_waiting_for_superblocks(&self) -> u32 {
        self.retirement.waiting_for_superblocks()
    }

    /// Whether another checkpoint or two may bring the file nearer to being shorter.
    pub fn may_become_shorter(&self, changes: u32) -> bool {
        let waiting = self.retirement.waiting_for_superblocks();
        if self.wish(self.used() - waiting, changes).is_some() {
            return true;
        }
        let ceiling = self.allocator.ceiling();
        if ceiling == self.allocator.pages() {
            return false;
        }
        let waits = self.missing_run > 0 || self.retirement.any_waiting_from(ceiling);
        waits || self.told_end() > ceiling
    }

    /// Where the pages end that a mountable superblock tells of.
    fn told_end(&self) -> u32 {
        self.mountable().map(|superblock| superblock.pages).max().unwrap_or(u32::MAX)
    }

    /// Cuts off what is free beyond the ceiling, some of it if it is much. Returns how many pages
    /// that were: none when there are no more for now.
    ///
    /// # Errors
    /// The disk's: the file is as long as it was, or shorter. `Closed` after a failure.
    pub fn give_back(&mut self) -> Result<u32> {
        self.pager.check_open()?;
        assert!(self.checkpoint.is_none(), "a running checkpoint has a superblock of its own");
        let (ceiling, pages) = (self.allocator.ceiling(), self.allocator.pages());
        if ceiling == pages {
            return Ok(0);
        }
        // I1, I2.
        let end = self.allocator.used_end().max(self.told_end()).max(ceiling);
        let least = self.pager.options.give_back_pages_min.min(pages - ceiling);
        if pages.saturating_sub(end) < least.max(1) {
            return Ok(0);
        }
        let end = end.max(pages.saturating_sub(CUT_PAGES_MAX));
        self.pager.file.file.truncate(u64::from(end) * PAGE_SIZE as u64)?;
        self.allocator.shrink(end);
        self.lifetimes.shrink(end);
        self.pager.pages.store(end, Ordering::Release);
        self.pager.used.store(self.used(), Ordering::Relaxed);
        Ok(pages - end)
    }

    /// The bug of cutting off what the superblocks on disk still tell of. `end` is where the pages
    /// of the next one end.
    pub(super) fn cut_off_early(&mut self, end: u32) -> Result<()> {
        let ceiling = self.allocator.ceiling();
        if ceiling < self.allocator.pages() && end <= ceiling {
            self.pager.file.file.truncate(u64::from(ceiling) * PAGE_SIZE as u64)?;
        }
        Ok(())
    }
}
