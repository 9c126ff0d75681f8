//! A thread of a world as its scheduler sees it: what it waits for, and the baton that lets it run.
//!
//! # States of a thread
//!
//! ```text
//!   (none)   --enlist----------------> Ready
//!   Ready    --block, by acquire-----> Locked  --wake_lockers--------> Ready
//!   Ready    --block, by wait--------> Waiting --notify, or its time-> Ready
//!   Ready    --block, by sleep-------> Asleep  --its time------------> Ready
//!   Ready    --block, by join--------> Joining --end of the other----> Ready
//!   Ready    --end-------------------> Ended
//! ```

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

#[derive(Debug)]
pub(super) struct Thread {
    pub(super) name: String,
    pub(super) state: State,
    /// It cannot unwind while it waits: it is unwinding already, or at its end.
    pub(super) quiet: bool,
    /// Its wait ended as hoped, and not by its time or a stop.
    pub(super) woken: bool,
    pub(super) baton: Arc<Baton>,
}

/// What a thread waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    Ready,
    Locked { mutex: usize },
    Waiting { condvar: usize, until_ns: Option<u64> },
    Asleep { until_ns: u64 },
    Joining { thread: usize },
    Ended,
}

/// The right to run, handed to one thread.
#[derive(Default, Debug)]
pub(super) struct Baton {
    held: AtomicBool,
    thread: OnceLock<std::thread::Thread>,
}

impl Baton {
    /// Tells which thread to unpark. Must come before anyone gives the baton.
    pub(super) fn belongs_to(&self, thread: std::thread::Thread) {
        let fresh = self.thread.set(thread).is_ok();
        assert!(fresh, "a thread of a world starts once");
    }

    pub(super) fn give(&self) {
        self.held.store(true, Ordering::Release);
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    pub(super) fn await_turn(&self) {
        while !self.held.swap(false, Ordering::Acquire) {
            std::thread::park();
        }
    }
}

impl Thread {
    pub(super) fn new(name: &str, baton: Arc<Baton>) -> Thread {
        Thread { name: name.into(), state: State::Ready, quiet: false, woken: false, baton }
    }

    pub(super) fn deadline_ns(&self) -> Option<u64> {
        match self.state {
            State::Waiting { until_ns, .. } => until_ns,
            State::Asleep { until_ns } => Some(until_ns),
            _ => None,
        }
    }

    /// Whether it may be given the baton (I2 of the scheduler).
    pub(super) fn can_run(&self, stopping: bool) -> bool {
        match self.state {
            State::Ready => true,
            State::Ended => false,
            State::Waiting { .. } | State::Asleep { .. } => stopping,
            State::Locked { .. } | State::Joining { .. } => stopping && !self.quiet,
        }
    }
}
