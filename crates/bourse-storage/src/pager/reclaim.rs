//! When the places of dead pages are free again: rule I1 and I2 of the pager, step by step.
//!
//! A dead page first waits in `dying`, in order of death. When its death is published a *mark* is
//! put behind it with a stamp of the epochs; when that is past, the page is *examined*: held Cuts
//! first, then writes in flight, then superblocks. What stands in the way decides where it waits,
//! and each waiting place is looked at again only when that can have changed.
//!
//! # Invariants
//! - **I1** `dying` is sorted by death; a mark's stamp was taken after the deaths before it were
//!   seen published.
//! - **I2** The held Cuts that an examination uses were collected after the horizon that the
//!   page's mark was judged by.
//! - **I3** The work of one call is bounded by a part of what waits, so that a commit pays for
//!   about as much as it leaves.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;

use crate::bug::{self, Bug};
use crate::cache::frames::{DIRTY, LIMBO, OWNED, RESIDENT, WRITING};
use crate::id::{Batch, PageId};
use crate::sync;

use super::Writer;
use super::lifetimes::Lifetimes;

/// Pages examined in one call, at least.
const EXAMINED_MIN: usize = 256;
/// Pages looked at in vain in one call, for each waiting place.
const FAILURES_MAX: usize = 16;
/// Marks under way: more stamps would only disturb the readers.
const MARKS_MAX: usize = 2;
/// Most frames that a writer keeps for its next copies.
const HOT_MAX: usize = 1024;
/// Most frames that it keeps while nobody else reads: others have more use for the memory then.
const HOT_ALONE: usize = 64;
/// Least frames that it keeps, whatever the size of the cache.
const HOT_MIN: usize = 16;

/// A dead page, or the pages of a dead extent.
#[derive(Clone, Copy)]
pub(super) struct Retired {
    pub(super) first: u32,
    pub(super) pages: u32,
}

/// All dead pages of a shard whose positions are not free yet.
#[derive(Default)]
pub(super) struct Retirement {
    /// Newest batch known to be published.
    pub(super) published: Batch,
    dying: VecDeque<Retired>,
    /// Stamp, and how many at the front of `dying` (before the earlier marks' are taken off) it
    /// covers.
    marks: VecDeque<(u64, usize)>,
    /// Sum of the marks' counts.
    marked: usize,
    /// Grace period over, not examined yet.
    ready: VecDeque<Retired>,
    by_held: VecDeque<Retired>,
    by_superblock: Vec<Retired>,
    /// Pages in `by_superblock`.
    waiting: u32,
    in_flight: VecDeque<Retired>,
    /// Held Cuts, collected anew in each call.
    held: Vec<u64>,
}

impl Retirement {
    /// No dead pages, with batches up to `published` published.
    pub(super) fn new(published: Batch) -> Retirement {
        Retirement { published, ..Retirement::default() }
    }

    /// A page that dies now: the latest death so far (I1).
    pub(super) fn push(&mut self, retired: Retired) {
        self.dying.push_back(retired);
    }

    /// Takes out the pages whose deaths came after the published Cut: none of them is marked.
    pub(super) fn take_died_after(
        &mut self,
        published: Batch,
        lifetimes: &Lifetimes,
    ) -> Vec<Retired> {
        let late = |retired: &Retired| lifetimes.span(retired.first).1 > published;
        let first = self.dying.partition_point(|retired| !late(retired));
        assert!(first >= self.marked, "I1: marked deaths are published");
        self.dying.drain(first..).collect()
    }

    /// A page that only a mountable superblock has.
    pub(super) fn push_by_superblock(&mut self, retired: Retired) {
        self.waiting += retired.pages;
        self.by_superblock.push(retired);
    }

    /// A page that nobody has, but of which a write is in flight.
    pub(super) fn push_in_flight(&mut self, retired: Retired) {
        self.in_flight.push_back(retired);
    }

    /// A superblock was overwritten, or a checkpoint ended: look again.
    pub(super) fn superblocks_changed(&mut self) {
        self.waiting = 0;
        self.ready.extend(self.by_superblock.drain(..));
    }

    /// Dead pages that wait for nothing but superblocks.
    pub(super) fn waiting_for_superblocks(&self) -> u32 {
        self.waiting
    }

    /// Whether one of them lies at or above the position.
    pub(super) fn any_waiting_from(&self, page: u32) -> bool {
        self.by_superblock.iter().any(|retired| retired.first + retired.pages > page)
    }

    /// All dead pages.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Retired> {
        let queues = self.dying.iter().chain(&self.ready).chain(&self.by_held);
        queues.chain(&self.by_superblock).chain(&self.in_flight)
    }
}

/// What stands in the way of a dead page's frames.
enum Obstacle {
    None,
    InFlight,
    Checkpoint,
}

impl Writer {
    /// Makes the places of dead pages free as far as nobody can reach them: called after each
    /// publication, with the newest published batch.
    pub fn reclaim(&mut self, published: Batch) {
        self.retirement.published = self.retirement.published.max(published);
        self.pager.used.store(self.used(), Ordering::Relaxed);
        self.mark_published();
        let retirement = &self.retirement;
        let idle = retirement.marks.is_empty()
            && retirement.ready.is_empty()
            && retirement.by_held.is_empty()
            && retirement.in_flight.is_empty();
        if idle {
            return;
        }
        self.end_grace_periods();
        sync::point();
        // I2: after the horizon.
        let mut held = std::mem::take(&mut self.retirement.held);
        self.pager.held.collect(&mut held);
        self.retirement.held = held;
        self.under_latch(Writer::examine_waiting);
        self.settle_frames();
    }

    /// (a): marks the dead pages whose deaths are published by now.
    fn mark_published(&mut self) {
        let retirement = &mut self.retirement;
        if retirement.marks.len() >= MARKS_MAX {
            return;
        }
        let published = retirement.published;
        let from = retirement.marked;
        let mut to = from;
        while let Some(retired) = retirement.dying.get(to) {
            if self.lifetimes.span(retired.first).1 > published {
                break;
            }
            to += 1;
        }
        if to > from {
            retirement.marks.push_back((self.pager.cache.epochs().stamp(), to - from));
            retirement.marked = to;
        }
    }

    /// (b): what is marked with a past stamp is ready.
    fn end_grace_periods(&mut self) {
        let retirement = &mut self.retirement;
        if retirement.marks.is_empty() {
            return;
        }
        let horizon = self.pager.cache.epochs().horizon();
        while let Some(&(stamp, count)) = retirement.marks.front() {
            if stamp >= horizon {
                break;
            }
            retirement.marks.pop_front();
            retirement.marked -= count;
            retirement.ready.extend(retirement.dying.drain(..count));
        }
    }

    /// I3.
    fn examine_waiting(&mut self) {
        let limit = EXAMINED_MIN.max(self.retirement.ready.len() / 8);
        for _ in 0..limit {
            let Some(retired) = self.retirement.ready.pop_front() else { break };
            self.examine(retired);
        }
        let mut failures = 0;
        for _ in 0..limit.min(self.retirement.by_held.len()) {
            let waiting = self.retirement.by_held.len();
            let Some(retired) = self.retirement.by_held.pop_front() else { break };
            self.examine(retired);
            failures += usize::from(self.retirement.by_held.len() == waiting);
            if failures >= FAILURES_MAX {
                break;
            }
        }
        for _ in 0..FAILURES_MAX.min(self.retirement.in_flight.len()) {
            let Some(retired) = self.retirement.in_flight.pop_front() else { break };
            self.examine(retired);
        }
    }

    /// (c), (e), (d), in this order: a frame need not wait for superblocks.
    fn examine(&mut self, retired: Retired) {
        let (birth, death) = self.lifetimes.span(retired.first);
        let held = &self.retirement.held;
        let next = held.partition_point(|batch| *batch < birth.0);
        if held.get(next).is_some_and(|batch| *batch < death.0) {
            self.retirement.by_held.push_back(retired);
            return;
        }
        match self.release_frames(retired) {
            Obstacle::InFlight => self.retirement.in_flight.push_back(retired),
            Obstacle::Checkpoint => self.retirement.push_by_superblock(retired),
            Obstacle::None if self.is_mountable(birth, death) => {
                self.retirement.push_by_superblock(retired);
            }
            Obstacle::None => self.release_positions(retired),
        }
    }

    /// (d): whether a superblock's or the running checkpoint's Cut has a page with this life.
    fn is_mountable(&self, birth: Batch, death: Batch) -> bool {
        let reaches = |cut: Batch| birth <= cut && cut < death;
        let newest = self.pager.newest.load(Ordering::Acquire);
        let mut generations = self.generations.iter().enumerate();
        let early = bug::switched_on(Bug::IdentityWithoutBirth);
        self.checkpoint.is_some_and(reaches)
            || generations.any(|(slot, generation)| {
                let counts = !early || slot == newest;
                counts && generation.as_ref().is_some_and(|g| reaches(g.superblock.batch))
            })
    }

    /// Takes the pages' frames out of the table. Under the freeze latch; may be called again.
    fn release_frames(&mut self, retired: Retired) -> Obstacle {
        for page in retired.first..retired.first + retired.pages {
            let id = PageId(page);
            let Some(frame) = self.pager.file.table.frame(id) else { continue };
            let meta = self.pager.cache.meta(frame);
            let state = meta.state();
            assert!(state & RESIDENT != 0, "frames I1: a frame in the table is resident");
            if state & WRITING != 0 {
                return Obstacle::InFlight;
            }
            let dirty = state & DIRTY != 0;
            let part = |cut: Batch| self.lifetimes.is_part_of(page, cut);
            if dirty && self.checkpoint.is_some_and(part) {
                return Obstacle::Checkpoint;
            }
            self.pager.file.table.unlink(id, frame);
            if dirty {
                self.pager.file.dirty.fetch_sub(1, Ordering::Relaxed);
            }
            if meta.is_pinned() {
                meta.set_state(LIMBO);
                self.orphans.push(frame);
            } else {
                meta.set_state(OWNED);
                self.hot.push(frame);
            }
        }
        Obstacle::None
    }

    /// Takes the frames of pages that died while nobody else reads. Their positions wait as ever,
    /// and so does a frame of which a write is in flight. Under the freeze latch.
    pub(super) fn release_unread(&mut self) {
        while let Some(retired) = self.unread.pop() {
            self.release_frames(retired);
        }
    }

    fn release_positions(&mut self, retired: Retired) {
        for page in retired.first..retired.first + retired.pages {
            assert!(self.pager.file.table.frame(PageId(page)).is_none(), "I1 (e)");
            self.lifetimes.forget(page);
        }
        if retired.pages == 1 {
            self.allocator.free(retired.first);
        } else {
            self.allocator.free_run(retired.first, retired.pages);
        }
    }

    /// I3 of the pager: frees pages that no Cut ever had. Under the freeze latch.
    pub(super) fn release_now(&mut self, retired: Retired) {
        for page in retired.first..retired.first + retired.pages {
            self.lifetimes.forget(page);
        }
        match self.release_frames(retired) {
            Obstacle::None => self.release_positions(retired),
            Obstacle::InFlight | Obstacle::Checkpoint => self.retirement.push_in_flight(retired),
        }
    }

    /// Passes frames that the writer does not need, or that the cache wants back to become smaller,
    /// on to the cache. Without the freeze latch.
    pub(super) fn settle_frames(&mut self) {
        self.pager.cache.retire_frames(&mut self.orphans);
        self.pager.cache.take_back(&mut self.hot);
        // A small cache has few frames to spare for that.
        let most = if self.alone { HOT_ALONE } else { HOT_MAX };
        let most = (self.pager.cache.frames() / 64).clamp(HOT_MIN, most);
        if self.hot.len() > most {
            let surplus = self.hot.len() - most / 2;
            // The front has the frames that were freed first, the coldest.
            self.pager.cache.give_back(self.hot.drain(..surplus));
        }
    }
}
