//! Epochs, held Cuts and the cache's own accounting; what needs a file is tested with the pager.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::arena::ARENA_FRAMES;
use super::{Epochs, HeldCuts, PageCache};
use crate::id::Batch;
use crate::sync::spawn;

#[test]
fn a_stamp_waits_for_earlier_pins_only() {
    let epochs = Epochs::new();
    let before = epochs.stamp();
    assert!(epochs.is_past(before));
    let pin = epochs.pin();
    let stamp = epochs.stamp();
    assert!(!epochs.is_past(stamp));
    assert!(epochs.is_past(before), "the pin began later");
    drop(pin);
    assert!(epochs.is_past(stamp));
    let pin = epochs.pin();
    assert!(epochs.is_past(stamp), "a later pin does not matter");
    drop(pin);
}

#[test]
fn threads_without_a_slot_pin_all_the_same() {
    let epochs = Arc::new(Epochs::with_slots(1));
    let own = epochs.pin();
    let stamp = epochs.stamp();
    drop(own);
    assert!(epochs.is_past(stamp));
    let (pinned, release) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let thread = {
        let (epochs, pinned, release) =
            (Arc::clone(&epochs), Arc::clone(&pinned), Arc::clone(&release));
        spawn("overflow", move || {
            let _pin = epochs.pin();
            pinned.store(true, Ordering::Release);
            crate::sync::spin_until(|| release.load(Ordering::Acquire));
        })
    };
    crate::sync::spin_until(|| pinned.load(Ordering::Acquire));
    let stamp = epochs.stamp();
    assert!(!epochs.is_past(stamp));
    release.store(true, Ordering::Release);
    thread.join().unwrap();
    assert!(epochs.is_past(stamp));
}

#[test]
fn slots_come_back_when_threads_end() {
    let epochs = Arc::new(Epochs::with_slots(2));
    for _ in 0..20 {
        let epochs = Arc::clone(&epochs);
        let slot = spawn("short", move || epochs.pin().has_slot()).join().unwrap();
        assert!(slot, "the ended thread's slot is free again");
    }
}

/// One value is replaced and poisoned after its grace period; no reader may see the poison.
#[test]
fn nothing_is_reused_under_a_pin() {
    let epochs = Arc::new(Epochs::new());
    let cells: Arc<Vec<AtomicU64>> = Arc::new((0..64).map(|_| AtomicU64::new(0)).collect());
    let current = Arc::new(AtomicU64::new(0));
    cells[0].store(1, Ordering::Relaxed);
    let stop = Arc::new(AtomicBool::new(false));
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let (epochs, cells, current, stop) =
                (Arc::clone(&epochs), Arc::clone(&cells), Arc::clone(&current), Arc::clone(&stop));
            spawn("reader", move || {
                while !stop.load(Ordering::Relaxed) {
                    let _pin = epochs.pin();
                    let cell = current.load(Ordering::Acquire);
                    for _ in 0..10 {
                        let value = cells[usize::try_from(cell).unwrap()].load(Ordering::Relaxed);
                        assert_ne!(value, 0, "the cell was reused under the pin");
                    }
                }
            })
        })
        .collect();
    for turn in 1..20_000_u64 {
        let (old, new) = ((turn - 1) % 64, turn % 64);
        cells[usize::try_from(new).unwrap()].store(turn, Ordering::Relaxed);
        current.store(new, Ordering::Release);
        let stamp = epochs.stamp();
        crate::sync::spin_until(|| epochs.is_past(stamp));
        cells[usize::try_from(old).unwrap()].store(0, Ordering::Relaxed);
    }
    stop.store(true, Ordering::Relaxed);
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn held_cuts_are_found_by_range() {
    let cuts = HeldCuts::new();
    assert_eq!(cuts.oldest(), None);
    let five = cuts.register(Batch(5));
    let nine = cuts.register(Batch(9));
    assert_eq!(cuts.oldest(), Some(Batch(5)));
    assert!(cuts.any_in(Batch(5), Batch(6)) && !cuts.any_in(Batch(4), Batch(5)));
    assert!(!cuts.any_in(Batch(6), Batch(9)) && cuts.any_in(Batch(6), Batch(10)));
    let again = five.clone();
    drop(five);
    assert!(cuts.any_in(Batch(5), Batch(6)), "the clone holds it");
    spawn("other", move || drop(again)).join().unwrap();
    assert_eq!(cuts.oldest(), Some(Batch(9)));
    drop(nine);
    assert_eq!(cuts.oldest(), None);
}

#[test]
fn held_cuts_overflow_into_a_list() {
    let cuts = Arc::new(HeldCuts::with_slots(2));
    let held: Vec<_> = (1..=5).map(|batch| cuts.register(Batch(batch))).collect();
    assert!((1..=5).all(|batch| cuts.any_in(Batch(batch), Batch(batch + 1))));
    let copies = held.clone();
    drop(held);
    assert!((1..=5).all(|batch| cuts.any_in(Batch(batch), Batch(batch + 1))));
    drop(copies);
    assert_eq!(cuts.oldest(), None);
}

#[test]
fn frames_are_handed_out_once_and_come_back() {
    let cache = PageCache::new(1).unwrap();
    let frames = ARENA_FRAMES as usize;
    let mut taken: Vec<u32> = (0..frames).map(|_| cache.take_frame(0, None).unwrap()).collect();
    assert_eq!(cache.statistics().resident, frames as u64);
    let addresses = taken.iter().map(|frame| cache.arena().address(*frame).addr());
    assert!(addresses.clone().all(|address| address.is_multiple_of(4096)));
    taken.sort_unstable();
    taken.dedup();
    assert_eq!(taken.len(), frames);
    cache.give_back(taken.drain(1..));
    assert_eq!(cache.statistics().resident, 1);
    assert!(cache.take_frame(0, None).is_ok());
}

#[test]
fn a_cache_whose_frames_are_all_owned_is_full_and_says_so() {
    let cache = PageCache::new(1).unwrap();
    let taken: Vec<u32> = (0..ARENA_FRAMES).map(|_| cache.take_frame(0, None).unwrap()).collect();
    let error = cache.take_frame(0, None).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::Full);
    assert!(error.message().contains("larger cache"), "{error}");
    cache.give_back(taken.into_iter());
}
