//! Simulated worlds: many real threads, run one at a time in an order that a seed decides.
//!
//! # The idea
//!
//! A world is a set of operating system threads of which exactly one holds the *baton*. It runs
//! until it comes to a call of the seam (a lock, a wait, a spawn, an I/O of [`crate::vfs::sim`], a
//! [`super::point`]); there the scheduler may hand the baton to another thread that can run. All
//! choices come from one seeded generator and time is virtual, so **the same seed gives the same
//! run**, step by step, and a failure is debugged by running its seed again. The obvious design,
//! coroutines on one thread, would not let the engine be the real one, with real threads, real
//! stacks and real thread-locals; this one changes nothing but the order.
//!
//! [`run`] starts a world and returns when all its threads have ended. Worlds do not know of each
//! other, and several may run at once in one process. A lock must not be shared between a running
//! world and threads outside it: a world cannot be told when an outsider lets go of it. And what
//! waits in a world must wait through the seam: a thread that blocks with the baton stops them all.
//!
//! # Crash
//!
//! [`World::crash`] ends all threads: the next call of the seam unwinds with a payload of its own,
//! without a panic message. Destructors run, so memory is given back, and by these rules:
//!
//! - I1. A thread that unwinds, or is past its body, never unwinds again from a call of the seam.
//!   Locks, and joins, still work; condition variables wake for no reason; the rest returns.
//! - I2. A released lock and [`super::point`] never unwind: they stand in destructors and in the
//!   middle of lock-free code.
//! - I3. A destructor must not wait for a *condition* that another thread would bring about: that
//!   thread is ended too. It may lock, and join.
//!
//! A deadlock, a panic that nobody joined, and a run without end stop a world in the same way, but
//! its outcome says what happened, with each thread's name and what it waited for.

use std::any::Any;
use std::cell::{Cell, OnceCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

mod random;
mod scheduler;
#[cfg(test)]
mod tests;
mod thread;

pub use random::Random;
use scheduler::Shared;
use thread::{Baton, State};

/// What `wall_clock_us` says when a world begins: 2026-01-01 00:00 UTC.
pub(super) const WALL_CLOCK_START_US: i64 = 1_767_225_600_000_000;

/// How a world is run. The seed decides what is left open.
#[derive(Clone, Debug)]
pub struct Options {
    /// Steps between two switches, on average; by default 2, 4, ... or 64, by seed.
    pub switch_one_in: Option<u32>,
    /// Steps after which the run counts as one without end.
    pub steps_max: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { switch_one_in: None, steps_max: 10_000_000 }
    }
}

/// How a world ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome<T> {
    /// All threads came to their end; this is what the first one returned.
    Finished(T),
    /// Somebody called [`World::crash`].
    Crashed,
    /// A thread panicked and nobody joined it, or the world could not go on, and why.
    Panicked(String),
}

impl<T> Outcome<T> {
    /// What the first thread returned.
    ///
    /// # Panics
    /// When the world ended in another way.
    #[track_caller]
    pub fn finished(self) -> T {
        match self {
            Outcome::Finished(value) => value,
            Outcome::Crashed => panic!("the world crashed"),
            Outcome::Panicked(message) => panic!("{message}"),
        }
    }
}

/// A handle to a world.
#[derive(Clone, Debug)]
pub struct World(Arc<Shared>);

impl World {
    /// Ends all threads of the world as a power cut would, each at its next call of the seam.
    pub fn crash(&self) {
        self.0.crash();
    }

    /// A hash of all switches so far: equal for two runs that did the same.
    pub fn trace_hash(&self) -> u64 {
        self.0.trace_hash()
    }

    /// Calls of the seam so far.
    pub fn steps(&self) -> u64 {
        self.0.steps()
    }
}

/// The world that the calling thread belongs to.
pub fn current() -> Option<World> {
    if !active() {
        return None;
    }
    inside(|me| World(Arc::clone(&me.shared)))
}

/// Runs `body` as the first thread of a new world, and returns when all its threads have ended.
///
/// # Panics
/// When called inside a world: worlds do not nest.
#[expect(clippy::expect_used, reason = "no thread can be had: the process cannot go on")]
pub fn run<T: Send + 'static>(
    seed: u64,
    options: &Options,
    body: impl FnOnce() -> T + Send + 'static,
) -> Outcome<T> {
    assert!(current().is_none(), "worlds do not nest");
    let _running = Running::new();
    let shared = Arc::new(Shared::new(seed, options));
    let first = Enlisted::new(&shared, "main");
    let seat = first.seat();
    let builder = std::thread::Builder::new().name(format!("main of world {seed}"));
    let thread = builder.spawn(move || first.run(body)).expect("start a thread");
    seat.started(thread.thread().clone());
    shared.begin();
    shared.await_all_ended();
    let result = thread.join();
    match (shared.verdict(), result) {
        ((_, Some(complaint)), _) => Outcome::Panicked(format!("seed {seed}: {complaint}")),
        ((true, None), _) => Outcome::Crashed,
        ((false, None), Ok(value)) => Outcome::Finished(value),
        ((false, None), Err(_)) => unreachable!("a panic is recorded before its thread ends"),
    }
}

/// How many worlds run: while it is none, a call of the seam costs this load and nothing else.
static ACTIVE: AtomicUsize = AtomicUsize::new(0);

#[inline]
pub(super) fn active() -> bool {
    // Relaxed: a thread of a world is started after its world is counted.
    ACTIVE.load(Ordering::Relaxed) != 0
}

struct Running;

impl Running {
    fn new() -> Running {
        ACTIVE.fetch_add(1, Ordering::Relaxed);
        Running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        ACTIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

thread_local! {
    // Set before anything else on a thread of a world. Destructors of thread-locals run in the
    // opposite order, so the baton is handed on only after all the others have run.
    static HERE: OnceCell<Rc<Participant>> = const { OnceCell::new() };
}

fn inside<R>(call: impl FnOnce(&Rc<Participant>) -> R) -> Option<R> {
    HERE.try_with(|here| here.get().map(call)).ok().flatten()
}

/// What threads of a crashed world unwind with.
struct Crashed;

/// A thread of a world, as it sees itself.
pub(super) struct Participant {
    shared: Arc<Shared>,
    index: usize,
    baton: Arc<Baton>,
    ending: Cell<bool>,
}

impl Drop for Participant {
    fn drop(&mut self) {
        self.shared.end(self.index);
    }
}

impl Participant {
    /// Whether a stopping world may unwind it (I1).
    fn can_unwind(&self) -> bool {
        !self.ending.get() && !std::thread::panicking()
    }

    fn unwind_if_stopping(&self) {
        if self.shared.is_stopping() && self.can_unwind() {
            resume_unwind(Box::new(Crashed));
        }
    }

    /// A step that unwinds in a world that stops.
    fn step(&self) {
        self.step_quietly();
        self.unwind_if_stopping();
    }

    /// A step that never unwinds (I2).
    fn step_quietly(&self) {
        if !self.shared.is_stopping() && !self.ending.get() {
            self.shared.step(self.index);
        }
    }

    fn acquire<G>(&self, mutex: usize, try_lock: impl Fn() -> Option<G>) -> G {
        self.step();
        loop {
            if let Some(guard) = try_lock() {
                return guard;
            }
            self.shared.block(self.index, State::Locked { mutex }, !self.can_unwind());
            self.unwind_if_stopping();
        }
    }

    fn spin(&self) {
        self.unwind_if_stopping();
        if self.shared.is_stopping() {
            self.shared.spin_stopping(self.index);
        } else {
            self.shared.spin(self.index);
            self.unwind_if_stopping();
        }
    }

    /// The body of `Condvar::wait`, called with the mutex released: whether it was woken in time.
    /// Ends, by returning or unwinding, only when the mutex is free.
    pub(super) fn wait(
        &self,
        condvar: usize,
        mutex: usize,
        limit: Option<Duration>,
        is_locked: impl Fn() -> bool,
    ) -> bool {
        self.shared.wake_lockers(mutex);
        let mut woken = true;
        if !self.shared.is_stopping() {
            woken = self.shared.wait(self.index, condvar, limit, !self.can_unwind());
        } else if !self.can_unwind() {
            self.shared.spin_stopping(self.index);
        }
        while is_locked() {
            self.shared.block(self.index, State::Locked { mutex }, true);
        }
        self.unwind_if_stopping();
        woken
    }
}

/// A thread that is not yet started.
pub(super) struct Enlisted(Participant);

impl Enlisted {
    fn new(shared: &Arc<Shared>, name: &str) -> Enlisted {
        let (index, baton) = shared.enlist(name);
        let ending = Cell::new(false);
        Enlisted(Participant { shared: Arc::clone(shared), index, baton, ending })
    }

    pub(super) fn seat(&self) -> Seat {
        Seat { shared: Arc::clone(&self.0.shared), index: self.0.index }
    }

    /// The whole life of a thread of a world.
    pub(super) fn run<T>(self, body: impl FnOnce() -> T) -> T {
        let me = Rc::new(self.0);
        let first = HERE.with(|here| here.set(Rc::clone(&me)).is_ok());
        assert!(first, "a thread belongs to one world");
        me.baton.await_turn();
        let result = catch_unwind(AssertUnwindSafe(|| {
            me.unwind_if_stopping();
            body()
        }));
        me.ending.set(true);
        result.unwrap_or_else(|payload| {
            if !payload.is::<Crashed>() {
                me.shared.panicked(me.index, panic_message(&*payload));
            }
            resume_unwind(payload)
        })
    }
}

fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| String::from("a payload that is no text"))
}

/// A thread of a world, as others see it.
pub(super) struct Seat {
    shared: Arc<Shared>,
    index: usize,
}

impl Seat {
    pub(super) fn started(&self, thread: std::thread::Thread) {
        self.shared.started(self.index, thread);
    }

    /// Waits for its end. Does nothing outside its world: a plain join will do there.
    pub(super) fn await_end(&self) {
        inside(|me| {
            if Arc::ptr_eq(&me.shared, &self.shared) {
                me.step();
                me.shared.join(me.index, self.index, !me.can_unwind());
                me.unwind_if_stopping();
            }
        });
    }
}

// What follows is called by the seam when some world is active. Each says, by `None` or `false`,
// when the calling thread belongs to none; then the plain call is made.

#[cold]
pub(super) fn enlist(name: &str) -> Option<Enlisted> {
    inside(|me| {
        me.step();
        Enlisted::new(&me.shared, name)
    })
}

#[cold]
pub(super) fn acquire<G>(mutex: usize, try_lock: impl Fn() -> Option<G>) -> Option<G> {
    inside(|me| me.acquire(mutex, try_lock))
}

#[cold]
pub(super) fn release(mutex: usize) {
    inside(|me| {
        me.shared.wake_lockers(mutex);
        me.step_quietly();
    });
}

#[cold]
pub(super) fn waiter() -> Option<Rc<Participant>> {
    inside(Rc::clone)
}

#[cold]
pub(super) fn notify(condvar: usize, all: bool) -> bool {
    inside(|me| {
        me.shared.notify(condvar, all);
        me.step();
    })
    .is_some()
}

#[cold]
pub(super) fn spin() -> bool {
    inside(|me| me.spin()).is_some()
}

#[cold]
pub(super) fn point() {
    inside(|me| me.step_quietly());
}

/// A call of the seam that may switch and, in a world that stops, unwinds.
#[cold]
pub(super) fn step() {
    inside(|me| me.step());
}

/// Whether the calling thread slept in virtual time; it did not outside a world.
#[cold]
pub(crate) fn sleep(duration: Duration) -> bool {
    inside(|me| {
        me.unwind_if_stopping();
        if !me.shared.is_stopping() {
            me.shared.sleep(me.index, duration);
            me.unwind_if_stopping();
        }
    })
    .is_some()
}

#[cold]
pub(super) fn now() -> Option<Duration> {
    inside(|me| me.shared.now())
}

/// Whether the calling thread's world, if it has one, is being ended.
pub(crate) fn is_stopping() -> bool {
    active() && inside(|me| me.shared.is_stopping()).unwrap_or(false)
}
