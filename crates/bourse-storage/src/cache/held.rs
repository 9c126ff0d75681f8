//! The registry of live Cuts: which Cuts' pages must stay although newer Cuts are published.
//!
//! The rule for readers: **register Cut n while pinned in the epoch in which n was loaded as the
//! newest published (or sealed) Cut.** The one who frees pages then first sees that a newer Cut is
//! published, waits for the grace period of a stamp taken after that, and looks here last: a
//! registration of the old Cut was made under a pin that is over, and so it is seen.
//!
//! # Expiry
//!
//! A reader that never ends would keep every page that died since. So a hold may be of the kind
//! that expires: Cuts below a batch are first *expired*, so that who reads one is refused, under
//! its pin ([`Held::is_expired`]), and *forgotten* after a grace period that began then: all pins
//! under which the question had the other answer are over. From then on such holds do not count.
//! A page that is loaded for a Cut that expires meanwhile is not the page that its link names, or
//! is the dead page still; neither harms (`pager::load`, I3), and the reader is refused when it
//! pins again.
//!
//! # Invariants
//! - **I1** A slot's word is 0 (free) or the batch + 1, and is changed only by who took it.
//! - **I2** A slot's count is the number of [`Held`]s that share it. A clone shares its slot, it
//!   takes none: a scan could pass the new slot too early and the old one too late, and miss both.
//! - **I3** Once a Cut is no longer the newest, its registrations can only become fewer.
//! - **I4** A Cut is forgotten only when a pin that found it not expired is over; and none below
//!   the newest published one of when it expired is registered anew (I3), so whoever takes a slot
//!   has said that it is lasting before the slot's Cut can be forgotten.

use std::sync::Arc;

use crossbeam::utils::CachePadded;

use super::Epochs;
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
    /// How many of them do not expire.
    lasting: AtomicU32,
}

/// Registry of the Cuts that somebody reads.
pub struct HeldCuts {
    slots: Box<[CachePadded<Slot>]>,
    /// Slots from here on were never used.
    used: AtomicUsize,
    /// Registrations that found no slot, one entry for each `Held`, and whether it is lasting.
    overflow: Mutex<Vec<(u64, bool)>>,
    overflowed: AtomicUsize,
    /// Cuts below it are expired.
    expired: AtomicU64,
    /// Cuts below it are forgotten (I4).
    forgotten: AtomicU64,
    /// What is expired and not forgotten yet, with a stamp taken after it expired.
    expiring: Mutex<Option<(u64, u64)>>,
}

/// Keeps all pages of one Cut from being reused. A clone holds the same Cut once more.
pub struct Held {
    cuts: Arc<HeldCuts>,
    batch: Batch,
    /// `None` for one in the overflow list.
    slot: Option<usize>,
    /// Whether it does not expire.
    lasting: bool,
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
        let slot = || Slot {
            word: AtomicU64::new(0),
            count: AtomicU32::new(0),
            lasting: AtomicU32::new(0),
        };
        HeldCuts {
            slots: (0..count).map(|_| CachePadded::new(slot())).collect(),
            used: AtomicUsize::new(0),
            overflow: Mutex::new(Vec::new()),
            overflowed: AtomicUsize::new(0),
            expired: AtomicU64::new(0),
            forgotten: AtomicU64::new(0),
            expiring: Mutex::new(None),
        }
    }

    /// Holds Cut `batch`, under the rule of the module's head. It does not expire.
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
                // I4: under the pin of the registration.
                slot.lasting.store(1, Ordering::SeqCst);
                // Before the pin ends: a scan after its grace period sees the new length.
                if self.used.load(Ordering::Relaxed) <= index && !has(Flaw::RegisteredUnseen) {
                    self.used.fetch_max(index + 1, Ordering::SeqCst);
                }
                HINT.with(|hint| hint.set(index));
                return Held { cuts: Arc::clone(self), batch, slot: Some(index), lasting: true };
            }
        }
        self.register_in_overflow(batch, true)
    }

    #[cold]
    fn register_in_overflow(self: &Arc<Self>, batch: Batch, lasting: bool) -> Held {
        let mut list = self.overflow.lock();
        list.push((batch.0, lasting));
        self.overflowed.store(list.len(), Ordering::SeqCst);
        Held { cuts: Arc::clone(self), batch, slot: None, lasting }
    }

    /// Expires the Cuts below `before`, which is the newest published one or an older one, and
    /// forgets those that an earlier call expired, if no pin is as old as that. So it is called
    /// again and again.
    pub fn expire(&self, before: Batch, epochs: &Epochs) {
        let mut expiring = self.expiring.lock();
        self.expired.fetch_max(before.0, Ordering::SeqCst);
        if let Some((batch, stamp)) = *expiring {
            if !epochs.is_past(stamp) && !has(Flaw::ForgottenTooEarly) {
                return;
            }
            self.forgotten.store(batch, Ordering::SeqCst);
            *expiring = None;
        }
        let expired = self.expired.load(Ordering::Relaxed);
        if expired > self.forgotten.load(Ordering::Relaxed) {
            *expiring = Some((expired, epochs.stamp()));
        }
    }

    /// Whether the Cut has expired. Asked under a pin, a "no" is good for as long as that lasts.
    #[inline]
    pub fn has_expired(&self, batch: Batch) -> bool {
        batch.0 < self.expired.load(Ordering::Acquire)
    }

    fn visit(&self, mut each: impl FnMut(u64)) {
        let forgotten = self.forgotten.load(Ordering::SeqCst);
        let used = self.used.load(Ordering::SeqCst);
        for slot in &self.slots[..used] {
            sync::point();
            let word = slot.word.load(Ordering::SeqCst);
            if word == 0 || word <= forgotten && slot.lasting.load(Ordering::SeqCst) == 0 {
                continue;
            }
            each(word - 1);
        }
        if self.overflowed.load(Ordering::SeqCst) != 0 {
            let list = self.overflow.lock();
            let counts = list.iter().filter(|(batch, lasting)| *lasting || *batch >= forgotten);
            counts.for_each(|(batch, _)| each(*batch));
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

    /// The same hold, which expires. Its clones do too.
    #[must_use]
    pub fn that_expires(mut self) -> Held {
        if std::mem::replace(&mut self.lasting, false) {
            match self.slot {
                Some(index) => {
                    self.cuts.slots[index].lasting.fetch_sub(1, Ordering::SeqCst);
                }
                None => {
                    let mut list = self.cuts.overflow.lock();
                    let entry = list.iter_mut().find(|entry| **entry == (self.batch.0, true));
                    assert!(entry.is_some(), "I2: an overflow registration is in the list");
                    if let Some(entry) = entry {
                        entry.1 = false;
                    }
                }
            }
        }
        self
    }

    /// Whether the Cut must not be read any more. Asked under a pin, a "no" is good for as long as
    /// that lasts.
    #[inline]
    pub fn is_expired(&self) -> bool {
        !self.lasting && self.cuts.has_expired(self.batch)
    }
}

impl Clone for Held {
    fn clone(&self) -> Held {
        let Some(index) = self.slot else {
            return self.cuts.register_in_overflow(self.batch, self.lasting);
        };
        // I2: this Held keeps the count above 0 meanwhile.
        let slot = &self.cuts.slots[index];
        let before = slot.count.fetch_add(1, Ordering::Relaxed);
        assert!(before > 0, "I2: a held slot has a count");
        if self.lasting {
            slot.lasting.fetch_add(1, Ordering::SeqCst);
        }
        Held {
            cuts: Arc::clone(&self.cuts),
            batch: self.batch,
            slot: self.slot,
            lasting: self.lasting,
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        sync::point();
        let Some(index) = self.slot else {
            let mut list = self.cuts.overflow.lock();
            let own = (self.batch.0, self.lasting);
            let place = list.iter().position(|entry| *entry == own);
            assert!(place.is_some(), "I2: an overflow registration ends once");
            list.swap_remove(place.unwrap_or(0));
            self.cuts.overflowed.store(list.len(), Ordering::SeqCst);
            return;
        };
        let slot = &self.cuts.slots[index];
        if self.lasting {
            slot.lasting.fetch_sub(1, Ordering::SeqCst);
        }
        // AcqRel: all that sharers of the slot read happens before the slot is free.
        let before = slot.count.fetch_sub(1, Ordering::AcqRel);
        assert!(before > 0, "I2: a held slot has a count");
        if before == 1 {
            slot.word.store(0, Ordering::SeqCst);
        }
    }
}
