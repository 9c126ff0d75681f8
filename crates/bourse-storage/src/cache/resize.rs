#![expect(unsafe_code, reason = "pages are copied between frames, and arenas given back")]
//! The cache's size: which arenas have memory, and how one is emptied and given back.
//!
//! # The idea
//!
//! The address space of the largest size is reserved when the cache is made, so a frame's address
//! never changes and readers know nothing of the size. A larger size is only a permission: memory
//! is taken when a frame is wanted. For a smaller one some arenas *leave*: their free frames are
//! handed out no more, and their pages move to frames elsewhere, for which eviction makes room in
//! its usual order. When all frames of an arena are free its memory goes back to the operating
//! system.
//!
//! The obvious way, to drop the pages of the arenas that leave, is simpler and drops hot pages as
//! well as cold ones: the pages of an arena have nothing in common but the time when they came.
//!
//! ```text
//!              a frame is wanted, the size allows it         smaller
//!    ABSENT ------------------------------------> PRESENT ----------> LEAVING
//!       ^                                            ^                 |    | all its frames
//!       |                                            +-----------------+    | are FREE
//!       |   memory given back                             larger            v
//!       +-------------------------------------------------------------- EMPTIED
//! ```
//!
//! # Invariants
//! - **I1** Under the cache mutex a FREE frame is in the free list if its arena is PRESENT, and
//!   counted in `idle` if it is LEAVING; all frames of an ABSENT or EMPTIED arena are FREE.
//! - **I2** No frame is handed out but of a PRESENT arena. So what is in an arena that leaves only
//!   becomes less, and emptying it ends.
//! - **I3** An arena is EMPTIED when all its frames are FREE: they are out of their tables, the
//!   grace periods are over, and no count keeps them (cache I2). So nobody looks at them.
//! - **I4** A page moves under the cache mutex and its shard's freeze latch, by `try_lock`, and not
//!   while it is WRITING (frames I3, I4).
//! - **I5** The size is what the cache aims at: before an operation is refused for want of a frame,
//!   an arena beyond the size is taken, as long as there is one below the largest size.

use crate::error::Result;
use crate::id::PageId;
use crate::sync;
use crate::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::arena::{ARENA_FRAMES, ARENA_SIZE};
use super::evict::{Frozen, Place, Queues};
use super::frames::{FREE, LIMBO, RESIDENT, WRITING};
use super::{MutexGuard, PageCache};

/// Pages moved in one go under the cache mutex: about 50 microseconds of copying.
const MOVES_MAX: usize = 64;
/// Rounds in which nothing became free, after which the rest is left to the next call.
const VAIN_ROUNDS: usize = 64;
/// The first of those rounds only let others run; the later ones sleep.
const VAIN_YIELDS: usize = 8;
/// Memory that the notes on an arena's frames take: states 16 bytes a frame, places in the queues
/// 5 to 9, ghosts about 13.
const NOTES_BYTES: u64 = 20 << 10;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Absent,
    Present,
    Leaving,
    Emptied,
}

/// Which arenas there are. The cache mutex guards it.
pub(super) struct Arenas {
    states: Box<[State]>,
    /// Of an arena that leaves: how many of its frames are FREE.
    idle: Box<[u32]>,
    /// The lowest on top.
    absent: Vec<u32>,
    leaving: Vec<u32>,
    present: u32,
    /// How many may be PRESENT.
    size: u32,
    /// How many were PRESENT at the same time at most, for what is known of their frames.
    most: u32,
    /// Entries of the queues that name frames of absent arenas, about.
    stale: usize,
}

impl Arenas {
    /// `most` arenas, of which `size` may have memory and none has.
    pub(super) fn new(size: u32, most: u32) -> Arenas {
        Arenas {
            states: (0..most).map(|_| State::Absent).collect(),
            idle: (0..most).map(|_| 0).collect(),
            absent: (0..most).rev().collect(),
            leaving: Vec::new(),
            present: 0,
            size,
            most: 0,
            stale: 0,
        }
    }

    /// Frames that the cache has at its present size.
    pub(super) fn frames(&self) -> usize {
        self.size as usize * ARENA_FRAMES as usize
    }

    /// Bytes of the arenas that have memory.
    pub(super) fn frame_bytes(&self) -> u64 {
        (self.states.len() - self.absent.len()) as u64 * ARENA_SIZE as u64
    }

    /// Bytes of the notes on their frames, which stay when an arena goes.
    pub(super) fn note_bytes(&self) -> u64 {
        u64::from(self.most) * NOTES_BYTES
    }

    /// Frames that were given out, or wait for their readers to leave: all but the FREE ones.
    pub(super) fn in_use(&self, free: usize) -> usize {
        self.present as usize * ARENA_FRAMES as usize - free + self.left()
    }

    /// Frames of leaving arenas that are not FREE yet.
    fn left(&self) -> usize {
        let left = |arena: &u32| (ARENA_FRAMES - self.idle[*arena as usize]) as usize;
        self.leaving.iter().map(left).sum()
    }

    /// Frames that may hold something, by arena.
    pub(super) fn occupied(&self) -> impl Iterator<Item = u32> {
        let states = self.states.iter().zip(0u32..);
        let occupied = states.filter(|(state, _)| matches!(state, State::Present | State::Leaving));
        occupied.flat_map(|(_, arena)| frames_of(arena))
    }
}

/// Which arenas leave, for those who look without the cache mutex. It changes only under it.
pub(super) struct Leaving {
    count: AtomicU32,
    arenas: Box<[AtomicBool]>,
}

impl Leaving {
    /// None of `most` arenas.
    pub(super) fn new(most: u32) -> Leaving {
        let arenas = (0..most).map(|_| AtomicBool::new(false)).collect();
        Leaving { count: AtomicU32::new(0), arenas }
    }

    fn mark(&self, arena: u32) {
        self.arenas[arena as usize].store(true, Ordering::Relaxed);
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    fn unmark(&self, arena: u32) {
        self.arenas[arena as usize].store(false, Ordering::Relaxed);
        self.count.fetch_sub(1, Ordering::Relaxed);
    }

    fn has(&self, frame: u32) -> bool {
        self.arenas[(frame / ARENA_FRAMES) as usize].load(Ordering::Relaxed)
    }
}

fn frames_of(arena: u32) -> std::ops::Range<u32> {
    arena * ARENA_FRAMES..(arena + 1) * ARENA_FRAMES
}

impl Queues {
    /// A frame is FREE from now on (I1).
    pub(super) fn set_free(&mut self, cache: &PageCache, frame: u32) {
        cache.meta(frame).set_state(FREE);
        let arena = (frame / ARENA_FRAMES) as usize;
        match self.arenas.states[arena] {
            State::Present => self.free.push(frame),
            State::Leaving => self.arenas.idle[arena] += 1,
            State::Absent | State::Emptied => {
                unreachable!("I1: frame {frame} is in use, so its arena has memory")
            }
        }
    }

    /// Takes memory for an arena if the size allows it. Whether frames are free now.
    pub(super) fn take_arena(&mut self, cache: &PageCache) -> bool {
        self.arenas.present < self.arenas.size && self.take_absent(cache)
    }

    fn take_absent(&mut self, cache: &PageCache) -> bool {
        let Some(arena) = self.arenas.absent.pop() else { return false };
        assert_eq!(self.arenas.states[arena as usize], State::Absent, "I1: it has no memory yet");
        let frames = frames_of(arena);
        cache.arena().touch(frames.start);
        self.arenas.states[arena as usize] = State::Present;
        self.arenas.present += 1;
        self.arenas.most = self.arenas.most.max(self.arenas.present);
        if self.place.len() < frames.end as usize {
            self.place.resize(frames.end as usize, Place::None);
        }
        self.free.extend(frames.rev());
        true
    }

    /// I5: an arena more than the size allows. Whether frames are free now.
    pub(super) fn take_arena_beyond(&mut self, cache: &PageCache) -> bool {
        if let Some(arena) = self.arenas.leaving.pop() {
            self.keep(cache, arena);
        } else if !self.take_absent(cache) {
            return false;
        }
        !self.free.is_empty()
    }

    /// A leaving arena stays.
    fn keep(&mut self, cache: &PageCache, arena: u32) {
        self.arenas.states[arena as usize] = State::Present;
        self.arenas.present += 1;
        self.arenas.idle[arena as usize] = 0;
        cache.leaving.unmark(arena);
        self.free.extend(frames_of(arena).rev().filter(|frame| cache.meta(*frame).state() == FREE));
    }

    /// Begins to aim at another size.
    fn set_size(&mut self, cache: &PageCache, size: u32) {
        self.arenas.size = size;
        cache.frames.store(size * ARENA_FRAMES, Ordering::Relaxed);
        self.ghost.set_capacity(self.arenas.frames() / 2);
        while self.arenas.present < size
            && let Some(arena) = self.arenas.leaving.pop()
        {
            self.keep(cache, arena);
        }
        if self.arenas.present > size {
            self.dismiss(cache, (self.arenas.present - size) as usize);
        }
    }

    /// Lets arenas leave: those with the most free frames, which have the fewest pages to move.
    fn dismiss(&mut self, cache: &PageCache, count: usize) {
        let mut free = vec![0; self.arenas.states.len()];
        for frame in &self.free {
            free[(frame / ARENA_FRAMES) as usize] += 1;
        }
        let is_present = |arena: &u32| self.arenas.states[*arena as usize] == State::Present;
        let mut chosen: Vec<u32> = (0u32..).take(free.len()).filter(is_present).collect();
        chosen.sort_by_key(|arena| std::cmp::Reverse((free[*arena as usize], *arena)));
        chosen.truncate(count);
        for arena in chosen {
            self.arenas.states[arena as usize] = State::Leaving;
            self.arenas.idle[arena as usize] = free[arena as usize];
            self.arenas.leaving.push(arena);
            self.arenas.present -= 1;
            cache.leaving.mark(arena);
        }
        let states = &self.arenas.states;
        self.free.retain(|frame| states[(frame / ARENA_FRAMES) as usize] == State::Present);
    }

    /// Moves pages out of an arena that leaves; where no frame is free some pages are evicted, and
    /// dirty ones returned to be written. How many moved.
    fn empty(&mut self, cache: &PageCache, arena: u32) -> (usize, Frozen) {
        let mut moved = Vec::new();
        let mut frozen = Frozen::new();
        for frame in frames_of(arena) {
            if cache.meta(frame).state() & RESIDENT == 0 {
                continue;
            }
            let Some(to) = self.pop_free(cache) else {
                frozen = self.evict(cache).1;
                break;
            };
            if self.move_page(cache, frame, to) {
                moved.push(frame);
            } else {
                self.free.push(to);
            }
            if moved.len() == MOVES_MAX {
                break;
            }
        }
        let count = moved.len();
        if count > 0 {
            cache.counters.moves.fetch_add(count as u64, Ordering::Relaxed);
            let stamp = cache.epochs().stamp();
            self.limbo.extend(moved.into_iter().map(|frame| (stamp, frame)));
        }
        (count, frozen)
    }

    /// Moves the page of a frame to a FREE one (I4). Whether it could.
    fn move_page(&mut self, cache: &PageCache, from: u32, to: u32) -> bool {
        let (old, new) = (cache.meta(from), cache.meta(to));
        let index = old.shard.load(Ordering::Relaxed);
        {
            let Some(Some(shard)) = self.shards.get(index as usize) else { return false };
            let Some(_latch) = shard.freeze.try_lock() else { return false };
            let state = old.state();
            if state & RESIDENT == 0 || state & WRITING != 0 {
                return false;
            }
            let page = PageId(old.page.load(Ordering::Relaxed));
            // SAFETY: nobody else knows the new frame. Under the latch the page does not change,
            // nor does it leave its frame.
            unsafe {
                let copy = cache.arena().page_mut(to);
                copy.0.copy_from_slice(&cache.arena().page(from).0);
            }
            new.shard.store(index, Ordering::Relaxed);
            new.page.store(page.0, Ordering::Relaxed);
            new.set_state(state);
            shard.table.rename(page, from, to);
            old.set_state(LIMBO);
        }
        // A FREE frame may be in a queue still (cache I5): then that is the page's place.
        if self.place[to as usize] == Place::None {
            let place = self.place[from as usize];
            self.enqueue(to, if place == Place::None { Place::New } else { place });
        }
        true
    }

    /// The arenas that nothing is in any more (I3).
    fn take_emptied(&mut self, cache: &PageCache) -> Vec<u32> {
        let arenas = &mut self.arenas;
        let idle = &arenas.idle;
        let is_empty = |arena: &mut u32| idle[*arena as usize] == ARENA_FRAMES;
        let emptied: Vec<u32> = arenas.leaving.extract_if(.., is_empty).collect();
        for arena in &emptied {
            arenas.states[*arena as usize] = State::Emptied;
            arenas.idle[*arena as usize] = 0;
            cache.leaving.unmark(*arena);
            for frame in frames_of(*arena) {
                let meta = cache.meta(frame);
                assert!(meta.state() == FREE && !meta.is_pinned(), "I3: frame {frame} is nobody's");
            }
        }
        emptied
    }

    /// The arenas' memory was given back.
    fn set_absent(&mut self, arenas: &[u32]) {
        for arena in arenas {
            self.arenas.states[*arena as usize] = State::Absent;
            let places = frames_of(*arena).map(|frame| self.place[frame as usize]);
            self.arenas.stale += places.filter(|place| *place != Place::None).count();
        }
        self.arenas.absent.extend(arenas);
        self.arenas.absent.sort_unstable_by_key(|arena| std::cmp::Reverse(*arena));
        // Not each time: a pass over the queues costs as much as they are long.
        if self.arenas.stale * 8 >= self.queued() {
            self.arenas.stale = 0;
            let states = &self.arenas.states;
            let is_absent = |frame: u32| states[(frame / ARENA_FRAMES) as usize] == State::Absent;
            let place = &mut self.place;
            for queue in [&mut self.small, &mut self.main] {
                queue.retain(|frame| {
                    let absent = is_absent(*frame);
                    if absent {
                        place[*frame as usize] = Place::None;
                    }
                    !absent
                });
            }
        }
    }
}

impl PageCache {
    /// Aims at a size of `cache_bytes`, rounded up to 2 MiB, at least one arena and at most the
    /// largest size that the cache was made for. A larger size is in force at once, and memory is
    /// taken as it is needed. For a smaller one pages are evicted and moved, and memory is given
    /// back, before this returns, but for arenas in which cursors or writers keep a frame: what is
    /// left of them is for the next call. Whether nothing is left. Never called while pinned.
    ///
    /// # Errors
    /// The failed write of a dirty page that was to make room; the page stays, and the next call
    /// goes on.
    pub fn resize(&self, cache_bytes: u64) -> Result<bool> {
        let _one = self.resizing.lock();
        let most = self.arena.frames() / ARENA_FRAMES;
        let wanted = u32::try_from(cache_bytes.div_ceil(ARENA_SIZE as u64)).unwrap_or(u32::MAX);
        self.queues().set_size(self, wanted.clamp(1, most));
        self.empty_arenas()
    }

    /// Gives back the memory of the arenas that leave, as far as it can be done now.
    fn empty_arenas(&self) -> Result<bool> {
        let (mut turn, mut vain, mut least) = (0, 0, usize::MAX);
        loop {
            let mut queues = self.queues();
            queues.harvest(self);
            let emptied = queues.take_emptied(self);
            if !emptied.is_empty() {
                queues = self.give_arenas_back(queues, &emptied);
            }
            let leaving = queues.arenas.leaving.len();
            if leaving == 0 {
                return Ok(true);
            }
            let arena = queues.arenas.leaving[turn % leaving];
            let (moved, frozen) = queues.empty(self, arena);
            turn += usize::from(moved == 0);
            let left = queues.arenas.left();
            drop(queues);
            self.write_early(frozen)?;
            vain = if left < least { 0 } else { vain + 1 };
            least = least.min(left);
            // Each of them has its turn, whatever is in the way of the others.
            if vain >= VAIN_ROUNDS + leaving {
                return Ok(false);
            }
            if vain < VAIN_YIELDS {
                sync::yield_now();
            } else {
                sync::sleep(std::time::Duration::from_micros(100));
            }
        }
    }

    /// Without the cache mutex: the operating system takes its time.
    fn give_arenas_back<'a>(
        &'a self,
        queues: MutexGuard<'a, Queues>,
        emptied: &[u32],
    ) -> MutexGuard<'a, Queues> {
        drop(queues);
        for arena in emptied {
            // SAFETY: I3, and by I2 it stays so until the arena is ABSENT.
            unsafe { self.arena.release(arena * ARENA_FRAMES) };
        }
        let mut queues = self.queues();
        queues.set_absent(emptied);
        queues
    }

    /// Takes back those of a writer's frames that are in arenas that leave.
    pub(crate) fn take_back(&self, stock: &mut Vec<u32>) {
        if self.leaving.count.load(Ordering::Relaxed) == 0 {
            return;
        }
        let wanted: Vec<u32> = stock.extract_if(.., |frame| self.leaving.has(*frame)).collect();
        if !wanted.is_empty() {
            // Those of an arena that has come to stay meanwhile are free like any other.
            self.give_back(wanted.into_iter());
        }
    }
}
