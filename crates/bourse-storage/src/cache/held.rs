//! The registry of live Cuts: which Cuts' pages must stay although newer Cuts are published.
//!
//! The rule for readers: **register Cut n while pinned in the epoch in which n was loaded as the
//! newest published (or sealed) Cut.** The one who frees pages then first sees that a newer Cut is
//! published, waits for the grace period of a stamp taken after that, and looks here last: a
//! registration of the old Cut was made under a pin that is over, and so it is seen.
//!
//! # Invariants
//! - **I1** A slot's word is 0 (free) or the batch + 1, and is changed only by who took it.
//! - **I2** A slot's count is the number of [`Held`]s that share it. A clone shares its slot, it
//!   takes none: a scan could pass the new slot too early and the old one too late, and miss both.
//! - **I3** Once a Cut is no longer the newest, its registrations can only become fewer.

use std::sync::Arc;

use crossbeam::utils::CachePadded;

use crate::id::Batch;
use crate::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use crate::sync::flaw::{Flaw, has};
use crate::sync::{self, Mutex, thread_local};

/// Cuts that can be held without touching a mutex.
const SLOTS: usize = if cfg!(loom) { 2 } else { 512 };

struct Slot {
    /// 0, or the held batch + 1.
    word: AtomicU64,
    /// How many `Held`s share the slot.
    count: AtomicU32,
}

/// Registry of the Cuts that somebody reads.
pub struct HeldCuts {
    slots: Box<[CachePadded<Slot>]>,
    /// Slots from here on were never used.
    used: AtomicUsize,
    /// Registrations that found no slot, one entry for each `Held`.
    overflow: Mutex<Vec<u64>>,
    overflowed: AtomicUsize,
}

/// Keeps all pages of one Cut from being reused. A clone holds the same Cut once more.
pub struct Held {
    cuts: Arc<HeldCuts>,
    batch: Batch,
    /// `None` for one in the overflow list.
    slot: Option<usize>,
}

impl Default for HeldCuts {
    fn default() -> HeldCuts {
        HeldCuts::with_slots(SLOTS)
    }
}

impl HeldCuts {
    /// A registry that holds nothing.
    pub fn new() -> Arc<HeldCuts> {
        Arc::new(HeldCuts::default())
    }

    pub(super) fn with_slots(count: usize) -> HeldCuts {
        let slot = || Slot { word: AtomicU64::new(0), count: AtomicU32::new(0) };
        HeldCuts {
            slots: (0..count).map(|_| CachePadded::new(slot())).collect(),
            used: AtomicUsize::new(0),
            overflow: Mutex::new(Vec::new()),
            overflowed: AtomicUsize::new(0),
        }
    }

    /// Holds Cut `batch`, under the rule of the module's head.
    pub fn register(self: &Arc<Self>, batch: Batch) -> Held {
        thread_local! {
            static HINT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
        }
        let word = batch.0 + 1;
        // The slot that this thread had last is most likely free, and in its cache.
        let hint = HINT.with(std::cell::Cell::get);
        let count = self.slots.len();
        for index in std::iter::once(hint % count).chain(0..count) {
            let slot = &self.slots[index];
            sync::point();
            if slot.word.load(Ordering::Relaxed) != 0 {
                continue;
            }
            let taken = slot.word.compare_exchange(0, word, Ordering::SeqCst, Ordering::Relaxed);
            if taken.is_ok() {
                slot.count.store(1, Ordering::Relaxed);
                // Before the pin ends: a scan after its grace period sees the new length.
                if self.used.load(Ordering::Relaxed) <= index && !has(Flaw::RegisteredUnseen) {
                    self.used.fetch_max(index + 1, Ordering::SeqCst);
                }
                HINT.with(|hint| hint.set(index));
                return Held { cuts: Arc::clone(self), batch, slot: Some(index) };
            }
        }
        self.register_in_overflow(batch)
    }

    #[cold]
    fn register_in_overflow(self: &Arc<Self>, batch: Batch) -> Held {
        let mut list = self.overflow.lock();
        list.push(batch.0);
        self.overflowed.store(list.len(), Ordering::SeqCst);
        Held { cuts: Arc::clone(self), batch, slot: None }
    }

    fn visit(&self, mut each: impl FnMut(u64)) {
        let used = self.used.load(Ordering::SeqCst);
        for slot in &self.slots[..used] {
            sync::point();
            let word = slot.word.load(Ordering::SeqCst);
            if word != 0 {
                each(word - 1);
            }
        }
        if self.overflowed.load(Ordering::SeqCst) != 0 {
            self.overflow.lock().iter().copied().for_each(each);
        }
    }

    /// Whether a Cut in `[birth, death)` is held.
    pub fn any_in(&self, birth: Batch, death: Batch) -> bool {
        let mut found = false;
        self.visit(|batch| found |= birth.0 <= batch && batch < death.0);
        found
    }

    /// The oldest Cut that is held.
    pub fn oldest(&self) -> Option<Batch> {
        let mut oldest = None;
        self.visit(|batch| oldest = Some(oldest.map_or(batch, |old: u64| old.min(batch))));
        oldest.map(Batch)
    }

    /// Writes the batches of all held Cuts to `out`, sorted: one scan for many questions.
    pub(crate) fn collect(&self, out: &mut Vec<u64>) {
        out.clear();
        self.visit(|batch| out.push(batch));
        out.sort_unstable();
    }
}

impl Held {
    /// The Cut that is held.
    pub fn batch(&self) -> Batch {
        self.batch
    }
}

impl Clone for Held {
    fn clone(&self) -> Held {
        let Some(index) = self.slot else {
            return self.cuts.register_in_overflow(self.batch);
        };
        // I2: this Held keeps the count above 0 meanwhile.
        let before = self.cuts.slots[index].count.fetch_add(1, Ordering::Relaxed);
        assert!(before > 0, "I2: a held slot has a count");
        Held { cuts: Arc::clone(&self.cuts), batch: self.batch, slot: self.slot }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        sync::point();
        let Some(index) = self.slot else {
            let mut list = self.cuts.overflow.lock();
            let place = list.iter().position(|batch| *batch == self.batch.0);
            assert!(place.is_some(), "I2: an overflow registration ends once");
            list.swap_remove(place.unwrap_or(0));
            self.cuts.overflowed.store(list.len(), Ordering::SeqCst);
            return;
        };
        let slot = &self.cuts.slots[index];
        // AcqRel: all that sharers of the slot read happens before the slot is free.
        let before = slot.count.fetch_sub(1, Ordering::AcqRel);
        assert!(before > 0, "I2: a held slot has a count");
        if before == 1 {
            slot.word.store(0, Ordering::SeqCst);
        }
    }
}
