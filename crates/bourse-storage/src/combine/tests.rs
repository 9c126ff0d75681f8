//! Tasks are run once, by one thread at a time, for callers that wait; nobody waits for ever.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::{Combiner, TurnLimit};
use crate::sync::sim::{Options, Outcome, current, run};
use crate::sync::{JoinHandle, monotonic, point, sleep, spawn};

fn options() -> Options {
    Options { steps_max: 300_000, ..Options::default() }
}

/// What the tests combine on: a total, who added to it, and the turns.
#[derive(Default)]
struct Tally {
    total: u64,
    runners: BTreeSet<(u64, u64)>,
    in_turn: u64,
    turns: u64,
    in_turn_max: u64,
}

fn tally() -> Arc<Combiner<Tally>> {
    Arc::new(Combiner::new(Tally::default(), |tally| {
        tally.in_turn_max = tally.in_turn_max.max(tally.in_turn);
        tally.turns += u64::from(tally.in_turn > 0);
        tally.in_turn = 0;
    }))
}

/// Adds one in two steps, between which a second thread would be seen.
fn add(tally: &mut Tally, caller: u64) {
    let seen = tally.total;
    point();
    tally.total = seen + 1;
    tally.in_turn += 1;
    tally.runners.insert((caller, RUNNER.get()));
}

thread_local! {
    /// Which of a test's threads this is.
    static RUNNER: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// `threads` threads that add `turns` times each.
fn add_from(combiner: &Arc<Combiner<Tally>>, threads: u64, turns: u64, limit: TurnLimit) {
    let threads: Vec<JoinHandle<()>> = (0..threads)
        .map(|caller| {
            let combiner = Arc::clone(combiner);
            spawn(&format!("caller {caller}"), move || {
                RUNNER.set(caller);
                for turn in 0..turns {
                    // What the task borrows from this stack must be there when it is run.
                    let mut done = 0;
                    combiner.run(limit, &mut |tally| {
                        add(tally, caller);
                        done += turn + 1;
                    });
                    assert_eq!(done, turn + 1, "a task is run once before run returns");
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn a_lone_caller_runs_its_own_task() {
    let combiner = tally();
    combiner.run(TurnLimit::default(), &mut |tally| add(tally, 0));
    combiner.run(TurnLimit::default(), &mut |tally| add(tally, 0));
    let tally = combiner.lock();
    assert_eq!((tally.total, tally.turns, tally.in_turn_max), (2, 2, 1));
}

#[test]
fn real_threads_lose_no_task() {
    let combiner = tally();
    add_from(&combiner, 6, 3000, TurnLimit::default());
    let tally = combiner.lock();
    assert_eq!(tally.total, 18_000);
    assert!(tally.in_turn_max <= 64);
}

#[test]
fn in_worlds_tasks_are_run_by_other_threads_and_none_is_lost() {
    let mut helped = 0;
    for seed in 0..200_u32 {
        let body = move || {
            let combiner = tally();
            let limit = TurnLimit { tasks: 1 + seed % 4, ..TurnLimit::default() };
            add_from(&combiner, 4, 5, limit);
            let tally = combiner.lock();
            assert!(tally.in_turn_max <= u64::from(limit.tasks), "a turn is bounded");
            assert!(tally.turns * u64::from(limit.tasks) >= 20);
            (tally.total, tally.runners.iter().filter(|(caller, by)| caller != by).count())
        };
        let (total, by_others) = run(u64::from(seed), &options(), body).finished();
        assert_eq!(total, 20, "seed {seed}");
        helped += by_others;
    }
    assert!(helped > 100, "only {helped} tasks were run for others");
}

#[test]
fn a_turn_is_bounded_by_time() {
    for seed in 0..30 {
        let body = || {
            let combiner = tally();
            let limit = TurnLimit { tasks: 64, time: Duration::from_micros(10) };
            let threads: Vec<JoinHandle<()>> = (0..6)
                .map(|caller| {
                    let combiner = Arc::clone(&combiner);
                    spawn("slow", move || {
                        combiner.run(limit, &mut |tally| {
                            sleep(Duration::from_micros(8));
                            add(tally, caller);
                        });
                    })
                })
                .collect();
            for thread in threads {
                thread.join().unwrap();
            }
            combiner.lock().in_turn_max
        };
        // The thread's own, one that begins at once, and one that begins within 10 us.
        assert!(run(seed, &options(), body).finished() <= 3, "seed {seed}");
    }
}

#[test]
fn a_panic_resumes_at_its_caller_and_nowhere_else() {
    let scenario = || {
        let combiner = tally();
        let threads: Vec<JoinHandle<bool>> = (0..4)
            .map(|caller| {
                let combiner = Arc::clone(&combiner);
                spawn("caller", move || {
                    let attempt = || {
                        combiner.run(TurnLimit::default(), &mut |tally| {
                            if caller == 2 {
                                std::panic::resume_unwind(Box::new(caller));
                            }
                            add(tally, caller);
                        });
                    };
                    match catch_unwind(AssertUnwindSafe(attempt)) {
                        Ok(()) => false,
                        Err(payload) => {
                            assert_eq!(payload.downcast_ref::<u64>(), Some(&2));
                            true
                        }
                    }
                })
            })
            .collect();
        let panicked: Vec<bool> = threads.into_iter().map(|t| t.join().unwrap()).collect();
        assert_eq!(panicked, [false, false, true, false]);
        assert_eq!(combiner.lock().total, 3);
    };
    scenario();
    for seed in 0..100 {
        run(seed, &options(), scenario).finished();
    }
}

#[test]
fn direct_use_excludes_tasks_and_is_followed_by_them() {
    for seed in 0..100 {
        let body = || {
            let combiner = tally();
            let mut guard = combiner.lock();
            assert!(combiner.try_lock().is_none());
            let other = Arc::clone(&combiner);
            let thread = spawn("adds", move || add_from(&other, 2, 2, TurnLimit::default()));
            let seen = guard.total;
            sleep(Duration::from_micros(20));
            assert_eq!(guard.total, seen);
            guard.total += 1;
            drop(guard);
            thread.join().unwrap();
            combiner.try_lock().map(|tally| tally.total)
        };
        assert_eq!(run(seed, &options(), body).finished(), Some(5), "seed {seed}");
    }
}

#[test]
fn re_entry_panics_instead_of_waiting_for_itself() {
    let combiner = tally();
    let inner = Arc::clone(&combiner);
    let attempt = || {
        combiner.run(TurnLimit::default(), &mut |_| {
            inner.run(TurnLimit::default(), &mut |tally| add(tally, 0));
        });
    };
    let payload = catch_unwind(AssertUnwindSafe(attempt)).unwrap_err();
    let message = payload.downcast_ref::<&str>().copied().unwrap_or_default();
    assert!(message.contains("the combiner that it is run by"), "{message}");
    assert_eq!(combiner.lock().total, 0);
}

#[test]
fn a_task_may_use_another_combiner() {
    for seed in 0..50 {
        let body = || {
            let (outer, inner) = (tally(), tally());
            let threads: Vec<JoinHandle<()>> = (0..4)
                .map(|caller| {
                    let (outer, inner) = (Arc::clone(&outer), Arc::clone(&inner));
                    spawn("caller", move || {
                        let limit = TurnLimit::default();
                        if caller == 3 {
                            return inner.run(limit, &mut |tally| add(tally, caller));
                        }
                        outer.run(limit, &mut |tally| {
                            inner.run(limit, &mut |tally| add(tally, caller));
                            add(tally, caller);
                        });
                    })
                })
                .collect();
            for thread in threads {
                thread.join().unwrap();
            }
            (outer.lock().total, inner.lock().total)
        };
        assert_eq!(run(seed, &options(), body).finished(), (3, 4), "seed {seed}");
    }
}

/// A value on a caller's stack that says when it is gone.
struct Lent {
    alive: AtomicU64,
    violations: Arc<AtomicU64>,
}

const ALIVE: u64 = 0x5ca1_ab1e;

impl Lent {
    fn check(&self) {
        let gone = self.alive.load(Ordering::SeqCst) != ALIVE;
        self.violations.fetch_add(u64::from(gone), Ordering::SeqCst);
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.alive.store(0, Ordering::SeqCst);
    }
}

#[test]
fn no_task_outlives_its_caller_in_a_crash() {
    let violations = Arc::new(AtomicU64::new(0));
    let (mut crashes, mut tasks) = (0, 0);
    for seed in 0..300 {
        let (violations, ran) = (Arc::clone(&violations), Arc::new(AtomicU64::new(0)));
        let count = Arc::clone(&ran);
        let outcome = run(seed, &options(), move || {
            let combiner = tally();
            for caller in 0..4 {
                let (combiner, violations) = (Arc::clone(&combiner), Arc::clone(&violations));
                let ran = Arc::clone(&ran);
                spawn("caller", move || {
                    loop {
                        let lent = Lent {
                            alive: AtomicU64::new(ALIVE),
                            violations: Arc::clone(&violations),
                        };
                        combiner.run(TurnLimit::default(), &mut |tally| {
                            lent.check();
                            add(tally, caller);
                            sleep(Duration::from_nanos(500));
                            point();
                            lent.check();
                            ran.fetch_add(1, Ordering::SeqCst);
                        });
                    }
                });
            }
            let end = monotonic() + Duration::from_micros(5 + seed % 60);
            while monotonic() < end {
                sleep(Duration::from_micros(1));
            }
            current().unwrap().crash();
        });
        crashes += u64::from(outcome == Outcome::Crashed);
        tasks += count.load(Ordering::SeqCst);
    }
    assert_eq!(violations.load(Ordering::SeqCst), 0);
    assert!(crashes == 300 && tasks > 1000, "{crashes} crashes, {tasks} tasks");
}
