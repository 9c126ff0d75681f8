//! Telling whoever gave a thread its work that the thread waits.
//!
//! A server runs as many statements at once as it has processors, more or less. One that waits for
//! a lock, for the disk or for another's flush needs none: its [`Watch`] is told, and lets another
//! statement run meanwhile.
//!
//! A watch is called with locks of the store held, so it must not wait for anything that a thread
//! with such a lock could hold up; it may take a lock of its own for a moment.

use std::cell::RefCell;
use std::sync::Arc;

/// Who wants to know when a thread waits.
pub trait Watch: Send + Sync {
    /// The thread is about to wait.
    fn waits(&self);
    /// It goes on.
    fn goes_on(&self);
}

std::thread_local! {
    static WATCH: RefCell<Option<Arc<dyn Watch>>> = const { RefCell::new(None) };
}

/// Runs `body`; of waits of this thread in it, `watch` is told.
pub fn watched<T>(watch: Arc<dyn Watch>, body: impl FnOnce() -> T) -> T {
    struct Restore(Option<Arc<dyn Watch>>);
    impl Drop for Restore {
        fn drop(&mut self) {
            let before = self.0.take();
            WATCH.with(|slot| *slot.borrow_mut() = before);
        }
    }
    let restore = Restore(WATCH.with(|slot| slot.borrow_mut().replace(watch)));
    let result = body();
    drop(restore);
    result
}

/// A wait of this thread, until dropped.
pub(crate) struct Wait(Option<Arc<dyn Watch>>);

/// The thread is about to wait.
#[inline]
pub(crate) fn begin_wait() -> Wait {
    // Threads that end have no watch any more.
    let watch = WATCH.try_with(|slot| slot.try_borrow().ok().and_then(|watch| watch.clone()));
    let watch = watch.ok().flatten();
    if let Some(watch) = &watch {
        watch.waits();
    }
    Wait(watch)
}

/// Runs a wait that is none of this module's, say for a socket: a thread's watch is told.
pub fn wait_elsewhere<T>(wait: impl FnOnce() -> T) -> T {
    let _waits = begin_wait();
    wait()
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some(watch) = &self.0 {
            watch.goes_on();
        }
    }
}
