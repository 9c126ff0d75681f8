#![expect(unsafe_code, reason = "a thread keeps the address of its own slot")]
//! Small epochs: how a frame's new owner knows that no reader looks at the old page any more.
//!
//! A reader *pins* before it follows links and unpins soon after (no I/O, no waiting in between).
//! Whoever takes something out of readers' reach makes it unreachable, calls [`Epochs::stamp`],
//! and may reuse it once [`Epochs::is_past`] says that all pins of that time are over.
//!
//! # Invariants
//! - **I1** A slot belongs to at most one living thread; it holds 0, or the epoch of its pin.
//! - **I2** The epoch in a slot is never newer than the true one at the time of the pin. An older
//!   one is harmless: it only makes others wait longer.
//! - **I3** A pin whose store a scan does not see began after the scan's fence, and so sees all
//!   that the scanning thread did before it.
//!
//! # Why the fences suffice
//! `pin` stores the slot, then a `SeqCst` fence F1, then the reader's loads. `horizon` has a
//! `SeqCst` fence F2 before it loads the slots. Fences have one total order. If F1 is first, the
//! scan sees the slot's store. If F2 is first, the reader's loads see everything made before F2,
//! the unlinking included. A pin that read an epoch above the stamp synchronizes with the
//! `fetch_add` of `stamp` through its fence, and sees the unlinking as well. Unpinning is a
//! `Release` store that the scan's `Acquire` load reads: all of the reader's accesses, and what it
//! registered while pinned, happen before the scan returns. The scan may also read the store of a
//! later pin in the same slot: that is a `Release` store too, so the same holds of the pins before.

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::sync::Arc;

use crossbeam::utils::CachePadded;

use super::reads::{KINDS, Reads};
use crate::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering, fence};
use crate::sync::flaw::{Flaw, has};
use crate::sync::{self, Mutex, thread_local};

/// Threads that can be pinned without touching a mutex.
const SLOTS: usize = if cfg!(loom) { 3 } else { 1024 };

/// One thread's place.
struct Slot {
    /// 0, or the epoch of the thread's pin.
    pinned: AtomicU64,
    /// Whether a living thread has the slot.
    claimed: AtomicBool,
    /// Pages that the slot's threads found in memory.
    reads: Reads,
}

struct Shared {
    slots: Box<[CachePadded<Slot>]>,
    /// Slots from here on were never claimed.
    used: AtomicUsize,
}

/// The epochs of one page cache.
pub struct Epochs {
    /// Never used twice in a process, so that a thread can tell instances apart.
    instance: u64,
    now: CachePadded<AtomicU64>,
    shared: Arc<Shared>,
    /// Pins of threads that found no slot.
    overflow: Mutex<Vec<u64>>,
    overflowed: AtomicUsize,
    /// What threads without a slot found in memory, about.
    overflow_reads: Reads,
}

/// A thread's slots, given back when the thread ends.
struct Handles(Vec<(u64, usize, Arc<Shared>)>);

impl Drop for Handles {
    fn drop(&mut self) {
        // Fails where this value is the later one to go; then there is nothing to take back.
        let _ = LAST.try_with(|last| last.set((0, std::ptr::null())));
        for (_, index, shared) in &self.0 {
            shared.slots[*index].claimed.store(false, Ordering::Release);
        }
    }
}

thread_local! {
    /// The instance used last, and the thread's slot in it.
    static LAST: Cell<(u64, *const Slot)> = const { Cell::new((0, std::ptr::null())) };
    static HANDLES: RefCell<Handles> = const { RefCell::new(Handles(Vec::new())) };
}

/// While this lives, nothing that its thread can reach is reused. Keep it short.
pub struct Pin<'a> {
    epochs: &'a Epochs,
    /// Null for a pin in the overflow list.
    slot: *const Slot,
    epoch: u64,
    /// A pin ends on the thread that began it.
    _thread: PhantomData<*const ()>,
}

impl Default for Epochs {
    fn default() -> Epochs {
        Epochs::new()
    }
}

impl Epochs {
    /// Epochs that nobody has pinned.
    pub fn new() -> Epochs {
        Epochs::with_slots(SLOTS)
    }

    pub(super) fn with_slots(count: usize) -> Epochs {
        static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
        let slot = || Slot {
            pinned: AtomicU64::new(0),
            claimed: AtomicBool::new(false),
            reads: Reads::default(),
        };
        let slots = (0..count).map(|_| CachePadded::new(slot())).collect();
        Epochs {
            instance: NEXT.fetch_add(1, Ordering::Relaxed),
            now: CachePadded::new(AtomicU64::new(1)),
            shared: Arc::new(Shared { slots, used: AtomicUsize::new(0) }),
            overflow: Mutex::new(Vec::new()),
            overflowed: AtomicUsize::new(0),
            overflow_reads: Reads::default(),
        }
    }

    /// A number that no other epochs of the process have, or had.
    pub fn instance(&self) -> u64 {
        self.instance
    }

    /// Begins a pin of this thread. One thread has at most one pin at a time.
    #[inline]
    pub fn pin(&self) -> Pin<'_> {
        let (instance, slot) = LAST.with(Cell::get);
        let slot = if instance == self.instance { slot } else { self.find_slot() };
        if slot.is_null() {
            return self.pin_in_overflow();
        }
        let epoch = self.now.load(Ordering::Relaxed);
        sync::point();
        // SAFETY: the slot lies in `self.shared`, which `self` keeps alive.
        let place = unsafe { &(*slot).pinned };
        debug_assert_eq!(place.load(Ordering::Relaxed), 0, "I1: a thread pins once at a time");
        // Release, for the pin before this one: a scan that sees this store, and not the end of
        // that pin, is ordered after its reads all the same.
        let order = if has(Flaw::PinBeginsRelaxed) { Ordering::Relaxed } else { Ordering::Release };
        place.store(epoch, order);
        // F1 of the module's argument.
        if !has(Flaw::PinWithoutFence) {
            fence(Ordering::SeqCst);
        }
        sync::point();
        Pin { epochs: self, slot, epoch, _thread: PhantomData }
    }

    #[cold]
    fn pin_in_overflow(&self) -> Pin<'_> {
        let mut list = self.overflow.lock();
        let epoch = self.now.load(Ordering::Relaxed);
        list.push(epoch);
        self.overflowed.store(list.len(), Ordering::Relaxed);
        fence(Ordering::SeqCst);
        Pin { epochs: self, slot: std::ptr::null(), epoch, _thread: PhantomData }
    }

    /// The thread's slot, claimed now if it has none; null if none is free.
    #[cold]
    fn find_slot(&self) -> *const Slot {
        let found = HANDLES.try_with(|handles| {
            let mut handles = handles.borrow_mut();
            let known = handles.0.iter().find(|handle| handle.0 == self.instance);
            let index = match known {
                Some(handle) => handle.1,
                None => {
                    let index = self.claim()?;
                    // Slots of caches that are gone serve nobody.
                    handles.0.retain(|handle| Arc::strong_count(&handle.2) > 1);
                    handles.0.push((self.instance, index, Arc::clone(&self.shared)));
                    index
                }
            };
            let slot: *const Slot = &*self.shared.slots[index];
            LAST.with(|last| last.set((self.instance, slot)));
            Some(slot)
        });
        // A thread that is ending has no handles any more: it pins in the overflow list.
        found.ok().flatten().unwrap_or(std::ptr::null())
    }

    fn claim(&self) -> Option<usize> {
        for (index, slot) in self.shared.slots.iter().enumerate() {
            let free =
                slot.claimed.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed);
            sync::point();
            if free.is_ok() {
                // Before the pin's fence: a scan that misses this store precedes the pin (I3).
                self.shared.used.fetch_max(index + 1, Ordering::SeqCst);
                return Some(index);
            }
        }
        None
    }

    /// Ends an epoch and returns its number. Pins that may have begun in it or before it are those
    /// that [`Epochs::is_past`] waits for.
    pub fn stamp(&self) -> u64 {
        sync::point();
        self.now.fetch_add(1, Ordering::SeqCst)
    }

    /// Whether all pins that began at or before the stamp are over.
    pub fn is_past(&self, stamp: u64) -> bool {
        stamp < self.horizon()
    }

    /// Stamps below this are past: one scan for many stamps.
    pub fn horizon(&self) -> u64 {
        // Read before the scan: a stamp given later is not judged by it.
        let mut horizon = self.now.load(Ordering::SeqCst);
        // F2 of the module's argument.
        if !has(Flaw::ScanWithoutFence) {
            fence(Ordering::SeqCst);
        }
        let used = self.shared.used.load(Ordering::Acquire);
        for slot in &self.shared.slots[..used] {
            sync::point();
            let epoch = slot.pinned.load(Ordering::Acquire);
            if epoch != 0 {
                horizon = horizon.min(epoch);
            }
        }
        if self.overflowed.load(Ordering::Acquire) != 0 {
            let list = self.overflow.lock();
            horizon = list.iter().copied().fold(horizon, u64::min);
        }
        horizon
    }
}

impl Epochs {
    /// Adds what readers found in memory to a sum.
    pub(super) fn add_reads_to(&self, sum: &mut [u64; KINDS]) {
        let used = self.shared.used.load(Ordering::Acquire);
        self.shared.slots[..used].iter().for_each(|slot| slot.reads.add_to(sum));
        self.overflow_reads.add_to(sum);
    }
}

impl Pin<'_> {
    /// Where the pin's thread counts the pages that it finds.
    #[inline]
    pub(crate) fn reads(&self) -> &Reads {
        if self.slot.is_null() {
            return &self.epochs.overflow_reads;
        }
        // SAFETY: the slot lies in `epochs.shared`, which `epochs` keeps alive.
        unsafe { &(*self.slot).reads }
    }

    /// Whether this pin is one of these epochs'.
    pub(crate) fn belongs_to(&self, epochs: &Epochs) -> bool {
        std::ptr::eq(self.epochs, epochs)
    }

    /// Whether the pin did not need the overflow list.
    #[cfg(test)]
    pub(super) fn has_slot(&self) -> bool {
        !self.slot.is_null()
    }
}

impl Drop for Pin<'_> {
    #[inline]
    fn drop(&mut self) {
        sync::point();
        if self.slot.is_null() {
            let mut list = self.epochs.overflow.lock();
            let place = list.iter().position(|epoch| *epoch == self.epoch);
            assert!(place.is_some(), "I1: an overflow pin ends once");
            list.swap_remove(place.unwrap_or(0));
            self.epochs.overflowed.store(list.len(), Ordering::Release);
            return;
        }
        // SAFETY: the slot lies in `epochs.shared`, which `epochs` keeps alive.
        let place = unsafe { &(*self.slot).pinned };
        if has(Flaw::PinEndsRelaxed) {
            return place.store(0, Ordering::Relaxed);
        }
        place.store(0, Ordering::Release);
    }
}
