#![expect(unsafe_code, reason = "frames' memory is handed out by reference")]
//! The page cache: frames of 4 KiB in memory, shared by all shards.
//!
//! # The idea
//!
//! Sealed pages never change, so a reader needs no latch on a page and no validation after reading
//! it, only the certainty that its frame is not reused meanwhile. It *pins* an epoch (a store to a
//! line of its own), follows links through each shard's [`frames::FrameTable`], and unpins. A page
//! that is not there ends the operation; it is loaded without a pin, and the operation runs again.
//! A hit writes nothing that others read, except a reference bit that is mostly set already.
//!
//! The obvious design, a hash table with a latch and a count on each page, costs two contended
//! atomic writes per page read and made the root page of every tree a bottleneck.
//!
//! # Invariants
//! - **I1** Frames change hands only under the cache mutex (free list, queues, limbo, moves) or,
//!   within one shard, under the shard's freeze latch by its one writer.
//! - **I2** A frame that was reachable is reused only after a grace period that began when it was
//!   unlinked, or when its page was dead in all Cuts that anybody can reach; and with count 0.
//! - **I3** Latch order: the mutex of who resizes, then the cache mutex, then a freeze latch, that
//!   by `try_lock` only. A thread that holds a freeze latch never takes the cache mutex.
//! - **I4** No I/O and no wait happens while pinned, or under the cache mutex.
//! - **I5** A frame is in at most one of the two queues, whatever its state; a FREE one that is
//!   still in a queue leaves it when it comes up, or is found there again by its next owner.
//! - **I6** Nothing on the way of a read depends on the size of the cache: it changes by arenas
//!   that no table names any more (`resize`).
//!
//! `README.md` beside this file tells how eviction chooses, and how the size changes.

use std::sync::Arc;

use crate::error::Result;
use crate::page::Page;
use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use crate::sync::flaw::{Flaw, has};
use crate::sync::{Mutex, MutexGuard};

mod arena;
pub mod budget;
pub mod cell;
mod epoch;
mod evict;
pub(crate) mod flush;
pub(crate) mod frames;
mod held;
pub mod machine;
pub(crate) mod reads;
mod resize;
mod zeroed;

#[cfg(test)]
mod tests;

pub use epoch::{Epochs, Pin};
pub use held::{Held, HeldCuts};
pub use reads::PageStatistics;

use arena::{ARENA_FRAMES, ARENA_SIZE, Arena};
use evict::Queues;
use flush::ShardFile;
use frames::{FrameMeta, FrameMetas, LIMBO, OWNED, RESIDENT, WRITING};
use reads::{Accesses, KINDS};
use resize::{Arenas, Leaving};

/// Page memory for all shards of a store.
pub struct PageCache {
    arena: Arena,
    metas: FrameMetas,
    epochs: Epochs,
    queues: Mutex<Queues>,
    /// Frames that the cache has at its present size; changes only under the cache mutex.
    frames: AtomicU32,
    leaving: Leaving,
    /// Held while the size changes. It comes before the cache mutex.
    resizing: Mutex<()>,
    counters: Counters,
}

#[derive(Default)]
struct Counters {
    accesses: Accesses,
    evictions: AtomicU64,
    early_writes: AtomicU64,
    moves: AtomicU64,
}

/// What a cache did so far, and what it holds now.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct CacheStatistics {
    /// Frames that the cache has at its present size.
    pub frames: u64,
    /// Frames in use.
    pub resident: u64,
    /// Bytes of memory for frames, and for tables and notes of them.
    pub memory_bytes: u64,
    /// Pages that are not on disk yet.
    pub dirty: u64,
    /// Leaves of trees.
    pub leaf: PageStatistics,
    /// Inner pages of trees.
    pub inner: PageStatistics,
    /// Parts of values too large for a leaf; those above 64 KiB are read past the cache.
    pub overflow: PageStatistics,
    /// Pages loaded from disk.
    pub misses: u64,
    /// Pages dropped from memory for others.
    pub evictions: u64,
    /// Dirty pages written before their checkpoint, to drop them.
    pub early_writes: u64,
    /// Pages moved so that their arena could be given back.
    pub moves: u64,
}

impl PageCache {
    /// A cache of `cache_bytes`, rounded up to 2 MiB, whose size does not change. Memory is taken
    /// as it is needed.
    ///
    /// # Errors
    /// `Full` when the address space cannot be had.
    pub fn new(cache_bytes: usize) -> Result<Arc<PageCache>> {
        PageCache::with_room(cache_bytes, cache_bytes)
    }

    /// A cache of `cache_bytes` that may be resized up to `bytes_max`, both rounded up to 2 MiB.
    ///
    /// # Errors
    /// `Full` when the address space for the largest size cannot be had.
    pub fn with_room(cache_bytes: usize, bytes_max: usize) -> Result<Arc<PageCache>> {
        let arena = Arena::reserve(bytes_max)?;
        let most = arena.frames() / ARENA_FRAMES;
        let size = u32::try_from(cache_bytes.div_ceil(ARENA_SIZE)).unwrap_or(u32::MAX);
        let size = size.clamp(1, most);
        Ok(Arc::new(PageCache {
            metas: FrameMetas::reserve(arena.frames())?,
            epochs: Epochs::new(),
            queues: Mutex::new(Queues::new(Arenas::new(size, most))),
            frames: AtomicU32::new(size * ARENA_FRAMES),
            leaving: Leaving::new(most),
            resizing: Mutex::new(()),
            counters: Counters::default(),
            arena,
        }))
    }

    /// The epochs that readers pin.
    pub fn epochs(&self) -> &Epochs {
        &self.epochs
    }

    /// Counts the pages that were dropped to make room. As long as it stays the same, what was in
    /// memory still is.
    pub fn evictions(&self) -> u64 {
        self.counters.evictions.load(Ordering::Relaxed)
    }

    /// Counters and gauges.
    pub fn statistics(&self) -> CacheStatistics {
        let queues = self.queues.lock();
        let mut reads = [0; KINDS];
        self.epochs.add_reads_to(&mut reads);
        queues.shards.iter().flatten().for_each(|shard| shard.reads.add_to(&mut reads));
        let [leaf, inner, overflow] = self.counters.accesses.statistics(reads);
        CacheStatistics {
            frames: queues.arenas.frames() as u64,
            resident: queues.in_use() as u64,
            memory_bytes: queues.taken().sum(),
            dirty: queues.dirty(),
            leaf,
            inner,
            overflow,
            misses: leaf.misses + inner.misses + overflow.misses,
            evictions: self.evictions(),
            early_writes: self.counters.early_writes.load(Ordering::Relaxed),
            moves: self.counters.moves.load(Ordering::Relaxed),
        }
    }

    /// What the cache takes of the machine's memory now.
    pub fn taken(&self) -> budget::Taken {
        self.queues().taken()
    }

    /// Frames that the cache has at its present size.
    pub(crate) fn frames(&self) -> usize {
        self.frames.load(Ordering::Relaxed) as usize
    }

    pub(crate) fn count_miss(&self, page: &Page) {
        self.counters.accesses.count_miss(page);
    }

    #[inline]
    pub(crate) fn arena(&self) -> &Arena {
        &self.arena
    }

    #[inline]
    pub(crate) fn meta(&self, frame: u32) -> &FrameMeta {
        self.metas.get(frame)
    }

    fn queues(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock()
    }

    /// Gives an unlinked frame's memory back after its readers have left.
    pub(crate) fn retire_frames(&self, frames: &mut Vec<u32>) {
        if frames.is_empty() {
            return;
        }
        let mut queues = self.queues();
        let stamp = self.epochs.stamp();
        for frame in frames.drain(..) {
            assert_eq!(self.meta(frame).state(), LIMBO, "a retired frame is out of its table");
            queues.limbo.push_back((stamp, frame));
        }
    }

    /// Gives back frames that only the caller knows.
    pub(crate) fn give_back(&self, frames: impl Iterator<Item = u32>) {
        let mut queues = self.queues();
        for frame in frames {
            self.check_owned(frame);
            queues.set_free(self, frame);
        }
    }

    fn check_owned(&self, frame: u32) {
        assert_eq!(self.meta(frame).state(), OWNED, "I1: a frame is given back by its owner");
    }

    /// Makes a shard known to eviction. The number returned names it in frames.
    pub(crate) fn register(&self, shard: &Arc<ShardFile>) -> u32 {
        self.queues().register(shard)
    }

    /// Forgets a shard that nobody uses any more, and all its pages. Where a write of one is in
    /// flight, eviction drops that page later, and the shard keeps its number until the cache ends:
    /// whoever writes may be gone, so nobody waits.
    pub(crate) fn unregister(&self, index: u32) {
        let mut queues = self.queues();
        let Some(shard) = queues.shard(index) else { return };
        if self.unlink_all(&mut queues, &shard, index) {
            queues.forget(index);
            self.counters.accesses.keep(&shard.reads);
        }
    }

    /// Takes a shard's pages out of the cache, but for those of which a thread of another shard, in
    /// need of a frame, has begun a write (frames I3). Returns whether that was all of them.
    fn unlink_all(&self, queues: &mut Queues, shard: &ShardFile, index: u32) -> bool {
        // Nobody uses the shard any more, so this latch is free (I3 does not ask for more).
        let _latch = shard.freeze.lock();
        let mut unlinked = Vec::new();
        let mut all = true;
        for frame in queues.arenas.occupied() {
            let meta = self.meta(frame);
            let state = meta.state();
            if meta.shard.load(Ordering::Relaxed) != index || state & RESIDENT == 0 {
                continue;
            }
            if state & WRITING != 0 {
                all = false;
                continue;
            }
            let page = crate::id::PageId(meta.page.load(Ordering::Relaxed));
            shard.table.unlink(page, frame);
            meta.set_state(LIMBO);
            unlinked.push(frame);
        }
        let stamp = self.epochs.stamp();
        queues.limbo.extend(unlinked.into_iter().map(|frame| (stamp, frame)));
        all
    }
}

/// A page that stays in memory, by count, after the epoch pin under which it was found.
pub struct PinnedPage {
    cache: Arc<PageCache>,
    frame: u32,
}

impl PinnedPage {
    /// The caller is pinned (or holds the freeze latch) and has the page from its frame table.
    pub(crate) fn new(cache: &Arc<PageCache>, frame: u32) -> PinnedPage {
        // Relaxed: the end of the caller's epoch pin publishes the count to who waits for it (I2).
        cache.meta(frame).pins.fetch_add(1, Ordering::Relaxed);
        PinnedPage { cache: Arc::clone(cache), frame }
    }
}

impl std::ops::Deref for PinnedPage {
    type Target = Page;

    #[inline]
    fn deref(&self) -> &Page {
        // SAFETY: the count keeps the frame (I2), and a page of a Cut never changes.
        unsafe { self.cache.arena.page(self.frame) }
    }
}

impl Drop for PinnedPage {
    fn drop(&mut self) {
        // Release: all reads of the page happen before its frame is used again.
        let order = if has(Flaw::CountEndsRelaxed) { Ordering::Relaxed } else { Ordering::Release };
        let before = self.cache.meta(self.frame).pins.fetch_sub(1, order);
        assert!(before > 0, "I2: a pinned frame has a count");
    }
}
