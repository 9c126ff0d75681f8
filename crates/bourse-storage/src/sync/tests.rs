//! The seam outside any world: plain threads, plain locks, the real clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{Condvar, Mutex, monotonic, sleep, spawn, spin_until, wall_clock_us};

#[test]
fn mutex_excludes_and_join_returns() {
    let counter = Arc::new(Mutex::new(0_u64));
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let counter = Arc::clone(&counter);
            spawn("counter", move || {
                for _ in 0..1000 {
                    *counter.lock() += 1;
                }
                thread
            })
        })
        .collect();
    for (position, thread) in threads.into_iter().enumerate() {
        assert_eq!(thread.join().unwrap(), position);
    }
    assert_eq!(*counter.lock(), 4000);
}

#[test]
fn try_lock_refuses_a_held_lock() {
    let mutex = Mutex::new(1);
    let guard = mutex.lock();
    assert!(mutex.try_lock().is_none());
    drop(guard);
    assert_eq!(mutex.try_lock().map(|value| *value), Some(1));
}

#[test]
fn condvar_hands_over_and_times_out() {
    let shared = Arc::new((Mutex::new(false), Condvar::new()));
    let waiter = Arc::clone(&shared);
    let thread = spawn("waiter", move || {
        let mut ready = waiter.0.lock();
        while !*ready {
            waiter.1.wait(&mut ready);
        }
    });
    *shared.0.lock() = true;
    shared.1.notify_all();
    thread.join().unwrap();
    let before = monotonic();
    let mut guard = shared.0.lock();
    assert!(shared.1.wait_for(&mut guard, Duration::from_millis(5)));
    assert!(monotonic() - before >= Duration::from_millis(5));
}

#[test]
fn spin_until_sees_another_thread() {
    let flag = Arc::new(AtomicBool::new(false));
    let setter = Arc::clone(&flag);
    let thread = spawn("setter", move || {
        sleep(Duration::from_millis(1));
        setter.store(true, Ordering::Release);
    });
    spin_until(|| flag.load(Ordering::Acquire));
    thread.join().unwrap();
}

#[test]
fn wall_clock_is_of_this_century() {
    assert!(wall_clock_us() > 1_700_000_000_000_000);
}
