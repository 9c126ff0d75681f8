//! Where subscribers of feeds and consumers of queues wait for more to be published.
//!
//! Whoever publishes only counts up, unless somebody waits. A waiter counts itself before it looks
//! at the number for the last time, and a publisher changes the number before it looks at the
//! count: one of them sees the other.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::Waker;
use std::time::Duration;

use bourse_storage::sync::{Condvar, Mutex};

/// See the module's head.
#[derive(Default)]
pub(crate) struct News {
    /// How often there was something new.
    number: AtomicU64,
    /// Threads that wait, and wakers.
    waiting: AtomicUsize,
    wakers: Mutex<Vec<Waker>>,
    changed: Condvar,
}

impl News {
    /// This moment: read it before looking whether there is something new.
    pub(crate) fn now(&self) -> u64 {
        self.number.load(Ordering::SeqCst)
    }

    /// There is something new, or waiting has become vain.
    pub(crate) fn notify(&self) {
        self.number.fetch_add(1, Ordering::SeqCst);
        if self.waiting.load(Ordering::SeqCst) > 0 {
            self.wake();
        }
    }

    #[cold]
    fn wake(&self) {
        let mut guard = self.wakers.lock();
        let wakers = std::mem::take(&mut *guard);
        self.waiting.fetch_sub(wakers.len(), Ordering::SeqCst);
        drop(guard);
        self.changed.notify_all();
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Waits for a notification after `moment`, at most for `limit`. May return for no reason.
    pub(crate) fn wait(&self, moment: u64, limit: Option<Duration>) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut guard = self.wakers.lock();
        if self.now() == moment {
            match limit {
                Some(limit) => {
                    self.changed.wait_for(&mut guard, limit);
                }
                None => self.changed.wait(&mut guard),
            }
        }
        drop(guard);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
    }

    /// Has a task woken at the next notification. Returns whether there was none after `moment`.
    pub(crate) fn register(&self, moment: u64, waker: &Waker) -> bool {
        let mut guard = self.wakers.lock();
        if !guard.iter().any(|other| other.will_wake(waker)) {
            self.waiting.fetch_add(1, Ordering::SeqCst);
            guard.push(waker.clone());
        }
        self.now() == moment
    }
}
