//! A shared pointer that readers follow under a pin, without touching a reference count.
//!
//! The newest Cut is read by every operation of every thread. A reference count there would be a
//! cache line that all of them write; so readers only pin (a store to their own line) and load.
//! The writer swaps the pointer and keeps the old value until the pins that may have seen it are
//! over.
#![expect(unsafe_code, reason = "follows a raw pointer that an epoch keeps alive")]

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Epochs, Pin};
use crate::sync::atomic::{AtomicPtr, Ordering};
use crate::sync::flaw::{Flaw, has};
use crate::sync::{self, Mutex};

/// An `Arc<T>` that can be replaced while others read it. All pins and stamps that it is given must
/// be of one [`Epochs`].
pub struct EpochCell<T> {
    /// From `Arc::into_raw`; the cell owns that reference.
    current: AtomicPtr<T>,
    /// Values replaced, each with the stamp that must be past before it may go; oldest first.
    retired: Mutex<VecDeque<(u64, Arc<T>)>>,
}

impl<T> EpochCell<T> {
    /// A cell with its first value.
    pub fn new(value: Arc<T>) -> EpochCell<T> {
        EpochCell {
            current: AtomicPtr::new(Arc::into_raw(value).cast_mut()),
            retired: Mutex::new(VecDeque::new()),
        }
    }

    /// The value of this moment, for as long as the pin lasts.
    pub fn load<'p>(&'p self, _pin: &'p Pin<'_>) -> &'p T {
        // Acquire pairs with the swap in `store`: the value is seen complete.
        let pointer = self.current.load(Ordering::Acquire);
        // SAFETY: the pointer came from `Arc::into_raw` and the cell's reference to it is given up
        // only in `store`, after a stamp taken after the swap is past. This pin began before the
        // load, so while it lasts no such stamp is past.
        unsafe { &*pointer }
    }

    /// As [`EpochCell::load`], counted, so that it may outlive the pin.
    pub fn load_arc(&self, pin: &Pin<'_>) -> Arc<T> {
        let pointer = std::ptr::from_ref(self.load(pin));
        // SAFETY: the pointer came from `Arc::into_raw`, and is alive as in `load`.
        unsafe {
            Arc::increment_strong_count(pointer);
            Arc::from_raw(pointer)
        }
    }

    /// Replaces the value.
    pub fn store(&self, value: Arc<T>, epochs: &Epochs) {
        let mut retired = self.retired.lock();
        let early = has(Flaw::StampBeforeSwap).then(|| epochs.stamp());
        let old = self.current.swap(Arc::into_raw(value).cast_mut(), Ordering::AcqRel);
        sync::point();
        // SAFETY: `old` came from `Arc::into_raw`, and the swap made this the only owner of the
        // cell's reference to it.
        let old = unsafe { Arc::from_raw(old) };
        retired.push_back((early.unwrap_or_else(|| epochs.stamp()), old));
        while retired.front().is_some_and(|(stamp, _)| epochs.is_past(*stamp)) {
            retired.pop_front();
        }
    }
}

impl<T> Drop for EpochCell<T> {
    fn drop(&mut self) {
        let pointer = self.current.load(Ordering::Relaxed);
        // SAFETY: as in `store`; `&mut self` shows that nobody loads any more.
        drop(unsafe { Arc::from_raw(pointer) });
    }
}
