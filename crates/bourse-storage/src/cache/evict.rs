//! Which frame goes when a page needs one: S3-FIFO, two queues with a memory of what left.
//!
//! A new page enters the *small* queue (a tenth of the frames). If nobody came back for it when
//! its turn comes, it leaves: a scan passes through here and does no harm. If somebody did, or if
//! it left not long ago (the *ghost* queue remembers), it belongs in the *main* queue, where each
//! reference bit buys one more round.
//!
//! Who loads a page reads it right after, and a scan reads each of its pages many times within a
//! moment, so a new page's reference bit is nearly always set and says nothing. Its first turn in
//! the small queue only clears the bit, for a second pass; what is referenced in that one counts.
//!
//! # Invariants
//! - **I1** A page is unlinked only when clean, under its shard's freeze latch, and its frame then
//!   waits in limbo for a grace period and for count 0.
//! - **I2** A dirty page that is chosen is frozen first and written without the cache mutex.
//! - **I3** Looking for a frame ends: with a frame, with the error of a write, or with `Full`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use hashbrown::HashSet;

use crate::error::{Error, ErrorKind, Result};
use crate::id::PageId;
use crate::sync;
use crate::sync::atomic::Ordering;
use crate::sync::flaw::{Flaw, has};

use super::budget::Taken;
use super::flush::ShardFile;
use super::frames::{DIRTY, FREE, LIMBO, OWNED, RESIDENT, WRITING};
use super::resize::Arenas;
use super::{MutexGuard, PageCache};

/// Frames unlinked, and dirty pages written, in one go.
const EVICT_BATCH: usize = 16;
/// Frames looked at in one go under the cache mutex.
const SCAN_STEPS: usize = 512;
/// Frames that cannot go, after which the other queue is looked at.
const VAIN_MAX: usize = 32;
/// Rounds that change nothing before `Full`; the later ones sleep, two seconds in all.
const ROUNDS: u32 = 20_064;
/// Rounds of any kind before `Full`, and so many more as four times through the queues takes.
const TURNS_MIN: usize = 100_000;
/// Rounds that change nothing before the cache becomes larger than it should be: 20 milliseconds.
const ROUNDS_WITHIN_SIZE: u32 = 256;

/// Which queue a frame is in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    None,
    /// In the small queue, for the first time.
    New,
    /// In the small queue, with a reference bit that counts.
    Small,
    Main,
}

/// What the cache mutex guards.
pub(super) struct Queues {
    pub(super) free: Vec<u32>,
    pub(super) limbo: VecDeque<(u64, u32)>,
    pub(super) arenas: Arenas,
    pub(super) small: VecDeque<u32>,
    pub(super) main: VecDeque<u32>,
    /// By frame, as far as frames were ever handed out.
    pub(super) place: Vec<Place>,
    pub(super) ghost: Ghost,
    pub(super) shards: Vec<Option<Arc<ShardFile>>>,
}

/// Pages that left the small queue not long ago.
#[derive(Default)]
pub(super) struct Ghost {
    order: VecDeque<u64>,
    members: HashSet<u64>,
    capacity: usize,
}

impl Ghost {
    fn insert(&mut self, key: u64) {
        if self.members.insert(key) {
            self.order.push_back(key);
        }
        while self.order.len() > self.capacity {
            if let Some(oldest) = self.order.pop_front() {
                self.members.remove(&oldest);
            }
        }
    }

    /// Remembers so many from now on. What is beyond that is forgotten, and its memory given back.
    pub(super) fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity;
        if self.order.len() > capacity {
            self.order.drain(..self.order.len() - capacity);
            self.order.shrink_to_fit();
            self.members = self.order.iter().copied().collect();
        }
    }
}

fn key(shard: u32, page: PageId) -> u64 {
    u64::from(shard) << 32 | u64::from(page.0)
}

/// Dirty pages, frozen and waiting to be written, by shard.
pub(super) type Frozen = Vec<(Arc<ShardFile>, Vec<(PageId, u32)>)>;

impl Queues {
    pub(super) fn new(arenas: Arenas) -> Queues {
        let mut ghost = Ghost::default();
        ghost.set_capacity(arenas.frames() / 2);
        Queues {
            free: Vec::new(),
            limbo: VecDeque::new(),
            arenas,
            small: VecDeque::new(),
            main: VecDeque::new(),
            place: Vec::new(),
            ghost,
            shards: Vec::new(),
        }
    }

    pub(super) fn register(&mut self, shard: &Arc<ShardFile>) -> u32 {
        let index = self.shards.iter().position(Option::is_none).unwrap_or(self.shards.len());
        if index == self.shards.len() {
            self.shards.push(None);
        }
        self.shards[index] = Some(Arc::clone(shard));
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    pub(super) fn forget(&mut self, index: u32) {
        // The number will name another shard: what left the cache says nothing about its pages.
        self.ghost.order.retain(|key| key >> 32 != u64::from(index));
        self.ghost.members.retain(|key| key >> 32 != u64::from(index));
        if let Some(shard) = self.shards.get_mut(index as usize) {
            *shard = None;
        }
    }

    /// The shard of that number.
    pub(super) fn shard(&self, index: u32) -> Option<Arc<ShardFile>> {
        self.shards.get(index as usize)?.clone()
    }

    /// Frames that hold something, or wait for their readers to leave.
    pub(super) fn in_use(&self) -> usize {
        self.arenas.in_use(self.free.len())
    }

    /// Entries of both queues.
    pub(super) fn queued(&self) -> usize {
        self.small.len() + self.main.len()
    }

    /// Memory of the arenas, and of the notes on frames and the shards' frame tables.
    pub(super) fn taken(&self) -> Taken {
        let shards = self.shards.iter().flatten();
        let tables = shards.map(|shard| shard.table.bytes()).sum::<u64>();
        Taken { frames: self.arenas.frame_bytes(), tables: tables + self.arenas.note_bytes() }
    }

    pub(super) fn dirty(&self) -> u64 {
        self.shards.iter().flatten().map(|shard| shard.dirty.load(Ordering::Relaxed)).sum()
    }

    pub(super) fn pop_free(&mut self, cache: &PageCache) -> Option<u32> {
        if self.free.is_empty() {
            self.take_arena(cache);
        }
        let frame = self.free.pop()?;
        assert_eq!(cache.meta(frame).state(), FREE, "cache I1: a free frame is nobody's");
        Some(frame)
    }

    /// Gives a frame to an owner and puts it in the queue where its page will belong.
    fn admit(&mut self, cache: &PageCache, frame: u32, shard: u32, page: Option<PageId>) {
        let meta = cache.meta(frame);
        meta.shard.store(shard, Ordering::Relaxed);
        meta.set_state(OWNED);
        if self.place[frame as usize] != Place::None {
            return;
        }
        let ghost = page.is_some_and(|page| self.ghost.members.contains(&key(shard, page)));
        self.enqueue(frame, if ghost { Place::Main } else { Place::New });
    }

    pub(super) fn enqueue(&mut self, frame: u32, place: Place) {
        self.place[frame as usize] = place;
        match place {
            Place::Main => self.main.push_back(frame),
            Place::New | Place::Small => self.small.push_back(frame),
            Place::None => {}
        }
    }

    /// Frees frames in limbo whose readers have left.
    pub(super) fn harvest(&mut self, cache: &PageCache) {
        if self.limbo.is_empty() {
            return;
        }
        let horizon = cache.epochs().horizon();
        for _ in 0..self.limbo.len() {
            let Some(&(stamp, frame)) = self.limbo.front() else { break };
            let meta = cache.meta(frame);
            if stamp >= horizon && !has(Flaw::GraceSkipped) {
                self.limbo.rotate_left(1);
                continue;
            }
            // After the grace period: nobody can add to the count any more (cache I2).
            if meta.is_pinned() && !has(Flaw::CountIgnored) {
                self.limbo.rotate_left(1);
                continue;
            }
            self.limbo.pop_front();
            self.set_free(cache, frame);
        }
    }

    /// Whether a frame of the small queue is looked at next: when it has more than its share,
    /// unless frames that cannot go (owned, pinned) are all that comes from there.
    fn is_small_next(&self, vain: [usize; 2]) -> bool {
        let preferred = self.small.len() * 10 >= self.arenas.frames();
        let (own, other) = (vain[usize::from(preferred)], vain[usize::from(!preferred)]);
        let small = preferred != (own >= other + VAIN_MAX);
        // An empty queue has nothing to look at.
        if small { !self.small.is_empty() } else { self.main.is_empty() }
    }

    /// Unlinks some pages; dirty ones are frozen and returned to be written. Whether any page's
    /// standing changed, so that another look may find more, comes first.
    pub(super) fn evict(&mut self, cache: &PageCache) -> (bool, Frozen) {
        let mut frozen: Frozen = Vec::new();
        let mut promoted = 0;
        let mut again = Vec::new();
        let mut unlinked = Vec::new();
        let mut vain = [0; 2];
        for _ in 0..SCAN_STEPS.min(self.queued()) {
            if unlinked.len() + again.len() >= EVICT_BATCH {
                break;
            }
            let from_small = self.is_small_next(vain);
            let queue = if from_small { &mut self.small } else { &mut self.main };
            let Some(frame) = queue.pop_front() else { break };
            let place = self.place[frame as usize];
            match self.judge(cache, frame, &mut frozen) {
                Verdict::Stay => {
                    vain[usize::from(from_small)] += 1;
                    self.enqueue(frame, place);
                }
                Verdict::Referenced => {
                    promoted += 1;
                    let first = place == Place::New;
                    self.enqueue(frame, if first { Place::Small } else { Place::Main });
                }
                Verdict::Leave => self.place[frame as usize] = Place::None,
                Verdict::Write => again.push((frame, place)),
                Verdict::Unlinked(key) => {
                    self.place[frame as usize] = Place::None;
                    if from_small {
                        self.ghost.insert(key);
                    }
                    unlinked.push(frame);
                }
            }
        }
        // Written pages are first in line to go.
        for (frame, place) in again.into_iter().rev() {
            if place == Place::Main {
                self.main.push_front(frame);
            } else {
                self.small.push_front(frame);
            }
        }
        let changed = promoted > 0 || !unlinked.is_empty() || !frozen.is_empty();
        if !unlinked.is_empty() {
            cache.counters.evictions.fetch_add(unlinked.len() as u64, Ordering::Relaxed);
            let stamp = cache.epochs().stamp();
            self.limbo.extend(unlinked.into_iter().map(|frame| (stamp, frame)));
        }
        (changed, frozen)
    }

    /// What to do with the frame whose turn it is.
    fn judge(&self, cache: &PageCache, frame: u32, frozen: &mut Frozen) -> Verdict {
        let meta = cache.meta(frame);
        match meta.state() {
            FREE | LIMBO => return Verdict::Leave,
            OWNED => return Verdict::Stay,
            _ => {}
        }
        let index = meta.shard.load(Ordering::Relaxed);
        let Some(Some(shard)) = self.shards.get(index as usize) else { return Verdict::Stay };
        // Cache I3: the latch's holder may be waiting for nothing of ours, but we do not wait.
        let Some(_latch) = shard.freeze.try_lock() else { return Verdict::Stay };
        let state = meta.state();
        if state & RESIDENT == 0 {
            return Verdict::Stay;
        }
        let page = PageId(meta.page.load(Ordering::Relaxed));
        if shard.table.take_reference(page) {
            return Verdict::Referenced;
        }
        if meta.is_pinned() {
            return Verdict::Stay;
        }
        // A file that takes no more writes keeps its dirty pages; others' readers go on.
        if state & WRITING != 0 || (state & DIRTY != 0 && shard.is_failed()) {
            return Verdict::Stay;
        }
        if state & DIRTY != 0 {
            if shard.freeze_page(cache, frame) {
                match frozen.iter_mut().find(|group| Arc::ptr_eq(&group.0, shard)) {
                    Some(group) => group.1.push((page, frame)),
                    None => frozen.push((Arc::clone(shard), vec![(page, frame)])),
                }
            }
            return Verdict::Write;
        }
        shard.table.unlink(page, frame);
        meta.set_state(LIMBO);
        Verdict::Unlinked(key(index, page))
    }
}

enum Verdict {
    /// Back to the end of its queue.
    Stay,
    /// One place further: to a second pass of the small queue, or to the end of the main queue.
    Referenced,
    /// Out of the queue: the frame is free or on its way there.
    Leave,
    /// Frozen: to be written.
    Write,
    /// Out of the table; the page's key.
    Unlinked(u64),
}

impl PageCache {
    /// A frame for `page` of the shard, owned by the caller. Never called while pinned.
    pub(crate) fn take_frame(&self, shard: u32, page: Option<PageId>) -> Result<u32> {
        let mut queues = self.queues();
        // Readers may set reference bits as fast as they are cleared, so that is bounded too.
        let mut turns = TURNS_MIN + queues.queued() / SCAN_STEPS * 4;
        let mut vain = 0;
        while vain < ROUNDS && turns > 0 {
            if let Some(frame) = queues.pop_free(self) {
                queues.admit(self, frame, shard, page);
                return Ok(frame);
            }
            queues.harvest(self);
            // Resize I5.
            let beyond = vain >= ROUNDS_WITHIN_SIZE && queues.free.is_empty();
            if !queues.free.is_empty() || (beyond && queues.take_arena_beyond(self)) {
                continue;
            }
            let (changed, frozen) = queues.evict(self);
            turns -= 1;
            // Readers are pinned for a moment only: mostly the grace period is over already.
            queues.harvest(self);
            if queues.free.is_empty() || !frozen.is_empty() {
                drop(queues);
                vain += u32::from(!changed);
                self.write_early(frozen)?;
                if changed || vain < 64 {
                    sync::yield_now();
                } else {
                    sync::sleep(Duration::from_micros(100));
                }
                queues = self.queues();
            }
        }
        Err(self.exhausted(queues))
    }

    /// I3: no frame can be had.
    fn exhausted(&self, queues: MutexGuard<'_, Queues>) -> Error {
        let dirty = queues.dirty();
        Error::new(
            ErrorKind::Full,
            format!(
                "no page of the {} in the cache can be dropped ({dirty} are not on disk yet): \
                 use a larger cache, or close cursors and transactions that hold pages",
                self.arena().frames(),
            ),
        )
        .with_sqlstate("53200")
    }

    /// Writes frozen pages, all of them even if some fail, so that none stays in flight.
    pub(super) fn write_early(&self, frozen: Frozen) -> Result<()> {
        let mut result = Ok(());
        for (shard, mut pages) in frozen {
            let count = pages.len() as u64;
            match shard.write_frozen(self, &mut pages) {
                Ok(()) => {
                    self.counters.early_writes.fetch_add(count, Ordering::Relaxed);
                }
                Err(error) => result = Err(error),
            }
        }
        result
    }
}
