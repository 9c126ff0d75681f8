//! The scheduler of one world: who holds the baton, who waits for what, and what time it is.
//!
//! # Invariants
//!
//! - I1. Exactly one thread of a world runs: the one that holds the baton. It alone calls the
//!   methods below (except [`Shared::crash`] and [`Shared::await_all_ended`]), so they need no
//!   atomic read-modify-write, and what they do depends on the seed alone.
//! - I2. A thread that is not [`State::Ready`] is given the baton only when its world stops, and
//!   then only if it can unwind, or waits for something that a stopped world no longer brings.
//! - I3. Virtual time never goes back: it is the number of steps, plus the jumps made when all
//!   threads were waiting.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use super::Options;
use super::random::{Random, mix};
use super::thread::{Baton, State, Thread};

/// What one step of a thread costs in virtual time.
const STEP_NS: u64 = 100;
/// Turns of waiting without progress after which all threads together are called stuck.
const IDLE_SPINS_MAX: u32 = 20_000;
/// Turns that threads may take in a stopped world before the simulator gives up on them.
const STOPPING_TURNS_MAX: u64 = 1_000_000;

/// What all threads of a world share.
#[derive(Debug)]
pub(super) struct Shared {
    stopping: AtomicBool,
    steps: AtomicU64,
    until_switch: AtomicU64,
    idle_spins: AtomicU32,
    lock_waiters: AtomicU32,
    stopping_turns: AtomicU64,
    steps_max: u64,
    scheduler: parking_lot::Mutex<Scheduler>,
    all_ended: parking_lot::Condvar,
}

#[derive(Debug)]
struct Scheduler {
    random: Random,
    switch_one_in: u64,
    jumped_ns: u64,
    threads: Vec<Thread>,
    live: usize,
    trace_hash: u64,
    crashed: bool,
    failure: Option<String>,
    panics: Vec<(usize, String)>,
}

impl Shared {
    pub(super) fn new(seed: u64, options: &Options) -> Shared {
        let mut random = Random::new(seed);
        let drawn = 1 << (1 + random.below(6));
        let switch_one_in = options.switch_one_in.map_or(drawn, |given| u64::from(given.max(1)));
        Shared {
            stopping: AtomicBool::new(false),
            steps: AtomicU64::new(0),
            until_switch: AtomicU64::new(1),
            idle_spins: AtomicU32::new(0),
            lock_waiters: AtomicU32::new(0),
            stopping_turns: AtomicU64::new(0),
            steps_max: options.steps_max,
            scheduler: parking_lot::Mutex::new(Scheduler {
                random,
                switch_one_in,
                jumped_ns: 0,
                threads: Vec::new(),
                live: 0,
                trace_hash: seed,
                crashed: false,
                failure: None,
                panics: Vec::new(),
            }),
            all_ended: parking_lot::Condvar::new(),
        }
    }

    #[inline]
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    pub(super) fn crash(&self) {
        self.scheduler.lock().crashed = true;
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub(super) fn steps(&self) -> u64 {
        self.steps.load(Ordering::Relaxed)
    }

    pub(super) fn trace_hash(&self) -> u64 {
        self.scheduler.lock().trace_hash
    }

    /// A new thread, ready to run once it has the baton: its number and its baton.
    pub(super) fn enlist(&self, name: &str) -> (usize, Arc<Baton>) {
        let mut scheduler = self.scheduler.lock();
        let baton = Arc::new(Baton::default());
        scheduler.threads.push(Thread::new(name, Arc::clone(&baton)));
        scheduler.live += 1;
        (scheduler.threads.len() - 1, baton)
    }

    /// Tells which thread to unpark. Must come before anyone else is given the baton.
    pub(super) fn started(&self, index: usize, thread: std::thread::Thread) {
        self.scheduler.lock().threads[index].baton.belongs_to(thread);
    }

    /// Lets the first thread run.
    pub(super) fn begin(&self) {
        let baton = Arc::clone(&self.scheduler.lock().threads[0].baton);
        baton.give();
    }

    /// A step of thread `me` that may switch to another.
    #[inline]
    pub(super) fn step(&self, me: usize) {
        self.tick();
        self.idle_spins.store(0, Ordering::Relaxed);
        let left = self.until_switch.load(Ordering::Relaxed) - 1;
        if left == 0 {
            self.switch(me, false);
        } else {
            self.until_switch.store(left, Ordering::Relaxed);
        }
    }

    /// Time passes. Only the holder of the baton counts, so a plain load and store will do (I1).
    pub(super) fn tick(&self) {
        self.steps.store(self.steps.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    pub(super) fn now(&self) -> Duration {
        self.tick();
        let scheduler = self.scheduler.lock();
        Duration::from_nanos(self.now_ns(&scheduler))
    }

    /// Virtual time (I3).
    fn now_ns(&self, scheduler: &Scheduler) -> u64 {
        self.steps().saturating_mul(STEP_NS).saturating_add(scheduler.jumped_ns)
    }

    /// Chooses who runs next; returns when `me` has the baton again.
    pub(super) fn switch(&self, me: usize, away: bool) {
        let mut scheduler = self.scheduler.lock();
        if self.steps() > self.steps_max && !self.is_stopping() {
            let steps = format!("no end after {} steps", self.steps_max);
            let message = scheduler.describe(&steps);
            self.fail(&mut scheduler, &message);
        }
        let range = 2 * scheduler.switch_one_in - 1;
        let until = 1 + scheduler.random.below(range);
        self.until_switch.store(until, Ordering::Relaxed);
        self.run_another(scheduler, me, away);
    }

    /// Waits in `state`: whether the wait ended as hoped, and not by its time or a stop.
    pub(super) fn block(&self, me: usize, state: State, quiet: bool) -> bool {
        self.tick();
        let locked = matches!(state, State::Locked { .. });
        if locked {
            self.lock_waiters.fetch_add(1, Ordering::Relaxed);
        }
        let mut scheduler = self.scheduler.lock();
        let thread = &mut scheduler.threads[me];
        (thread.state, thread.quiet, thread.woken) = (state, quiet, false);
        self.run_another(scheduler, me, false);
        if locked {
            self.lock_waiters.fetch_sub(1, Ordering::Relaxed);
        }
        let scheduler = self.scheduler.lock();
        assert_eq!(scheduler.threads[me].state, State::Ready, "who runs is ready"); // I1
        scheduler.threads[me].woken
    }

    pub(super) fn sleep(&self, me: usize, duration: Duration) {
        let until_ns = self.deadline(duration);
        self.block(me, State::Asleep { until_ns }, false);
    }

    /// Waits for a notification, at most for `limit`; rarely returns for no reason.
    pub(super) fn wait(
        &self,
        me: usize,
        condvar: usize,
        limit: Option<Duration>,
        quiet: bool,
    ) -> bool {
        if self.scheduler.lock().random.one_in(32) {
            self.switch(me, false);
            return true;
        }
        let until_ns = limit.map(|limit| self.deadline(limit));
        self.block(me, State::Waiting { condvar, until_ns }, quiet)
    }

    fn deadline(&self, duration: Duration) -> u64 {
        let wait_ns = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        self.now_ns(&self.scheduler.lock()).saturating_add(wait_ns)
    }

    /// Waits for another thread's end; its panic, if any, is now the caller's to deal with.
    pub(super) fn join(&self, me: usize, thread: usize, quiet: bool) {
        let ended = self.scheduler.lock().threads[thread].state == State::Ended;
        if !ended {
            self.block(me, State::Joining { thread }, quiet);
        }
        self.scheduler.lock().panics.retain(|(index, _)| *index != thread);
    }

    /// One turn of a wait that only other threads, or time, can end.
    pub(super) fn spin(&self, me: usize) {
        self.tick();
        let spins = self.idle_spins.load(Ordering::Relaxed) + 1;
        self.idle_spins.store(spins, Ordering::Relaxed);
        let mut scheduler = self.scheduler.lock();
        let enough_for_all = 64 + 16 * u32::try_from(scheduler.live).unwrap_or(u32::MAX / 32);
        if spins > enough_for_all {
            let now_ns = self.now_ns(&scheduler);
            if let Some(deadline_ns) = scheduler.next_deadline_ns() {
                scheduler.jumped_ns += deadline_ns.saturating_sub(now_ns);
                self.idle_spins.store(0, Ordering::Relaxed);
            } else if spins > IDLE_SPINS_MAX && !self.is_stopping() {
                let message = scheduler.describe("all threads spin, none makes progress");
                self.fail(&mut scheduler, &message);
            }
        }
        drop(scheduler);
        self.switch(me, true);
    }

    /// As [`Shared::spin`] once the world stops: others get their turn to unwind.
    pub(super) fn spin_stopping(&self, me: usize) {
        let turns = self.stopping_turns.fetch_add(1, Ordering::Relaxed);
        if turns > STOPPING_TURNS_MAX {
            give_up(&self.scheduler.lock().describe("a destructor waits for what will not come"));
        }
        self.switch(me, true);
    }

    /// Those who wait for this lock may try again.
    pub(super) fn wake_lockers(&self, mutex: usize) {
        if self.lock_waiters.load(Ordering::Relaxed) == 0 {
            return;
        }
        for thread in &mut self.scheduler.lock().threads {
            if thread.state == (State::Locked { mutex }) {
                thread.state = State::Ready;
            }
        }
    }

    /// Wakes one, chosen by seed, or all of those who wait here.
    pub(super) fn notify(&self, address: usize, all: bool) {
        let mut guard = self.scheduler.lock();
        let scheduler = &mut *guard;
        let here = |thread: &Thread| match thread.state {
            State::Waiting { condvar, .. } => condvar == address,
            _ => false,
        };
        let count = scheduler.threads.iter().filter(|thread| here(thread)).count();
        if count == 0 {
            return;
        }
        let chosen = scheduler.random.index(count);
        let waiting = scheduler.threads.iter_mut().filter(|thread| here(thread));
        for (position, thread) in waiting.enumerate() {
            if all || position == chosen {
                (thread.state, thread.woken) = (State::Ready, true);
            }
        }
    }

    /// A thread panicked. Once the world stops that is no news; that of the first thread, which
    /// nobody joins, stops it.
    pub(super) fn panicked(&self, me: usize, message: String) {
        if !self.is_stopping() {
            self.scheduler.lock().panics.push((me, message));
            if me == 0 {
                self.stopping.store(true, Ordering::Relaxed);
            }
        }
    }

    /// The end of thread `me`, which hands over the baton for the last time.
    pub(super) fn end(&self, me: usize) {
        let mut scheduler = self.scheduler.lock();
        scheduler.threads[me].state = State::Ended;
        scheduler.live -= 1;
        for thread in &mut scheduler.threads {
            if thread.state == (State::Joining { thread: me }) {
                thread.state = State::Ready;
            }
        }
        match self.pick(&mut scheduler, None) {
            Some(next) => scheduler.threads[next].baton.give(),
            None => {
                self.all_ended.notify_all();
            }
        }
    }

    /// Waits, outside the world, for the end of all its threads.
    pub(super) fn await_all_ended(&self) {
        let mut scheduler = self.scheduler.lock();
        while scheduler.live > 0 {
            self.all_ended.wait(&mut scheduler);
        }
    }

    /// Whether the world crashed, or else what went wrong in it.
    pub(super) fn verdict(&self) -> (bool, Option<String>) {
        let scheduler = self.scheduler.lock();
        (scheduler.crashed, scheduler.complaint())
    }

    fn fail(&self, scheduler: &mut Scheduler, message: &str) {
        scheduler.failure.get_or_insert_with(|| message.into());
        self.stopping.store(true, Ordering::Relaxed);
    }

    fn run_another(
        &self,
        mut scheduler: parking_lot::MutexGuard<'_, Scheduler>,
        me: usize,
        away: bool,
    ) {
        let next = self.pick(&mut scheduler, away.then_some(me));
        if next == Some(me) {
            return;
        }
        // Not None: `me` lives. The baton is given after the lock, which the next one needs.
        let given = next.map(|next| Arc::clone(&scheduler.threads[next].baton));
        let mine = Arc::clone(&scheduler.threads[me].baton);
        drop(scheduler);
        if let Some(given) = given {
            given.give();
        }
        mine.await_turn();
    }

    /// Who runs next, if anyone lives; not thread `not` unless it is the only one that can.
    fn pick(&self, scheduler: &mut Scheduler, not: Option<usize>) -> Option<usize> {
        while scheduler.live > 0 {
            let stopping = self.is_stopping();
            let now_ns = self.now_ns(scheduler);
            scheduler.wake_sleepers(now_ns);
            if let Some(next) = scheduler.choose(stopping, not) {
                scheduler.threads[next].state = State::Ready;
                let happening = self.steps() ^ ((next as u64) << 48);
                scheduler.trace_hash = mix(scheduler.trace_hash.rotate_left(7) ^ happening);
                return Some(next);
            }
            if stopping {
                give_up(&scheduler.describe("destructors wait for each other"));
            }
            match scheduler.next_deadline_ns() {
                Some(deadline_ns) => scheduler.jumped_ns += deadline_ns - now_ns, // I3
                None => {
                    let message = scheduler.describe("deadlock: every thread waits");
                    self.fail(scheduler, &message);
                }
            }
        }
        None
    }
}

impl Scheduler {
    fn wake_sleepers(&mut self, now_ns: u64) {
        for thread in &mut self.threads {
            if thread.deadline_ns().is_some_and(|deadline_ns| deadline_ns <= now_ns) {
                thread.state = State::Ready;
            }
        }
    }

    fn next_deadline_ns(&self) -> Option<u64> {
        self.threads.iter().filter_map(Thread::deadline_ns).min()
    }

    /// One of the threads that can run, by seed; `not` only when it alone can.
    fn choose(&mut self, stopping: bool, not: Option<usize>) -> Option<usize> {
        let count = self.others(stopping, not).count();
        if count == 0 {
            return not.filter(|index| self.threads[*index].can_run(stopping));
        }
        let chosen = self.random.index(count);
        self.others(stopping, not).nth(chosen)
    }

    fn others(&self, stopping: bool, not: Option<usize>) -> impl Iterator<Item = usize> {
        (0..self.threads.len())
            .filter(move |index| Some(*index) != not && self.threads[*index].can_run(stopping))
    }

    fn complaint(&self) -> Option<String> {
        let panics = self.panics.iter().map(|(index, message)| {
            format!("thread {} panicked: {message}", self.threads[*index].name)
        });
        let all: Vec<String> = panics.chain(self.failure.clone()).collect();
        (!all.is_empty()).then(|| all.join("\n"))
    }

    fn describe(&self, what: &str) -> String {
        let mut text = String::from(what);
        for thread in self.threads.iter().filter(|thread| thread.state != State::Ended) {
            let waits_for = match thread.state {
                State::Locked { mutex } => format!("waits for the mutex at {mutex:#x}"),
                State::Waiting { condvar, .. } => format!("waits on the condvar at {condvar:#x}"),
                State::Asleep { until_ns } => format!("sleeps until {until_ns} ns"),
                State::Joining { thread } => {
                    format!("waits for the end of thread {}", self.threads[thread].name)
                }
                State::Ready | State::Ended => String::from("can run"),
            };
            let written = write!(text, "\n  thread {}: {waits_for}", thread.name);
            assert!(written.is_ok(), "a string takes all that is written to it");
        }
        text
    }
}

/// The threads of a stopped world cannot all end, so neither can the test that runs them.
fn give_up(why: &str) -> ! {
    eprintln!("the simulated world cannot end: {why}");
    std::process::abort();
}
