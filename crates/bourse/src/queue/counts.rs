//! What has passed through the queues since the store was opened.
//!
//! Counted where commits are applied, by what their write sets hold: a closure may run several
//! times, and a statement be taken back. A store without queues pays one load for each commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bourse_storage::sync::Mutex;

use crate::transaction::write_set::{Logged, WriteSet};

/// Counts of one queue.
#[derive(Default)]
pub(super) struct Counts {
    /// Messages put in.
    pub(super) enqueued: AtomicU64,
    /// Messages leased.
    pub(super) leased: AtomicU64,
    /// Messages taken out, by an acknowledgement or to the dead letters.
    pub(super) removed: AtomicU64,
    /// Messages put to the dead letters.
    pub(super) died: AtomicU64,
}

/// A queue, by the numbers of its tables.
struct Counted {
    messages: u32,
    dead: u32,
    counts: Arc<Counts>,
}

/// The queues that have been used since the store was opened.
#[derive(Default)]
pub(crate) struct QueueCounts {
    is_used: AtomicBool,
    queues: Mutex<Vec<Counted>>,
    /// Held by who makes or drops a queue.
    pub(super) making: Mutex<()>,
}

impl QueueCounts {
    /// The counts of the queue with these tables.
    pub(super) fn of_tables(&self, messages: u32, dead: u32) -> Arc<Counts> {
        let mut queues = self.queues.lock();
        if let Some(queue) = queues.iter().find(|queue| queue.messages == messages) {
            return Arc::clone(&queue.counts);
        }
        let counts = Arc::new(Counts::default());
        queues.push(Counted { messages, dead, counts: Arc::clone(&counts) });
        self.is_used.store(true, Ordering::Release);
        counts
    }

    /// Counts what a commit has done.
    #[inline]
    pub(crate) fn committed(&self, writes: &WriteSet) {
        if self.is_used.load(Ordering::Acquire) {
            self.count(writes);
        }
    }

    #[cold]
    fn count(&self, writes: &WriteSet) {
        let queues = self.queues.lock();
        for queue in queues.iter() {
            for change in writes.changes_of(queue.messages) {
                match (&change.value, change.logged) {
                    (Some(_), Logged::Row { was_found: false }) => {
                        queue.counts.enqueued.fetch_add(1, Ordering::Relaxed);
                    }
                    (None, Logged::Row { .. } | Logged::Expired) => {
                        queue.counts.removed.fetch_add(1, Ordering::Relaxed);
                    }
                    _ => {}
                }
            }
            for change in writes.changes_of(queue.dead) {
                if change.value.is_some() {
                    queue.counts.died.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }
}
