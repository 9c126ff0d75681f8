#![expect(unsafe_code, reason = "models look at memory that loom watches")]
//! Who waits is woken: events and flat combining.

use std::sync::Arc;

use loom::cell::UnsafeCell;

use super::{DEADLOCK, RACE, holds_and_finds};
use crate::combine::{Combiner, TurnLimit};
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::flaw::Flaw;
use crate::sync::{Event, spawn};

/// Guards the event's I1 and I2: a wake is not lost, however late the wait begins.
fn wait_and_wake() {
    let event = Arc::new(Event::new());
    let come = Arc::new(AtomicBool::new(false));
    let waiter = {
        let (event, come) = (Arc::clone(&event), Arc::clone(&come));
        spawn("waiter", move || {
            loop {
                let moment = event.now();
                if come.load(Ordering::Acquire) {
                    return;
                }
                event.wait(moment);
            }
        })
    };
    come.store(true, Ordering::Release);
    event.wake_all();
    waiter.join().unwrap();
}

#[test]
fn a_wake_is_not_lost() {
    holds_and_finds(wait_and_wake, &[(Flaw::EventNotLookedAtAgain, DEADLOCK)]);
}

/// Two threads' tasks on one number. What a task borrows is its caller's again when `run` returns.
fn combine() {
    let combiner = Arc::new(Combiner::new(0_u32, |_| {}));
    let other = {
        let combiner = Arc::clone(&combiner);
        spawn("other", move || add(&combiner))
    };
    add(&combiner);
    other.join().unwrap();
    assert_eq!(*combiner.lock(), 2, "each task was run once");
}

/// What a task writes for its caller.
struct Seen(UnsafeCell<u32>);

// SAFETY: loom checks each access before it is made; to find a wrong one is what models are for.
unsafe impl Sync for Seen {}

impl Seen {
    fn write(&self, total: u32) {
        // SAFETY: as above.
        self.0.with_mut(|seen| unsafe { *seen = total });
    }

    fn read(&self) -> u32 {
        // SAFETY: as above.
        self.0.with(|seen| unsafe { *seen })
    }
}

fn add(combiner: &Combiner<u32>) {
    let seen = Seen(UnsafeCell::new(u32::MAX));
    combiner.run(TurnLimit::default(), &mut |total: &mut u32| {
        seen.write(*total);
        *total += 1;
    });
    assert!(seen.read() < 2, "the task was run, and that is seen");
}

#[test]
fn tasks_are_run_once_and_nobody_waits_for_ever() {
    holds_and_finds(combine, &[(Flaw::QueueNotLookedAt, DEADLOCK), (Flaw::FinishRelaxed, RACE)]);
}
