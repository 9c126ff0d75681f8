//! The queue of results that wait to be published, who flushes for them, and who calls them.
//!
//! ```text
//!  push, in the order of LSNs            call_due: the head, as far as it is published
//!        |                                               |
//!        v                                               v
//!  [ applied | its batch being settled | published ] --> in a callback, or told to its slot
//!        ^                 ^
//!        |                 requested: some thread is at Core::settle for all up to here (K4)
//!        newest
//! ```
//! The invariants K1 to K5 are those of the module above.

use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use bourse_storage::id::{Batch, Lsn};
use bourse_storage::sync::{Condvar, Mutex, MutexGuard};
use bourse_storage::{Error, ErrorKind};

use crate::commit::Applied;
use crate::core::Core;

/// Threads that flush and call. While one calls completions the other has the disk write; more of
/// them make flushes smaller, and so more of them.
pub(crate) const THREADS: usize = 2;
/// Transactions that may be submitted and not called; beyond, a submission waits.
pub(crate) const IN_FLIGHT_MAX: usize = 16_384;
/// Bytes of their records that may be.
pub(crate) const BYTES_IN_FLIGHT_MAX: usize = 8 << 20;

thread_local! {
    /// Whether this thread is calling completions.
    static CALLING: Cell<bool> = const { Cell::new(false) };
}

/// Whether the calling thread is in a callback of some completion.
pub(crate) fn is_calling() -> bool {
    CALLING.get()
}

/// Somebody who is told when what he holds may leave.
pub(crate) trait Unsettled: Send + Sync {
    /// It is published; or the store stopped before, and what the caller is to be told of that.
    fn tell(&self, failure: Option<Error>);
}

/// A result in the queue, and whom it goes to.
pub(crate) enum Queued {
    Callback(Box<dyn FnOnce(Option<Error>) + Send>),
    Slot(Arc<dyn Unsettled>),
}

struct Entry {
    queued: Queued,
    lsn: Lsn,
    batch: Batch,
    bytes: usize,
    /// The stage to be ended; 0 if there is none.
    stage: u64,
}

impl Entry {
    /// Gives the result out, which is published or never will be (K3).
    fn call(self, failure: Option<Error>) {
        let call = || match self.queued {
            Queued::Callback(callback) => callback(failure),
            Queued::Slot(slot) => slot.tell(failure),
        };
        // A callback that panics has told its own thread's panic hook; the others come after it.
        drop(catch_unwind(AssertUnwindSafe(call)));
    }
}

/// What waits to be published.
#[derive(Default)]
pub(crate) struct Completions {
    queue: Mutex<Queue>,
    /// Where the store's threads wait for something to do.
    work: Condvar,
    /// Where submissions wait for room.
    room: Condvar,
    /// Whether there is none, to be looked at without the mutex.
    is_full: AtomicBool,
    /// The store's threads that run.
    threads: AtomicUsize,
}

#[derive(Default)]
struct Queue {
    entries: VecDeque<Entry>,
    /// The head while it is called, to be used again.
    spare: Vec<Entry>,
    /// Submitted and not called, those that are being called counted.
    in_flight: usize,
    bytes: usize,
    /// The newest LSN and batch that came in.
    lsn: Lsn,
    newest: Batch,
    requested: Batch,
    /// Threads of the store that wait for work.
    idle: usize,
    room_waiters: usize,
    /// A thread takes the head and calls it (K2).
    is_calling: bool,
    /// No thread of the store waits for more work.
    is_closing: bool,
}

impl Queue {
    fn is_full(&self) -> bool {
        self.in_flight >= IN_FLIGHT_MAX || self.bytes >= BYTES_IN_FLIGHT_MAX
    }

    fn is_due(&self, published: Batch, core: &Core) -> bool {
        let is_due = |entry: &Entry| entry.batch <= published || core.check_running().is_err();
        self.entries.front().is_some_and(is_due)
    }

    /// Moves the head, as far as it is due, to `spare`.
    fn take_due(&mut self, core: &Core) -> Vec<Entry> {
        let published = core.publisher.published_batch();
        let mut due = std::mem::take(&mut self.spare);
        while self.is_due(published, core)
            && let Some(entry) = self.entries.pop_front()
        {
            due.push(entry);
        }
        due
    }
}

impl Completions {
    /// Whether the store's threads run; else whoever waits drives.
    pub(crate) fn has_threads(&self) -> bool {
        self.threads.load(Ordering::Acquire) > 0
    }

    /// Takes note of a thread that is about to [`run`].
    pub(crate) fn add_thread(&self) {
        self.threads.fetch_add(1, Ordering::AcqRel);
    }

    /// Queues what was applied. Called before its batch can be sealed (K1).
    pub(crate) fn push_applied(&self, core: &Core, queued: Queued, applied: Applied) {
        let Applied { lsn, batch, bytes, stage } = applied;
        let mut queue = self.queue.lock();
        let later = queue.entries.iter().rev().take_while(|other| other.lsn > lsn).count();
        let at = queue.entries.len() - later;
        queue.entries.insert(at, Entry { queued, lsn, batch, bytes, stage }); // K2
        queue.lsn = queue.lsn.max(lsn);
        self.pushed(core, queue, batch, bytes);
    }

    /// Queues a result without a record, which depends on batches up to `batch`.
    pub(crate) fn push_result(&self, core: &Core, queued: Queued, batch: Batch) {
        let mut queue = self.queue.lock();
        let lsn = queue.lsn;
        queue.entries.push_back(Entry { queued, lsn, batch, bytes: 0, stage: 0 }); // K2
        self.pushed(core, queue, batch, 0);
    }

    fn pushed(&self, core: &Core, mut queue: MutexGuard<'_, Queue>, batch: Batch, bytes: usize) {
        queue.newest = queue.newest.max(batch);
        queue.in_flight += 1;
        queue.bytes += bytes;
        if queue.is_full() {
            self.is_full.store(true, Ordering::Relaxed);
        }
        let is_new = batch > queue.requested || core.check_running().is_err();
        let wakes = is_new || (!queue.is_calling && batch <= core.publisher.published_batch());
        if wakes && queue.idle > 0 {
            // Counted off here, so that the next submission does not wake the same thread again.
            queue.idle -= 1;
            drop(queue);
            self.work.notify_one(); // K4
        }
    }

    /// Waits until there is room for one more, unless this thread is one that makes room (K5).
    pub(crate) fn await_room(&self, core: &Core) {
        if !self.is_full.load(Ordering::Relaxed) || is_calling() {
            return;
        }
        let mut queue = self.queue.lock();
        while queue.is_full() {
            if !self.has_threads() && !queue.is_calling {
                drop(queue);
                self.drive(core);
                queue = self.queue.lock();
                continue;
            }
            queue.room_waiters += 1;
            self.room.wait(&mut queue);
            queue.room_waiters -= 1;
        }
    }

    /// Has all that is in the queue published, and calls it.
    pub(crate) fn drive(&self, core: &Core) {
        let newest = self.queue.lock().newest;
        // An error is told to each that it concerns.
        drop(core.settle(newest));
        self.call_due(core);
    }

    /// Calls what is due, unless another thread is at it, which then looks once more (K2).
    pub(crate) fn call_due(&self, core: &Core) {
        let mut queue = self.queue.lock();
        if queue.is_calling {
            return;
        }
        queue.is_calling = true;
        loop {
            let mut due = queue.take_due(core);
            if due.is_empty() {
                queue.spare = due;
                if !queue.is_closing || queue.entries.is_empty() {
                    break;
                }
                let newest = queue.newest;
                drop(queue);
                drop(core.settle(newest));
                queue = self.queue.lock();
                continue;
            }
            drop(queue);
            let (count, bytes) = (due.len(), due.iter().map(|entry| entry.bytes).sum::<usize>());
            call_all(core, &mut due);
            queue = self.queue.lock();
            queue.spare = due;
            queue.in_flight -= count;
            queue.bytes -= bytes;
            if !queue.is_full() {
                self.is_full.store(false, Ordering::Relaxed);
                if queue.room_waiters > 0 {
                    self.room.notify_all();
                }
            }
        }
        queue.is_calling = false;
        if queue.is_closing {
            self.work.notify_all();
        }
    }

    /// Ends the store's threads once the queue is empty.
    pub(crate) fn close(&self) {
        let mut queue = self.queue.lock();
        queue.is_closing = true;
        queue.idle = 0;
        drop(queue);
        self.work.notify_all();
    }

    /// Calls all that is in the queue, for the last handle is gone and so nothing more comes.
    pub(crate) fn drain(&self, core: &Core) {
        if !std::thread::panicking() {
            return self.call_due(core);
        }
        // A thread that unwinds waits for nobody: whom it would wait for may be what failed.
        let mut queue = self.queue.lock();
        let entries = std::mem::take(&mut queue.entries);
        drop(queue);
        for entry in entries {
            let failure = (entry.batch > core.publisher.published_batch()).then(|| {
                let dropped = "the store was dropped by a thread that panicked";
                core.unsettled(Error::new(ErrorKind::Closed, dropped))
            });
            entry.call(failure);
        }
    }
}

/// Calls what is published, or never will be.
fn call_all(core: &Core, due: &mut Vec<Entry>) {
    let outer = CALLING.replace(true);
    for entry in due.drain(..) {
        // Of a published batch it is a look at its number; it fails in a stopped store only.
        let failure = core.settle(entry.batch).err();
        if failure.is_none() {
            core.end_stage(entry.stage);
        }
        entry.call(failure);
    }
    CALLING.set(outer);
}

/// A thread of the store: settles what is new, and calls what is due.
pub(crate) fn run(core: &Core) {
    let completions = &core.completions;
    let mut queue = completions.queue.lock();
    loop {
        if queue.newest > queue.requested {
            let newest = queue.newest;
            queue.requested = newest; // K4
            drop(queue);
            // An error is told to each that it concerns.
            drop(core.settle(newest));
            completions.call_due(core);
            queue = completions.queue.lock();
        } else if !queue.is_calling && queue.is_due(core.publisher.published_batch(), core) {
            drop(queue);
            completions.call_due(core);
            queue = completions.queue.lock();
        } else if queue.is_closing && queue.entries.is_empty() {
            break;
        } else {
            queue.idle += 1;
            completions.work.wait(&mut queue);
        }
    }
    completions.threads.fetch_sub(1, Ordering::AcqRel);
}
