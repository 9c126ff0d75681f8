#![expect(unsafe_code, reason = "models look at memory that loom watches")]
//! Nothing is reused while somebody may look at it: epochs, the cell of the newest Cut, held Cuts.

use std::sync::Arc;

use loom::cell::UnsafeCell;

use super::{RACE, holds_and_finds};
use crate::cache::cell::EpochCell;
use crate::cache::{Epochs, HeldCuts};
use crate::id::Batch;
use crate::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use crate::sync::flaw::Flaw;
use crate::sync::spawn;

/// Memory that a reader looks at and a writer uses again; loom sees accesses that no order parts.
struct Places([UnsafeCell<u32>; 2]);

// SAFETY: loom checks each access before it is made; to find a wrong one is what models are for.
unsafe impl Sync for Places {}

impl Places {
    fn new() -> Places {
        Places([UnsafeCell::new(1), UnsafeCell::new(1)])
    }

    fn look(&self, place: usize) {
        self.0[place].with(|value| {
            // SAFETY: as above; loom checks the access before it is made.
            assert_eq!(unsafe { *value }, 1, "the place was used again under the reader's eyes");
        });
    }

    fn use_again(&self, place: usize) {
        self.0[place].with_mut(|value| {
            // SAFETY: as above.
            unsafe { *value = 2 };
        });
    }
}

/// Guards the epochs' I3: what was unlinked before a stamp is not seen by pins after it, and is not
/// looked at any more once the stamp is past.
fn unlink_stamp_reuse() {
    let epochs = Arc::new(Epochs::new());
    let places = Arc::new(Places::new());
    let current = Arc::new(AtomicUsize::new(0));
    let reader = {
        let (epochs, places, current) =
            (Arc::clone(&epochs), Arc::clone(&places), Arc::clone(&current));
        spawn("reader", move || {
            let _pin = epochs.pin();
            places.look(current.load(Ordering::Acquire));
        })
    };
    current.store(1, Ordering::Release);
    let stamp = epochs.stamp();
    if epochs.is_past(stamp) {
        places.use_again(0);
    }
    reader.join().unwrap();
}

#[test]
fn a_place_is_reused_after_its_readers_have_left() {
    let flaws = [
        (Flaw::PinWithoutFence, RACE),
        (Flaw::ScanWithoutFence, RACE),
        (Flaw::PinEndsRelaxed, RACE),
    ];
    holds_and_finds(unlink_stamp_reuse, &flaws);
}

/// Guards the cell: its reference to a value is given up only when no pin can have seen the value.
fn replace_in_cell() {
    let epochs = Arc::new(Epochs::new());
    // The model keeps a reference of its own, so that a value given up too early can be looked at.
    let values: Arc<[Arc<usize>; 2]> = Arc::new([Arc::new(0), Arc::new(1)]);
    let cell = Arc::new(EpochCell::new(Arc::clone(&values[0])));
    let elsewhere = Arc::new(AtomicU64::new(0));
    let reader = {
        let (epochs, values, cell) = (Arc::clone(&epochs), Arc::clone(&values), Arc::clone(&cell));
        let elsewhere = Arc::clone(&elsewhere);
        spawn("reader", move || {
            let pin = epochs.pin();
            let number = *cell.load(&pin);
            // The writer may go on here.
            elsewhere.load(Ordering::Relaxed);
            assert_eq!(Arc::strong_count(&values[number]), 2, "value {number} was given up");
        })
    };
    cell.store(Arc::clone(&values[1]), &epochs);
    reader.join().unwrap();
}

#[test]
fn a_value_lives_as_long_as_a_pin_that_saw_it() {
    holds_and_finds(
        replace_in_cell,
        &[(Flaw::StampBeforeSwap, "was given up"), (Flaw::PinWithoutFence, "was given up")],
    );
}

/// Guards the rule of held Cuts: who registers a Cut while pinned in the epoch in which it was the
/// newest is seen by who frees pages after a newer one was published.
fn register_while_pinned() {
    let epochs = Arc::new(Epochs::new());
    let cuts = HeldCuts::new();
    let places = Arc::new(Places::new());
    let newest = Arc::new(AtomicU64::new(0));
    let reader = {
        let (epochs, cuts) = (Arc::clone(&epochs), Arc::clone(&cuts));
        let (places, newest) = (Arc::clone(&places), Arc::clone(&newest));
        spawn("reader", move || {
            let pin = epochs.pin();
            let cut = newest.load(Ordering::Acquire);
            let held = cuts.register(Batch(cut));
            drop(pin);
            places.look(usize::try_from(cut).unwrap());
            drop(held);
        })
    };
    newest.store(1, Ordering::Release);
    let stamp = epochs.stamp();
    if epochs.is_past(stamp) && !cuts.any_in(Batch(0), Batch(1)) {
        places.use_again(0);
    }
    reader.join().unwrap();
}

#[test]
fn a_held_cut_is_seen_by_who_frees_its_pages() {
    holds_and_finds(
        register_while_pinned,
        &[(Flaw::RegisteredUnseen, RACE), (Flaw::PinWithoutFence, RACE)],
    );
}

/// Guards I4 of held Cuts: a Cut that expires is read under pins that found it not expired, and
/// its pages are reused when those are over, though it is held.
fn read_until_expired() {
    let epochs = Arc::new(Epochs::new());
    let cuts = HeldCuts::new();
    let places = Arc::new(Places::new());
    let held = cuts.register(Batch(0)).that_expires();
    let reader = {
        let (epochs, places) = (Arc::clone(&epochs), Arc::clone(&places));
        spawn("reader", move || {
            let _pin = epochs.pin();
            if !held.is_expired() {
                places.look(0);
            }
            // Kept to the end: what is forgotten does not count, held or not.
            std::mem::forget(held);
        })
    };
    cuts.expire(Batch(1), &epochs);
    cuts.expire(Batch(1), &epochs);
    if !cuts.any_in(Batch(0), Batch(1)) {
        places.use_again(0);
    }
    reader.join().unwrap();
}

#[test]
fn an_expired_cut_is_read_by_nobody_when_its_pages_are_freed() {
    holds_and_finds(
        read_until_expired,
        &[(Flaw::ForgottenTooEarly, RACE), (Flaw::PinWithoutFence, RACE)],
    );
}
