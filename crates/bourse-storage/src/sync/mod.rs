//! The seam to threads: every lock, wait, wake, spawn and reading of the clock goes through here.
//!
//! Outside the simulator each call is the plain one (parking_lot, std::thread) behind one relaxed
//! load. Inside it (module [`sim`]), one seeded scheduler runs one thread at a time and may switch
//! at every call.

#![expect(clippy::disallowed_types, reason = "this is the seam that others must go through")]

use std::time::Duration;

mod event;
pub(crate) mod flaw;
pub mod sim;
#[cfg(test)]
mod tests;
mod watch;

pub use event::{Event, Moment};
pub(crate) use std::thread_local;
pub(crate) use watch::begin_wait;
pub use watch::{Watch, wait_elsewhere, watched};

/// Atomics of code that models explore, where they are others: see `model.rs`.
pub mod atomic {
    pub use std::sync::atomic::{
        AtomicBool, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence,
    };
}

/// A mutual exclusion lock that does not poison.
#[derive(Default, Debug)]
pub struct Mutex<T: ?Sized>(parking_lot::Mutex<T>);

/// Holds a [`Mutex`] until dropped.
pub struct MutexGuard<'a, T: ?Sized> {
    // Declared, and so dropped, before `released`: threads that wait are told of a free lock.
    inner: parking_lot::MutexGuard<'a, T>,
    released: Released,
}

/// Tells the simulator, when dropped, that the lock at this address is free.
struct Released(usize);

impl Drop for Released {
    #[inline]
    fn drop(&mut self) {
        if sim::active() {
            sim::release(self.0);
        }
    }
}

/// Where threads wait for a change of what a mutex guards.
#[derive(Default, Debug)]
pub struct Condvar(parking_lot::Condvar);

impl<T> Mutex<T> {
    /// A free lock around `value`.
    pub const fn new(value: T) -> Mutex<T> {
        Mutex(parking_lot::Mutex::new(value))
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Waits for the lock.
    #[inline]
    pub fn lock(&self) -> MutexGuard<'_, T> {
        let inner = if sim::active() { self.lock_in_world() } else { self.0.lock() };
        MutexGuard { inner, released: Released(self.address()) }
    }

    /// Takes the lock if it is free.
    #[inline]
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        checkpoint();
        let inner = self.0.try_lock()?;
        Some(MutexGuard { inner, released: Released(self.address()) })
    }

    #[cold]
    fn lock_in_world(&self) -> parking_lot::MutexGuard<'_, T> {
        sim::acquire(self.address(), || self.0.try_lock()).unwrap_or_else(|| self.0.lock())
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(&self.0).cast::<()>().addr()
    }
}

impl<T: ?Sized> std::ops::Deref for MutexGuard<'_, T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T: ?Sized> std::ops::DerefMut for MutexGuard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl Condvar {
    /// A condition variable that nobody waits on.
    pub const fn new() -> Condvar {
        Condvar(parking_lot::Condvar::new())
    }

    /// Lets go of the lock, waits to be woken, takes it again. May wake for no reason.
    pub fn wait<T: ?Sized>(&self, guard: &mut MutexGuard<'_, T>) {
        if self.wait_in_world(guard, None).is_none() {
            let wait = begin_wait();
            self.0.wait(&mut guard.inner);
            drop(wait);
        }
    }

    /// As [`Condvar::wait`], at most for `limit`. Returns whether the time ran out.
    pub fn wait_for<T: ?Sized>(&self, guard: &mut MutexGuard<'_, T>, limit: Duration) -> bool {
        match self.wait_in_world(guard, Some(limit)) {
            Some(woken) => !woken,
            None => {
                let _wait = begin_wait();
                self.0.wait_for(&mut guard.inner, limit).timed_out()
            }
        }
    }

    /// Wakes one waiting thread.
    pub fn notify_one(&self) {
        if !sim::active() || !sim::notify(self.address(), false) {
            self.0.notify_one();
        }
    }

    /// Wakes all waiting threads.
    pub fn notify_all(&self) {
        if !sim::active() || !sim::notify(self.address(), true) {
            self.0.notify_all();
        }
    }

    /// Waits by the scheduler: whether it was woken before the limit. `None` outside a world.
    fn wait_in_world<T: ?Sized>(
        &self,
        guard: &mut MutexGuard<'_, T>,
        limit: Option<Duration>,
    ) -> Option<bool> {
        if !sim::active() {
            return None;
        }
        let waiter = sim::waiter()?;
        let mutex = parking_lot::MutexGuard::mutex(&guard.inner);
        let address = guard.released.0;
        // `unlocked` takes the lock again by the plain way, also when unwinding. `wait` therefore
        // ends, in either way, only when the lock is free, and nobody else runs in between.
        let wait = || waiter.wait(self.address(), address, limit, || mutex.is_locked());
        Some(parking_lot::MutexGuard::unlocked(&mut guard.inner, wait))
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(&self.0).addr()
    }
}

/// A running thread.
pub struct JoinHandle<T> {
    thread: std::thread::JoinHandle<T>,
    seat: Option<sim::Seat>,
}

impl<T> JoinHandle<T> {
    /// Waits for the thread's end.
    ///
    /// # Errors
    /// What the thread panicked with.
    pub fn join(self) -> std::thread::Result<T> {
        if let Some(seat) = &self.seat {
            seat.await_end();
        }
        self.thread.join()
    }
}

/// Starts a named thread.
#[expect(clippy::expect_used, reason = "no thread can be had: the process cannot go on")]
pub fn spawn<T: Send + 'static>(
    name: &str,
    body: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    let builder = std::thread::Builder::new().name(name.into());
    if !sim::active() {
        return JoinHandle { thread: builder.spawn(body).expect("start a thread"), seat: None };
    }
    match sim::enlist(name) {
        None => JoinHandle { thread: builder.spawn(body).expect("start a thread"), seat: None },
        Some(enlisted) => {
            let seat = enlisted.seat();
            let thread = builder.spawn(move || enlisted.run(body)).expect("start a thread");
            seat.started(thread.thread().clone());
            checkpoint();
            JoinHandle { thread, seat: Some(seat) }
        }
    }
}

/// Lets other threads run.
pub fn yield_now() {
    if !sim::active() || !sim::spin() {
        std::thread::yield_now();
    }
}

/// Waits, spinning first, then yielding, until `ready` says so. For waits known to be short.
pub fn spin_until(mut ready: impl FnMut() -> bool) {
    let mut turns = 0;
    while !ready() {
        turns += 1;
        if sim::active() && sim::spin() {
            continue;
        }
        if turns < 100 { std::hint::spin_loop() } else { std::thread::yield_now() }
    }
}

/// A place in lock-free code where the simulator may switch threads. One relaxed load outside it.
///
/// It never unwinds, not in a crashed world either: lock-free code is rarely safe to leave halfway.
#[inline]
pub fn point() {
    if sim::active() {
        sim::point();
    }
}

/// As [`point`], but unwinds in a crashed world, as a lock does.
#[inline]
pub(crate) fn checkpoint() {
    if sim::active() {
        sim::step();
    }
}

/// Waits for `duration`.
#[expect(clippy::disallowed_methods, reason = "this is the seam")]
pub fn sleep(duration: Duration) {
    if !sim::active() || !sim::sleep(duration) {
        let _wait = begin_wait();
        std::thread::sleep(duration);
    }
}

/// Time since some fixed moment, never going back.
pub fn monotonic() -> Duration {
    #[expect(clippy::disallowed_methods, reason = "this is the seam")]
    fn start() -> std::time::Instant {
        static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        *START.get_or_init(std::time::Instant::now)
    }
    if sim::active()
        && let Some(now) = sim::now()
    {
        return now;
    }
    start().elapsed()
}

/// Microseconds since 1970-01-01 UTC, for rows and reports; never for measuring.
#[expect(clippy::disallowed_methods, reason = "this is the seam")]
pub fn wall_clock_us() -> i64 {
    if sim::active()
        && let Some(now) = sim::now()
    {
        return sim::WALL_CLOCK_START_US.saturating_add_unsigned(micros(now));
    }
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
