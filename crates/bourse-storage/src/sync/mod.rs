//! The seam to threads: every lock, wait, wake, spawn and reading of the clock goes through here.
//!
//! Outside the simulator each call is the plain one (parking_lot, std::thread). Inside it (module
//! [`sim`]), one seeded scheduler runs one thread at a time and may switch at every call.

use std::time::Duration;

/// A mutual exclusion lock that does not poison.
#[derive(Default, Debug)]
pub struct Mutex<T: ?Sized>(parking_lot::Mutex<T>);

/// Holds a [`Mutex`] until dropped.
pub struct MutexGuard<'a, T: ?Sized>(parking_lot::MutexGuard<'a, T>);

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
    pub fn lock(&self) -> MutexGuard<'_, T> {
        MutexGuard(self.0.lock())
    }

    /// Takes the lock if it is free.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        self.0.try_lock().map(MutexGuard)
    }
}

impl<T: ?Sized> std::ops::Deref for MutexGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized> std::ops::DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl Condvar {
    /// A condition variable that nobody waits on.
    pub const fn new() -> Condvar {
        Condvar(parking_lot::Condvar::new())
    }

    /// Lets go of the lock, waits to be woken, takes it again. May wake for no reason.
    pub fn wait<T: ?Sized>(&self, guard: &mut MutexGuard<'_, T>) {
        self.0.wait(&mut guard.0);
    }

    /// As [`Condvar::wait`], at most for `limit`. Returns whether the time ran out.
    pub fn wait_for<T: ?Sized>(&self, guard: &mut MutexGuard<'_, T>, limit: Duration) -> bool {
        self.0.wait_for(&mut guard.0, limit).timed_out()
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
pub struct JoinHandle<T>(std::thread::JoinHandle<T>);

impl<T> JoinHandle<T> {
    /// Waits for the thread's end.
    ///
    /// # Errors
    /// What the thread panicked with.
    pub fn join(self) -> std::thread::Result<T> {
        self.0.join()
    }
}

/// Starts a named thread.
#[expect(clippy::expect_used, reason = "no thread can be had: the process cannot go on")]
pub fn spawn<T: Send + 'static>(
    name: &str,
    body: impl FnOnce() -> T + Send + 'static,
) -> JoinHandle<T> {
    JoinHandle(std::thread::Builder::new().name(name.into()).spawn(body).expect("start a thread"))
}

/// Lets other threads run.
pub fn yield_now() {
    std::thread::yield_now();
}

/// Waits, spinning first, then yielding, until `ready` says so. For waits known to be short.
pub fn spin_until(mut ready: impl FnMut() -> bool) {
    let mut turns = 0;
    while !ready() {
        turns += 1;
        if turns < 100 { std::hint::spin_loop() } else { std::thread::yield_now() }
    }
}

/// A place in lock-free code where the simulator may switch threads. Costs nothing outside it.
#[inline]
pub fn point() {}

/// Waits for `duration`.
#[expect(clippy::disallowed_methods, reason = "this is the seam")]
pub fn sleep(duration: Duration) {
    std::thread::sleep(duration);
}

/// Time since some fixed moment, never going back.
pub fn monotonic() -> Duration {
    #[expect(clippy::disallowed_methods, reason = "this is the seam")]
    fn start() -> std::time::Instant {
        static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        *START.get_or_init(std::time::Instant::now)
    }
    start().elapsed()
}

/// Microseconds since 1970-01-01 UTC, for rows and reports; never for measuring.
#[expect(clippy::disallowed_methods, reason = "this is the seam")]
pub fn wall_clock_us() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
