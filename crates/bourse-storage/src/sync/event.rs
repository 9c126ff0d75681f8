//! Where many threads wait for something to happen.
//!
//! A condition variable wakes its waiters into the lock that they came with: they get it one after
//! the other, each a turn of the scheduler later. Where dozens wait for one flush that chain takes
//! longer than the flush. An [`Event`] wakes them all at once and into nothing; each then looks for
//! itself whether what it waits for has come.
//!
//! # Invariants
//! - **I1** Whoever waits reads [`Event::now`] first and then looks at what it waits for; whoever
//!   wakes changes that first and then calls a wake. So a wait that begins too late ends at once.
//! - **I2** A waiter counts itself before it looks at the number for the last time, and a waker
//!   changes the number before it looks at the counts: one of them sees the other.

use super::atomic::{AtomicU32, Ordering};
use super::flaw::{Flaw, has};
use super::{Condvar, Mutex, point, sim};

/// See the module's head.
#[derive(Default, Debug)]
pub struct Event {
    /// How often it happened, modulo 2^32.
    number: AtomicU32,
    /// Threads that wait in the kernel for the number to change.
    sleepers: AtomicU32,
    /// Threads that wait by the condition variable: those of a simulated world, and all where the
    /// operating system cannot wait for a number.
    waiters: AtomicU32,
    mutex: Mutex<()>,
    changed: Condvar,
}

/// A moment in an event's life, to wait for what comes after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment(u32);

impl Event {
    /// An event that has not happened.
    pub fn new() -> Event {
        Event {
            number: AtomicU32::new(0),
            sleepers: AtomicU32::new(0),
            waiters: AtomicU32::new(0),
            mutex: Mutex::new(()),
            changed: Condvar::new(),
        }
    }

    /// This moment.
    pub fn now(&self) -> Moment {
        Moment(self.number.load(Ordering::SeqCst))
    }

    /// Waits until a wake after `moment`. May return for no reason.
    pub fn wait(&self, moment: Moment) {
        if !sim::active() && cfg!(all(target_os = "linux", not(loom))) {
            self.sleepers.fetch_add(1, Ordering::SeqCst);
            if self.now() == moment {
                let _wait = super::begin_wait();
                sleep_while(&self.number, moment.0);
            }
            self.sleepers.fetch_sub(1, Ordering::SeqCst);
            return;
        }
        self.waiters.fetch_add(1, Ordering::SeqCst);
        let counted = Counted(&self.waiters);
        let mut guard = self.mutex.lock();
        order_for_models();
        while self.now() == moment || has(Flaw::EventNotLookedAtAgain) {
            self.changed.wait(&mut guard);
        }
        drop(guard);
        drop(counted);
    }

    /// Wakes all who wait.
    pub fn wake_all(&self) {
        self.wake(u32::MAX >> 1);
    }

    /// Wakes one who waits, if anybody does.
    pub fn wake_one(&self) {
        self.wake(1);
    }

    fn wake(&self, most: u32) {
        self.number.fetch_add(1, Ordering::SeqCst);
        order_for_models();
        point();
        if self.sleepers.load(Ordering::SeqCst) > 0 {
            wake_sleepers(&self.number, most);
        }
        if self.waiters.load(Ordering::SeqCst) > 0 {
            // A waiter is before its look at the number, or waits already.
            drop(self.mutex.lock());
            if most == 1 { self.changed.notify_one() } else { self.changed.notify_all() }
        }
    }
}

/// Loom takes `SeqCst` operations for `AcqRel` ones; a fence it takes for what it is (I2).
#[inline(always)]
fn order_for_models() {
    #[cfg(loom)]
    super::atomic::fence(Ordering::SeqCst);
}

/// Counts a waiter off, also when a crashed world unwinds it.
struct Counted<'a>(&'a AtomicU32);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(all(target_os = "linux", not(loom)))]
fn sleep_while(number: &AtomicU32, value: u32) {
    use rustix::thread::futex;
    // Whatever ends it (a wake, another number, a signal), the caller looks again.
    let _ = futex::wait(number, futex::Flags::PRIVATE, value, None);
}

#[cfg(all(target_os = "linux", not(loom)))]
fn wake_sleepers(number: &AtomicU32, most: u32) {
    use rustix::thread::futex;
    let woken = futex::wake(number, futex::Flags::PRIVATE, most);
    debug_assert!(woken.is_ok(), "a word of this process can be woken at: {woken:?}");
}

#[cfg(not(all(target_os = "linux", not(loom))))]
fn sleep_while(_: &AtomicU32, _: u32) {}

#[cfg(not(all(target_os = "linux", not(loom))))]
fn wake_sleepers(_: &AtomicU32, _: u32) {}
