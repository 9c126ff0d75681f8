//! Checkpoints: a durable Cut's pages to disk, then a superblock that names them.
//!
//! ```text
//!   begin_checkpoint   under the shard's mutex: which pages, which bitmap; the Cut counts as held
//!   run_checkpoint     without it: pages, bitmap -> sync -> the older superblock, twice -> sync
//!   end_checkpoint     under it: what only the overwritten generation had can be reclaimed
//! ```
//!
//! # Invariants
//! - **I1** The bitmap has exactly the positions of pages with `birth <= n < death`: no page of an
//!   aside, none of a later batch, no bitmap.
//! - **I2** The bitmap is written to positions that no generation names.
//! - **I3** A generation is overwritten only after the pages of its successor are durable, and its
//!   Cut protects positions until the successor's superblock is durable too.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::bug::{self, Bug};
use crate::cache::flush::{Buffer, PageSet};
use crate::cache::frames::{DIRTY, WRITING};
use crate::error::{Error, Result};
use crate::id::{Batch, Link, Lsn, PageId};
use crate::sync;

use super::superblock::{META_MAX, Superblock, bitmap_pages, encode_bitmap};
use super::{Pager, Writer};

/// Pages frozen under one hold of the latch.
const FREEZE_BATCH: usize = 256;

/// Consecutive positions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Run {
    pub(super) first: u32,
    pub(super) pages: u32,
}

/// A superblock on disk that open may choose.
pub(super) struct Generation {
    pub(super) superblock: Superblock,
    /// Positions taken for its bitmap; may be more than it uses.
    pub(super) run: Option<Run>,
}

/// The Cut that a checkpoint writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckpointCut {
    /// The Cut's batch. It is durable, and published or held.
    pub batch: Batch,
    /// The Cut has the log's records up to here.
    pub lsn: Lsn,
    /// The Cut's root, as the engine encodes it.
    pub root: [u8; 24],
    /// The engine's own bytes, at most [`META_MAX`].
    pub meta: Vec<u8>,
}

/// A checkpoint on its way.
pub struct Plan {
    superblock: Superblock,
    /// Which generation is overwritten.
    slot: usize,
    run: Run,
    /// Dirty pages of the Cut, ascending.
    pages: Vec<u32>,
    set: Arc<PageSet>,
    done: AtomicBool,
}

impl Plan {
    /// Pages that were dirty when the checkpoint began.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }
}

impl Writer {
    /// Begins a checkpoint of a durable Cut. One at a time.
    ///
    /// # Errors
    /// `InvalidInput` when `meta` is too long, `Full` when its bitmap has no place, `Closed` after
    /// a failure that ended writing.
    pub fn begin_checkpoint(&mut self, cut: CheckpointCut) -> Result<Plan> {
        self.pager.check_open()?;
        if cut.meta.len() > META_MAX {
            let length = cut.meta.len();
            return Err(Error::invalid(format!(
                "a superblock takes {META_MAX} bytes of meta, not {length}"
            )));
        }
        assert!(self.checkpoint.is_none(), "one checkpoint at a time");
        let known = cut.batch >= self.retirement.published
            || self.pager.held.any_in(cut.batch, cut.batch.next());
        assert!(known, "pager I1 (c): Cut {} is the newest published, or held", cut.batch);
        let newest = self.pager.newest.load(Ordering::Relaxed);
        let last = self.generations[newest].as_ref().map(|g| &g.superblock);
        assert!(last.is_none_or(|last| last.batch <= cut.batch), "checkpoints never go back");
        let generation = last.map_or(1, |last| last.generation + 1);
        self.reserve_spare()?;
        let Some(run) = self.spare.take() else { unreachable!("the spare was reserved") };
        // Pages of the Cut do not change in place from now on.
        self.batch = self.batch.max(cut.batch.next());
        self.checkpoint = Some(cut.batch);
        let set = self.allocated_in(cut.batch, run);
        self.list_dirty();
        let pages = self.dirty.iter().copied();
        let pages = pages.filter(|page| self.lifetimes.is_part_of(*page, cut.batch)).collect();
        // Not the whole file, so that what is free at its end can be cut off.
        let count = end_of(&set).max(run.first + run.pages);
        let options = &self.pager.options;
        let superblock = Superblock {
            store: options.store,
            shard: options.shard,
            generation,
            batch: cut.batch,
            lsn: cut.lsn,
            root: cut.root,
            meta: cut.meta,
            bitmap: Link { page: PageId(run.first), birth: cut.batch.low() },
            bitmap_pages: bitmap_pages(count),
            pages: count,
            salt: self.pager.file.salt,
        };
        if bug::switched_on(Bug::TruncateBeforeSuperblock) {
            self.cut_off_early(count)?;
        }
        let (slot, set, done) = (1 - newest, Arc::new(set), AtomicBool::new(false));
        Ok(Plan { superblock, slot, run, pages, set, done })
    }

    /// I1.
    fn allocated_in(&mut self, cut: Batch, next: Run) -> PageSet {
        let mut set = self.allocator.used().to_vec();
        let mut clear = |first: u32, pages: u32| {
            for page in first..first + pages {
                set[page as usize / 64] &= !(1 << (page % 64));
            }
        };
        clear(0, PageId::FIRST.0);
        let end = self.allocator.pages();
        clear(end, end.next_multiple_of(64) - end);
        clear(next.first, next.pages);
        for run in self.generations.iter().flatten().filter_map(|g| g.run) {
            clear(run.first, run.pages);
        }
        for retired in self.retirement.iter() {
            if self.lifetimes.span(retired.first).1 <= cut {
                clear(retired.first, retired.pages);
            }
        }
        self.lifetimes.retain_born_by(&mut set, cut);
        set
    }

    /// Drops clean and reused positions from the list of dirty ones, and sorts it.
    pub(super) fn list_dirty(&mut self) {
        let pager = &self.pager;
        {
            // Without the latch a page could move between the two looks, and seem clean.
            let _latch = pager.file.freeze.lock();
            self.dirty.retain(|page| {
                let frame = pager.file.table.frame(PageId(*page));
                sync::point();
                frame.is_some_and(|frame| pager.cache.meta(frame).state() & DIRTY != 0)
            });
        }
        self.dirty.sort_unstable();
        self.dirty.dedup();
    }

    /// Ends a checkpoint, whether [`Pager::run_checkpoint`] succeeded or not.
    pub fn end_checkpoint(&mut self, plan: Plan) {
        assert_eq!(self.checkpoint, Some(plan.superblock.batch), "the checkpoint is this writer's");
        self.checkpoint = None;
        let unused = if plan.done.load(Ordering::Acquire) {
            self.pager.file.mountable.lock()[plan.slot] = plan.set;
            self.pager.newest.store(plan.slot, Ordering::Release);
            let generation = Generation { superblock: plan.superblock, run: Some(plan.run) };
            self.generations[plan.slot].replace(generation).and_then(|old| old.run)
        } else if self.pager.check_open().is_ok() {
            Some(plan.run)
        } else {
            // The superblock may or may not be on disk: its bitmap stays (pager I6).
            None
        };
        if let Some(run) = unused {
            // I2: no generation names it any more.
            if self.spare.is_none() && self.is_spare(run) {
                self.spare = Some(run);
            } else {
                self.allocator.free_run(run.first, run.pages);
            }
        }
        self.replace_spare();
        self.retirement.superblocks_changed();
    }
}

/// One beyond the last page of a set.
fn end_of(set: &[u64]) -> u32 {
    let last = set.iter().rposition(|word| *word != 0);
    let end = last.map_or(0, |word| (word + 1) * 64 - set[word].leading_zeros() as usize);
    u32::try_from(end).unwrap_or(u32::MAX).max(PageId::FIRST.0)
}

impl Pager {
    /// Writes a checkpoint's pages and its superblock. Needs no mutex.
    ///
    /// # Errors
    /// The failed write. After a failed sync or superblock the file is written no more.
    pub fn run_checkpoint(&self, plan: &Plan) -> Result<()> {
        self.check_open()?;
        if bug::switched_on(Bug::SuperblockBeforePages) {
            self.write_superblock(plan)?;
            self.write_pages(plan)?;
            return self.file.sync();
        }
        // Pager I5.
        self.write_pages(plan)?;
        self.file.sync()?;
        self.write_superblock(plan)
    }

    fn write_pages(&self, plan: &Plan) -> Result<()> {
        let mut late = Vec::new();
        for pages in plan.pages.chunks(FREEZE_BATCH) {
            let (mut frozen, in_flight) = self.freeze(pages);
            late.extend(in_flight);
            self.file.write_frozen(&self.cache, &mut frozen)?;
        }
        // Pages that eviction was writing: they are on disk now, unless that failed.
        while !late.is_empty() {
            let (mut frozen, in_flight) = self.freeze(&late);
            self.file.write_frozen(&self.cache, &mut frozen)?;
            late = in_flight;
            if !late.is_empty() {
                sync::sleep(Duration::from_micros(50));
            }
        }
        let mut bitmap = Buffer::zeroed(plan.superblock.bitmap_pages as usize);
        let (first, salt) = (plan.run.first, self.file.salt);
        encode_bitmap(&plan.set, first, plan.superblock.batch, salt, &mut bitmap.0);
        self.file.file.write_at(bitmap.bytes(), PageId(first).offset())
    }

    /// Freezes those of the plan's pages that are still dirty; also gives those that somebody is
    /// writing now. A page of the plan keeps its position: the Cut counts as held.
    fn freeze(&self, pages: &[u32]) -> (Vec<(PageId, u32)>, Vec<u32>) {
        let (mut frozen, mut in_flight) = (Vec::new(), Vec::new());
        let _latch = self.file.freeze.lock();
        for page in pages {
            let id = PageId(*page);
            let Some(frame) = self.file.table.frame(id) else { continue };
            if self.file.freeze_page(&self.cache, frame) {
                frozen.push((id, frame));
            } else if self.cache.meta(frame).state() & WRITING != 0 {
                in_flight.push(*page);
            }
        }
        (frozen, in_flight)
    }

    fn write_superblock(&self, plan: &Plan) -> Result<()> {
        let mut copies = Buffer::zeroed(2);
        let first = u32::from(plan.slot == 1) * 2;
        for (position, page) in (first..).zip(&mut copies.0) {
            plan.superblock.encode(page, position);
        }
        let written = self.file.file.write_at(copies.bytes(), PageId(first).offset());
        written.inspect_err(|error| self.file.fail(error))?;
        self.file.sync()?;
        plan.done.store(true, Ordering::Release);
        Ok(())
    }
}
