//! The seam outside any world: plain threads, plain locks, the real clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::sim::{Options, run};
use super::{Condvar, Event, Mutex, monotonic, sleep, spawn, spin_until, wall_clock_us};

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

/// Threads that pass a number on: each waits for its turn, and wakes the others after it. A wake
/// that is lost leaves all of them asleep.
fn pass_a_number_on(threads: u64, rounds: u64) {
    let shared = Arc::new((AtomicU64::new(0), Event::new()));
    let running: Vec<_> = (0..threads)
        .map(|thread| {
            let shared = Arc::clone(&shared);
            spawn("passer", move || {
                let (number, event) = &*shared;
                for round in 0..rounds {
                    let turn = round * threads + thread;
                    loop {
                        let now = event.now();
                        if number.load(Ordering::SeqCst) == turn {
                            break;
                        }
                        event.wait(now);
                    }
                    number.store(turn + 1, Ordering::SeqCst);
                    event.wake_all();
                }
            })
        })
        .collect();
    for thread in running {
        thread.join().unwrap();
    }
    assert_eq!(shared.0.load(Ordering::SeqCst), threads * rounds);
}

/// I1, I2 of events, with real threads: no wake is lost.
#[test]
fn an_event_wakes_all_who_wait() {
    pass_a_number_on(4, 2_000);
}

/// The same in worlds of many schedules: one that loses a wake does not finish.
#[test]
fn an_event_wakes_all_in_every_schedule() {
    let options = Options { steps_max: 200_000, ..Options::default() };
    for seed in 0..200 {
        run(seed, &options, || pass_a_number_on(3, 4)).finished();
    }
}

/// One wake ends one wait, at least; the others are ended by theirs.
#[test]
fn wake_one_wakes_someone() {
    let options = Options { steps_max: 200_000, ..Options::default() };
    for seed in 0..100 {
        run(seed, &options, || {
            let shared = Arc::new((Event::new(), AtomicU64::new(0)));
            let running: Vec<_> = (0..3)
                .map(|_| {
                    let shared = Arc::clone(&shared);
                    spawn("sleeper", move || {
                        shared.0.wait(shared.0.now());
                        shared.1.fetch_add(1, Ordering::SeqCst);
                    })
                })
                .collect();
            let mut woken = 0;
            while woken < 3 {
                shared.0.wake_one();
                sleep(Duration::from_millis(1));
                let now = shared.1.load(Ordering::SeqCst);
                assert!(now > woken || now == 3 || woken == 0, "a wake woke nobody");
                woken = now;
            }
            for thread in running {
                thread.join().unwrap();
            }
        })
        .finished();
    }
}
