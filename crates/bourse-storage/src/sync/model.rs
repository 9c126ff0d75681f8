//! The seam to threads as models see it (`--cfg loom`): every lock, wait, wake, spawn and atomic is
//! loom's, which runs a model again and again, each time in another order, with every value that a
//! load may see by the memory model.
//!
//! What a model cannot have is left out: time stands still, and nobody waits for it. [`sim`] is
//! there only because files can be simulated by it; no world runs while a model does.
#![expect(clippy::disallowed_types, reason = "this is the seam that others must go through")]
#![allow(dead_code, unused_imports, reason = "models use a part of what the engine does")]

use std::time::Duration;

mod event;
pub(crate) mod flaw;
pub mod sim;
mod watch;

pub use event::{Event, Moment};
pub(crate) use watch::begin_wait;
pub use watch::{Watch, watched};
/// As the standard one, for values that are made by constants.
macro_rules! thread_local_of_model {
    ($($(#[$attribute:meta])* static $name:ident: $type:ty = const { $value:expr };)+) => {
        loom::thread_local! {
            $($(#[$attribute])* static $name: $type = $value;)+
        }
    };
}

pub(crate) use thread_local_of_model as thread_local;

/// Atomics whose orders are explored.
pub mod atomic {
    pub use loom::sync::atomic::{
        AtomicBool, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence,
    };
}

/// A mutual exclusion lock that does not poison.
#[derive(Default, Debug)]
pub struct Mutex<T>(loom::sync::Mutex<T>);

/// Holds a [`Mutex`] until dropped.
pub struct MutexGuard<'a, T>(Option<loom::sync::MutexGuard<'a, T>>);

/// Where threads wait for a change of what a mutex guards.
#[derive(Default, Debug)]
pub struct Condvar(loom::sync::Condvar);

impl<T> Mutex<T> {
    /// A free lock around `value`.
    pub fn new(value: T) -> Mutex<T> {
        Mutex(loom::sync::Mutex::new(value))
    }

    /// Waits for the lock.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        MutexGuard(Some(self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())))
    }

    /// Takes the lock if it is free.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        self.0.try_lock().ok().map(|guard| MutexGuard(Some(guard)))
    }
}

impl<T> std::ops::Deref for MutexGuard<'_, T> {
    type Target = T;
    #[expect(clippy::expect_used, reason = "it is away only within `Condvar::wait`")]
    fn deref(&self) -> &T {
        self.0.as_ref().expect("a guard that does not wait")
    }
}

impl<T> std::ops::DerefMut for MutexGuard<'_, T> {
    #[expect(clippy::expect_used, reason = "it is away only within `Condvar::wait`")]
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect("a guard that does not wait")
    }
}

impl Condvar {
    /// A condition variable that nobody waits on.
    pub fn new() -> Condvar {
        Condvar(loom::sync::Condvar::new())
    }

    /// Lets go of the lock, waits to be woken, takes it again. May wake for no reason.
    pub fn wait<T>(&self, guard: &mut MutexGuard<'_, T>) {
        let inner = guard.0.take();
        guard.0 = inner.and_then(|inner| self.0.wait(inner).ok());
    }

    /// As [`Condvar::wait`]: no time runs out in a model.
    pub fn wait_for<T>(&self, guard: &mut MutexGuard<'_, T>, _limit: Duration) -> bool {
        self.wait(guard);
        false
    }

    /// Wakes one waiting thread.
    pub fn notify_one(&self) {
        self.0.notify_one();
    }

    /// Wakes all waiting threads.
    pub fn notify_all(&self) {
        self.0.notify_all();
    }
}

/// A running thread.
pub struct JoinHandle<T>(loom::thread::JoinHandle<T>);

impl<T> JoinHandle<T> {
    /// Waits for the thread's end.
    ///
    /// # Errors
    /// What the thread panicked with.
    pub fn join(self) -> std::thread::Result<T> {
        self.0.join()
    }
}

/// Starts a thread.
pub fn spawn<T: Send + 'static>(
    _name: &str,
    body: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    JoinHandle(loom::thread::spawn(body))
}

/// Lets other threads run.
pub fn yield_now() {
    loom::thread::yield_now();
}

/// Waits, yielding, until `ready` says so.
pub fn spin_until(mut ready: impl FnMut() -> bool) {
    while !ready() {
        loom::thread::yield_now();
    }
}

/// Loom switches at every atomic by itself.
pub fn point() {}

pub(crate) fn checkpoint() {}

/// Lets other threads run.
pub fn sleep(_duration: Duration) {
    loom::thread::yield_now();
}

/// Time stands still.
pub fn monotonic() -> Duration {
    Duration::ZERO
}

/// Time stands still.
pub fn wall_clock_us() -> i64 {
    sim::WALL_CLOCK_START_US
}
