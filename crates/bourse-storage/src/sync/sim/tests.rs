//! What a world promises: one thread at a time, the same run for the same seed, and an end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::{Options, Outcome, World, current, run};
use crate::sync::{
    Condvar, JoinHandle, Mutex, monotonic, point, sleep, spawn, spin_until, wall_clock_us,
    yield_now,
};

fn options() -> Options {
    Options { steps_max: 200_000, ..Options::default() }
}

/// Threads that lock, wait, notify, sleep and spin; returns what the world looked like at the end.
fn busy_world() -> (World, u64) {
    let shared = Arc::new((Mutex::new(0_u64), Condvar::new(), AtomicU64::new(0)));
    let threads: Vec<JoinHandle<()>> = (0..5)
        .map(|thread| {
            let shared = Arc::clone(&shared);
            spawn(&format!("worker {thread}"), move || {
                for turn in 0..20 {
                    let mut total = shared.0.lock();
                    *total = total.wrapping_mul(31) + thread;
                    if turn % 5 == thread {
                        shared.1.wait_for(&mut total, Duration::from_micros(50));
                    }
                    drop(total);
                    shared.1.notify_one();
                    sleep(Duration::from_nanos(thread * 300));
                }
                shared.2.fetch_add(1, Ordering::SeqCst);
            })
        })
        .collect();
    spin_until(|| shared.2.load(Ordering::SeqCst) == 5);
    for thread in threads {
        thread.join().unwrap();
    }
    let total = *shared.0.lock();
    (current().unwrap(), total)
}

#[test]
fn the_same_seed_gives_the_same_schedule() {
    let mut hashes = Vec::new();
    for seed in 0..20 {
        let runs = [(); 2].map(|()| {
            let (world, total) = run(seed, &options(), busy_world).finished();
            (world.trace_hash(), world.steps(), total)
        });
        assert_eq!(runs[0], runs[1], "seed {seed}");
        hashes.push(runs[0].0);
    }
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), 20, "different seeds give different schedules");
}

#[test]
fn worlds_run_side_by_side() {
    let alone = run(7, &options(), busy_world).finished();
    let threads: Vec<_> =
        (0..4).map(|_| spawn("outside", || run(7, &options(), busy_world).finished())).collect();
    for thread in threads {
        let beside = thread.join().unwrap();
        assert_eq!(beside.0.trace_hash(), alone.0.trace_hash());
        assert_eq!(beside.1, alone.1);
    }
}

/// Counts with two threads; the read and the write of the counter are apart.
fn count(locked: bool) -> u64 {
    let shared = Arc::new((AtomicU64::new(0), Mutex::new(())));
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let shared = Arc::clone(&shared);
            spawn("counter", move || {
                for _ in 0..3 {
                    let _guard = locked.then(|| shared.1.lock());
                    let seen = shared.0.load(Ordering::SeqCst);
                    point();
                    shared.0.store(seen + 1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    shared.0.load(Ordering::SeqCst)
}

#[test]
fn a_missing_lock_is_found_within_a_few_seeds() {
    let lost = (0..50).filter(|seed| run(*seed, &options(), || count(false)).finished() < 6);
    assert!(lost.count() > 0, "the scheduler never loses an update");
    for seed in 0..50 {
        assert_eq!(run(seed, &options(), || count(true)).finished(), 6, "seed {seed}");
    }
}

#[test]
fn a_missing_recheck_after_a_wait_is_found() {
    // `if` instead of `while` around a wait: wrong because a wait may end for no reason.
    let body = || {
        let shared = Arc::new((Mutex::new(false), Condvar::new()));
        let setter = Arc::clone(&shared);
        let thread = spawn("setter", move || {
            *setter.0.lock() = true;
            setter.1.notify_all();
        });
        let mut ready = shared.0.lock();
        if !*ready {
            shared.1.wait(&mut ready);
        }
        let seen = *ready;
        drop(ready);
        thread.join().unwrap();
        seen
    };
    let wrong = (0..500).filter(|seed| !run(*seed, &options(), body).finished()).count();
    assert!(wrong > 0, "waits never end for no reason");
}

#[test]
fn a_deadlock_names_the_threads_and_what_they_wait_for() {
    let body = || {
        let locks = Arc::new((Mutex::new(()), Mutex::new(())));
        let others = Arc::clone(&locks);
        let thread = spawn("second", move || {
            let _b = others.1.lock();
            let _a = others.0.lock();
        });
        {
            let _a = locks.0.lock();
            let _b = locks.1.lock();
        }
        thread.join().unwrap();
    };
    let found = (0..100).find_map(|seed| match run(seed, &options(), body) {
        Outcome::Panicked(message) => Some(message),
        _ => None,
    });
    let message = found.expect("no seed deadlocks");
    assert!(message.contains("deadlock"), "{message}");
    assert!(message.contains("thread main: waits for the mutex at"), "{message}");
    assert!(message.contains("thread second: waits for the mutex at"), "{message}");
}

#[test]
fn a_notification_that_never_comes_is_a_deadlock() {
    let body = || {
        let (mutex, condvar) = (Mutex::new(()), Condvar::new());
        let mut guard = mutex.lock();
        loop {
            condvar.wait(&mut guard);
        }
    };
    let Outcome::Panicked(message) = run::<()>(1, &options(), body) else {
        panic!("it ended");
    };
    assert!(message.contains("thread main: waits on the condvar"), "{message}");
}

#[test]
fn a_spin_without_progress_is_found() {
    let Outcome::Panicked(message) = run(1, &options(), || spin_until(|| false)) else {
        panic!("it ended");
    };
    assert!(message.contains("spin"), "{message}");
    let Outcome::Panicked(message) = run::<()>(1, &options(), || {
        let mutex = Mutex::new(());
        loop {
            drop(mutex.lock());
        }
    }) else {
        panic!("it ended");
    };
    assert!(message.contains("no end after 200000 steps"), "{message}");
}

#[test]
fn time_is_virtual() {
    let body = || {
        let begin = monotonic();
        let sleeper = spawn("sleeper", || sleep(Duration::from_hours(24)));
        let wall = wall_clock_us();
        sleeper.join().unwrap();
        let day = Duration::from_hours(24);
        let slept = monotonic() - begin;
        assert!(slept >= day && slept < day + Duration::from_secs(1), "{slept:?}");
        assert!(wall_clock_us() - wall >= 86_400_000_000);
        // A spin that only time can end makes time jump too.
        let later = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&later);
        let setter = spawn("setter", move || {
            sleep(day);
            flag.store(true, Ordering::SeqCst);
        });
        spin_until(|| later.load(Ordering::SeqCst));
        setter.join().unwrap();
        let mutex = Mutex::new(());
        let mut guard = mutex.lock();
        let limit = monotonic() + day;
        while !Condvar::new().wait_for(&mut guard, day) {}
        assert!(monotonic() >= limit);
    };
    run(3, &options(), body).finished();
}

#[test]
fn a_panic_that_nobody_joins_is_the_outcome() {
    let Outcome::Panicked(message) = run(1, &options(), || panic!("the body says so")) else {
        panic!("it ended");
    };
    assert!(message.contains("thread main panicked: the body says so"), "{message}");
    let lost = || drop(spawn("lost", || panic!("unseen")));
    let Outcome::Panicked(message) = run(1, &options(), lost) else {
        panic!("it ended");
    };
    assert!(message.contains("thread lost panicked: unseen"), "{message}");
    let joined = || spawn("joined", || panic!("seen")).join().is_err();
    assert_eq!(run(1, &options(), joined), Outcome::Finished(true));
}

/// Locks what others hold, joins its thread and sets a flag, as an engine's destructors do.
struct Tidy {
    shared: Arc<(Mutex<u64>, Condvar)>,
    thread: Option<JoinHandle<()>>,
    dropped: Arc<AtomicU64>,
}

impl Drop for Tidy {
    fn drop(&mut self) {
        *self.shared.0.lock() += 1;
        self.shared.1.notify_all();
        point();
        yield_now();
        if let Some(thread) = self.thread.take() {
            let _end = thread.join();
        }
        self.dropped.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_crash_ends_every_thread_and_runs_its_destructors() {
    for seed in 0..100 {
        let dropped = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&dropped);
        let outcome = run(seed, &options(), move || {
            let shared = Arc::new((Mutex::new(0), Condvar::new()));
            let tidies: Vec<Tidy> = (0..4)
                .map(|thread| {
                    let mine = Tidy {
                        shared: Arc::clone(&shared),
                        thread: None,
                        dropped: Arc::clone(&count),
                    };
                    let body = move || work(&mine, thread);
                    Tidy {
                        shared: Arc::clone(&shared),
                        thread: Some(spawn("worker", body)),
                        dropped: Arc::clone(&count),
                    }
                })
                .collect();
            sleep(Duration::from_micros(seed));
            current().unwrap().crash();
            sleep(Duration::from_secs(1));
            drop(tidies);
            unreachable!("a crashed world goes on");
        });
        assert_eq!(outcome, Outcome::<()>::Crashed, "seed {seed}");
        // All four of the first thread, and those that were given to the workers, begun or not.
        assert_eq!(dropped.load(Ordering::SeqCst), 8, "seed {seed}");
    }
}

fn work(tidy: &Tidy, thread: u64) {
    loop {
        let mut value = tidy.shared.0.lock();
        match thread {
            0 => tidy.shared.1.wait(&mut value),
            1 => drop(value),
            2 => sleep(Duration::from_micros(3)),
            _ => {
                drop(value);
                spin_until(|| monotonic() == Duration::ZERO);
            }
        }
    }
}

#[test]
fn a_crash_while_a_thread_panics_does_not_panic_twice() {
    struct LockOnDrop(Arc<Mutex<u64>>);
    impl Drop for LockOnDrop {
        fn drop(&mut self) {
            current().unwrap().crash();
            *self.0.lock() += 1;
            sleep(Duration::from_secs(1));
        }
    }
    let body = || {
        let mutex = Arc::new(Mutex::new(0));
        let inner = LockOnDrop(Arc::clone(&mutex));
        let thread = spawn("panics", move || {
            let _inner = inner;
            panic!("while the world ends");
        });
        let _end = thread.join();
    };
    for seed in 0..20 {
        assert_eq!(run(seed, &options(), body), Outcome::Crashed, "seed {seed}");
    }
}

#[test]
fn destructors_of_thread_locals_run_before_the_baton_is_handed_on() {
    struct Slow(Arc<Mutex<u64>>);
    impl Drop for Slow {
        fn drop(&mut self) {
            point();
            *self.0.lock() += u64::from(current().is_some());
        }
    }
    thread_local! {
        static SLOT: std::cell::RefCell<Option<Slow>> = const { std::cell::RefCell::new(None) };
    }
    let body = || {
        let total = Arc::new(Mutex::new(0));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let slow = Slow(Arc::clone(&total));
                spawn("local", move || SLOT.with(|slot| *slot.borrow_mut() = Some(slow)))
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        *total.lock()
    };
    for seed in 0..20 {
        assert_eq!(run(seed, &options(), body).finished(), 4, "seed {seed}");
    }
}
